"""The paper's convolutional networks, a file each: images to logits."""

import shelf
from models.classifiers.cifar_cnn import cifar_cnn
from models.classifiers.mnist_cnn import mnist_cnn

NETWORKS = shelf.load("models/classifiers")

__all__ = ["NETWORKS", "cifar_cnn", "mnist_cnn"]
