"""White-box attacks on Keras networks, compiled to one TensorFlow graph.

from attacks import ProjectedGradientDescent
attack = ProjectedGradientDescent(norm="l2", eps=1.0, step_size=2.0, steps=40)
x_adv = attack(model, x, y)
"""

from attacks.apgd import APGD
from attacks.losses import LOSSES, cross_entropy, cw, dlr
from attacks.norms import NORMS
from attacks.pgd import ProjectedGradientDescent, attack_in_batches

__all__ = ["APGD", "LOSSES", "NORMS", "ProjectedGradientDescent", "attack_in_batches", "cross_entropy", "cw", "dlr"]
