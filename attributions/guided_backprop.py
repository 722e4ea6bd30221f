"""Guided backpropagation (Springenberg et al. 2015, arXiv 1412.6806)."""

import tensorflow as tf

from attributions.layer_groups import ACTIVATIONS, MAXIMA, MOVING, RECTIFIERS, SCALING, SUMS, WEIGHTED
from attributions.logit import predicted_class
from attributions.reverse import differentiate, record, walk_back
from models.compiled import compiled

TITLE = "Guided backpropagation"


def guided_backprop(model, images, rng=None):
    """Gradient of the predicted class's logit, in which rectifiers let only positive gradients through.

    It is known to show the image's edges more than the network (Adebayo et al. 2018, arXiv 1810.03292).

    Raises:
        ValueError: the network is neither sequential nor functional, or has a layer that `RULES` lacks.
    """
    return compiled(model, ("guided_backprop", *RULES.items()), _maps, autograph=False)(images)


def guided_rule(gradient, step):
    """Closed where the rectifier's input was negative, and where its gradient is."""
    return step.pull(tf.nn.relu(gradient))


RULES = {
    **dict.fromkeys((*WEIGHTED, *SCALING, *SUMS, *MAXIMA, *MOVING, *ACTIVATIONS), differentiate),
    **dict.fromkeys(RECTIFIERS, guided_rule),
}


def _maps(model, images):
    forward = record(model, images)
    return walk_back("guided_backprop", RULES, predicted_class(forward.logits), forward)
