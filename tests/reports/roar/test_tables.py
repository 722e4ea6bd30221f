"""What the tables of Section 3.2 hold and show of retrainings whose answers can be told by hand."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from reports.roar import tables
from reports.roar.analysis import Scores
from tests.reports.roar.cells import TITLES, cells, headings, in_percent, row_of
from tests.reports.roar.exact import (
    BETWEEN,
    CHANCE,
    EVALUATED,
    GRADIENT,
    IMPUTED,
    INPUT,
    KEPT,
    L2,
    LINF,
    RANDOM,
    REMOVED,
    STANDARD,
    STUDY,
    N,
    ends,
    exact,
    right,
    score,
    share_ends,
)
from tests.reports.roar.made_up import scores_of


@cache
def found():
    return scores_of(exact())


def test_networks():
    table = tables.network_table(found())
    assert headings(table) == [
        "Network",
        "eps in [\N{MINUS SIGN}1, 1]",
        "eps in 1/255",
        "step / eps",
        "Clean",
        "Under PGD",
        "Under APGD",
        "Under one step",
        "Trainings at chance",
        "All-zero gradients",
        "Trainings",
        "Images",
    ]
    zeros = ["1.0 %", "2.0 %", "3.0 %", "4.0 %", "5.5 %"]
    accuracies = [
        [*map(in_percent, shares.values()), "0", zero] for shares, zero in zip(EVALUATED.values(), zeros, strict=True)
    ]
    eps = [["-", "-", "-"], ["1", "127.5", "2.00"], ["4", "510.0", "0.50"], ["0.05", "6.4", "0.40"]]
    eps += [["0.2", "25.5", "0.10"]]
    assert cells(table) == [
        [title, *sizes, *shares, "2", "100"] for title, sizes, shares in zip(TITLES, eps, accuracies, strict=True)
    ]
    ends_of = {
        f"{key}_{end}": value
        for key, share in (
            ("clean_accuracy", 0.88),
            ("robust_accuracy", 0.30),
            ("robust_accuracy_apgd", 0.25),
            ("one_step_accuracy", 0.33),
        )
        for end, value in zip(("low", "high"), share_ends(share), strict=True)
    }
    assert table.rows[3] == pytest.approx(
        {
            "network": "linf eps 0.05 cross_entropy",
            "network_name": "l∞ eps 0.05, cross-entropy",
            "method": "adversarial",
            "family": "linf",
            "group": "cross_entropy",
            "eps": 0.05,
            "eps_shown": 0.05,
            "eps_255": 6.375,
            "strength": 0.25,
            "step_over_eps": 0.4,
            "clean_accuracy": 0.88,
            "robust_accuracy": 0.30,
            "robust_accuracy_apgd": 0.25,
            "one_step_accuracy": 0.33,
            **ends_of,
            "at_chance": 0,
            "zero_gradient_images": 0.04,
            "zero_gradient_pixels": 0.14,
            "trainings": 2,
            "n_images": 100,
            "repetitions": 3,
        },
        abs=1e-6,
    )
    assert [row["strength"] for row in table.rows] == [0, 0.25, 1, 0.25, 1]
    assert [table.rows[0][key] for key in ("family", "group", "eps")] == [None, None, None]


def test_attacks_that_were_not_run_have_no_column():
    measured = exact()
    for run in range(STUDY.training_seeds):
        for spec in EVALUATED:
            del measured.values["evaluation", spec, run]["fgsm"]
    table = tables.network_table(scores_of(measured))
    assert table.left_out == ["Under one step"]
    assert "one_step_accuracy" not in table.rows[0]
    assert cells(table)[0][6:] == [in_percent(0.05), "0", "1.0 %", "2", "100"]


def test_of_trainings_that_are_a_mixture_the_median_is_told():
    measured = exact(replace(STUDY, training_seeds=3))
    for attack in ("clean", "pgd"):
        measured.values["evaluation", LINF, 1][attack] = right(CHANCE)
    table = tables.network_table(scores_of(measured))
    assert table.caption.endswith(
        "the median, without an interval, where some trainings are at chance and others are not"
    )
    row = row_of(table, network=LINF.name)
    assert [row[key] for key in ("clean_accuracy", "clean_accuracy_low", "robust_accuracy", "at_chance")] == [
        pytest.approx(0.8),
        None,
        pytest.approx(0.5),
        1,
    ]
    assert row_of(table, network=L2.name)["clean_accuracy_low"] is not None
    assert "median" not in tables.network_table(found()).caption


def test_scores():
    table = tables.score_table(found())
    metrics = {"roar": "remove", "kar": "keep"}
    expected = {
        **{(spec.name, name, blur, "", "mean", "roar"): score(gap) for (spec, name, blur), gap in REMOVED.items()},
        **{(spec.name, name, 0, "", "mean", "kar"): score(gap) for (spec, name), gap in KEPT.items()},
        **{
            (spec.name, name, 0, "", "imputed", metric): score(gap)
            for (spec, name), gap in IMPUTED.items()
            for metric in metrics
        },
        **{
            (spec.name, name, 0, baseline, "mean", metric): score(gap) * N / (N - 1)
            for metric, occlusion in metrics.items()
            for (spec, baseline), gap in BETWEEN[occlusion].items()
            for name in (GRADIENT, INPUT)
        },
        (None, "random_2", 0, "", "mean", "roar"): 0.003,
        (None, "random_2", 0, "", "mean", "kar"): -0.004,
    }
    about = ("network", "attribution", "blur", "baseline", "fill", "metric")
    rows = {tuple(row[key] for key in about): row for row in table.rows}
    assert rows.keys() == expected.keys()
    assert len(table.rows) == len(expected)
    for which, value in expected.items():
        assert rows[which]["score"] == pytest.approx(value), which
    low, high = ends(0.3 * (right(0.8) ^ right(0.4)) + 0.4 * (right(0.5) ^ right(0.2)))
    assert row_of(table, network=LINF.name, attribution=GRADIENT, plain=True, metric="roar") == pytest.approx(
        {
            "network": LINF.name,
            "network_name": TITLES[4],
            "method": "adversarial",
            "family": "linf",
            "group": "cross_entropy",
            "eps": 0.2,
            "attribution": GRADIENT,
            "blur": 0,
            "ranking": "plain",
            "plain": True,
            "baseline": "",
            "fill": "mean",
            "metric": "roar",
            "strength": 1,
            "score": 0.24,
            "score_low": low,
            "score_high": high,
            "roughness": 0.30,
            "trainings": 2,
            "repetitions": 3,
            "n_images": 100,
        },
        abs=1e-6,
    )
    names = ["Network", "Attribution", "Ranking", "Score", "Value", "Roughness", "Trainings", "Repetitions", "Images"]
    assert headings(table) == names
    shown = cells(table)
    assert shown[0] == ["standard", "Gradient", "plain", "ROAR", "0.0700 [0.0421 to 0.0979]", "0.80", "2", "3", "100"]
    assert [TITLES[1], "GradientxInput", "plain", "KAR", "0.0700 [0.0421 to 0.0979]", "0.72", *"23", "100"] in shown
    assert ["none", "random_2", "plain", "KAR", "-0.0040 [-0.0118 to 0.0038]", "-", "2", "3", "100"] in shown
    blurred = [TITLES[2], "Gradient", "blurred, 1", "ROAR", "0.1600 [0.1245 to 0.1955]", "0.33", "2", "3", "100"]
    assert blurred in shown
    rankings = {row["ranking"] for row in table.rows}
    assert "another image's ranks" in rankings
    assert "ranks of another image of the same predicted class" in rankings
    assert "imputed from their neighbours" in rankings


def test_gains():
    table = tables.gain_table(found())
    assert headings(table) == ["Network", "Score", "Attribution", "Standard", "Strongest", "Gain", "Trainings"]
    roar, kar, gradient, product = "ROAR", "KAR", "Gradient", "GradientxInput"
    standard = {
        (roar, gradient): "0.0700 [0.0421 to 0.0979]",
        (kar, gradient): "0.0200 [0.0028 to 0.0372]",
        (roar, product): "0.1100 [0.0765 to 0.1435]",
        (kar, product): "0.0150 [0.0021 to 0.0279]",
    }
    ours = [
        (TITLES[2], roar, gradient, "0.1400 [0.1057 to 0.1743]", "+0.0700 [0.0421 to 0.0979]"),
        (TITLES[2], kar, gradient, "0.1000 [0.0695 to 0.1305]", "+0.0800 [0.0524 to 0.1076]"),
        (TITLES[2], roar, product, "0.2100 [0.1754 to 0.2446]", "+0.1000 [0.0695 to 0.1305]"),
        (TITLES[2], kar, product, "0.1100 [0.0765 to 0.1435]", "+0.0950 [0.0623 to 0.1277]"),
        (TITLES[4], roar, gradient, "0.2400 [0.1958 to 0.2842]", "+0.1700 [0.1358 to 0.2042]"),
        (TITLES[4], kar, gradient, "0.1300 [0.0982 to 0.1618]", "+0.1100 [0.0802 to 0.1398]"),
        (TITLES[4], roar, product, "0.2500 [0.2167 to 0.2833]", "+0.1400 [0.1057 to 0.1743]"),
        (TITLES[4], kar, product, "0.1700 [0.1358 to 0.2042]", "+0.1550 [0.1206 to 0.1894]"),
    ]
    assert cells(table) == [
        [network, metric, attribution, standard[metric, attribution], robust, gain, "2"]
        for network, metric, attribution, robust, gain in ours
    ]
    row = row_of(table, network=LINF.name, attribution=INPUT, metric="kar")
    assert [row[key] for key in ("standard", "robust", "gain")] == pytest.approx([0.015, 0.17, 0.155])
    low, high = ends(0.3 * (right(0.6) ^ right(0.35)) + 0.4 * (right(0.8) ^ right(0.6)))
    assert [row["gain_low"], row["gain_high"]] == pytest.approx([low, high], abs=1e-6)


def test_correlations_stand_beside_the_published_ones_where_they_are_of_the_same_quantity(monkeypatch):
    table = tables.correlation_table(found())
    assert [heading for heading in headings(table) if "Paper" in heading] == []
    assert "paper_linear" not in table.keys
    monkeypatch.setattr(Scores, "beside_the_paper", True)
    table = tables.correlation_table(found())
    assert table.caption == (
        "Correlation of score with attack strength, beside the published ones (CIFAR-10, 21 networks each)"
    )
    assert headings(table) == [
        "Score",
        "Trained on",
        "Training",
        "Attribution",
        "Linear, with strength",
        "Paper",
        "Rank",
        "Paper, rank",
        "Slope, with strength",
        "Networks",
    ]
    row = row_of(table, metric="roar", family="l2", attribution=GRADIENT)
    known = {
        "metric": "roar",
        "group": "cross_entropy",
        "family": "l2",
        "attribution": GRADIENT,
        "linear": 0.240192,  # 0.0175 over the root of 0.541667 times 0.0098
        "paper_linear": 0.9457,
        "rank": 0.5,  # ranks 1, 3, 2
        "paper_rank": 0.9727,
        "trend": 0.0175 / 0.541667,
        "slope": 0.0175 / 0.541667,
        "intercept": 0.14 - 0.0175 / 1.3,
        "n_networks": 3,
    }
    assert {key: row[key] for key in known} == pytest.approx(known, abs=1e-6)
    assert row.keys() == known.keys() | {"linear_low", "linear_high", "trend_low", "trend_high"}
    assert row["linear_low"] < row["linear"] < row["linear_high"]
    start = ["ROAR", "cross-entropy", "l₂", "Gradient"]
    assert cells(table)[0][:-2] == [*start, cells(table)[0][4], "0.95", "0.50", "0.97"]
    assert cells(table)[0][4].startswith("0.24 [0.0")
    assert cells(table)[0][-2].startswith("+0.032 [")
    start = ["KAR", "cross-entropy", "l₂", "Gradient"]
    assert cells(table)[4][4].startswith("0.99 [0.")
    assert [*cells(table)[4][:4], *cells(table)[4][5:8]] == [*start, "-0.53", "1.00", "-0.46"]
    order = [(row["metric"], row["family"], row["attribution"]) for row in table.rows]
    families, attributions = ("l2", "linf"), (GRADIENT, INPUT)
    assert order == [(m, family, a) for m in ("roar", "kar") for family in families for a in attributions]
    ranks = {which: row["rank"] for which, row in zip(order, table.rows, strict=True)}
    assert ranks["roar", "linf", INPUT] == pytest.approx(0.5)  # ranks 2, 1, 3
    assert ranks["roar", "linf", GRADIENT] == pytest.approx(1)
    slopes = {which: row["slope"] for which, row in zip(order, table.rows, strict=True)}
    assert slopes["kar", "l2", GRADIENT] == pytest.approx(0.045 / 0.541667, abs=1e-6)


def test_two_networks_have_a_line_and_no_correlation():
    table = tables.correlations(
        found(),
        "correlations",
        "",
        "3.2",
        "strength",
        [
            tables.Series(
                "roar",
                "cross_entropy",
                "l2",
                GRADIENT,
                [found().standard, found().network(L2.name)],
                [np.full((2, 100), strength) for strength in (0.5, 1.0)],
            )
        ],
    )
    (row,) = table.rows
    assert [row[key] for key in ("linear", "trend", "rank", "n_networks")] == [None, None, None, 2]
    assert (row["slope"], row["intercept"]) == (pytest.approx(0.14), pytest.approx(0))
    assert cells(table)[0][4:] == ["-", "-", "-", "2"]


def test_curves():
    table = tables.curve_table(found())
    assert headings(table) == ["Network", "Attribution", "Ranking", "Pixels", "% of pixels", "Accuracy"]
    shown = cells(table)
    assert shown[:6] == [
        ["none", "random", "plain", "removed", "20", in_percent(0.80)],
        ["none", "random", "plain", "removed", "60", in_percent(0.50)],
        ["none", "random", "plain", "kept", "20", in_percent(0.30)],
        ["none", "random", "plain", "kept", "60", in_percent(0.60)],
        ["none", "random", "plain", "masks alone", "20", in_percent(0.20)],
        ["none", "random", "plain", "masks alone", "60", in_percent(0.30)],
    ]
    assert ["none", "random", "imputed from their neighbours", "removed", "20", in_percent(0.85)] in shown
    assert [TITLES[4], "GradientxInput", "plain", "kept", "60", in_percent(0.80)] in shown
    assert ["standard", "GradientxInput", "blurred, 2", "removed", "60", in_percent(0.20)] in shown
    which = {"network": L2.name, "attribution": GRADIENT, "baseline": "matched", "occlusion": "keep", "percent": 60}
    assert row_of(table, **which)["accuracy"] == pytest.approx(65 / (N - 1))
    own = {"baseline": "", "fill": "mean"}
    for (spec, attribution, blur), gaps in REMOVED.items():
        which = {**own, "network": spec.name, "attribution": attribution, "blur": blur, "occlusion": "remove"}
        for percent, random, gap in zip(STUDY.percentiles, RANDOM["remove"], gaps, strict=True):
            assert row_of(table, **which, percent=percent)["accuracy"] == pytest.approx(random - gap)
    for (spec, attribution), gaps in KEPT.items():
        which = {**own, "network": spec.name, "attribution": attribution, "occlusion": "keep"}
        for percent, random, gap in zip(STUDY.percentiles, RANDOM["keep"], gaps, strict=True):
            assert row_of(table, **which, percent=percent)["accuracy"] == pytest.approx(random + gap)
    row = row_of(table, network=STANDARD.name, attribution=GRADIENT, plain=True, occlusion="keep", percent=60)
    assert [row["accuracy_low"], row["accuracy_high"]] == pytest.approx(share_ends(0.65), abs=1e-6)
    assert [row[key] for key in ("trainings", "repetitions", "n_images")] == [2, 3, 100]
