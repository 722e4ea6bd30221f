"""What the tables of Section 3.2 hold and show of retrainings whose answers can be told by hand."""

from functools import cache

import numpy as np
import pytest

from reports.evidence.statistics import permutation_p
from reports.roar import tables
from tests.reports.roar.exact import (
    EVALUATED,
    GRADIENT,
    INPUT,
    KEPT,
    L2,
    LINF,
    RANDOM,
    REMOVED,
    STANDARD,
    STUDY,
    ends,
    exact,
    right,
    score,
)
from tests.reports.roar.made_up import scores_of

PLAIN = str.maketrans({"\N{MINUS SIGN}": "-", "\N{EN DASH}": "-", "\N{MULTIPLICATION SIGN}": "x"})
"""Characters that can be taken for these."""
TITLES = ["standard", "l₂ eps 1, cross-entropy", "l₂ eps 4, cross-entropy"]
TITLES += ["l∞ eps 0.05, cross-entropy", "l∞ eps 0.2, cross-entropy"]


@cache
def found():
    return scores_of(exact())


def cells(table):
    """Row by row what a page shows under each heading, an interval in brackets, in characters of a keyboard."""

    def text(cell):
        shown = cell.text + (f" [{cell.interval}]" if cell.interval else "")
        return shown.translate(PLAIN)

    return [[text(cell) for cell in row] for row in table.cells]


def row_of(table, **wanted):
    """The only row with these values."""
    (row,) = (row for row in table.rows if all(row[key] == value for key, value in wanted.items()))
    return row


def headings(table):
    return [column.heading for column in table.shown]


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
        "All-zero gradients",
        "Trainings",
        "Images",
    ]
    accuracies = [
        ["95.0 [90.7 to 99.3]", "10.0 [4.1 to 15.9]", "5.0 [0.7 to 9.3]", "20.0", "1.0 %"],
        ["90.0 [84.1 to 95.9]", "40.0 [30.3 to 49.7]", "35.0 [25.6 to 44.4]", "45.0", "2.0 %"],
        ["85.0 [78.0 to 92.0]", "60.0 [50.3 to 69.7]", "55.0 [45.2 to 64.8]", "65.0", "3.0 %"],
        ["88.0 [81.6 to 94.4]", "30.0 [21.0 to 39.0]", "25.0 [16.5 to 33.5]", "33.0", "4.0 %"],
        ["80.0 [72.1 to 87.9]", "50.0 [40.2 to 59.8]", "45.0 [35.2 to 54.8]", "53.0", "5.5 %"],
    ]
    eps = [["-", "-", "-"], ["1", "127.5", "2.00"], ["4", "510.0", "0.50"], ["0.05", "6.4", "0.40"]]
    eps += [["0.2", "25.5", "0.10"]]
    assert cells(table) == [
        [title, *sizes, *shares, "2", "100"] for title, sizes, shares in zip(TITLES, eps, accuracies, strict=True)
    ]
    low, high = ends(right(0.88))
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
            "clean_accuracy_low": low,
            "clean_accuracy_high": high,
            "robust_accuracy": 0.30,
            "robust_accuracy_low": ends(right(0.30))[0],
            "robust_accuracy_high": ends(right(0.30))[1],
            "robust_accuracy_apgd": 0.25,
            "robust_accuracy_apgd_low": ends(right(0.25))[0],
            "robust_accuracy_apgd_high": ends(right(0.25))[1],
            "one_step_accuracy": 0.33,
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
    assert cells(table)[0][6:] == ["5.0 [0.7 to 9.3]", "1.0 %", "2", "100"]


def test_scores():
    table = tables.score_table(found())
    gaps = {
        **{(spec.name, name, blur, "roar"): gap for (spec, name, blur), gap in REMOVED.items()},
        **{(spec.name, name, 0, "kar"): gap for (spec, name), gap in KEPT.items()},
        (None, "random_2", 0, "roar"): (0.01, 0),
        (None, "random_2", 0, "kar"): (0, -0.01),
    }
    rows = {(row["network"], row["attribution"], row["blur"], row["metric"]): row for row in table.rows}
    assert rows.keys() == gaps.keys()
    assert len(table.rows) == len(gaps)
    for which, gap in gaps.items():
        assert rows[which]["score"] == pytest.approx(score(gap)), which
    low, high = ends(0.3 * (right(0.8) ^ right(0.4)) + 0.4 * (right(0.5) ^ right(0.2)))
    assert row_of(table, network=LINF.name, attribution=GRADIENT, blur=0, metric="roar") == pytest.approx(
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
    assert shown[7] == [TITLES[1], "GradientxInput", "plain", "KAR", "0.0700 [0.0421 to 0.0979]", "0.72", *"23", "100"]
    assert ["none", "random_2", "plain", "KAR", "-0.0040 [-0.0118 to 0.0038]", "-", "2", "3", "100"] in shown
    blurred = [TITLES[2], "Gradient", "blurred, 1", "ROAR", "0.1600 [0.1245 to 0.1955]", "0.33", "2", "3", "100"]
    assert blurred in shown


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


def test_correlations_stand_beside_the_published_ones():
    table = tables.correlation_table(found())
    assert headings(table) == [
        "Score",
        "Trained on",
        "Training",
        "Attribution",
        "Linear, with strength",
        "Paper",
        "p",
        "Rank",
        "Paper, rank",
        "Networks",
    ]
    places, ours = [0, 0.25, 1], [0.07, 0.21, 0.14]
    row = row_of(table, metric="roar", family="l2", attribution=GRADIENT)
    known = {
        "metric": "roar",
        "group": "cross_entropy",
        "family": "l2",
        "attribution": GRADIENT,
        "linear": 0.240192,  # 0.0175 over the root of 0.541667 times 0.0098
        "paper_linear": 0.9457,
        "p": permutation_p(np.array(places), np.array([ours, ours])),
        "rank": 0.5,  # ranks 1, 3, 2
        "paper_rank": 0.9727,
        "slope": 0.0175 / 0.541667,
        "intercept": 0.14 - 0.0175 / 1.3,
        "n_networks": 3,
    }
    assert {key: row[key] for key in known} == pytest.approx(known, abs=1e-6)
    assert row.keys() == known.keys() | {"linear_low", "linear_high"}
    assert row["linear_low"] < row["linear"] < row["linear_high"]
    start = ["ROAR", "cross-entropy", "l₂", "Gradient"]
    assert cells(table)[0] == [*start, "0.24 [0.06 to 0.42]", "0.95", "0.721", "0.50", "0.97", "3"]
    start = ["KAR", "cross-entropy", "l₂", "Gradient"]
    assert cells(table)[4] == [*start, "0.99 [0.95 to 1.00]", "-0.53", "0.026", "1.00", "-0.46", "3"]
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
    assert [row[key] for key in ("linear", "p", "rank", "n_networks")] == [None, None, None, 2]
    assert (row["slope"], row["intercept"]) == (pytest.approx(0.14), pytest.approx(0))
    assert cells(table)[0][4:] == ["-", "0.95", "-", "-", "0.97", "2"]


def test_curves():
    table = tables.curve_table(found())
    assert headings(table) == ["Network", "Attribution", "Ranking", "Pixels", "% of pixels", "Accuracy"]
    shown = cells(table)
    assert shown[:6] == [
        ["none", "random", "plain", "removed", "20", "80.0 [72.1 to 87.9]"],
        ["none", "random", "plain", "removed", "60", "50.0 [40.2 to 59.8]"],
        ["none", "random", "plain", "kept", "20", "30.0 [21.0 to 39.0]"],
        ["none", "random", "plain", "kept", "60", "60.0 [50.3 to 69.7]"],
        ["none", "random", "plain", "masks alone", "20", "20.0 [12.1 to 27.9]"],
        ["none", "random", "plain", "masks alone", "60", "30.0 [21.0 to 39.0]"],
    ]
    assert [TITLES[4], "GradientxInput", "plain", "kept", "60", "80.0 [72.1 to 87.9]"] in shown
    assert ["standard", "GradientxInput", "blurred, 2", "removed", "60", "20.0 [12.1 to 27.9]"] in shown
    for (spec, attribution, blur), gaps in REMOVED.items():
        which = {"network": spec.name, "attribution": attribution, "blur": blur, "occlusion": "remove"}
        for percent, random, gap in zip(STUDY.percentiles, RANDOM["remove"], gaps, strict=True):
            assert row_of(table, **which, percent=percent)["accuracy"] == pytest.approx(random - gap)
    for (spec, attribution), gaps in KEPT.items():
        which = {"network": spec.name, "attribution": attribution, "occlusion": "keep"}
        for percent, random, gap in zip(STUDY.percentiles, RANDOM["keep"], gaps, strict=True):
            assert row_of(table, **which, percent=percent)["accuracy"] == pytest.approx(random + gap)
    row = row_of(table, network=STANDARD.name, attribution=GRADIENT, blur=0, occlusion="keep", percent=60)
    assert [row["accuracy_low"], row["accuracy_high"]] == pytest.approx(ends(right(0.65)), abs=1e-6)
    assert [row[key] for key in ("trainings", "repetitions", "n_images")] == [2, 3, 100]


def test_blur_controls():
    table = tables.blur_table(found())
    assert headings(table) == [
        "Network",
        "Attribution",
        "Plain against plain",
        "Standard network's largest gain from blur",
        "Beyond any blur",
        "At equal roughness",
        "Blurred against blurred",
        "Roughness, standard",
        "Roughness, robust",
    ]
    assert cells(table)[1] == [
        TITLES[2],
        "GradientxInput",
        "+0.100 [0.069 to 0.131]",
        "+0.070 [0.042 to 0.098]",
        "+0.030 [0.012 to 0.048]",
        "+0.065 [0.044 to 0.086]",
        "+0.080 [0.052 to 0.108]",
        "0.90",
        "0.60",
    ]
    keys = ["gain", "gain_from_blur", "beyond_blur", "equal_roughness", "both_blurred"]
    keys += ["roughness_standard", "roughness_robust"]
    # At equal roughness: halfway, halfway, halfway and a quarter of the way between two blurs of the standard network.
    expected = {
        (L2.name, GRADIENT): [0.07, 0.05, 0.02, 0.14 - 0.11, 0.04, 0.8, 0.5],
        (L2.name, INPUT): [0.10, 0.07, 0.03, 0.21 - 0.145, 0.08, 0.9, 0.6],
        (LINF.name, GRADIENT): [0.17, 0.05, 0.12, 0.24 - 0.105, 0.14, 0.8, 0.3],
        (LINF.name, INPUT): [0.14, 0.07, 0.07, 0.25 - 0.1575, 0.115, 0.9, 0.45],
    }
    rows = {(row["network"], row["attribution"]): [row[key] for key in keys] for row in table.rows}
    assert rows.keys() == expected.keys()
    for which, values in expected.items():
        assert rows[which] == pytest.approx(values), which
    for row in table.rows:
        for key in keys[:5]:
            assert row[f"{key}_low"] < row[key] < row[f"{key}_high"]


def test_masks():
    table = tables.mask_table(found())
    assert headings(table) == [
        "Network",
        "Attribution",
        "Gain",
        "Gain of the masks alone",
        "Beyond the masks",
        "% kept",
        "Accuracy, kept pixels",
        "Masks alone",
        "Random masks",
    ]
    first = ["+0.0800 [0.0524 to 0.1076]", "+0.0700 [0.0286 to 0.1114]", "+0.0100 [-0.0257 to 0.0457]"]
    assert cells(table)[0] == [TITLES[2], "Gradient", *first, "20", "50.0 %", "40.0 %", "20.0 %"]
    keys = ["gain", "gain_of_masks", "beyond_masks", "percent", "kept_accuracy", "masks_accuracy"]
    expected = {
        (L2.name, GRADIENT): [0.08, 0.07, 0.01, 20, 0.5, 0.4],
        (L2.name, INPUT): [0.095, 0.03, 0.065, 20, 0.4, 0.3],
        (LINF.name, GRADIENT): [0.11, 0.10, 0.01, 20, 0.6, 0.5],
        (LINF.name, INPUT): [0.155, 0.10, 0.055, 20, 0.6, 0.4],
    }
    rows = {(row["network"], row["attribution"]): [row[key] for key in keys] for row in table.rows}
    assert rows.keys() == expected.keys()
    for which, values in expected.items():
        assert rows[which] == pytest.approx(values), which
    assert {row["random_masks_accuracy"] for row in table.rows} == {0.2}


def test_random_rankings():
    table = tables.null_table(found())
    assert headings(table) == ["Ranking", "Score", "Score"]
    assert cells(table) == [
        ["random_2", "ROAR", "+0.0030 [-0.0029 to 0.0089]"],
        ["random_2", "KAR", "-0.0040 [-0.0118 to 0.0038]"],
    ]
    assert [(row["arm"], row["metric"], row["score"]) for row in table.rows] == [
        ("random_2", "roar", pytest.approx(0.003)),
        ("random_2", "kar", pytest.approx(-0.004)),
    ]
