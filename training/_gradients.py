"""Gradients by the images that a loss is made of, and numbers of each image, averaged as Keras averages the loss."""

import keras
import tensorflow as tf

from attacks import cross_entropy
from models.input_gradient import input_gradient

SMALLEST = 1e-30
"""A gradient whose largest entry is smaller counts as zero: beyond it float32 cannot divide."""


def loss_gradient(network: keras.Model, images: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
    """(n, H, W, C) gradient of each image's cross-entropy by it, the network in inference mode, as attacks see it."""
    return input_gradient(network, images, lambda logits: cross_entropy(logits, labels))[2]


def label_logits(logits: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
    """(n,) float32 logits of the labels."""
    return tf.gather(tf.cast(logits, tf.float32), labels, batch_dims=1)


def squared_norm(gradient: tf.Tensor) -> tf.Tensor:
    """(n,) squared l2 norms."""
    return tf.reduce_sum(tf.square(_flat(gradient)), axis=1)


def norm(gradient: tf.Tensor) -> tf.Tensor:
    """(n,) l2 norms; the derivative at zero is zero."""
    squared = squared_norm(gradient)
    above = squared > 0
    return tf.where(above, tf.sqrt(tf.where(above, squared, 1.0)), 0.0)


def cosine_distance(one: tf.Tensor, other: tf.Tensor) -> tf.Tensor:
    """(n,) 1 - cosine of the angle between two gradients, in [0, 2]; 0 where one of them is zero."""
    (one, present), (other, too) = _scaled(one), _scaled(other)
    cosine = tf.reduce_sum(one * other, axis=1) / tf.maximum(norm(one) * norm(other), 1.0)
    return tf.where(present & too, 1.0 - cosine, 0.0)


def batch_mean(values: tf.Tensor) -> tf.Tensor:
    """The mean of (n,) numbers; a replica's part of it, as that of Keras's loss: gradients are summed over replicas."""
    return tf.reduce_mean(values) / tf.distribute.get_strategy().num_replicas_in_sync


def _flat(gradient: tf.Tensor) -> tf.Tensor:
    return tf.reshape(gradient, (tf.shape(gradient)[0], -1))


def _scaled(gradient: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """(n, D) with a largest entry of 1, since squares of a confident network's gradients underflow; is it not zero?"""
    flat = _flat(gradient)
    largest = tf.stop_gradient(tf.reduce_max(tf.abs(flat), axis=1))
    present = largest > SMALLEST
    return flat / tf.where(present, largest, 1.0)[:, None], present
