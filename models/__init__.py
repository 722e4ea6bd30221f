"""Plain Keras networks that return logits, and the trainer that makes them robust."""

from models.adversarial_training import AdversarialTrainer
from models.boundary_mlp import boundary_mlp
from models.classifiers import NETWORKS, cifar_cnn, mnist_cnn
from models.vae_gan import VAEGAN

__all__ = ["NETWORKS", "VAEGAN", "AdversarialTrainer", "boundary_mlp", "cifar_cnn", "mnist_cnn"]
