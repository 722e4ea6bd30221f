"""Accuracy of a network, image by image, on clean and on attacked images."""

import keras
import numpy as np

from attacks import attack_in_batches
from experiments.data import Dataset
from experiments.networks.predictions import predictions


def right(network: keras.Model, data: Dataset, attack=None) -> np.ndarray:
    """(N,) booleans: which test images the network gets right, attacked first if there is an attack."""
    images, labels = data.test_images, data.test_labels
    if attack is not None:
        images = attack_in_batches(attack, network, images, labels)
    return predictions(network, images) == labels
