"""Layer-wise relevance propagation with the alpha-beta rule (Bach et al. 2015, doi 10.1371/journal.pone.0130140)."""

import keras
import tensorflow as tf
from keras import layers

from attributions.folding import Folded, fold
from attributions.layer_groups import ACTIVATIONS, MAXIMA, MOVING, SCALING, SUMS, WEIGHTED
from attributions.relevance import logit_relevance, split
from attributions.reverse import ANY_NETWORK, differentiate, pass_on, record, walk_back
from models.compiled import compiled
from models.parameters import verify_at_least

TITLE = "LRP-\N{GREEK SMALL LETTER ALPHA}\N{GREEK SMALL LETTER BETA}"
PARAMETERS = {
    "alpha": {
        "default": 1.0,
        "at_least": 1,
        "help": "Weight of positive contributions in LRP's alpha-beta rule; that of negative ones is alpha - 1.",
    },
}

TINY = 1e-9
"""Keeps a sum to which nothing contributes from dividing zero by zero."""


def lrp_alpha_beta(model, images, rng=None, alpha=1.0):
    """Relevance of each pixel for the predicted class's logit; positive and negative contributions are split apart.

    Alpha times the relevance goes to positive contributions, beta = alpha - 1 times it is taken from negative ones:
    alpha 1 is the z-plus rule. Layers that see pixels take the box rule, which knows that pixels lie in [-1, 1]
    (Montavon et al. 2017, arXiv 1512.02479). A normalisation is folded into the weighted sum before it, and one that
    stands elsewhere behind the first weights is refused.

    What is split is the logit itself: of a predicted class whose logit is below 0, all signs are turned.

    Args:
        model: images -> logits.
        images: (N, H, W, C) float32 in [-1, 1].
        rng: not used.
        alpha: at least 1.

    Returns:
        Signed maps of the images' shape.

    Raises:
        ValueError: alpha below 1, a network that is neither sequential nor functional, a layer that `RULES` lacks, or a
            normalisation that cannot be folded.
    """
    verify_at_least("alpha", alpha, 1)

    def maps(model, images):
        forward = fold(record(model, images))
        # The box, as the layers see it: only what lies before the first weights is computed.
        box = (fold(record(model, colour * tf.ones_like(images[:1]))) for colour in (-1, 1))
        return walk_back("lrp_alpha_beta", RULES, logit_relevance(forward), forward, *box, alpha=float(alpha))

    return compiled(model, ("lrp_alpha_beta", float(alpha), *RULES.items()), maps, autograph=False)(images)


def weighted_rule(relevance, step, low, high, alpha):
    """The box rule for layers that see pixels, the alpha-beta rule for the others."""
    if step.sees_pixels:
        return _box(relevance, step, low.inputs[0], high.inputs[0])
    values = step.inputs[0]
    positive, negative = tf.nn.relu(values), -tf.nn.relu(-values)
    bias = step.call(tf.zeros_like(values[:1]))
    raising = _term(step, positive, _positive, tf.nn.relu(bias)), _term(step, negative, _negative)
    lowering = _term(step, positive, _negative, -tf.nn.relu(-bias)), _term(step, negative, _positive)
    return _weigh(alpha, relevance, raising, lowering)


def sum_rule(relevance, step, low, high, alpha):
    """The same for sums whose weights are all positive."""
    parts = ([tf.nn.relu(x) for x in step.inputs], [-tf.nn.relu(-x) for x in step.inputs])
    raising, lowering = ((part, step.call(*part)) for part in parts)
    return _weigh(alpha, relevance, (raising,), (lowering,))


def scaling_rule(relevance, step, low, high, alpha):
    """Before the first weights it is a pixel on another scale; behind them it hides the signs of its factors."""
    if step.sees_pixels:
        return pass_on(relevance, step)
    raise ValueError(
        f"lrp_alpha_beta folds {step.kind.__name__} into a weighted sum before it that has no activation function and "
        f"no other reader, and layer {step.layer.name!r} has none before it; lrp_epsilon, {ANY_NETWORK} explain such a "
        "network."
    )


RULES = {
    **dict.fromkeys(WEIGHTED, weighted_rule),
    **dict.fromkeys(SUMS, sum_rule),
    **dict.fromkeys((*MAXIMA, *MOVING), differentiate),  # of a maximum, the winner takes all
    **dict.fromkeys(SCALING, scaling_rule),
    **dict.fromkeys(ACTIVATIONS, pass_on),
}
# Two kernels in a row, whose product's positive part is not the product of their positive parts.
del RULES[layers.SeparableConv2D]


def _weigh(alpha, relevance, raising, lowering):
    shares = split(alpha * relevance, TINY, *raising)
    if alpha == 1:
        return shares
    taken = split((alpha - 1) * relevance, TINY, *lowering)
    return [share - less for share, less in zip(shares, taken, strict=True)]


def _box(relevance, step, low, high):
    """(a w - low w+ - high w-) of each input by their sum, all of which are positive for a in [low, high]."""
    values = step.inputs[0]
    lowest, highest = (tf.broadcast_to(pick(low, high), tf.shape(values)) for pick in (tf.minimum, tf.maximum))
    bounds = _term(step, lowest, _positive), _term(step, highest, _negative)
    return split(relevance, TINY, _term(step, values, _all), *((inputs, -output) for inputs, output in bounds))


def _term(step, values, part, constant=0.0):
    """Inputs, and what they and a constant add to the sum through a part of its kernel, without the bias.

    In a sum that something is folded into, a negative factor makes a weight's positive part its negative one.
    """
    output = _through(step.part, values, part)
    if isinstance(step, Folded):
        factors = step.factors()
        output = tf.nn.relu(factors) * output - tf.nn.relu(-factors) * _through(step.part, values, _OPPOSITE[part])
    return [values], output + constant


def _through(layer, values, part):
    own = layer.bias if layer.use_bias else None
    changed = [(weight, (_none if weight is own else part)(weight)) for weight in layer.weights]
    with keras.StatelessScope(state_mapping=changed):
        return layer(values, training=False)


def _all(weight):
    return tf.convert_to_tensor(weight)


def _positive(weight):
    return tf.nn.relu(_all(weight))


def _negative(weight):
    return -tf.nn.relu(-_all(weight))


def _none(weight):
    return tf.zeros_like(_all(weight))


_OPPOSITE = {_all: _all, _positive: _negative, _negative: _positive}
