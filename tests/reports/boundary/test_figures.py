"""What is drawn in Section 2.2: every thing is where it is in the data, and has its own name and colour."""

import numpy as np
import pytest
from matplotlib.colors import to_hex, to_rgb

from reports.boundary import figures
from reports.boundary.analysis import Boundaries
from reports.boundary.tables import strength_table
from reports.palette import LIGHT
from tests.reports.as_values import as_values
from tests.reports.boundary.made_up import CENTRES, EXTENT, HALF, LABELS, SPREADS, STRENGTHS, known, picture


def axis_of(panel):
    (axis,) = panel.drawing.axes
    return axis


def lines(axis) -> dict:
    """What is drawn with a label, by its label."""
    return {line.get_label(): line for line in axis.lines}


def data(line) -> np.ndarray:
    return np.column_stack(line.get_data()).astype(float)


@pytest.fixture
def decision():
    return axis_of(figures.decision(picture(0.25), "weak training", "x"))


@pytest.mark.parametrize("drawn", ["data", "decision"])
def test_each_class_is_drawn_where_it_lies_in_its_own_colour(drawn, decision):
    axis = decision if drawn == "decision" else axis_of(figures.points(picture(0.25), "x"))
    points, found = picture(0.25)["points"], lines(axis)
    for label, (name, colour, marker) in enumerate((("class zero", "zero", "o"), ("class one", "one", "^"))):
        np.testing.assert_array_equal(data(found[name]), points[label == LABELS])
        assert to_hex(found[name].get_color()) == LIGHT[colour]
        assert found[name].get_marker() == marker


def test_the_data_alone_have_no_attacked_points():
    axis = axis_of(figures.points(picture(0.25), "x"))
    assert list(lines(axis)) == ["class zero", "class one"]
    assert axis.get_title(loc="left") == "data"


def test_attacked_points_are_crosses_and_no_data(decision):
    found = lines(decision)
    assert list(found) == ["class zero", "class one", "class one, attacked"]
    attacked = found["class one, attacked"]
    np.testing.assert_array_equal(data(attacked), [[0.0, 0.5], [0.125, 0.375], [0.25, 0.625]])
    assert (attacked.get_marker(), to_hex(attacked.get_color())) == ("x", LIGHT["ink"])


def test_the_legend_names_what_it_shows(decision):
    legend = decision.get_legend()
    shown = {
        text.get_text(): to_hex(handle.get_color())
        for text, handle in zip(legend.get_texts(), legend.legend_handles, strict=True)
    }
    expected = {"class zero": LIGHT["zero"], "class one": LIGHT["one"], "class one, attacked": LIGHT["ink"]}
    assert shown == expected


def test_the_arrow_goes_from_the_mean_before_the_attack_to_the_mean_after_it(decision):
    (arrow,) = decision.texts
    assert arrow.arrow_patch.get_arrowstyle().arrow == "-|>"  # its head is at the end
    assert tuple(arrow.xyann) == (0.625, 0.25)
    assert tuple(arrow.xy) == (0.125, 0.5)


def region(axis, point) -> str:
    """The colour of the region that a point lies in."""
    filled, _ = axis.collections
    (place,) = [place for place, path in enumerate(filled.get_paths()) if path.contains_point(point)]
    return to_hex(filled.get_facecolor()[place])


@pytest.mark.parametrize(
    ("point", "colour"),
    # The boundary is 2 x + y = -0.25; the first two tell right from left, the others x from y.
    [((1.0, 0.5), "one"), ((-1.0, -0.5), "zero"), ((1.0, -1.0), "one"), ((-1.0, 1.0), "zero")],
)
def test_a_region_has_the_colour_of_the_class_that_the_network_says(decision, point, colour):
    assert region(decision, point) == LIGHT[colour]


def test_the_boundary_is_where_the_margin_is_zero(decision):
    _, boundary = decision.collections
    x, y = boundary.get_paths()[0].vertices.T
    np.testing.assert_allclose(2 * x + y, -0.25, atol=1e-6)
    assert np.ptp(y) == pytest.approx(2.5)
    assert to_rgb(boundary.get_edgecolor()) == to_rgb(LIGHT["ink"])


def test_a_picture_spans_its_extent_at_one_scale(decision):
    assert decision.get_xlim() == decision.get_ylim() == EXTENT
    assert decision.get_aspect() == 1
    assert decision.get_title(loc="left") == "weak training"


AXES = {
    "tilt": ("Tilt of the boundary", "degrees"),
    "low_variance_share": ("Perturbation in the low-variance direction", "share of its length"),
    "mahalanobis": ("Attacked points from the other class", "Mahalanobis distance"),
    "robust": ("Accuracy under a weak attack", "accuracy"),
}


@pytest.fixture(scope="module")
def rows():
    return strength_table(Boundaries(as_values(known(), "boundary", "boundary"))).rows


@pytest.mark.parametrize("measure", figures.MEASURES)
def test_a_measure_is_drawn_at_its_strengths_with_its_intervals(rows, measure):
    axis = axis_of(figures.against_strength(rows, measure, "x"))
    np.testing.assert_allclose(data(axis.lines[0]), np.column_stack([STRENGTHS, CENTRES[measure]]))
    assert len(axis.containers) == len(STRENGTHS)
    for eps, centre, container in zip(STRENGTHS, CENTRES[measure], axis.containers, strict=True):
        point, _, (bar,) = container.lines
        np.testing.assert_allclose(data(point), [[eps, centre]])
        half = HALF * SPREADS[measure]
        np.testing.assert_allclose(bar.get_segments(), [[[eps, centre - half], [eps, centre + half]]], rtol=1e-6)
        assert to_hex(point.get_color()) == (LIGHT["l2"] if eps else LIGHT["ink"])
    assert (axis.get_title(loc="left"), axis.get_ylabel()) == AXES[measure]
    assert axis.get_xlabel() == "training eps (0 is standard training)"


def test_a_point_tells_its_network_and_numbers(rows):
    minus = "\N{MINUS SIGN}"
    text = figures.against_strength(rows, "tilt", "x").text
    assert "<title>standard: 30.00 (26.33 to 33.67)</title>" in text
    assert "<title>eps 0.1: 20.00 (16.33 to 23.67)</title>" in text
    assert "<title>weak: 10.00 (6.33 to 13.67)</title>" in text
    assert f"<title>strong: {minus}5.00 ({minus}8.67 to {minus}1.33)</title>" in text
    assert "<title>strong: 0.90 (0.88 to 0.92)</title>" in figures.against_strength(rows, "robust", "x").text


def test_what_has_no_number_is_not_drawn(rows):
    """No seed has a boundary."""
    lacking = [row | dict.fromkeys(("tilt", "tilt_low", "tilt_high")) for row in rows[:1]] + rows[1:]
    axis = axis_of(figures.against_strength(lacking, "tilt", "x"))
    drawn = [data(container.lines[0]) for container in axis.containers]
    np.testing.assert_array_equal(drawn[0], [[0.0, np.nan]])
    np.testing.assert_allclose(drawn[1], [[0.1, 20.0]])
