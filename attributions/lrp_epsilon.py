"""Layer-wise relevance propagation with the epsilon rule (Bach et al. 2015, doi 10.1371/journal.pone.0130140)."""

import tensorflow as tf

from attributions.folding import fold
from attributions.layer_groups import ACTIVATIONS, MAXIMA, MOVING, SCALING, SUMS, WEIGHTED
from attributions.relevance import logit_relevance, split
from attributions.reverse import differentiate, pass_on, record, walk_back
from models.compiled import compiled
from models.parameters import verify_above

TITLE = "LRP-\N{GREEK SMALL LETTER EPSILON}"
PARAMETERS = {
    "epsilon": {
        "default": 1e-6,
        "above": 0,
        "help": "What LRP's epsilon rule moves every sum away from zero by, in units of activations.",
    },
}


def lrp_epsilon(model, images, rng=None, epsilon=1e-6):
    """Relevance of each pixel for the predicted class's logit, every layer's split in proportion to contributions.

    Biases keep their share, so that maps sum to the logit where there are none. With rectifiers and maximum pooling,
    and as epsilon goes to zero, it is the logit's gradient times the pixel (Ancona et al. 2018, arXiv 1711.06104).
    A normalisation is folded into the weighted sum before it; elsewhere it is a sum of its own.

    Args:
        model: images -> logits.
        images: (N, H, W, C) float32.
        rng: not used.
        epsilon: above 0; a large one lets weak contributions vanish.

    Returns:
        Signed maps of the images' shape.

    Raises:
        ValueError: epsilon not above 0, a network that is neither sequential nor functional, or a layer that `RULES`
            lacks.
    """
    verify_above("epsilon", epsilon, 0)
    return compiled(model, ("lrp_epsilon", *RULES.items()), _maps, autograph=False)(
        images, tf.constant(epsilon, tf.float32)
    )


def epsilon_rule(relevance, step, epsilon):
    """For every step that is linear up to a bias, sums of several inputs included."""
    return split(relevance, epsilon, (step.inputs, step.output))


RULES = {
    **dict.fromkeys((*WEIGHTED, *SCALING, *SUMS), epsilon_rule),
    **dict.fromkeys((*MAXIMA, *MOVING), differentiate),  # of a maximum, the winner takes all
    **dict.fromkeys(ACTIVATIONS, pass_on),
}


def _maps(model, images, epsilon):
    forward = fold(record(model, images))
    return walk_back("lrp_epsilon", RULES, logit_relevance(forward), forward, epsilon=epsilon)
