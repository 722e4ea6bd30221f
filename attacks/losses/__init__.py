"""What an attack maximises: a file for each, whose function makes one number per image of logits and labels."""

import shelf
from attacks.losses.cross_entropy import cross_entropy
from attacks.losses.cw import cw
from attacks.losses.dlr import dlr

LOSSES = shelf.load("attacks/losses")

__all__ = ["LOSSES", "cross_entropy", "cw", "dlr"]
