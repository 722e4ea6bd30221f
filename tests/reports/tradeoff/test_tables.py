"""The tables of Section 3.3, of a study of which every number is known."""

import dataclasses

import numpy as np
import pytest

from experiments.measurement import Measured
from reports.evidence.statistics import estimate, share
from reports.section import judge
from reports.tradeoff import tables
from reports.tradeoff.analysis import TradeOffs
from tests.reports.roar.made_up import STUDY, N, made_up
from tests.reports.tradeoff.made_up import (
    DRIFT,
    FAST_STRONG,
    FAST_WEAK,
    KNOWN,
    L2_STRONG,
    LINF_STRONG,
    LINF_WEAK,
    STANDARD,
    known,
    one_step,
    over_trainings,
    trade_offs,
    values_of,
)

GRADIENT, X_INPUT = 0, 1
MINUS = "\N{MINUS SIGN}"


@pytest.fixture(scope="module")
def found():
    return TradeOffs(values_of(known()))


def row_of(table, **wanted):
    """The one row that has these values, and its texts by heading."""
    (place,) = [at for at, row in enumerate(table.rows) if wanted.items() <= row.items()]
    texts = {column.heading: cell for column, cell in zip(table.shown, table.cells[place], strict=True)}
    return table.rows[place], texts


def ends(key, values, kind=estimate):
    """What a row has of an estimate of (trainings, N) values."""
    known = kind(values)
    assert known.low < known.value < known.high
    return {
        key: pytest.approx(known.value),
        f"{key}_low": pytest.approx(known.low),
        f"{key}_high": pytest.approx(known.high),
    }


def interval(values, digits, factor=1, kind=estimate):
    """As pages show it."""
    known = kind(values)
    return " to ".join(f"{factor * end:.{digits}f}" for end in (known.low, known.high))


def score(spec, metric, attribution):
    """(trainings, N) of a known network: 0.9 times the distance from random pixels."""
    if metric == "kar":
        kept = over_trainings(0.4 + KNOWN[spec].kept[attribution], DRIFT[attribution])
        return 0.9 * (kept - (np.arange(N) < 0.4 * N))
    removed = over_trainings(0.6 - KNOWN[spec].removed[attribution], -DRIFT[attribution])
    return 0.9 * ((np.arange(N) < 0.6 * N) - removed)


def test_a_point_has_its_own_network_s_score_and_accuracies(found):
    table = tables.point_table(found)
    assert len(table.rows) == 2 * 2 * 7
    row, texts = row_of(table, network=L2_STRONG.name, metric="kar", attribution="gradient_x_input")
    clean, pgd, kar = over_trainings(0.74), over_trainings(0.60), score(L2_STRONG, "kar", X_INPUT)
    assert row == {
        "network": L2_STRONG.name,
        "network_name": "l\N{SUBSCRIPT TWO} eps 4, cross-entropy",
        "method": "adversarial",
        "family": "l2",
        "group": "cross_entropy",
        "eps": 4.0,
        "metric": "kar",
        "attribution": "gradient_x_input",
        **ends("score", kar),
        **ends("accuracy", clean, share),
        **ends("robust_accuracy", pgd, share),
        "on_front": False,
        "trainings": 3,
        "n_images": N,
        "repetitions": 2,
    }
    assert row["score"] == pytest.approx(0.9 * 0.25)
    assert {heading: cell.text for heading, cell in texts.items()} == {
        "Network": "l\N{SUBSCRIPT TWO} eps 4, cross-entropy",
        "Score": "KAR",
        "Attribution": "Gradient\N{MULTIPLICATION SIGN}Input",
        "Value": "0.2250",
        "Test accuracy, %": "74.0",
        "Under PGD, %": "60.0",
        "On the front": "no",
        "Trainings": "3",
        "Images": "800",
    }
    assert texts["Value"].interval == interval(kar, 4)
    assert texts["Test accuracy, %"].interval == interval(clean, 1, 100, share)
    assert texts["Under PGD, %"].interval == interval(pgd, 1, 100, share)


def test_the_score_on_its_row_is_that_of_its_metric_and_attribution(found):
    table = tables.point_table(found)
    for spec, facts in KNOWN.items():
        for metric, beside in (("roar", facts.removed), ("kar", facts.kept)):
            for attribution, distance in zip(("gradient", "gradient_x_input"), beside, strict=True):
                row, _ = row_of(table, network=spec.name, metric=metric, attribution=attribution)
                assert row["score"] == pytest.approx(0.9 * distance), (spec, metric, attribution)


def test_on_the_front_is_whom_no_other_beats_in_both(found):
    table = tables.point_table(found)

    def beaten(metric, attribution):
        rows = [row for row in table.rows if (row["metric"], row["attribution"]) == (metric, attribution)]
        return {row["network"] for row in rows if not row["on_front"]}

    # Of accuracies 0.90, 0.82, 0.74 (l2), 0.80, 0.70 (linf), 0.85, 0.75 (fast).
    assert beaten("roar", "gradient") == {L2_STRONG.name, FAST_STRONG.name}
    assert beaten("kar", "gradient_x_input") == {FAST_WEAK.name, L2_STRONG.name}
    _, texts = row_of(table, network=FAST_STRONG.name, metric="kar", attribution="gradient_x_input")
    assert texts["On the front"].text == "yes"


def test_a_correlation_with_test_accuracy_is_of_its_own_series(found):
    table = tables.accuracy_correlations(found)
    series = {"metric": "roar", "group": "cross_entropy", "family": "linf", "attribution": "gradient"}
    row, texts = row_of(table, **series)
    # Of the points (0.9, 0.09), (0.8, 0.36), (0.7, 0.45).
    linear = -0.036 / np.sqrt(0.02 * 0.0702)
    assert {key: row[key] for key in row if not key.endswith(("_low", "_high"))} == {
        **series,
        "linear": pytest.approx(linear),
        "rank": pytest.approx(-1.0),
        "trend": pytest.approx(-1.8),
        "slope": pytest.approx(-1.8),
        "intercept": pytest.approx(1.74),
        "n_networks": 3,
    }
    assert -1 <= row["linear_low"] < linear < row["linear_high"]
    assert {heading: cell.text for heading, cell in texts.items()} == {
        "Score": "ROAR",
        "Trained on": "cross-entropy",
        "Training": "l\N{INFINITY}",
        "Attribution": "Gradient",
        "Linear, with accuracy": f"{MINUS}0.96",
        "Rank": f"{MINUS}1.00",
        "Slope, with accuracy": f"{MINUS}1.800",
        "Networks": "3",
    }
    assert row["trend_low"] < -1.8 < row["trend_high"] < 0
    assert "CIFAR-10" not in table.caption  # the paper's data and percentages are others


def test_a_correlation_with_robust_accuracy_is_of_its_own_series(found):
    table = tables.robust_correlations(found)
    row, texts = row_of(table, metric="roar", family="l2", attribution="gradient")
    # Of the points (0.2, 0.09), (0.4, 0.27), (0.6, 0.216), whose ranks are 1, 3 and 2.
    assert row["linear"] == pytest.approx(0.0252 / np.sqrt(0.08 * 0.017064))
    assert (row["slope"], row["intercept"], row["rank"]) == pytest.approx((0.315, 0.066, 0.5))
    assert (texts["Linear, with robust accuracy"].text, texts["Rank"].text) == ("0.68", "0.50")
    assert "Paper" not in texts


def test_every_series_has_both_correlations(found):
    for table in (tables.accuracy_correlations(found), tables.robust_correlations(found)):
        series = [(row["metric"], row["family"], row["attribution"]) for row in table.rows]
        assert series == [
            (metric, family, attribution)
            for metric in ("roar", "kar")
            for family in ("l2", "linf", "fast")
            for attribution in ("gradient", "gradient_x_input")
        ]


def test_a_way_out_says_what_is_compared_with_what(found):
    table = tables.way_table(found)
    assert [(row["first"], row["second"], row["metric"], row["attribution"]) for row in table.rows] == [
        ("gradient_x_input", "gradient", "roar", None),
        ("linf", "l2", "roar", "gradient"),
        ("linf", "l2", "roar", "gradient_x_input"),
        ("gradient_x_input", "gradient", "kar", None),
        ("linf", "l2", "kar", "gradient"),
        ("linf", "l2", "kar", "gradient_x_input"),
    ]
    row, texts = row_of(table, first="gradient_x_input", metric="roar")
    gap = np.mean([score(spec, "roar", X_INPUT) - score(spec, "roar", GRADIENT) for spec in KNOWN], axis=0)
    assert {key: row[key] for key in ("difference", "difference_low", "difference_high")} == ends("difference", gap)
    # Of Gradient times input 1.13 in all, of Gradient 1.79.
    assert row["difference"] == pytest.approx(0.9 * (1.13 - 1.79) / 7)
    assert (row["group"], row["way"]) == (None, "Gradient\N{MULTIPLICATION SIGN}Input minus Gradient")
    assert {heading: cell.text for heading, cell in texts.items()} == {
        "Way": "Gradient\N{MULTIPLICATION SIGN}Input minus Gradient",
        "Score": "ROAR",
        "Trained on": "all networks",
        "Attribution": "both",
        "Difference": f"{MINUS}0.0849",
    }
    assert texts["Difference"].interval == interval(gap, 4).replace("-", MINUS)


def test_linf_training_is_compared_with_l2_where_both_reach_an_accuracy(found):
    row, texts = row_of(tables.way_table(found), first="linf", metric="roar", attribution="gradient")
    # linf minus l2 is 0.198 at 0.74, 0.1035 at 0.80, 0.036 at 0.82 and 0 at 0.90.
    assert row["difference"] == pytest.approx(0.07425, abs=0.002)
    assert {heading: cell.text for heading, cell in texts.items() if heading != "Difference"} == {
        "Way": "l\N{INFINITY} minus l\N{SUBSCRIPT TWO}",
        "Score": "ROAR",
        "Trained on": "cross-entropy",
        "Attribution": "Gradient",
    }
    assert texts["Difference"].text == f"+{row['difference']:.4f}"
    other, _ = row_of(tables.way_table(found), first="linf", metric="kar", attribution="gradient")
    assert other["difference"] != pytest.approx(row["difference"], abs=0.01)


def test_the_cost_is_in_points(found):
    table = tables.cost_table(found)
    assert [(row["family"], pytest.approx(row["cost"]), row["trainings"]) for row in table.rows] == [
        ("l2", 0.16, 3),
        ("linf", 0.20, 3),
        ("fast", 0.15, 3),
    ]
    row, texts = row_of(table, family="l2")
    cost = over_trainings(0.90) - over_trainings(0.74)
    assert {key: row[key] for key in ("cost", "cost_low", "cost_high")} == ends("cost", cost)
    assert [cell.text for cell in texts.values()] == ["l\N{SUBSCRIPT TWO}", "+16.0", "0", "3"]
    assert list(texts) == ["Training", "Cost", "Collapsed", "Trainings"]
    assert texts["Cost"].interval == interval(cost, 1, 100)


def test_a_method_has_its_costs_beside_what_it_gives(found):
    table = tables.method_table(found)
    assert [row["network"] for row in table.rows] == [spec.name for spec in KNOWN]
    row, texts = row_of(table, network=L2_STRONG.name)
    apgd = over_trainings(0.52)
    roar, kar = (
        (score(L2_STRONG, metric, GRADIENT) + score(L2_STRONG, metric, X_INPUT)) / 2 for metric in ("roar", "kar")
    )
    numbers = list(row)[list(row).index("eps") + 1 :]
    assert {key: row[key] for key in numbers} == {
        "passes": pytest.approx(19 / 3),
        "seconds": pytest.approx(45 / 15),
        **ends("accuracy", over_trainings(0.74), share),
        **ends("robust_accuracy", apgd, share),
        "one_step_accuracy": pytest.approx(0.65),
        "roughness": pytest.approx(0.5),
        **ends("roar", roar),
        **ends("kar", kar),
        "trainings": 3,
    }
    assert {heading: cell.text for heading, cell in texts.items()} == {
        "Network": "l\N{SUBSCRIPT TWO} eps 4, cross-entropy",
        "Network passes": "6.3 x",
        "Seconds": "3.0 x",
        "Test accuracy, %": "74.0",
        "Under APGD, %": "52.0",
        "Under one step, %": "65.0",
        "Roughness": "0.50",
        "ROAR": "0.2430",
        "KAR": "0.1575",
    }
    assert texts["Under APGD, %"].interval == interval(apgd, 1, 100)
    assert (texts["ROAR"].interval, texts["KAR"].interval) == (interval(roar, 4), interval(kar, 4))


def test_seconds_are_of_the_trainings_of_which_they_are_known(found):
    table = tables.method_table(found)
    seconds = {row["network"]: row["seconds"] for row in table.rows}
    assert seconds[STANDARD.name] == 1
    assert seconds[LINF_WEAK.name] == pytest.approx(60 / 15)
    assert seconds[LINF_STRONG.name] is None
    assert row_of(table, network=LINF_STRONG.name)[1]["Seconds"].text == "\N{EN DASH}"


def test_seconds_that_were_never_stored_are_left_out_and_said_to_be():
    (told,) = judge("tradeoff", [values_of(Measured(STUDY, made_up().values))])
    assert told.left_out == [f"{told.tables['methods'].caption}: the column Seconds"]
    assert "seconds" not in told.tables["methods"].rows[0]


def test_without_the_paper_s_attributions_a_method_has_no_scores():
    study = dataclasses.replace(STUDY, attributions=("deeplift",))
    row = tables.method_table(trade_offs({}, study)).rows[0]
    assert (row["roar"], row["kar_low"], row["accuracy"]) == (None, None, pytest.approx(0.9))


def test_overfitting_is_told_epoch_by_epoch(found):
    table = tables.overfitting_table(found)
    assert len(table.rows) == (2 + 3) * 4  # the weaker one was watched in two trainings
    row, texts = row_of(table, network=FAST_STRONG.name, training=2, epoch=3)
    assert row == {
        "network": FAST_STRONG.name,
        "network_name": FAST_STRONG.name,
        "method": "fast",
        "family": "fast",
        "group": "fast",
        "eps": 0.2,
        "training": 2,
        "epoch": 3,
        "one_step": pytest.approx(one_step(FAST_STRONG, 1, 3)),
        "several_steps": pytest.approx(one_step(FAST_STRONG, 1, 3) - 0.27),
    }
    assert {heading: cell.text for heading, cell in texts.items()} == {
        "Network": FAST_STRONG.name,
        "Training": "2",
        "Epoch": "3",
        "Under one step, %": "73",
        "Under ten steps, %": "46",
    }


def test_where_no_training_was_watched_there_are_no_rows_and_nothing_is_left_out():
    table = tables.overfitting_table(trade_offs({}))
    assert (table.rows, table.cells, table.left_out) == ([], [], [])
    assert [column.heading for column in table.shown][1:] == [
        "Training",
        "Epoch",
        "Under one step, %",
        "Under ten steps, %",
    ]
