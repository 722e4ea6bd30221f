"""Spectral normalisation of a convolution, not of its kernel as a matrix (Farnia et al. 2019, arXiv 1811.07457)."""

import keras
import tensorflow as tf
from keras import layers


@keras.saving.register_keras_serializable("models")
class SpectralConvolution(layers.Wrapper):
    """A `Conv2D` by its kernel over max(s, 1), s the norm of the convolution as a linear map of its input.

    s is estimated by one power iteration a training step, on the convolution itself: through it, back through its
    transpose, and through it again. Keras's `SpectralNormalization` takes the norm of the kernel as a matrix, which
    can be less than half as large. The kernel that is stored is the one before division, and the gradient goes
    through s.

    Args:
        layer: the `Conv2D`.

    Source: protocol, "VAE-GAN", whose authors' code does this.
    """

    def build(self, input_shape):
        super().build(input_shape)
        self.direction = self.add_weight(
            name="direction",
            shape=(1, *input_shape[1:]),
            initializer=keras.initializers.TruncatedNormal(stddev=1.0),
            trainable=False,
            aggregation="only_first_replica",  # all compute the same, from the kernel alone
        )

    def call(self, inputs, training=False):
        kernel = tf.convert_to_tensor(self.layer.kernel)
        direction, norm = self.power_iteration(kernel)
        if training:
            self.direction.assign(direction)
        outputs = self.layer.convolution_op(inputs, kernel / tf.maximum(norm, 1.0))
        return self.layer.activation(outputs + self.layer.bias if self.layer.use_bias else outputs)

    def power_iteration(self, kernel: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """An input that the convolution stretches most, nearer than `direction`, and by how much it stretches it."""
        before = tf.convert_to_tensor(self.direction)
        stretched = tf.nn.l2_normalize(self.layer.convolution_op(before, kernel))
        strides, padding = self.layer.strides, self.layer.padding.upper()
        back = tf.nn.conv2d_transpose(stretched, kernel, tf.shape(before), strides, padding)
        direction = tf.nn.l2_normalize(back)
        return direction, tf.reduce_sum(self.layer.convolution_op(direction, kernel) * stretched)

    def compute_output_shape(self, input_shape):
        return self.layer.compute_output_shape(input_shape)
