"""How layer-wise relevance propagation splits the relevance of a sum among its terms."""

import ml_dtypes
import tensorflow as tf

from attributions.logit import predicted_class
from attributions.reverse import Pass, pull


def logit_relevance(forward: Pass) -> tf.Tensor:
    """(N, classes): the predicted class's logit, and zero for the others."""
    return predicted_class(forward.logits) * forward.logits


def split(relevance: tf.Tensor, epsilon: float | tf.Tensor, *terms: tuple[list[tf.Tensor], tf.Tensor]) -> list:
    """Each input's share of the relevance: its contribution to the sum by the sum.

    Args:
        relevance: of the sum's shape.
        epsilon: what the sum is moved away from zero by.
        *terms: of the sum: inputs, and a function of them that is linear up to a constant. All terms have inputs of
            the same shapes.

    Returns:
        Shares, for every input added over the terms.
    """
    total = tf.add_n([output for _, output in terms])
    # In float16 a small epsilon would round to zero, and the quotient to infinity.
    smallest = tf.constant(ml_dtypes.finfo(total.dtype.as_numpy_dtype).smallest_normal, total.dtype)
    epsilon = tf.maximum(tf.cast(epsilon, total.dtype), smallest)
    quotient = relevance / (total + epsilon * tf.where(total < 0, -tf.ones_like(total), tf.ones_like(total)))
    shares = [
        [x * slope for x, slope in zip(inputs, pull(output, inputs, quotient), strict=True)] for inputs, output in terms
    ]
    return [tf.add_n(of_input) for of_input in zip(*shares, strict=True)]
