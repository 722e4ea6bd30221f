"""What attributions of networks score: ROAR, KAR and robust accuracy, which Sections 3.2 and 3.3 read."""

from experiments.measurement import Measurement
from experiments.scores.pieces import pieces
from experiments.scores.study import ScoresStudy

MEASUREMENT = Measurement("scores", ScoresStudy, pieces)
