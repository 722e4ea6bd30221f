"""Trainings that start alike are told of in every section that has intervals over trainings."""

import dataclasses

import numpy as np
import pytest

from experiments.networks.values import EQUAL_STARTS
from reports.manifold.section import SECTION as MANIFOLD
from reports.roar.section import SECTION as ROAR
from reports.survey.section import SECTION as SURVEY
from reports.tradeoff.section import SECTION as TRADEOFF
from tests.reports.as_values import as_values
from tests.reports.manifold.made_up import made_up as distances
from tests.reports.roar.made_up import made_up as scores
from tests.reports.survey.made_up import made_up as measures

OWN = "mine:pretrained"


@pytest.mark.parametrize(
    ("section", "measurement", "made_up"),
    [
        (ROAR, "scores", scores),
        (TRADEOFF, "scores", scores),
        (MANIFOLD, "manifold", distances),
        (SURVEY, "survey", measures),
    ],
)
@pytest.mark.parametrize(("share", "told"), [(None, ""), (0.0, ""), (1.0, "100%"), (0.875, "88%")])
def test_equal_starts_are_told(section, measurement, made_up, share, told):
    measured = made_up()
    if share is not None:
        measured.values[EQUAL_STARTS] = np.array(share)
    values = as_values(measured, measurement, section.name)
    found = section.analysis(dataclasses.replace(values, settings={**values.settings, "network": OWN}))
    alerts = [sentence for part in section.alerts for sentence in part(found) if "initial weights" in sentence]
    assert len(alerts) == bool(told)
    assert not told or alerts[0].startswith(f"{told} of the initial weights do not depend on the seed: --network={OWN}")
