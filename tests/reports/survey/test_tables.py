"""The survey's tables, every column by numbers that are known beforehand."""

import json
import math

import numpy as np
import pytest
from scipy.stats import kendalltau

from experiments.networks.grid import networks
from reports.evidence.claim import Estimate
from reports.formats import MISSING
from reports.survey.analysis import Placing
from reports.survey.tables import LEANING, shared, took
from tests.reports.survey.exact import (
    BLOCKS,
    GONE,
    GRADIENT,
    INPUT,
    INTEGRATED,
    L2,
    L2_WEAK,
    LINF,
    SMOOTH,
    STANDARD,
    STUDY,
    TRADES,
    better,
    judged,
    value,
)

HALF = 4.302653 / math.sqrt(3)
"""Of the interval of a mean of three numbers, over their standard deviation: Student's t of two degrees of freedom."""
MINUS = "\N{MINUS SIGN}"


@pytest.fixture
def tables():
    return judged()["mnist_5k"].tables


def row_of(table, **wanted) -> dict:
    (found,) = [row for row in table.rows if all(row[key] == value for key, value in wanted.items())]
    return found


def shown(table, **wanted) -> dict:
    """What a page shows of a row: texts, those of intervals in brackets, by heading."""
    cells = table.cells[table.rows.index(row_of(table, **wanted))]
    texts = [f"{cell.text} ({cell.interval})" if cell.interval else cell.text for cell in cells]
    return dict(zip([column.heading for column in table.shown], texts, strict=True))


# Conclusions


def test_a_cell_has_its_effect_interval_and_standardised_effect(tables):
    table, which = tables["conclusions"], {"conclusion": "raises-l2-gradient", "metric": "road"}
    row, half = row_of(table, **which), HALF * 0.0008
    assert row["effect"] == pytest.approx(0.04, abs=1e-5)
    assert (row["effect_low"], row["effect_high"]) == pytest.approx((0.04 - half, 0.04 + half), abs=3e-5)
    everything = [value(network, name, "road") for network in networks(STUDY) for name in STUDY.attributions]
    assert row["standardised"] == pytest.approx(0.04 / np.std(everything), rel=1e-3)
    # By t of two degrees of freedom 1.333e-4, after Holm's correction no more than for each of 75 tests.
    assert 1.3e-4 < row["p"] < 75 * 1.34e-4
    assert {key: row[key] for key in ("statement", "measure", "verdict", "leaning", "positive", "reason")} == {
        "statement": "The strongest l2 adversarial training makes Gradient better",
        "measure": "road",
        "verdict": "supported",
        "leaning": "",
        "positive": True,
        "reason": "",
    }
    assert shown(table, **which) == {
        "Conclusion": "The strongest l2 adversarial training makes Gradient better",
        "Measure": "ROAD (signed)",
        "Verdict": "supported",
        "Effect": "+0.0400 (0.0380 to 0.0420)",
        "Standardised": "+0.37",
        "p": "0.010",
        "Claimed": "above 0",
        "Why not tested": "",
    }


def test_an_effect_below_zero_contradicts(tables):
    text = shown(tables["conclusions"], conclusion="raises-linf-gradient", metric="road")
    assert text["Effect"] == f"{MINUS}0.0480 ({MINUS}0.0504 to {MINUS}0.0456)"
    assert (text["Verdict"], text["Standardised"]) == ("contradicted", f"{MINUS}0.44")


@pytest.mark.parametrize(
    ("conclusion", "metric", "leaning"),
    [
        ("raises-l2-gradient", "closeness", 1),
        ("raises-l2-gradient_x_input", "deletion", 1),
        ("raises-l2-gradient_x_input", "closeness", -1),
        ("gradient_x_input-above-gradient", "sparseness", -1),
        ("raises-l2-gradient", "insertion", 0),
    ],
)
def test_what_is_open_leans_where_its_interval_lies(tables, conclusion, metric, leaning):
    row = row_of(tables["conclusions"], conclusion=conclusion, metric=metric)
    assert row["verdict"] == "inconclusive"
    assert row["leaning"] == LEANING[leaning]
    assert (row["effect_low"] > 0) - (row["effect_high"] < 0) == leaning


def test_what_was_not_tested_says_why_and_shows_the_effect_where_there_is_one(tables):
    text = shown(tables["conclusions"], conclusion="raises-linf-gradient_x_input", metric="randomisation")
    assert (text["Verdict"], text["Effect"].partition(" ")[0]) == ("not tested", "+0.0065")
    assert text["Why not tested"] == "linf eps 0.2 cross_entropy gradient_x_input has a value on 40% of the images"
    nothing = shown(tables["conclusions"], conclusion="raises-trades-gradient", metric="max_sensitivity")
    assert [nothing[heading] for heading in ("Effect", "Standardised", "p")] == [MISSING] * 3


# Agreement


def taus(first: str, second: str) -> list[float]:
    arms = [(network, name) for network in networks(STUDY) for name in STUDY.attributions]
    one, other = (np.array([better(*arm, score) for arm in arms]).round(5) for score in (first, second))
    return [kendalltau(one[:, run], other[:, run]).statistic for run in range(3)]


def test_agreement_is_kendall_s_tau_of_better(tables):
    for first, second in (("road", "sparseness"), ("road", "closeness"), ("insertion", "deletion")):
        row, found = row_of(tables["agreement"], metric_a=first, metric_b=second), taus(first, second)
        mean = np.mean(found)
        assert row["tau"] == pytest.approx(mean, abs=1e-6)
        # On Fisher's scale, whose slope is 1 / (1 - tau^2).
        half = HALF * np.std(found, ddof=1) / (1 - mean**2)
        ends = np.tanh(np.arctanh(mean) - half), np.tanh(np.arctanh(mean) + half)
        assert (row["tau_low"], row["tau_high"]) == pytest.approx(ends, abs=1e-5)
        assert (row["n"], row["trainings"]) == (28, 3)


def test_agreement_is_shown_under_its_headings(tables):
    row = row_of(tables["agreement"], metric_a="road", metric_b="closeness")
    tau, low, high = (f"{abs(row[key]):.2f}" for key in ("tau", "tau_low", "tau_high"))
    text = shown(tables["agreement"], metric_a="road", metric_b="closeness")
    assert {key: shown.replace(MINUS, "") for key, shown in text.items()} == {
        "One": "ROAD (signed)",
        "Other": "closeness",
        "Tau": f"{tau} ({low} to {high})",
        "Rankings": "28",
        "Trainings": "3",
    }


def test_a_measure_without_a_value_somewhere_agrees_with_none(tables):
    assert shown(tables["agreement"], metric_a="road", metric_b="max_sensitivity")["Tau"] == MISSING


def test_every_pair_is_there_once(tables):
    pairs = {frozenset((row["metric_a"], row["metric_b"])) for row in tables["agreement"].rows}
    assert len(pairs) == len(tables["agreement"].rows) == 10 * 9 / 2


# Placings


def test_a_placing_has_its_value_chance_and_counts(tables):
    which = {"metric": "insertion", "network": TRADES.name, "attribution": GRADIENT}
    row, half = row_of(tables["leaderboard"], **which), HALF * np.std([-0.051, 0.0102, 0.0561], ddof=1)
    assert row["value"] == pytest.approx(0.5051, abs=1e-5)
    assert (row["value_low"], row["value_high"]) == pytest.approx((0.5051 - half, 0.5051 + half), abs=3e-5)
    assert row["chance"] == pytest.approx(0.37, abs=1e-5)
    assert {key: row[key] for key in ("measure", "method", "family", "eps", "chance_measured", "more_is_better")} == {
        "measure": "insertion",
        "method": "trades",
        "family": "trades",
        "eps": 0.2,
        "chance_measured": True,
        "more_is_better": True,
    }
    text = shown(tables["leaderboard"], **which)
    assert text == {
        "Measure": "Insertion (signed)",
        "Rank": str(row["rank"]),
        "Network": "TRADES linf eps 0.2 beta 1",
        "Attribution": "Gradient",
        "Value": "0.5051 (0.3716 to 0.6386)",
        "Chance": "0.3700",
        "Better": "more",
        "In": "mean probability of the predicted class",
        "Trainings": "3",
        "Images": "10",
    }


def test_less_may_be_better(tables):
    text = shown(tables["leaderboard"], metric="deletion", network=L2.name, attribution=INPUT)
    assert (text["Value"], text["Chance"], text["Better"]) == ("0.6055 (0.5864 to 0.6246)", "0.3000", "less")


def test_trainings_that_agree_have_no_interval_and_a_value_may_be_missing(tables):
    same = shown(tables["leaderboard"], metric="insertion", network=L2_WEAK.name, attribution=INTEGRATED)
    assert (same["Value"], same["Chance"]) == ("0.5100", "0.3200")
    none = shown(tables["leaderboard"], metric="max_sensitivity", network=TRADES.name, attribution=GRADIENT)
    assert [none[heading] for heading in ("Rank", "Value", "Chance", "Images")] == [MISSING, MISSING, MISSING, "0"]
    few = shown(tables["leaderboard"], metric="randomisation", network=LINF.name, attribution=INPUT)
    assert few["Images"] == "4"


@pytest.mark.parametrize(
    ("metric", "chance", "measured", "images"),
    [
        ("roar", "0.0100", True, 4000),
        ("kar", "0.0200", True, 4000),
        ("diffroar", "0.0300", True, 4000),
        ("road", "0.0000", False, 10),
        ("sparseness", "0.3333", False, 10),
        ("closeness", "0.2500", False, 10),
    ],
)
def test_chance_is_measured_or_declared(tables, metric, chance, measured, images):
    which = {"metric": metric, "network": "standard", "attribution": GRADIENT}
    assert shown(tables["leaderboard"], **which)["Chance"] == chance
    row = row_of(tables["leaderboard"], **which)
    assert (row["chance_measured"], row["n_images"]) == (measured, images)


def test_the_best_by_each_measure_stands_first(tables):
    rows = tables["leaderboard"].rows
    assert list(dict.fromkeys(row["metric"] for row in rows))[:4] == ["roar", "kar", "road", "diffroar"]
    for metric in ("road", "deletion", "sparseness"):
        of_metric = [row for row in rows if row["metric"] == metric]
        ranks = [row["rank"] for row in of_metric]
        assert (ranks[0], len(ranks)) == (1, 28)
        assert ranks == sorted(ranks)
        means = [np.mean(better(network_of(row), row["attribution"], metric)) for row in of_metric]
        assert np.all(np.diff(means) < 1e-4)
    assert [row["rank"] for row in rows if row["metric"] == "max_sensitivity"][-1] is None


def network_of(row):
    return next(network for network in networks(STUDY) if network.name == row["network"])


def test_first_are_those_of_rank_one_and_one_row_stands_for_several_alike(tables):
    table = tables["first"]
    assert [row["rank"] for row in table.rows] == [1] * len(table.rows)
    assert list(dict.fromkeys(row["metric"] for row in table.rows)) == list(
        dict.fromkeys(row["metric"] for row in tables["leaderboard"].rows)
    )
    assert shown(table, metric="closeness") == {
        "Measure": "closeness",
        "Network": "several alike",
        "Attribution": "SmoothGrad",
        "Value": "1.0000",
        "Chance": "0.2500",
        "Better": "less",
        "In": "pixels",
        "Trainings": "3",
        "Images": "10",
    }
    assert row_of(table, metric="closeness")["measure"] == GONE
    best = row_of(tables["leaderboard"], metric="road", rank=1)
    assert shown(table, metric="road")["Network"] == best["network_name"]


def test_what_is_first_on_several_networks_alike_is_one_by_measure_and_attribution():
    networks = judged()["mnist_5k"].found.scores.networks

    def first(metric, network, attribution):
        return Placing(metric, network, attribution, Estimate(1.0, 0.9, 1.1), None, False, 10, 1)

    edges = [first("max_sensitivity", network, "sobel") for network in networks]
    alone = first("road", networks[1], "gradient")
    same, other = shared([*edges, alone])
    assert (same.network, same.attribution) == (None, "sobel")
    assert other == alone


def test_the_null_block_has_a_table_of_its_own():
    tables = judged()["block_mnist"].tables
    assert tables["leaderboard"].rows == tables["first"].rows == []
    assert judged()["mnist_5k"].tables["null_block"].rows == []
    best, *_, worst = tables["null_block"].rows
    assert (best["rank"], best["network"], best["attribution"]) == (1, TRADES.name, INTEGRATED)
    assert (worst["rank"], worst["network"], worst["attribution"]) == (16, STANDARD.name, SMOOTH)
    assert len(networks(BLOCKS)) == 4
    assert shown(tables["null_block"], rank=1) == {
        "Rank": "1",
        "Network": "TRADES linf eps 0.2 beta 1",
        "Attribution": "Integrated Gradients",
        "Value": "0.3200 (0.3101 to 0.3299)",
        "Chance": "0.5000",
        "Better": "less",
        "In": "share of the absolute attribution",
        "Trainings": "3",
        "Images": "10",
    }


# Costs


@pytest.mark.parametrize(
    ("metric", "passes", "retrainings", "seconds"),
    # Two kinds, two repetitions and three trainings of 28 arms and the baseline; 84 values of each other measure.
    [
        ("roar", MISSING, "348", "4 min 21 s"),
        ("kar", MISSING, "348", "7 min 15 s"),
        ("diffroar", MISSING, "348", "11 min 36 s"),
        ("road", "20", "0", "0.8 s"),
        ("sparseness", "0", "0", "6.7 s"),
        ("randomisation", None, "0", "7 min 00 s"),
        ("closeness", MISSING, "0", "2 h 20 min"),
    ],
)
def test_costs_are_shown_by_measure(tables, metric, passes, retrainings, seconds):
    text = shown(tables["cost"], metric=metric)
    assert (text["Networks retrained"], text["Computing time"]) == (retrainings, seconds)
    assert passes is None or text["Network passes per image"] == passes
    assert list(text) == [
        "Measure",
        "Network passes per image",
        "Networks retrained",
        "Computing time",
        "Tau with ROAR",
    ]


def test_costs_have_seconds_and_the_agreement_with_roar(tables):
    rows = {row["metric"]: row for row in tables["cost"].rows}
    assert rows["roar"]["seconds"] == pytest.approx(1.5 * 29 * 6)
    assert rows["kar"]["seconds"] == pytest.approx(2.5 * 29 * 6)
    assert rows["road"]["seconds"] == pytest.approx(0.84)
    assert rows["roar"]["tau"] is None
    for other in ("kar", "road", "deletion", "closeness"):
        pair = row_of(tables["agreement"], metric_a="roar", metric_b=other)
        for key in ("tau", "tau_low", "tau_high"):
            assert rows[other][key] == pytest.approx(pair[key])
    tau, low, high = (f"{rows['road'][key]:.2f}" for key in ("tau", "tau_low", "tau_high"))
    text = shown(tables["cost"], metric="road")["Tau with ROAR"].replace(MINUS, "-")
    assert text == f"{tau} ({low} to {high})"


def test_without_roar_nothing_is_beside_it():
    table = judged()["block_mnist"].tables["cost"]
    assert shown(table, metric="null_block_share") == {
        "Measure": "Null block share",
        "Network passes per image": "0",
        "Networks retrained": "0",
        "Computing time": "24 s",
        "Tau with ROAR": MISSING,
    }


@pytest.mark.parametrize(("seconds", "text"), [(0.84, "0.8 s"), (9.96, "10.0 s"), (10.4, "10 s"), (250, "4 min 10 s")])
def test_times_below_ten_seconds_have_a_decimal(seconds, text):
    assert took(seconds) == text


def test_tables_are_plain_json():
    for one in judged().values():
        json.dumps({kind: table.rows for kind, table in one.tables.items()}, allow_nan=False)
