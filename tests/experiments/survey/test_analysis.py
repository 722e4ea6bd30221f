"""What measures with known laws conclude, how far they agree, and what chance gives."""

import dataclasses

import numpy as np
import pytest

from experiments.claim import CONTRADICTED, INCONCLUSIVE, NOT_TESTED, SUPPORTED, holm
from experiments.networks.grid import STANDARD, networks
from experiments.roar.pieces import Arm
from experiments.settings.presets import make_settings
from experiments.survey.analysis import Comparison
from experiments.survey.claims import alerts, claims
from experiments.survey.tables import (
    _ranks,
    agreement_table,
    conclusion_table,
    cost_table,
    leaderboard_table,
    tables,
)
from measures.null_block_share import NULL_BLOCK
from tests.experiments.survey.made_up import LAWS, STUDY, N, made_up, quality

STRONGEST = next(spec for spec in networks(STUDY) if spec.norm == "linf" and spec.strength == 0.2)


def named(measured, kind: str, measure: str) -> list[tuple]:
    """The names of what was measured of one kind by one measure."""
    tuples = [name for name in measured.values if isinstance(name, tuple)]
    return [name for name in tuples if (name[0], name[-1]) == (kind, measure)]


@pytest.fixture(scope="module")
def found():
    return Comparison(made_up())


@pytest.fixture(scope="module")
def cells(found):
    return {(row["conclusion"], row["metric"]): row for row in conclusion_table(found)["rows"]}


def test_the_matrix_has_every_conclusion_by_every_score(cells):
    conclusions = [f"raises-{norm}-{name}" for norm in ("l2", "linf") for name in ("gradient", "gradient_x_input")]
    conclusions += ["gradient_x_input-above-gradient", "stronger-l2", "stronger-linf"]
    assert list(dict.fromkeys(name for name, _ in cells)) == conclusions
    assert {metric for _, metric in cells} == {"roar", "kar", "road", "deletion", "sparseness", "max_sensitivity"}
    assert len(cells) == 7 * 6


@pytest.mark.parametrize(
    ("conclusion", "metric", "verdict", "effect"),
    [
        ("raises-linf-gradient", "road", SUPPORTED, 0.2),
        ("raises-linf-gradient", "deletion", SUPPORTED, 0.2),  # less is better
        ("raises-linf-gradient", "sparseness", CONTRADICTED, -0.2),
        ("raises-linf-gradient", "roar", SUPPORTED, None),
        ("raises-linf-gradient", "max_sensitivity", INCONCLUSIVE, 0.0),
        ("raises-l2-gradient", "road", INCONCLUSIVE, 0.0),
        ("gradient_x_input-above-gradient", "road", CONTRADICTED, -0.02),
        ("gradient_x_input-above-gradient", "sparseness", SUPPORTED, 0.02),
        ("stronger-linf", "deletion", SUPPORTED, 0.2),  # quality is strength, 0.2 at the strongest
        ("stronger-linf", "sparseness", CONTRADICTED, -0.2),
    ],
)
def test_verdicts_follow_from_the_laws(cells, conclusion, metric, verdict, effect):
    row = cells[conclusion, metric]
    assert row["verdict"] == verdict
    assert row["effect_low"] <= row["effect"] <= row["effect_high"]
    if effect is not None:
        assert row["effect"] == pytest.approx(effect, abs=0.004)


def test_every_cell_is_about_better(cells):
    """Even where the paper itself saw worse: a cell's verdict is about its row's sentence."""
    assert all(row["positive"] for row in cells.values())


def test_an_effect_is_standardised_by_the_spread_over_networks_attributions_and_trainings(found, cells):
    means = [LAWS["road"](quality(arm.network, arm.attribution), 0) for arm in found.arms for run in range(3)]
    row = cells["raises-linf-gradient", "road"]
    assert row["standardised"] == pytest.approx(row["effect"] / np.std(means), rel=0.02)


def test_p_is_holm_s_over_all_cells_that_were_tested(found, cells):
    alone = [
        found._effect(conclusion, metric).p for conclusion in found.conclusions() for metric in found.scores.metrics
    ]
    assert [row["p"] for row in cells.values()] == pytest.approx(holm(alone))
    assert [claim.p for claim in claims(found)] == [row["p"] for row in cells.values()]


def test_claims_are_checks_with_ids_of_their_own(found):
    made = claims(found)
    assert len({claim.id for claim in made}) == len(made)
    assert "mnist_5k/survey-raises-linf-gradient-road" in {claim.id for claim in made}
    assert all(claim.check and not claim.primary for claim in made)


def test_tau_is_one_for_measures_that_agree_and_minus_one_for_those_that_disagree(found):
    taus = {(row["metric_a"], row["metric_b"]): row for row in agreement_table(found)["rows"]}
    assert len(taus) == 6 * 5 / 2
    agreeing, opposed = taus["road", "deletion"], taus["road", "sparseness"]
    assert agreeing["n"] == 10
    assert agreeing["trainings"] == 3
    # Equal qualities, of standard and l2 networks, are ordered by noise: of 45 pairs 6.
    assert agreeing["tau"] > 0.7
    assert opposed["tau"] < -0.7
    assert -1 <= opposed["tau_low"] <= opposed["tau"] <= opposed["tau_high"] <= 1


def test_tau_of_orders_without_ties():
    measured = made_up()
    for measure in ("road", "deletion", "sparseness", "max_sensitivity"):
        for name in named(measured, "measure", measure):
            place = [arm.name for arm in Comparison(measured).arms].index(name[1].name)
            measured.values[name] = np.full(N, -place if measure in ("deletion", "sparseness") else place)
    exact = Comparison(measured)
    assert exact.agreement("road", "deletion").value == pytest.approx(1)
    assert exact.agreement("road", "sparseness").value == pytest.approx(-1)
    assert exact.agreement("road", "deletion").low is None  # trainings that agree to a hair say nothing of others
    assert exact.agreement("road", "max_sensitivity").value == pytest.approx(-1)  # less is better


def test_ranks_begin_with_the_best(found):
    rows = leaderboard_table(found)["rows"]

    def best(metric):
        return next((row["network"], row["attribution"]) for row in rows if (row["metric"], row["rank"]) == (metric, 1))

    assert best("road") == best("deletion") == (STRONGEST.name, "gradient")
    assert best("sparseness") != best("road")
    assert _ranks(np.array([0.1, np.nan, 0.3, 0.3])) == [3, None, 1, 1]


def test_the_leaderboard_has_values_chance_and_counts(found):
    rows = {(row["metric"], row["network"], row["attribution"]): row for row in leaderboard_table(found)["rows"]}
    row = rows["deletion", STRONGEST.name, "gradient"]
    assert row["value"] == pytest.approx(0.3, abs=0.005)
    assert row["chance"] == pytest.approx(0.3, abs=0.005)
    assert (row["chance_measured"], row["more_is_better"], row["n_images"], row["trainings"]) == (True, False, N, 3)
    roar = rows["roar", "standard", "gradient"]
    assert roar["chance"] == pytest.approx(0, abs=0.03)
    assert (roar["chance_measured"], roar["n_images"]) == (True, 800)


def test_chance_is_declared_where_it_was_not_measured():
    measured = made_up()
    for measure in ("road", "deletion"):
        for name in named(measured, "noise", measure):
            del measured.values[name]
    found = Comparison(measured)
    assert found.chance(STANDARD, "road") == (0.0, False)
    assert found.chance(STANDARD, "deletion") == (None, False)


def test_costs(found):
    rows = {row["metric"]: row for row in cost_table(found)["rows"]}
    assert rows["road"]["passes"] == 4 * 5
    assert rows["max_sensitivity"]["passes"] == 10 * 2  # maps anew, a gradient each
    assert rows["sparseness"]["passes"] == 0
    assert rows["roar"]["passes"] is None
    # Ten arms and the random baseline, two occlusions, three percentages, three trainings.
    assert rows["roar"]["retrainings"] == 11 * 2 * 3 * 3
    assert rows["road"]["retrainings"] == 0
    assert rows["roar"]["tau_with_roar"] is None
    assert rows["road"]["tau_low"] <= rows["road"]["tau_with_roar"] <= rows["road"]["tau_high"]


def test_what_is_absent_gives_no_row():
    sizes = {"l2_eps": (), "attributions": ("gradient",), "datasets": ("mnist_5k",), "measures": ("road",)}
    (study,) = make_settings("survey", "quick", sizes).studies
    found = Comparison(made_up(study))
    rows = conclusion_table(found)["rows"]
    assert [row["conclusion"] for row in rows] == ["raises-linf-gradient", "stronger-linf"]
    assert agreement_table(found)["rows"] == []
    assert [row["tau_with_roar"] for row in cost_table(found)["rows"]] == [None]


def test_two_networks_make_no_trend_and_one_training_no_verdict():
    found = Comparison(made_up(dataclasses.replace(STUDY, linf_eps=(0.2,), training_seeds=1)))
    rows = {(row["conclusion"], row["metric"]): row for row in conclusion_table(found)["rows"]}
    assert rows["stronger-linf", "road"]["reason"] == "two networks make no trend"
    assert {row["verdict"] for row in rows.values()} == {NOT_TESTED}
    assert agreement_table(found)["rows"][0]["tau_low"] is None
    assert any("Every network was trained once" in alert for alert in alerts(found))


def test_a_measure_of_which_nothing_could_be_had_is_left_out():
    measured = made_up()
    for name in named(measured, "measure", "road"):
        del measured.values[name]
    assert "road" not in Comparison(measured).scores.metrics
    assert Comparison(measured).scores.anything


def test_images_without_a_value_are_left_out():
    measured = made_up()
    for run in range(3):
        measured.values["measure", Arm(STANDARD, "gradient"), run, "road"][:50] = np.nan
    rows = leaderboard_table(Comparison(measured))["rows"]
    row = next(row for row in rows if (row["metric"], row["network"]) == ("road", "standard"))
    assert row["n_images"] == N - 50
    assert row["value"] == pytest.approx(0.3, abs=0.01)
    assert row["rank"] is not None


def test_few_images_with_a_value_conclude_nothing_and_leave_the_others_alone():
    measured = made_up()
    for run in range(3):
        measured.values["measure", Arm(STRONGEST, "gradient"), run, "road"][3:] = np.nan
    found = Comparison(measured)
    by_cell = {(cell.conclusion, cell.metric): cell.claim for cell in found.cells}
    few = by_cell["raises-linf-gradient", "road"]
    assert few.verdict == "not tested"
    assert few.reason == f"{Arm(STRONGEST, 'gradient').name} has a value on 1% of the images"
    assert by_cell["raises-l2-gradient", "road"].verdict != "not tested"
    of_road = [row for row in leaderboard_table(found)["rows"] if row["metric"] == "road"]
    rows = {(row["network"], row["attribution"]): row for row in of_road}
    assert rows[STRONGEST.name, "gradient"]["n_images"] == 3
    assert rows["standard", "gradient"]["n_images"] == N


def test_a_network_at_chance_is_told_and_left_out_of_what_is_concluded_of_all():
    measured = made_up()
    for run in range(3):
        measured.values["evaluation", STRONGEST, run]["clean"] = np.zeros(800, bool)
    found = Comparison(measured)
    above = next(one for one in found.conclusions() if one.id == "gradient_x_input-above-gradient")
    assert STRONGEST not in {arm.network for arm in above.weights}
    assert sum(above.weights.values()) == pytest.approx(0)
    assert any(alert.startswith(f"{STRONGEST.name}: no better than chance") for alert in alerts(found))


def test_alerts_name_measures_that_say_nothing(found):
    told = alerts(found)
    assert any(alert.startswith("Max-sensitivity hardly varies") for alert in told)
    assert not any(alert.startswith("ROAD") for alert in told)
    measured = made_up()
    for name in named(measured, "measure", "road"):
        measured.values[name] = np.random.default_rng(0).normal(0.3, 1, N)
    assert any(alert.startswith("ROAD: by their intervals no network") for alert in alerts(Comparison(measured)))


def test_pictures_say_where_the_null_block_is():
    measured = made_up()
    digit = np.zeros_like(NULL_BLOCK)
    images = np.stack([np.concatenate(pair) for pair in ((NULL_BLOCK, digit), (digit, NULL_BLOCK))])
    measured.values["data"]["sample_images"] = images
    pictures = Comparison(measured).pictures()
    assert pictures["mnist_5k/sample_null_top"].tolist() == [True, False]
    assert "mnist_5k/standard gradient/sample_maps" in pictures
    assert not any(name.endswith("sample_ranks") for name in pictures)


def test_images_without_a_null_block_have_no_pictures_in_the_survey():
    assert Comparison(made_up()).pictures() == {}


def test_tables_are_plain_json(found):
    import json

    assert [table["kind"] for table in tables(found)] == ["conclusions", "agreement", "leaderboard", "cost"]
    json.dumps(tables(found), allow_nan=False)
