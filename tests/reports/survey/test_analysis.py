"""What measures with known laws conclude, how far they agree, what chance gives, and what they cost."""

import dataclasses

import numpy as np
import pytest

from experiments.networks.grid import STANDARD, networks
from experiments.scores.arms import BASELINE, Arm, Retraining, retrainings
from experiments.settings.presets import make_settings
from reports.evidence.claim import CONTRADICTED, INCONCLUSIVE, NOT_TESTED, SUPPORTED, holm
from reports.survey.analysis import Comparison, ranks
from tests.reports.as_values import as_values
from tests.reports.survey import own_measure
from tests.reports.survey.made_up import LAWS, STUDY, N, comparison, made_up, quality

STRONGEST = next(spec for spec in networks(STUDY) if spec.norm == "linf" and spec.strength == 0.2)


def of_kind(measured, kind: str) -> list[tuple]:
    """The names of what was measured of one kind."""
    return [name for name in measured.values if isinstance(name, tuple) and name[0] == kind]


def named(measured, kind: str, measure: str) -> list[tuple]:
    """Those by one measure."""
    return [name for name in of_kind(measured, kind) if name[-1] == measure]


def retrained(measured) -> list[Retraining]:
    return [name for name in measured.values if isinstance(name, Retraining)]


@pytest.fixture(scope="module")
def found():
    return comparison(made_up())


@pytest.fixture(scope="module")
def cells(found):
    return by_place(found)


def by_place(found) -> dict:
    return {(cell.conclusion.id, cell.metric): cell for cell in found.cells}


def placed(found) -> dict:
    return {(one.metric, one.network.name, one.attribution): one for one in found.placings}


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
    claim = cells[conclusion, metric].claim
    assert claim.verdict == verdict
    assert claim.ci_low <= claim.measured <= claim.ci_high
    if effect is not None:
        assert claim.measured == pytest.approx(effect, abs=0.004)


def test_every_cell_is_about_better(cells):
    """Even where the paper itself saw worse: a cell's verdict is about its row's sentence."""
    assert all(cell.claim.positive for cell in cells.values())


def test_an_effect_is_standardised_by_the_spread_over_networks_attributions_and_trainings(found, cells):
    means = [LAWS["road"](quality(arm.network, arm.attribution), 0) for arm in found.arms for run in range(3)]
    cell = cells["raises-linf-gradient", "road"]
    assert cell.standardised == pytest.approx(cell.claim.measured / np.std(means), rel=0.02)


def test_p_is_holm_s_over_all_cells_that_were_tested(found, cells):
    alone = [
        found._effect(conclusion, metric).p for conclusion in found.conclusions() for metric in found.scores.metrics
    ]
    assert [cell.claim.p for cell in cells.values()] == pytest.approx(holm(alone))


def test_tau_is_one_for_measures_that_agree_and_minus_one_for_those_that_disagree(found):
    assert len(found.pairs()) == 6 * 5 / 2
    assert len(found.arms) == 10
    # Equal qualities, of standard and l2 networks, are ordered by noise: of 45 pairs 6.
    assert found.agreement("road", "deletion").value > 0.7
    opposed = found.agreement("road", "sparseness")
    assert opposed.value < -0.7
    assert -1 <= opposed.low <= opposed.value <= opposed.high <= 1


def test_tau_of_orders_without_ties():
    measured = made_up()
    order = [arm.name for arm in comparison(measured).arms]
    for measure in ("road", "deletion", "sparseness", "max_sensitivity"):
        for name in named(measured, "measure", measure):
            place = order.index(name[1].name)
            measured.values[name] = np.full(N, -place if measure in ("deletion", "sparseness") else place)
    exact = comparison(measured)
    assert exact.agreement("road", "deletion").value == pytest.approx(1)
    assert exact.agreement("road", "sparseness").value == pytest.approx(-1)
    assert exact.agreement("road", "deletion").low is None  # trainings that agree to a hair say nothing of others
    assert exact.agreement("road", "max_sensitivity").value == pytest.approx(-1)  # less is better


def test_ranks_begin_with_the_best(found):
    def best(metric):
        return next(
            (one.network.name, one.attribution) for one in found.placings if (one.metric, one.rank) == (metric, 1)
        )

    assert best("road") == best("deletion") == (STRONGEST.name, "gradient")
    assert best("sparseness") != best("road")
    assert ranks(np.array([0.1, np.nan, 0.3, 0.3])) == [3, None, 1, 1]


def test_placings_have_values_chance_and_counts(found):
    placings = placed(found)
    one = placings["deletion", STRONGEST.name, "gradient"]
    assert one.value.value == pytest.approx(0.3, abs=0.005)
    assert one.chance == pytest.approx(0.3, abs=0.005)
    assert (one.chance_measured, one.images) == (True, N)
    roar = placings["roar", "standard", "gradient"]
    assert roar.chance == pytest.approx(0, abs=0.03)
    assert (roar.chance_measured, roar.images) == (True, 800)


def test_chance_is_declared_where_it_was_not_measured():
    measured = made_up()
    for measure in ("road", "deletion"):
        for name in named(measured, "noise", measure):
            del measured.values[name]
    found = comparison(measured)
    standard = found.scores.standard
    assert found.chance(standard, "road") == (0.0, False)
    assert found.chance(standard, "deletion") == (None, False)
    assert found.chance(standard, "sparseness")[1]
    for name in of_kind(measured, "noise"):
        del measured.values[name]
    assert comparison(measured).chance(standard, "sparseness") == (0.3333, False)


def test_chance_of_retrained_scores_is_that_of_further_random_pixels_where_all_are_there():
    measured = made_up()
    arm = Arm(None, "random", draw=2)
    for one in [one for run in range(3) for one in retrainings(STUDY, arm, run)]:
        measured.values[one] = np.arange(800) < {"remove": 448, "keep": 504}[one.occlusion]
        measured.values[dataclasses.replace(one, arm=BASELINE)] = np.arange(800) < 480
    found = comparison(measured)
    # The area of a gap at 10, 50 and 90 % is 0.9 of it: of 0.25, 0.4 and 0.25 wide parts.
    assert found.chance(found.scores.standard, "roar") == (pytest.approx(0.9 * 0.04), True)
    assert found.chance(found.scores.standard, "kar") == (pytest.approx(0.9 * 0.03), True)
    del measured.values[Retraining(arm, "keep", 10, 0, 1)]
    found = comparison(measured)
    assert found.chance(found.scores.standard, "kar") == (0.0, False)


def test_costs(found):
    # Ten arms and the random baseline, two occlusions, three percentages, three trainings.
    assert found.retrainings("roar") == found.retrainings("kar") == 11 * 2 * 3 * 3
    assert found.retrainings("road") == 0


@pytest.mark.parametrize(
    ("metric", "seconds"),
    # Of 11 arms, 3 percentages and 3 trainings; none of the second draw of random pixels.
    [("roar", 11 * 9 * 1.0), ("kar", 11 * 9 * 4.0), ("road", 30 * 0.5), ("sparseness", None)],
)
def test_seconds_are_those_of_the_measurements_behind_a_score(metric, seconds):
    measured = made_up()
    taken = {"remove": 1.0, "keep": 4.0}
    known = {one: taken[one.occlusion] + 800 * (one.arm.draw > 1) for one in retrained(measured)}
    known |= dict.fromkeys(named(measured, "measure", "road"), 0.5)
    found = comparison(measured._replace(seconds=known))
    assert found.seconds(metric) == (None if seconds is None else pytest.approx(seconds))


def test_a_score_that_needs_both_occlusions_takes_the_time_of_both():
    sizes = {"datasets": ("mnist_5k",), "measures": ("roar", "diffroar"), "percentiles": (50,), "training_seeds": 2}
    (study,) = make_settings("survey", "quick", sizes).studies
    measured = made_up(study)
    known = {one: {"remove": 1.0, "keep": 4.0}[one.occlusion] for one in retrained(measured) if one.arm.draw < 2}
    found = comparison(measured._replace(seconds=known))
    assert [found.seconds(metric) for metric in ("roar", "kar", "diffroar")] == [22, 88, 110]
    assert comparison(measured).seconds("roar") is None


def test_what_is_absent_gives_no_row():
    sizes = {"l2_eps": (), "attributions": ("gradient",), "datasets": ("mnist_5k",), "measures": ("road",)}
    (study,) = make_settings("survey", "quick", sizes).studies
    found = comparison(made_up(study))
    assert [cell.conclusion.id for cell in found.cells] == ["raises-linf-gradient", "stronger-linf"]
    assert found.pairs() == []


def test_two_networks_make_no_trend_and_one_training_no_verdict():
    found = comparison(made_up(dataclasses.replace(STUDY, linf_eps=(0.2,), training_seeds=1)))
    cells = by_place(found)
    assert cells["stronger-linf", "road"].claim.reason == "two networks make no trend"
    assert {cell.claim.verdict for cell in cells.values()} == {NOT_TESTED}
    assert found.agreement("roar", "kar").low is None


def test_a_measure_of_which_nothing_could_be_had_is_left_out():
    measured = made_up()
    for name in named(measured, "measure", "road"):
        del measured.values[name]
    found = comparison(measured)
    assert list(found.scores.metrics) == ["roar", "kar", "deletion", "sparseness", "max_sensitivity"]
    assert found.anything


def test_a_measure_that_is_there_in_one_training_alone_counts_in_that_one():
    measured = made_up()
    for name in named(measured, "measure", "road"):
        if name[2] != 1:
            del measured.values[name]
    found = comparison(measured)
    assert "road" in found.scores.metrics
    assert found.scores.runs == [1]


def test_where_every_measure_is_lost_there_is_nothing_to_say():
    measured = made_up(dataclasses.replace(STUDY, measures=("road", "sparseness")))
    for name in of_kind(measured, "measure"):
        del measured.values[name]
    assert not comparison(measured).anything


def test_images_without_a_value_are_left_out():
    measured = made_up()
    for run in range(3):
        measured.values["measure", Arm(STANDARD, "gradient"), run, "road"][:50] = np.nan
    one = placed(comparison(measured))["road", "standard", "gradient"]
    assert one.images == N - 50
    assert one.value.value == pytest.approx(0.3, abs=0.01)
    assert one.rank is not None


def test_few_images_with_a_value_conclude_nothing_and_leave_the_others_alone():
    measured = made_up()
    for run in range(3):
        measured.values["measure", Arm(STRONGEST, "gradient"), run, "road"][3:] = np.nan
    found = comparison(measured)
    cells = by_place(found)
    few = cells["raises-linf-gradient", "road"].claim
    assert few.verdict == NOT_TESTED
    assert few.reason == f"{Arm(STRONGEST, 'gradient').name} has a value on 1% of the images"
    assert cells["raises-l2-gradient", "road"].claim.verdict != NOT_TESTED
    placings = placed(found)
    assert placings["road", STRONGEST.name, "gradient"].images == 3
    assert placings["road", "standard", "gradient"].images == N


def test_a_network_at_chance_is_left_out_of_what_is_concluded_of_all():
    measured = made_up()
    for run in range(3):
        measured.values["evaluation", STRONGEST, run]["clean"] = np.zeros(800, bool)
    found = comparison(measured)
    above = next(one for one in found.conclusions() if one.id == "gradient_x_input-above-gradient")
    assert STRONGEST.name not in {arm.network.name for arm in above.weights}
    assert sum(above.weights.values()) == pytest.approx(0)


def test_a_measure_of_a_user_s_own_says_what_it_declares():
    name = f"{own_measure.__name__}:closeness"
    study = dataclasses.replace(STUDY, measures=("roar",))
    measured = made_up(study)
    measured = measured._replace(study=dataclasses.replace(study, measures=("roar", name)))
    rng = np.random.default_rng(3)
    for key in of_kind(measured, "maps"):
        better = quality(key[1].network, key[1].attribution)
        measured.values["measure", key[1], key[2], name] = 3 - better + rng.normal(0, 0.01, N)
    found = comparison(measured)
    assert list(found.scores.metrics) == ["roar", "kar", "closeness"]
    cell = by_place(found)["raises-linf-gradient", "closeness"]
    assert cell.claim.verdict == SUPPORTED  # less is better
    assert "above 0 where better; pixels; p after" in cell.claim.unit
    assert found.chance(found.scores.standard, "closeness") == (0.25, False)


def test_a_measure_s_name_says_by_what_it_ranks_pixels_where_that_was_asked():
    study = dataclasses.replace(STUDY, parameters=(("road_order", "absolute"),))
    values = as_values(made_up(study), "survey", "survey")
    found = Comparison(values)
    assert [found.title(metric) for metric in ("roar", "road", "sparseness")] == [
        *("ROAR", "ROAD (absolute)", "Sparseness"),
    ]
    assert found.in_claims("road") == "ROAD (absolute)"
    older = dataclasses.replace(values, settings={k: v for k, v in values.settings.items() if k != "road_order"})
    assert Comparison(older).title("road") == "ROAD"
