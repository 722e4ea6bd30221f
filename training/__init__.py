"""Training methods, a file for each: how a batch becomes a loss. `fit` drives them all.

from training import AdversarialTrainer
trainer = AdversarialTrainer(network, attack=attack)  # compile it, then fit
"""

import shelf
from training.adversarial import AdversarialTrainer
from training.method import Method
from training.trainer import Trainer

METHODS = shelf.load("training")

__all__ = ["METHODS", "AdversarialTrainer", "Method", "Trainer"]
