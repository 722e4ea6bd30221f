"""DeepLIFT with the Rescale rule (Shrikumar et al. 2017, arXiv 1704.02685)."""

import tensorflow as tf

from attributions.baselines import baseline_images
from attributions.layer_groups import ACTIVATIONS, MAXIMA, MOVING, SCALING, SUMS, WEIGHTED
from attributions.logit import predicted_class
from attributions.reverse import differentiate, pull, record, walk_back
from models.compiled import compiled

TITLE = "DeepLIFT"
PARAMETERS = {
    "baseline": {
        "default": "black",
        "one_of": ("black", "mean", "blurred", "noise"),
        "help": "What DeepLIFT compares the image with: black, the image's mean colour, the image blurred by a tenth "
        "of its side, or uniform noise.",
    },
}

NEAR_ZERO = 1e-6
"""Changes of a value below this are too small to divide by; the derivative stands in for the quotient."""


def deeplift(model, images, rng=None, baseline="black"):
    """What each pixel's difference from a baseline contributes to the predicted logit's difference, which they sum to.

    A multiplier is a step's change of output by its change of input, and multipliers follow the chain rule.

    Args:
        model: images -> logits.
        images: (N, H, W, C) float32 in [-1, 1].
        rng: generator of the baseline "noise"; None stands for seed 0.
        baseline: a name, or an array: see `attributions.baselines.baseline_images`.

    Returns:
        Signed maps of the images' shape.

    Raises:
        ValueError: a baseline that is none, a network that is neither sequential nor functional, or a layer that
            `RULES` lacks.
    """
    return compiled(model, ("deeplift", *RULES.items()), _maps, autograph=False)(
        images, baseline_images(baseline, images, rng)
    )


def rescale_rule(multiplier, step, reference):
    """Change of the output by change of the input."""
    change = step.output - reference.output
    return [_quotient(multiplier * change, step.inputs[0] - reference.inputs[0], step.pull(multiplier)[0])]


def maximum_rule(multiplier, step, reference):
    """A maximum's change, split into what the new winner adds to the old maximum and what the old winner takes off.

    (3, 1) after (0, 2) changes the maximum by 1, all of it the first one's; (1, 0) after (0, 3) by -2, the second's.
    """
    values = step.inputs[0]
    # A common reference is one image; each of its copies here gets a signal of its own.
    before = tf.broadcast_to(reference.inputs[0], tf.shape(values))
    highest = tf.maximum(step.output, reference.output)
    (added,) = step.pull(multiplier * (highest - reference.output))
    (taken,) = pull(step.call(before), [before], multiplier * (step.output - highest))
    return [_quotient(added + taken, values - before, step.pull(multiplier)[0])]


def _quotient(contribution, change, derivative):
    small = tf.abs(change) < NEAR_ZERO
    return tf.where(small, derivative, contribution / tf.where(small, tf.ones_like(change), change))


RULES = {
    **dict.fromkeys((*WEIGHTED, *SCALING, *SUMS, *MOVING), differentiate),
    **dict.fromkeys(ACTIVATIONS, rescale_rule),
    **dict.fromkeys(MAXIMA, maximum_rule),
}


def _maps(model, images, baseline):
    forward, reference = record(model, images), record(model, baseline)
    return (images - baseline) * walk_back("deeplift", RULES, predicted_class(forward.logits), forward, reference)
