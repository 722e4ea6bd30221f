"""Claims and alerts of Section 2.2 on made-up measurements with known answers."""

import numpy as np

from experiments.boundary.analysis import Boundaries
from experiments.boundary.claims import alerts, claims
from experiments.boundary.study import BoundaryStudy
from experiments.experiment import Measured


def measured(tilts: dict[float, float], study=None) -> Measured[BoundaryStudy]:
    """Made-up measurements of 20 seeds."""
    noise = np.random.default_rng(0).normal(scale=0.5, size=20)
    constant = {name: np.ones(20) for name in ("own_mahalanobis", "clean", "robust", "attacked")}
    strengths = {
        eps: {"tilt": value + noise, "low_variance_share": value / 100 + noise, "mahalanobis": 2 + noise, **constant}
        for eps, value in tilts.items()
    }
    return Measured(study or BoundaryStudy(), strengths)


def verdicts(tilts, study=None):
    return {claim.id.split("boundary-")[1]: claim.verdict for claim in claims(Boundaries(measured(tilts, study)))}


def test_claims_follow_the_numbers():
    found = verdicts({0.0: 30.0, 0.25: 10.0, 0.5: 12.0})
    assert found["tilted"] == "supported"
    assert found["weak-tilt"] == "supported"
    assert found["strong-tilt"] == "contradicted"
    assert found["strong-mahalanobis"] == "inconclusive"
    assert verdicts({0.0: 0.0})["tilted"] == "inconclusive"


def test_claims_leave_out_what_is_missing():
    assert set(verdicts({0.25: 10.0, 0.5: 1.0})) == {"strong-tilt", "strong-low_variance_share", "strong-mahalanobis"}


def test_alerts_name_small_scale_and_failed_training():
    few = BoundaryStudy(toy_points=100, toy_seeds=3)
    made = measured({0.0: 3.0}, few)
    made.values[0.0]["clean"][3] = 0.6
    told = alerts(Boundaries(made))
    assert any("100 points per class" in alert for alert in told)
    assert any("3 seeds" in alert for alert in told)
    assert any("eps 0: a network is right on only 60.0%" in alert for alert in told)
    assert not alerts(Boundaries(measured({0.0: 3.0})))
