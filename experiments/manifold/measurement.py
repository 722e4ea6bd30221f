"""How far adversarial examples lie from what a VAE-GAN can generate, which Section 2.1 reads."""

from experiments.manifold.pieces import pieces
from experiments.manifold.study import ManifoldStudy
from experiments.measurement import Measurement

MEASUREMENT = Measurement("manifold", ManifoldStudy, pieces)
