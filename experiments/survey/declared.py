"""What the measures of a survey need, and what they cost where maps cost nothing."""

from experiments import catalogue
from experiments.scores.declared import needs_of
from experiments.settings.studies import arguments
from experiments.survey.study import SurveyStudy


def needs_manifold(study: SurveyStudy) -> bool:
    """Whether one of the study's measures needs the images' manifold."""
    return any("manifold" in needs_of(name) for name in study.measures)


def own_passes(study: SurveyStudy, measure: str) -> float:
    """Network passes per image that a measure takes where maps cost nothing."""
    return catalogue.passes("measures", measure, arguments(study, "measures", measure), without=0)
