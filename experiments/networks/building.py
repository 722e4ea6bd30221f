"""Builds the study's network, the user's own too, and refuses one that does not fit."""

import keras
import tensorflow as tf

from experiments import catalogue
from experiments.data import Dataset
from experiments.errors import UsageError
from experiments.own_code import own_code
from experiments.settings.studies import ImageStudy
from models.isolated import dtype_policy, initialisers_from
from models.logits import check_logits


def build_network(study: ImageStudy, data: Dataset, seed: int) -> keras.Model:
    """A fresh network of the study's architecture and precision; equal seeds give equal weights.

    A subclassed model is given an input, so that it says its shapes as the others do.

    Raises:
        UsageError: it is no Keras model, or does not fit the data set.
    """
    builder = catalogue.find("network", study.network)
    shape, classes = data.train_images.shape[1:], len(data.class_names)
    try:
        with initialisers_from(seed), dtype_policy(study.precision), own_code("network", study.network):
            network = builder(width=study.width, seed=seed, input_shape=shape, classes=classes)
            if not isinstance(network, keras.Model):
                raise UsageError(
                    f"--network: {study.network} gives a {type(network).__name__}; needed is a keras.Model: "
                    "sequential, functional or subclassed."
                )
            check_logits(network, tf.constant(data.train_images[:8]))
            if getattr(network, "inputs", None) is None:
                inputs = keras.Input(shape)
                network = keras.Model(inputs, network(inputs))
            outputs = network.output_shape
    except (TypeError, ValueError) as error:
        if isinstance(error, UsageError):
            raise
        reason = str(error).splitlines()[0]
        raise UsageError(f"--network: {study.network} cannot be built for images {shape}: {reason}") from error
    if tuple(outputs) != (None, classes):
        raise UsageError(f"--network: {study.network} gives outputs {outputs}; needed are (None, {classes}) logits.")
    return network
