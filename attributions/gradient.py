"""Gradient (Simonyan et al. 2014, arXiv 1312.6034)."""

import tensorflow as tf

from attacks.losses import cross_entropy
from models.compiled import compiled
from models.input_gradient import input_gradient

TITLE = "Gradient"


def gradient(model, images, rng=None):
    """Minus the gradient of the predicted label's cross-entropy with respect to each pixel.

    Above 0 where a brighter pixel speaks for the predicted class. The paper's pictures show exactly this. ROAR
    and KAR rank absolute values, so the sign changes no score.

    The loss is the attack's own, so that a confident network's gradient does not round to zero.
    Source: protocol of Section 3.2.
    """
    return compiled(model, "gradient", _input_gradient)(images)


def _input_gradient(model, images):
    return -input_gradient(model, images, lambda logits: cross_entropy(logits, tf.argmax(logits, axis=-1)))[2]
