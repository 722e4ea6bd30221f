"""Figures of Section 3.2, drawn of rows that are told apart by every value."""

import pytest

from reports.drawing import BASELINE, INK, MASK
from reports.palette import LIGHT
from reports.roar import figures
from tests.reports.roar.drawn import legend, lines, points, tips

L2, LINF = LIGHT["l2"], LIGHT["linf"]
TIMES = "\N{MULTIPLICATION SIGN}"
NETWORKS = {
    "standard": {"family": None, "group": None, "strength": 0.0},
    "l2 weak": {"family": "l2", "group": "cross_entropy", "strength": 0.25},
    "l2 strong": {"family": "l2", "group": "cross_entropy", "strength": 1.0},
    "linf": {"family": "linf", "group": "cross_entropy", "strength": 1.0},
    "l2 cw": {"family": "l2", "group": "cw", "strength": 1.0},
}


def row_of(network, attribution, metric, field, value, blur=0.0):
    """A row about a network, its interval from 0.01 below to 0.03 above its value."""
    known = NETWORKS.get(network, {"family": None, "group": None, "strength": None})
    about = {
        "network": network,
        "network_name": f"{network}'s name",
        "attribution": attribution,
        "blur": blur,
        "plain": not blur,
    }
    return {
        **known,
        **about,
        "metric": metric,
        field: value,
        f"{field}_low": value - 0.01,
        f"{field}_high": value + 0.03,
    }


SCORES = [
    row_of("standard", "gradient", "roar", "score", 0.11),
    row_of("standard", "gradient_x_input", "roar", "score", 0.12),
    row_of("l2 strong", "gradient", "roar", "score", 0.31),
    row_of("l2 weak", "gradient", "roar", "score", 0.21),
    row_of("l2 strong", "gradient_x_input", "roar", "score", 0.32),
    row_of("l2 weak", "gradient_x_input", "roar", "score", 0.22),
    row_of("linf", "gradient", "roar", "score", 0.41),
    row_of("l2 cw", "gradient", "roar", "score", 0.51),
    row_of("standard", "gradient", "kar", "score", 0.61),
    row_of("l2 strong", "gradient", "kar", "score", 0.62),
    row_of(None, "random_2", "roar", "score", 0.71),
    row_of("standard", "gradient", "roar", "score", 0.81, blur=2.0),
    row_of("standard", "gradient", "roar", "score", 0.82, blur=0.5),
    row_of("l2 strong", "gradient", "roar", "score", 0.83, blur=1.0),
    row_of("l2 strong", "gradient_x_input", "roar", "score", 0.84, blur=1.0),
    {**row_of("l2 strong", "gradient", "roar", "score", 0.91), "plain": False, "baseline": "matched"},
]
FITS = [
    {"family": "l2", "attribution": "gradient", "linear": 0.91, "rank": 0.52, "slope": 0.2, "intercept": 0.1},
    {"family": "l2", "attribution": "gradient_x_input", "linear": None, "rank": None, "slope": 0.3, "intercept": 0.2},
    {"family": "linf", "attribution": "gradient", "linear": -0.93, "rank": -0.54, "slope": 0.4, "intercept": 0.3},
]
CORRELATIONS = [
    *({"metric": "roar", "group": "cross_entropy", **fit} for fit in FITS),
    {"metric": "kar", "group": "cross_entropy", **FITS[0], "slope": 0.5},
    {"metric": "roar", "group": "cw", **FITS[0], "slope": 0.6},
]


def near(values):
    """Compared as floats are."""
    return pytest.approx(values, abs=1e-9)


def test_every_series_has_its_points_its_fit_and_its_place_in_the_legend():
    panel = figures.score_against_strength(SCORES, CORRELATIONS, "cross_entropy", "roar", "x")
    (axis,) = panel.drawing.axes
    assert (axis.get_title(loc="left"), axis.get_ylabel()) == ("ROAR", "ROAR score")
    labels = {
        "l2 gradient": "l₂ Gradient\nr 0.91, rank 0.52",
        "l2 input": f"l₂ Gradient{TIMES}Input",
        "linf gradient": "l\N{INFINITY} Gradient\nr \N{MINUS SIGN}0.93, rank \N{MINUS SIGN}0.54",
    }
    drawn = points(axis)
    assert [(point.label, point.colour, point.marker, point.filled) for point in drawn] == [
        (labels["l2 gradient"], L2, "o", True),
        ("", L2, "o", True),
        ("", L2, "o", True),
        (labels["l2 input"], L2, "s", False),
        ("", L2, "s", False),
        ("", L2, "s", False),
        (labels["linf gradient"], LINF, "o", True),
        ("", LINF, "o", True),
    ]
    scores = [0.11, 0.21, 0.31, 0.12, 0.22, 0.32, 0.11, 0.41]
    assert [point.y for point in drawn] == scores
    assert [point.low for point in drawn] == near([score - 0.01 for score in scores])
    assert [point.high for point in drawn] == near([score + 0.03 for score in scores])
    # Shifted sideways, each series by its own part of the axis.
    assert [point.x for point in drawn] == pytest.approx([0, 0.25, 1, 0, 0.25, 1, 0, 1], abs=0.0121)
    assert len({point.x for point in drawn if abs(point.x) < 0.1}) == 3
    assert [(line.x, line.colour, line.style) for line in lines(axis)] == [
        ([0, 1], L2, "-"),
        ([0, 1], L2, "--"),
        ([0, 1], LINF, "-"),
    ]
    assert [line.y for line in lines(axis)] == [near([0.1, 0.3]), near([0.2, 0.5]), near([0.3, 0.7])]
    assert legend(axis.get_legend()) == dict(zip(labels.values(), (L2, L2, LINF), strict=True))
    assert tips(panel)[0] == "standard's name, Gradient: 0.1100 (0.1000 to 0.1400)"
    assert tips(panel)[5] == f"l2 strong's name, Gradient{TIMES}Input: 0.3200 (0.3100 to 0.3500)"
    assert len(tips(panel)) == len(drawn)


@pytest.mark.parametrize(
    ("group", "metric", "scores", "end"),
    [("cross_entropy", "kar", [0.61, 0.62], 0.6), ("cw", "roar", [0.11, 0.51], 0.7)],
)
def test_a_panel_shows_its_own_networks_and_score_alone(group, metric, scores, end):
    (axis,) = figures.score_against_strength(SCORES, CORRELATIONS, group, metric, "x").drawing.axes
    assert [point.y for point in points(axis)] == scores
    (fit,) = lines(axis)
    assert fit.y == near([0.1, end])


def accuracies(network, attribution, occlusion, first, last, blur=0.0):
    """Rows of a curve at 20 and 60 %."""
    return [
        {**row_of(network, attribution, None, "accuracy", value, blur), "occlusion": occlusion, "percent": percent}
        for percent, value in ((20, first), (60, last))
    ]


CURVES = [
    *accuracies(None, "random", "remove", 0.81, 0.51),
    *accuracies(None, "random", "keep", 0.31, 0.61),
    *accuracies(None, "random", "mask", 0.13, 0.14),
    *accuracies(None, "random_2", "remove", 0.86, 0.56),
    *accuracies("standard", "gradient", "remove", 0.82, 0.52),
    *accuracies("l2 strong", "gradient", "remove", 0.72, 0.42),
    *accuracies("l2 strong", "gradient", "keep", 0.33, 0.63),
    *accuracies("l2 strong", "gradient", "mask", 0.22, 0.23),
    *accuracies("l2 strong", "gradient_x_input", "remove", 0.73, 0.43),
    *accuracies("l2 strong", "gradient_x_input", "keep", 0.34, 0.64),
    *accuracies("l2 strong", "gradient_x_input", "mask", 0.24, 0.25),
    *accuracies("l2 strong", "gradient", "remove", 0.01, 0.02, blur=1.0),
    *({**row, "plain": False} for row in accuracies("l2 strong", "gradient", "remove", 0.03, 0.04)),
]


@pytest.mark.parametrize(
    ("metric", "title", "action", "ends", "inner"),
    [
        ("roar", "ROAR", "removed", (0.95, 0.15), ([0.81, 0.51], [0.72, 0.42], [0.73, 0.43])),
        ("kar", "KAR", "kept", (0.15, 0.95), ([0.31, 0.61], [0.33, 0.63], [0.34, 0.64])),
    ],
)
def test_curves_go_from_one_end_to_the_other(metric, title, action, ends, inner):
    """With nothing removed, or all kept, a network has the accuracy of clean images; the other end is chance."""
    panel = figures.accuracy_curve(CURVES, "l2 strong", metric, (0.95, 0.15), "x")
    (axis,) = panel.drawing.axes
    assert (axis.get_title(loc="left"), axis.get_xlabel()) == (title, f"% of pixels {action}")
    looks = [
        ("random pixels", BASELINE, "--"),
        ("Gradient", L2, "-"),
        (f"Gradient{TIMES}Input", L2, "--"),
        ("masks alone", MASK, ":"),
    ]
    drawn = lines(axis)
    assert [(line.label, line.colour, line.style) for line in drawn] == looks
    assert [line.x for line in drawn] == [[0, 20, 60, 100]] * 3 + [[20, 60]]
    first, last = ends
    assert [line.y for line in drawn] == [*([first, *values, last] for values in inner), [0.22, 0.23]]
    assert legend(axis.get_legend()) == {label: colour for label, colour, _ in looks}


def gained(family, attribution, metric, value):
    network = {"l2": "l2 strong", "linf": "linf"}[family]
    return row_of(network, attribution, metric, "gain", value)


def test_gains_stand_on_their_attribution_s_line():
    rows = [
        gained("l2", "gradient", "roar", 0.11),
        gained("l2", "gradient", "kar", 0.12),
        gained("l2", "gradient_x_input", "roar", -0.13),
        gained("linf", "gradient", "roar", 0.14),
        gained("linf", "gradient_x_input", "roar", 0.15),
    ]
    panel = figures.gains(rows, "roar", "x")
    (axis,), (shown,) = panel.drawing.axes, panel.drawing.legends
    drawn = points(axis)
    assert [(point.label, point.colour, point.marker) for point in drawn] == [
        ("l₂ training", L2, "o"),
        ("", L2, "o"),
        ("l\N{INFINITY} training", LINF, "D"),
        ("", LINF, "D"),
    ]
    assert [point.x for point in drawn] == [0.11, -0.13, 0.14, 0.15]
    assert [point.low for point in drawn] == near([0.10, -0.14, 0.13, 0.14])
    assert [point.high for point in drawn] == near([0.14, -0.10, 0.17, 0.18])
    assert [round(point.y) for point in drawn] == [0, 1, 0, 1]
    assert [label.get_text() for label in axis.get_yticklabels()] == ["Gradient", f"Gradient{TIMES}Input"]
    assert (axis.get_title(loc="left"), axis.get_xlabel()) == ("ROAR", "gain in ROAR score")
    assert legend(shown) == {"l₂ training": L2, "l\N{INFINITY} training": LINF}
    minus = "\N{MINUS SIGN}"
    assert tips(panel)[:2] == [
        "l2 strong's name, Gradient: +0.1100 (0.1000 to 0.1400)",
        f"l2 strong's name, Gradient{TIMES}Input: {minus}0.1300 ({minus}0.1400 to {minus}0.1000)",
    ]


@pytest.mark.parametrize("count", [1, 2, 13])
def test_the_legend_of_gains_stands_below_the_axis_s_label(count):
    rows = [gained(family, f"a{i}", "roar", 0.1) for i in range(count) for family in ("l2", "linf")]
    drawing = figures.gains(rows, "roar", "x").drawing
    drawing.draw_without_rendering()
    (axis,), (shown,) = drawing.axes, drawing.legends
    assert shown.get_window_extent().y1 <= axis.xaxis.label.get_window_extent().y0


def test_plain_and_blurred_rankings_stand_below_each_other_from_the_least_blur_on():
    panel = figures.plain_and_blurred(SCORES, "gradient", "x")
    (axis,) = panel.drawing.axes
    drawn = points(axis)
    assert [(point.x, point.y, point.colour, point.marker, point.filled) for point in drawn] == [
        (0.11, 0, INK, "o", True),
        (0.82, 1, INK, "D", False),
        (0.81, 2, INK, "D", False),
        (0.31, 3, L2, "o", True),
        (0.83, 4, L2, "D", False),
    ]
    assert [(point.low, point.high) for point in drawn] == [near((point.x - 0.01, point.x + 0.03)) for point in drawn]
    names = ["standard's name, plain", "standard's name, blur 0.5", "standard's name, blur 2"]
    names += ["l2 strong's name, plain", "l2 strong's name, blur 1"]
    assert [label.get_text() for label in axis.get_yticklabels()] == names
    assert axis.yaxis_inverted()
    assert tips(panel)[1] == "standard's name, blur 0.5: 0.8200 (0.8100 to 0.8500)"
    assert axis.get_title(loc="left") == "Gradient"


def part_row(network, metric, *values):
    """A row of the table of parts: the whole score, then its parts."""
    found = {}
    for key, value in zip(("whole", "shape", "class_told", "this_image"), values, strict=True):
        found |= row_of(network, "gradient", metric, key, value)
    return found


def test_a_score_and_its_parts_stand_in_a_block_for_each_network():
    rows = [
        part_row("standard", "roar", 0.10, 0.20, -0.05, -0.05),
        part_row("standard", "kar", 0.5, 0.3, 0.1, 0.1),
        part_row("linf", "roar", 0.40, 0.15, 0.05, 0.20),
    ]
    panel = figures.parts(rows, "gradient", "roar", "x")
    (axis,), (shown,) = panel.drawing.axes, panel.drawing.legends
    drawn = points(axis)
    assert [point.x for point in drawn] == [0.10, 0.40, 0.20, 0.15, -0.05, 0.05, -0.05, 0.20]
    assert [point.low for point in drawn] == near([point.x - 0.01 for point in drawn])
    assert [round(point.y) for point in drawn] == [0, 1] * 4
    assert [point.label for point in drawn[::2]] == ["whole score", "shape", "class told", "this image"]
    assert [point.filled for point in drawn[::2]] == [False, True, True, True]
    assert len({point.colour for point in drawn}) == 4
    assert list(legend(shown)) == ["whole score", "shape", "class told", "this image"]
    assert axis.get_title(loc="left") == "ROAR, Gradient"
    assert [label.get_text() for label in axis.get_yticklabels()] == ["standard's name", "linf's name"]
    assert tips(panel)[-1] == "linf's name, this image: +0.2000 (0.1900 to 0.2300)"
