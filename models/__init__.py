"""Plain Keras networks that return logits, and the VAE-GAN that stands for an image manifold."""

from models.boundary_mlp import boundary_mlp
from models.classifiers import NETWORKS, cifar_cnn, mnist_cnn
from models.vae_gan import VAEGAN

__all__ = ["NETWORKS", "VAEGAN", "boundary_mlp", "cifar_cnn", "mnist_cnn"]
