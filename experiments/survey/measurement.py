"""Many measures of the same attributions, ROAR and KAR among them, which the survey reads."""

from experiments.measurement import Measurement
from experiments.survey.pieces import pieces
from experiments.survey.study import SurveyStudy

MEASUREMENT = Measurement("survey", SurveyStudy, pieces)
