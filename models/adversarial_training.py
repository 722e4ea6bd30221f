"""Adversarial training (Madry et al. 2018, arXiv 1706.06083) as a Keras model driven by `fit`."""

import keras
import tensorflow as tf

from models.multi_worker import MultiWorkerModel


class AdversarialTrainer(MultiWorkerModel):
    """Wraps a network so that `fit` trains it on the attack's examples of every batch.

    Keras's callbacks, progress bar, validation and checkpoints work as on any model. Compile it
    with a loss on logits; the metrics given there are computed on the adversarial batch in
    training and on clean images in validation.

    Args:
        network: images -> logits; it is trained in place.
        attack: makes the training examples, called as `attack(network, images, labels, seed)`;
            None trains on the clean images.
        validation_attack: if given, `evaluate` and validation also report `robust_accuracy`.
        seed: of the attack's random start; the step's number is mixed in, so that a resumed
            training draws what an uninterrupted one would.

    Example:
        >>> trainer = AdversarialTrainer(mnist_cnn(), attack=attack)
        >>> loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        >>> trainer.compile("adam", loss, metrics=["accuracy"])
        >>> trainer.fit(x, y, batch_size=100, epochs=5)
    """

    def __init__(self, network: keras.Model, attack=None, validation_attack=None, seed: int = 0):
        super().__init__(name="adversarial_trainer")
        self.network = network
        self.attack = attack
        self.validation_attack = validation_attack
        self.seed = seed
        self.robust_accuracy = keras.metrics.SparseCategoricalAccuracy(name="robust_accuracy")
        # Built by its network: checkpoints can then be restored before the first batch.
        self.built = network.built

    def call(self, images, training=None):
        return self.network(images, training=training)

    def train_step(self, data):
        images, labels, weights = keras.utils.unpack_x_y_sample_weight(data)
        if self.attack is not None:
            seed = tf.stack([self.seed, tf.cast(self.optimizer.iterations, tf.int32)])
            images = tf.stop_gradient(self.attack(self.network, images, labels, seed))

        with tf.GradientTape() as tape:
            logits = self.network(images, training=True)
            loss = self.compute_loss(images, labels, logits, weights)
            scaled_loss = self.optimizer.scale_loss(loss)  # a factor other than 1 in mixed_float16 alone
        variables = self.network.trainable_variables
        self.optimizer.apply(tape.gradient(scaled_loss, variables), variables)

        # Keras divides a replica's loss by their number, so that gradients may be summed over them.
        replicas = tf.distribute.get_strategy().num_replicas_in_sync
        self._loss_tracker.update_state(replicas * loss, sample_weight=tf.shape(images)[0])
        metrics = self.compute_metrics(images, labels, logits, weights)
        return {name: value for name, value in metrics.items() if name != "robust_accuracy"}

    def test_step(self, data):
        metrics = super().test_step(data)
        if self.validation_attack is None:
            metrics.pop("robust_accuracy")
            return metrics
        images, labels, _ = keras.utils.unpack_x_y_sample_weight(data)
        adversarial = self.validation_attack(self.network, images, labels)
        self.robust_accuracy.update_state(labels, self.network(adversarial, training=False))
        return {**metrics, "robust_accuracy": self.robust_accuracy.result()}
