"""What adversarial training does to the decision boundary of a 2-D toy, which Section 2.2 reads."""

from experiments.boundary.pieces import pieces
from experiments.boundary.study import BoundaryStudy
from experiments.measurement import Measurement

MEASUREMENT = Measurement("boundary", BoundaryStudy, pieces)
