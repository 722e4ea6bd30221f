"""Shuffled training batches whose order is a function of seed and epoch, so that it can resume."""

import tensorflow as tf


def epoch_order(count: int, seed: int, epoch) -> tf.Tensor:
    """(count,) int32: in which order an epoch visits the training images."""
    shuffle_seed = tf.stack([tf.constant(seed, tf.int64), tf.cast(epoch, tf.int64)])
    return tf.random.experimental.stateless_shuffle(tf.range(count), shuffle_seed)


def training_batches(images, labels, batch_size: int, seed: int, epochs: int, first_epoch: int = 0) -> tf.data.Dataset:
    """All batches from one epoch to the last, every epoch in an order of its own.

    Args:
        images, labels: arrays or tensors, kept in memory once; batches are gathered from them.
        batch_size: the last batch of an epoch may be smaller.
        seed: together with the epoch's number it fixes the order.
        epochs: number of the epoch to stop before.
        first_epoch: where to begin, above 0 when resuming.

    Returns:
        Pairs (images, labels). Give `fit` the number of batches in an epoch as `steps_per_epoch`.
    """
    images, labels = tf.convert_to_tensor(images), tf.convert_to_tensor(labels)

    def batches_of(epoch):
        return tf.data.Dataset.from_tensor_slices(epoch_order(len(images), seed, epoch)).batch(batch_size)

    order = tf.data.Dataset.range(first_epoch, epochs).flat_map(batches_of)
    return _untuned(order.map(lambda i: (tf.gather(images, i), tf.gather(labels, i))).prefetch(2))


def batches_in_order(images, labels, batch_size: int = 500) -> tf.data.Dataset:
    """Pairs (images, labels) in their own order, once."""
    return _untuned(tf.data.Dataset.from_tensor_slices((images, labels)).batch(batch_size))


def _untuned(batches: tf.data.Dataset) -> tf.data.Dataset:
    """Without tf.data's autotuning, which has nothing to tune here, and whose thread is slow to end.

    An iterator waits for it when it is freed, often for as long as it had lived: `fit` took up to twice its time.
    """
    options = tf.data.Options()
    options.autotune.enabled = False
    return batches.with_options(options)
