"""A training method as a Keras model driven by `fit`."""

import keras
import tensorflow as tf

from training.method import Method
from training.multi_worker import MultiWorkerModel


class Trainer(MultiWorkerModel):
    """Wraps a network so that `fit` trains it by a method.

    Keras's callbacks, progress bar, validation and checkpoints work as on any model. Compile it
    with a loss on logits; the metrics given there are computed on what the method trains on in
    training, and on clean images in validation.

    Args:
        network: images -> logits; it is trained in place.
        method: how a batch becomes a loss.
        seed: of the method's random numbers; the step's number is mixed in, so that a resumed
            training draws what an uninterrupted one would.
    """

    def __init__(self, network: keras.Model, method: Method, seed: int = 0):
        super().__init__(name="trainer", dtype=network.dtype_policy)  # from which Keras tells whether to scale the loss
        self.network = network
        self.method = method
        self.seed = seed
        # Built by its network: checkpoints can then be restored before the first batch.
        self.built = network.built

    def call(self, images, training=None):
        return self.network(images, training=training)

    def train_step(self, data):
        images, labels, weights = keras.utils.unpack_x_y_sample_weight(data)
        seed = tf.stack([self.seed, tf.cast(self.optimizer.iterations, tf.int32)])
        prepared = self.method.prepare(self.network, images, labels, seed)
        prepared = tf.nest.map_structure(tf.stop_gradient, prepared)

        def objective(images, labels, logits):
            return self.compute_loss(images, labels, logits, weights)

        with tf.GradientTape() as tape:
            loss, logits = self.method.loss(self.network, images, labels, prepared, objective)
            scaled_loss = self.optimizer.scale_loss(loss)  # a factor other than 1 in mixed_float16 alone
        variables = self.network.trainable_variables
        self.optimizer.apply(tape.gradient(scaled_loss, variables), variables)

        # Keras divides a replica's loss by their number, so that gradients may be summed over them.
        replicas = tf.distribute.get_strategy().num_replicas_in_sync
        self._loss_tracker.update_state(replicas * loss, sample_weight=tf.shape(images)[0])
        return self.compute_metrics(images, labels, logits, weights)
