"""What the tables of controls hold and show of retrainings whose answers can be told by hand."""

from dataclasses import replace
from functools import cache

import pytest
from scipy.stats import spearmanr

from experiments.scores.arms import BASELINE, Arm
from reports.roar import control_tables as tables
from reports.roar import controls
from reports.roar.page import masks_follow
from tests.reports.roar.cells import TITLES, cells, headings, in_percent
from tests.reports.roar.exact import GRADIENT, IMPUTED, INPUT, KEPT, L2, LINF, REMOVED, STANDARD, STUDY, exact, score
from tests.reports.roar.made_up import lose, scores_of


@cache
def found():
    return scores_of(exact())


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
    assert cells(table)[1][4].startswith("+0.030 [")
    assert cells(table)[1][5].startswith("+0.065 [")
    assert cells(table)[1] == [
        TITLES[2],
        "GradientxInput",
        "+0.100 [0.069 to 0.131]",
        "+0.070 [0.042 to 0.098]",
        cells(table)[1][4],  # the low end is that of the closest control, the high end corrected for the choice
        cells(table)[1][5],
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
        "Score",
        "Attribution",
        "Change of the score",
        "Change of masks alone",
        "Change that masks predict, at most",
        "Claimed",
        "Beyond that, as claimed",
        "% masked",
        "Right on standard's masks",
        "On the strongest's",
        "On random masks",
    ]
    shares = [in_percent(share) for share in (0.30, 0.40, 0.20)]
    shown = [cell[:7] for cell in cells(table)[0]]
    assert shown[3:8] == ["+0.0700", "+0.0700", "-0.0700", "a rise", "+0.0700"]
    assert cells(table)[0][8:] == ["20", *shares]
    keys = ["gain", "gain_of_masks", "predicted", "claimed", "beyond_masks", "standard_masks", "robust_masks"]
    # Masks that tell more predict that ROAR falls: nothing is taken from its rise. KAR of Gradient under l2 training is
    # claimed to fall.
    expected = {
        (L2.name, GRADIENT, "roar"): [0.07, 0.07, -0.07, True, 0.07, 0.3, 0.4],
        (L2.name, INPUT, "roar"): [0.10, 0.03, -0.03, True, 0.10, 0.2, 0.3],
        (LINF.name, GRADIENT, "roar"): [0.17, 0.10, -0.10, True, 0.17, 0.3, 0.5],
        (LINF.name, INPUT, "roar"): [0.14, 0.10, -0.10, True, 0.14, 0.2, 0.4],
        (L2.name, GRADIENT, "kar"): [0.08, 0.07, 0.07, False, -0.08, 0.3, 0.4],
        (L2.name, INPUT, "kar"): [0.095, 0.03, 0.03, True, 0.065, 0.2, 0.3],
        (LINF.name, GRADIENT, "kar"): [0.11, 0.10, 0.10, True, 0.01, 0.3, 0.5],
        (LINF.name, INPUT, "kar"): [0.155, 0.10, 0.10, True, 0.055, 0.2, 0.4],
    }
    rows = {(row["network"], row["attribution"], row["metric"]): [row[key] for key in keys] for row in table.rows}
    assert rows.keys() == expected.keys()
    for which, values in expected.items():
        assert rows[which] == pytest.approx(values), which
    assert {row["random_masks"] for row in table.rows} == {0.2}
    assert all(row["predicted_low"] < row["predicted"] < row["predicted_high"] for row in table.rows)


def test_how_closely_scores_follow_masks():
    # Of the changes above, each the same in both trainings: ranks (2, 1, 3.5, 3.5) beside those of each score.
    masks = [0.07, 0.03, 0.10, 0.10]
    for metric, changes in (("roar", [0.07, 0.10, 0.17, 0.14]), ("kar", [0.08, 0.095, 0.11, 0.155])):
        assert controls.follows_masks(found(), metric) == pytest.approx(spearmanr(masks, changes).statistic)
    text = masks_follow(found())
    assert text.startswith("Over 4 arms and 2 trainings, the rank correlation of the change on masks alone")
    measured = exact()
    lose(measured.values, STUDY, Arm(LINF, INPUT), "mask", 20)
    assert masks_follow(scores_of(measured)) == ""


def test_fills():
    table = tables.fill_table(found())
    assert headings(table) == [
        *("Network", "Score", "Attribution", "Removed pixels", "With this fill", "With the mean colour"),
        *("Gain, this fill", "Gain, mean colour"),
    ]
    rows = {(row["network"], row["attribution"], row["metric"]): row for row in table.rows}
    assert len(rows) == len(table.rows) == 12
    for (spec, name), gaps in IMPUTED.items():
        for metric in ("roar", "kar"):
            row = rows[spec.name, name, metric]
            plain = {"roar": REMOVED.get((spec, name, 0)), "kar": KEPT.get((spec, name))}[metric]
            assert (row["fill"], row["score"], row["score_mean"]) == (
                "imputed",
                pytest.approx(score(gaps)),
                pytest.approx(score(plain)),
            )
            if spec == STANDARD:
                assert (row["gain"], row["gain_mean"]) == (None, None)
            else:
                assert row["gain"] == pytest.approx(score(gaps) - score(IMPUTED[STANDARD, name]))
                standard = {"roar": REMOVED[STANDARD, name, 0], "kar": KEPT[STANDARD, name]}[metric]
                assert row["gain_mean"] == pytest.approx(score(plain) - score(standard))
    assert cells(table)[0][3] == "imputed from their neighbours"
    measured = exact()
    lose(measured.values, STUDY, replace(BASELINE, fill="imputed"), "keep", 20)
    assert {row["metric"] for row in tables.fill_table(scores_of(measured)).rows} == {"roar"}


def test_one_blur_is_not_the_best_of_several():
    table = tables.blur_table(scores_of(exact(replace(STUDY, blur_sweep=(1.0,)))))
    assert headings(table)[3:5] == ["Standard network's gain from blur", "Beyond that blur"]


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
