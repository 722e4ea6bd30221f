"""Claims and alerts of Section 2.2 on made-up measurements with known answers."""

import numpy as np
import pytest

from experiments.boundary.study import BoundaryStudy
from experiments.measurement import Measured
from reports.boundary.analysis import Boundaries
from reports.boundary.claims import LANDED, TILT_MARGIN, alerts, registered, secondary
from reports.boundary.tables import strength_table
from reports.evidence.registered import PRIMARY
from tests.reports.as_values import as_values
from tests.reports.boundary.made_up import known, measured


def found_of(made: Measured) -> Boundaries:
    return Boundaries(as_values(made, "boundary", "boundary"))


def judged(tilts, study=None, distance=2.0):
    return judged_of(measured(tilts, study, distance))


def judged_of(made):
    found = found_of(made)
    return {claim.id.removeprefix("boundary-"): claim for claim in (*registered(found), *secondary(found))}


def verdicts(tilts, study=None, distance=2.0):
    return {name: claim.verdict for name, claim in judged(tilts, study, distance).items()}


def test_claims_follow_the_numbers():
    found = verdicts({0.0: 30.0, 0.25: 10.0, 0.5: 12.0})
    assert found["tilt"] == "supported"
    assert found["tilt-removed"] == "supported"
    assert found["tilt-further-removed"] == "contradicted"
    assert found["strong-mahalanobis"] == "inconclusive"
    assert verdicts({0.0: 0.0})["tilt"] == "inconclusive"
    assert verdicts({0.0: -30.0})["tilt"] == "contradicted"


def test_every_claim_is_of_its_own_measure_and_of_its_own_networks():
    found = judged_of(known())
    assert {name: claim.measured for name, claim in found.items()} == {
        "tilt": pytest.approx(30),
        "tilt-removed": pytest.approx(20),
        "tilt-further-removed": pytest.approx(5),  # 8 or 12 degrees become 7 or 3
        "lands": 0.0,  # two of four within 3
        "leaves-the-data": pytest.approx(9 - 1.2),
        "no-tilt-left": pytest.approx(2 - 5),
        "weak-low_variance_share": pytest.approx(0.8 - 0.4),
        "strong-low_variance_share": pytest.approx(0.4 - 0.2),
        "weak-mahalanobis": pytest.approx(9 - 5),
        "strong-mahalanobis": pytest.approx(5 - 3),
    }
    assert found["strong-mahalanobis"].unit.startswith("Mahalanobis distance, eps 0.25 minus eps 0.5; ")
    assert found["weak-low_variance_share"].unit.startswith("share, eps 0 minus eps 0.25; ")


def test_the_registered_claims_of_the_section_are_all_there():
    found = judged({0.0: 30.0, 0.25: 10.0, 0.5: 1.0})
    of_the_list = [name for name, known in PRIMARY.items() if known.section == "2.2"]
    assert [name for name, claim in found.items() if claim.primary] == of_the_list
    assert {claim.dataset for claim in found.values()} == {"two_gaussians"}
    assert found["tilt"].n == 20


def test_a_tilt_is_removed_by_its_size_whatever_its_sign():
    found = judged({0.0: 30.0, 0.25: -10.0, 0.5: 25.0})
    assert found["tilt-removed"].measured == pytest.approx(20, abs=0.01)
    assert found["tilt-removed"].verdict == "supported"
    assert found["tilt-further-removed"].measured == pytest.approx(-15, abs=0.01)


@pytest.mark.parametrize(
    ("distance", "verdict"), [(LANDED - 0.8, "supported"), (LANDED, "inconclusive"), (LANDED + 0.8, "contradicted")]
)
def test_points_have_landed_within_three_standard_deviations(distance, verdict):
    made = measured({0.5: 1.0}, distance=distance)
    found = judged_of(made)["lands"]
    assert LANDED == 3
    assert found.measured == pytest.approx(np.mean(made.values[0.5]["mahalanobis"] <= 3) - 0.5)
    assert found.verdict == verdict


def test_one_training_far_away_does_not_decide_where_points_land():
    made = measured({0.5: 1.0}, distance=2.0)
    before = judged_of(made)["lands"]
    made.values[0.5]["mahalanobis"][np.argmax(made.values[0.5]["mahalanobis"])] = 1000.0
    assert judged_of(made)["lands"].verdict == before.verdict == "supported"


@pytest.mark.parametrize(
    ("tilt", "verdict"), [(0.0, "supported"), (-1.0, "supported"), (5.0, "contradicted"), (-5.0, "contradicted")]
)
def test_no_tilt_is_less_than_two_degrees_either_way(tilt, verdict):
    found = judged({0.5: tilt})["no-tilt-left"]
    assert TILT_MARGIN == 2
    assert found.verdict == verdict
    assert not found.primary
    assert verdicts({0.5: TILT_MARGIN})["no-tilt-left"] == "inconclusive"


def test_networks_without_a_boundary_are_left_out_of_the_tilt_and_counted():
    made = measured({0.0: 30.0, 0.25: 10.0})
    made.values[0.0]["tilt"][[2, 7, 11]] = np.nan
    made.values[0.25]["tilt"][5] = np.nan
    found = found_of(made)
    assert (found.without_a_boundary(0.0), found.without_a_boundary(0.25)) == (3, 1)
    told = judged_of(made)
    assert told["tilt"].n == 17
    assert told["tilt"].measured == pytest.approx(np.nanmean(made.values[0.0]["tilt"]))
    assert told["tilt-removed"].n == 16  # of the seeds that have both
    assert told["tilt-removed"].measured == pytest.approx(20, abs=0.5)
    assert told["weak-mahalanobis"].n == 20
    rows = {row["eps"]: row for row in strength_table(found).rows}
    assert (rows[0.0]["without_boundary"], rows[0.0]["n_seeds"]) == (3, 20)
    text = "eps 0: 3 of 20 networks have no boundary between the classes; they have no tilt and are left out of it."
    assert text in list(alerts(found))


def test_where_no_network_has_a_boundary_the_tilt_is_not_tested():
    made = measured({0.0: 30.0})
    made.values[0.0]["tilt"][:] = np.nan
    found = judged_of(made)["tilt"]
    assert (found.measured, found.verdict) == (None, "not tested")
    (row,) = strength_table(found_of(made)).rows
    assert (row["tilt"], row["without_boundary"]) == (None, 20)


def test_registered_claims_about_what_is_missing_are_not_tested_and_others_left_out():
    found = verdicts({0.25: 10.0, 0.5: 1.0})
    assert {name for name, verdict in found.items() if verdict == "not tested"} == {
        "tilt",
        "tilt-removed",
        "weak-low_variance_share",
        "weak-mahalanobis",
    }
    assert "leaves-the-data" not in found
    assert "leaves-the-data" in verdicts({0.0: 10.0})


def test_points_that_leave_the_data_are_farther_than_its_own():
    found = judged({0.0: 10.0}, distance=4.0)["leaves-the-data"]
    assert found.measured == pytest.approx(3)
    assert found.verdict == "supported"


def test_alerts_name_small_scale_and_failed_training():
    few = BoundaryStudy(toy_points=100, toy_seeds=3)
    made = measured({0.0: 3.0}, few)
    made.values[0.0]["clean"][3] = 0.6
    told = list(alerts(found_of(made)))
    assert any("100 points per class" in alert for alert in told)
    assert any("3 seeds" in alert for alert in told)
    assert any("eps 0: a network is right on only 60.0%" in alert for alert in told)
    assert not list(alerts(found_of(measured({0.0: 3.0}))))
