"""Networks as a user may write them, with state besides their weights."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers


def network(width, seed, input_shape, classes, more=()):
    flat = [layers.Flatten(), layers.Dense(16, activation="relu")]
    return keras.Sequential([keras.Input(input_shape), *flat, *more, layers.Dense(classes)])


def dropout(**arguments):
    return network(**arguments, more=[layers.Dropout(0.5)])


def augmented(width, seed, input_shape, classes):
    """Images are moved, noise is added."""
    random = [layers.RandomTranslation(0.2, 0.2), layers.GaussianNoise(0.5), layers.BatchNormalization()]
    return keras.Sequential([keras.Input(input_shape), *random, layers.Flatten(), layers.Dense(classes)])


class Fading(layers.Layer):
    """Noise of its own generators, weaker with every batch, which it counts."""

    def build(self, input_shape):
        self.batches = self.add_weight(shape=(), initializer="zeros", trainable=False, name="batches")
        self.generators = [keras.random.SeedGenerator(), keras.random.SeedGenerator()]

    def call(self, values, training=False):
        if not training:
            return values
        self.batches.assign_add(1)
        noise = sum(keras.random.normal(keras.ops.shape(values), seed=generator) for generator in self.generators)
        return values + noise / (1 + self.batches)


def fading(**arguments):
    return network(**arguments, more=[Fading()])


class Subclassed(keras.Model):
    def __init__(self, classes):
        super().__init__()
        self.parts = [layers.Flatten(), layers.Dense(16, activation="relu"), layers.Dropout(0.5), layers.Dense(classes)]

    def call(self, images, training=None):
        for part in self.parts:
            images = part(images, training=training) if isinstance(part, layers.Dropout) else part(images)
        return images


def subclassed(width, seed, input_shape, classes):
    return Subclassed(classes)


def nested(width, seed, input_shape, classes):
    """Random layers in a network in a network."""
    inner = keras.Sequential([keras.Input(input_shape), layers.RandomFlip(), layers.GaussianNoise(0.5)])
    outer = keras.Sequential([keras.Input(input_shape), inner, layers.Conv2D(4, 3), layers.SpatialDropout2D(0.5)])
    inputs = keras.Input(input_shape)
    return keras.Model(inputs, layers.Dense(classes)(layers.Flatten()(outer(inputs))))


WITH_STATE = ("dropout", "augmented", "fading", "subclassed", "nested")


# Whose trainings cannot be repeated.


class Drawing(layers.Layer):
    """Adds what a function draws."""

    def __init__(self, draw, at_inference=False):
        super().__init__()
        self.draw, self.at_inference = draw, at_inference
        self.generator = keras.random.SeedGenerator()

    def call(self, values, training=False):
        return values + self.draw(self, values) if training or self.at_inference else values


def keras_s_own_generator(**arguments):
    keras.utils.set_random_seed(0)
    return network(**arguments, more=[Drawing(lambda layer, x: keras.random.normal(keras.ops.shape(x)))])


def tensorflow_s(**arguments):
    return network(**arguments, more=[Drawing(lambda layer, x: tf.random.normal(tf.shape(x)))])


def numpy_s(**arguments):
    return network(**arguments, more=[Drawing(lambda layer, x: np.random.normal(size=16).astype("float32"))])


def never_at_rest(**arguments):
    def draw(layer, values):
        return keras.random.normal(keras.ops.shape(values), seed=layer.generator)

    return network(**arguments, more=[Drawing(draw, at_inference=True)])


def from_the_clock(**arguments):
    start = keras.initializers.Constant(np.random.default_rng().random())
    return network(**arguments, more=[layers.Dense(16, kernel_initializer=start)])


# Whose trainings start alike.


def seeded_inside(**arguments):
    keras.utils.set_random_seed(0)
    return network(**arguments)


def pretrained(width, seed, input_shape, classes):
    """But for the last layer."""
    body = layers.Dense(16, kernel_initializer=keras.initializers.GlorotUniform(seed=5))
    return keras.Sequential([keras.Input(input_shape), layers.Flatten(), body, layers.Dense(classes)])


# Which are not a network of their own.

SHARED = layers.Dense(16)
KEPT: dict[int, keras.Model] = {}


def shared_body(**arguments):
    return network(**arguments, more=[SHARED])


def kept(seed, **arguments):
    """The same network at every call."""
    return KEPT.setdefault(seed, network(seed=seed, **arguments))


def frozen(**arguments):
    found = network(**arguments)
    found.trainable = False
    return found


def no_keras(width, seed, input_shape, classes):
    return lambda images: images
