"""What a training method is: two steps from a batch to its loss."""

from collections.abc import Callable

import keras
import tensorflow as tf


class Method:
    """Standard training; a method overrides one step or both.

    A subclass on the shelf takes its parameters as keyword arguments, and its file declares beside `TITLE`:

        NAME        how a network is called that was trained with these parameters, as a format string
        PARAMETERS  by name: {"default", "help", "above" or "at_least"} gives the method a flag
                    --<method>_<parameter>; {"flag"} reads another flag, whose name may hold other parameters;
                    {"each"} stands for several values; {"strongest": method} gives a trained network, images -> logits:
                    the strongest of the first series that this training has of that method. A tuple means one
                    network for each entry.
        STRENGTH    the parameter that grades a series of networks, and UNIT what it is counted in
        ONE_STEP    the parameter that is the linf radius of the one step that it trains on, if it does: the network is
                    then watched for catastrophic overfitting
        PASSES      network passes per training image: {"update": 3, "steps": 2} counts 2 for each of its steps
    """

    def prepare(self, network: keras.Model, images: tf.Tensor, labels: tf.Tensor, seed: tf.Tensor):
        """What the loss needs beside the batch, such as adversarial examples. No gradient goes through it.

        Args:
            network: in training; call it with training=False.
            images: (n, H, W, C).
            labels: (n,) integers.
            seed: (2,) int32, new in every step, the same when a training is resumed.
        """
        return images

    def loss(
        self, network: keras.Model, images: tf.Tensor, labels: tf.Tensor, prepared, objective: Callable
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """The loss of a batch, to be differentiated by the network's weights.

        Args:
            network: call it with training=True.
            images, labels: the batch.
            prepared: what `prepare` gave.
            objective: (images, labels, logits) -> the compiled loss, a scalar.

        Returns:
            The loss, and the logits on which metrics are computed.
        """
        logits = network(prepared, training=True)
        return objective(prepared, labels, logits), logits
