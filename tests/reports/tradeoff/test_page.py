"""The figures and the page of Section 3.3, of a study of which every number is known."""

import html5lib
import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.container import ErrorbarContainer

from experiments.store.values import save
from reports.drawing import INK, MUTED
from reports.evidence.statistics import estimate
from reports.render import render_reports, view_of
from reports.section import judge
from reports.styles import family_colour
from reports.tradeoff import page
from tests.reports.parts import panels_of, shows_of
from tests.reports.tradeoff.made_up import (
    EPOCHS,
    FAST_STRONG,
    FAST_WEAK,
    KNOWN,
    L2_STRONG,
    L2_WEAK,
    LINF_STRONG,
    LINF_WEAK,
    STANDARD,
    known,
    one_step,
    over_trainings,
    trade_offs,
    values_of,
)

ADVERSARIAL = {"l2": (L2_WEAK, L2_STRONG), "linf": (LINF_WEAK, LINF_STRONG)}
X_INPUT_TITLE = "Gradient\N{MULTIPLICATION SIGN}Input"


@pytest.fixture(scope="module")
def judged():
    (found,) = judge("tradeoff", [values_of(known())])
    return found


@pytest.fixture(scope="module")
def panels(judged):
    return panels_of(judged)


def panel(panels, figure, name):
    """Of that figure."""
    (found,) = [panel for panel in panels[figure] if panel.name == f"tradeoff-mnist-5k-{name}"]
    return found


def axis_of(panel):
    (axis,) = panel.drawing.axes
    return axis


def points_of(axis):
    """Every point with its interval."""
    return [drawn for drawn in axis.containers if isinstance(drawn, ErrorbarContainer)]


def markers_of(axis):
    return [point.lines[0] for point in points_of(axis)]


def labelled(axis):
    """The marker of the point that stands in the legend, by its label there."""
    labels = {text.get_text() for text in axis.get_legend().get_texts()}
    return {point.get_label(): point.lines[0] for point in points_of(axis) if point.get_label() in labels}


def hexadecimal(artist):
    return to_hex(artist.get_color())


def place(marker):
    return float(marker.get_xdata()[0]), float(marker.get_ydata()[0])


def legend_of(axis):
    """What stands for each label."""
    legend = axis.get_legend()
    labels = [text.get_text() for text in legend.get_texts()]
    return dict(zip(labels, legend.legend_handles, strict=True))


def lines_like(axis, x, y):
    """The lines through these points."""
    return [
        line
        for line in axis.lines
        if len(line.get_xdata()) == len(x) and np.allclose(line.get_xdata(), x) and np.allclose(line.get_ydata(), y)
    ]


def roar(spec, attribution=0):
    return 0.9 * KNOWN[spec].removed[attribution]


def test_there_is_a_panel_for_everything(panels):
    names = {
        figure: [panel.name.removeprefix("tradeoff-mnist-5k-") for panel in drawn] for figure, drawn in panels.items()
    }
    assert names == {
        "accuracy": [f"accuracy-{group}-{metric}" for group in ("cross_entropy", "fast") for metric in ("roar", "kar")],
        "robust": [
            f"robust_accuracy-{group}-{metric}" for group in ("cross_entropy", "fast") for metric in ("roar", "kar")
        ],
        "methods": [
            f"methods-{metric}-{attribution}-{field}"
            for metric in ("roar", "kar")
            for attribution in ("gradient", "gradient_x_input")
            for field in ("accuracy", "robust_accuracy")
        ],
        "overfitting": ["overfitting-fast"],
        "front": ["front-roar", "front-kar"],
    }


@pytest.mark.parametrize(
    ("figure", "field", "label"),
    [("accuracy", "clean", "test accuracy"), ("robust", "pgd", "accuracy under attack")],
)
def test_scores_and_their_fit_are_set_against_an_accuracy(panels, figure, field, label):
    name = {"accuracy": "accuracy", "robust": "robust_accuracy"}[figure]
    axis = axis_of(panel(panels, figure, f"{name}-cross_entropy-roar"))
    assert (axis.get_xlabel(), axis.get_ylabel()) == (label, "ROAR score")
    drawn = [(place(marker), hexadecimal(marker)) for marker in markers_of(axis)]
    assert len(drawn) == 2 * 2 * 3
    for family, networks in ADVERSARIAL.items():
        for attribution, style in ((0, "-"), (1, "--")):
            series = [(getattr(KNOWN[spec], field), roar(spec, attribution)) for spec in (STANDARD, *networks)]
            colour = family_colour(family).lower()
            for x, y in series:  # shifted sideways a little
                assert any(np.allclose((x, y), at, atol=0.01) and shown == colour for at, shown in drawn), (family, x)
            slope, intercept = np.polyfit(*zip(*series, strict=True), 1)
            ends = np.array([min(series)[0], max(series)[0]])
            (fit,) = lines_like(axis, ends, intercept + slope * ends)
            assert (hexadecimal(fit), fit.get_linestyle()) == (colour, style)


def test_a_label_has_the_correlation_of_its_series(panels):
    markers = labelled(axis_of(panel(panels, "accuracy", "accuracy-cross_entropy-roar")))
    assert len(markers) == 4
    label = "l\N{INFINITY} Gradient\nr \N{MINUS SIGN}0.96, rank \N{MINUS SIGN}1.00"
    assert np.allclose(place(markers[label]), (0.70, roar(LINF_STRONG)), atol=0.01)
    assert hexadecimal(markers[label]) == family_colour("linf").lower()
    label = next(label for label in markers if label.startswith(f"l\N{SUBSCRIPT TWO} {X_INPUT_TITLE}\n"))
    assert np.allclose(place(markers[label]), (0.74, roar(L2_STRONG, 1)), atol=0.01)
    assert markers[label].get_markerfacecolor() == "none"


def test_the_front_is_drawn_in_full_and_joined_by_steps(panels):
    drawn = panel(panels, "front", "front-roar")
    axis = axis_of(drawn)
    assert (axis.get_title(loc="left"), axis.get_xlabel(), axis.get_ylabel()) == ("ROAR", "test accuracy", "ROAR score")
    front = [LINF_STRONG, LINF_WEAK, L2_WEAK, FAST_WEAK, STANDARD]  # of Gradient, from the lowest accuracy on
    (steps,) = lines_like(axis, [KNOWN[spec].clean for spec in front], [roar(spec) for spec in front])
    assert (steps.get_drawstyle(), steps.get_linestyle()) == ("steps-pre", "-")
    shown = {place(marker): marker for marker in markers_of(axis)}
    assert len(shown) == 2 * 7
    for spec, facts in KNOWN.items():
        marker = next(marker for at, marker in shown.items() if np.allclose(at, (facts.clean, roar(spec))))
        family = None if spec == STANDARD else spec.family
        assert hexadecimal(marker) == family_colour(family).lower()
        assert marker.get_alpha() == (1 if spec in front else 0.4)
    assert "l\N{SUBSCRIPT TWO} eps 4, cross-entropy, Gradient: accuracy 74.0 %, score 0.2160" in drawn.text


def test_the_legend_of_the_front_has_its_colours_and_markers(panels):
    legend = legend_of(axis_of(panel(panels, "front", "front-kar")))
    colours = {label: hexadecimal(handle) for label, handle in legend.items()}
    assert colours == {
        "Gradient": INK.lower(),
        X_INPUT_TITLE: INK.lower(),
        "standard": family_colour(None).lower(),
        "l\N{SUBSCRIPT TWO}": family_colour("l2").lower(),
        "l\N{INFINITY}": family_colour("linf").lower(),
        "fast": family_colour("fast").lower(),
    }
    assert (legend["Gradient"].get_marker(), legend[X_INPUT_TITLE].get_marker()) == ("o", "s")
    assert (legend["Gradient"].get_markerfacecolor(), legend[X_INPUT_TITLE].get_markerfacecolor()) == (INK, "none")


@pytest.mark.parametrize(("metric", "attribution"), [("roar", 0), ("kar", 1)])
@pytest.mark.parametrize(("field", "accuracy"), [("clean", "accuracy"), ("pgd", "robust_accuracy")])
def test_a_method_is_a_line_from_the_standard_network_on(panels, metric, attribution, field, accuracy):
    name = ("gradient", "gradient_x_input")[attribution]
    axis = axis_of(panel(panels, "methods", f"methods-{metric}-{name}-{accuracy}"))
    markers = labelled(axis)
    titles = {"l2": "l\N{SUBSCRIPT TWO}", "linf": "l\N{INFINITY}", "fast": "fast"}
    assert set(markers) == {*titles.values(), "standard"}
    for family, networks in {**ADVERSARIAL, "fast": (FAST_WEAK, FAST_STRONG)}.items():
        facts = [KNOWN[spec] for spec in (STANDARD, *networks)]
        x = [getattr(known, field) for known in facts]
        y = [0.9 * (known.removed if metric == "roar" else known.kept)[attribution] for known in facts]
        (line,) = lines_like(axis, x, y)
        marker = markers[titles[family]]
        assert hexadecimal(line) == hexadecimal(marker) == family_colour(family).lower()
        assert place(marker) == pytest.approx((x[1], y[1]))
    where = {"accuracy": "test accuracy", "robust_accuracy": "accuracy under attack"}[accuracy]
    assert (axis.get_xlabel(), axis.get_ylabel()) == (where, f"{metric.upper()} score")


def test_an_interval_s_ends_are_those_of_its_score(panels):
    axis = axis_of(panel(panels, "methods", "methods-roar-gradient-accuracy"))
    point = next(drawn for drawn in points_of(axis) if np.allclose(place(drawn.lines[0]), (0.74, roar(L2_STRONG))))
    found = estimate(0.9 * (over_trainings(0.6, 0.0) - over_trainings(0.6 - 0.24, -0.01)))
    (bar,) = point.lines[2][0].get_segments()
    assert np.ravel(bar) == pytest.approx((0.74, found.low, 0.74, found.high))


def test_overfitting_is_told_by_full_and_dashed_lines(panels):
    drawn = panel(panels, "overfitting", "overfitting-fast")
    axis = axis_of(drawn)
    epochs = np.arange(1, EPOCHS + 1)
    watched = {FAST_WEAK: (0, 1), FAST_STRONG: (0, 1, 2)}
    for spec, runs in watched.items():
        colour = (family_colour("fast") if spec == FAST_STRONG else MUTED).lower()
        for run in runs:
            under = np.array([one_step(spec, run, epoch) for epoch in epochs])
            for style, accuracies in (("-", under), ("--", under - 0.27)):
                (line,) = lines_like(axis, epochs, accuracies)
                assert (line.get_linestyle(), hexadecimal(line)) == (style, colour)
    assert len([line for line in axis.lines if len(line.get_xdata())]) == 2 * (2 + 3)
    last = one_step(FAST_STRONG, 1, EPOCHS)
    assert f"{FAST_STRONG.name}, training 2, under one step: {100 * last:.1f} %" in drawn.text
    assert f"{FAST_STRONG.name}, training 2, under ten steps: {100 * (last - 0.27):.1f} %" in drawn.text
    legend = legend_of(axis)
    assert {label: (handle.get_linestyle(), hexadecimal(handle)) for label, handle in legend.items()} == {
        FAST_WEAK.name: ("-", MUTED.lower()),
        FAST_STRONG.name: ("-", family_colour("fast").lower()),
        "under one step": ("-", INK.lower()),
        "under ten steps": ("--", INK.lower()),
    }
    assert axis.get_xlabel() == "epoch"


def test_the_page_says_which_attributions_its_figures_show(judged):
    shown = shows_of(judged, 10**6)
    assert shown["drawn"] == ["Gradient", X_INPUT_TITLE]
    assert view_of(judged)["left_out"] == []
    assert "solid and filled: Gradient" in shown["looks"]


def drawn(tmp_path, values):
    """The text of the page of these values, which must be HTML."""
    save(values, tmp_path)
    render_reports(tmp_path)
    text = (tmp_path / "reports" / "tradeoff.html").read_text()
    html5lib.HTMLParser(strict=True).parse(text)
    return text


def test_the_page_has_every_table_and_alert(tmp_path, judged):
    text = drawn(tmp_path, values_of(known()))
    for table in judged.tables.values():
        assert f"<caption>{table.caption} " in text
        assert (tmp_path / "reports" / "tables" / f"tradeoff-mnist-5k-{table.kind}.csv").exists()
    assert f"{FAST_STRONG.name}: catastrophic overfitting in 3 of 3 trainings, from epoch 1 on" in text
    for heading in page.HEADINGS.values():
        assert f">{heading}" in text
    assert "<title>Interpretability against accuracy: what does a high score cost? (Section 3.3)" in text


def test_a_study_of_the_paper_s_training_alone_has_nothing_on_other_methods(tmp_path):
    text = drawn(tmp_path, trade_offs({}).values)
    assert page.HEADINGS["methods"] not in text
    assert page.HEADINGS["robust"] in text
