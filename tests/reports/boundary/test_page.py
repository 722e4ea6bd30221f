"""What the page of Section 2.2 shows, and under which network's name."""

import dataclasses

import numpy as np
import pytest

from reports.boundary import figures, page
from reports.section import Judged, judge
from tests.reports.as_values import as_values
from tests.reports.boundary.made_up import known, picture
from tests.reports.parts import panels_of, shows_of


def judged_of(made) -> Judged:
    (judged,) = judge("boundary", [as_values(made, "boundary", "boundary")])
    return judged


def attacked(panel) -> np.ndarray:
    (line,) = [line for line in panel.drawing.axes[0].lines if line.get_label() == "class one, attacked"]
    return np.column_stack(line.get_data())


@pytest.fixture(scope="module")
def drawn():
    return panels_of(judged_of(known()))


def test_every_picture_is_of_the_network_that_it_names(drawn):
    first, *pictured = drawn["regions"]
    assert first.name == "boundary-two-gaussians-data"
    named = {panel.name: (panel.drawing.axes[0].get_title(loc="left"), attacked(panel)[0, 0]) for panel in pictured}
    assert named == {
        "boundary-two-gaussians-regions-standard": ("standard training", -0.25),
        "boundary-two-gaussians-regions-weak": ("weak adversarial training", 0.0),
        "boundary-two-gaussians-regions-strong": ("strong adversarial training", 0.25),
    }
    for panel, eps in zip(pictured, (0.0, 0.25, 0.5), strict=True):
        np.testing.assert_array_equal(attacked(panel), picture(eps)["adversarial"])
        assert panel.drawing.axes[0].texts[0].xy[0] == -0.125 + eps


def test_every_measure_is_drawn_under_its_own_name(drawn):
    assert [panel.name for panel in drawn["strength"]] == [
        f"boundary-two-gaussians-{measure}" for measure in figures.MEASURES
    ]
    first_values = [panel.drawing.axes[0].lines[0].get_ydata()[0] for panel in drawn["strength"]]
    assert first_values == pytest.approx([30, 0.8, 9, 0.75])


def test_the_page_s_own_panel_is_of_a_network(drawn):
    figure, number = page.KEY_PANEL
    assert drawn[figure][number].name == "boundary-two-gaussians-regions-standard"
    assert set(drawn) == {"regions", "strength"} <= set(page.HEADINGS)


def test_it_says_how_many_points_of_a_class_are_drawn():
    assert shows_of(judged_of(known()), 0) == {"drawn": 3}


def test_a_run_without_the_paper_s_networks_has_curves_and_no_pictures():
    made = known()
    found = judged_of(made._replace(values={0.1: made.values[0.1]}))
    shown = panels_of(found)
    assert shown["regions"] == []
    assert len(shown["strength"]) == len(figures.MEASURES)
    assert shows_of(found, 0) == {"drawn": 0}
    assert all(claim.verdict == "not tested" for claim in found.claims)


def test_the_section_says_all_of_its_claims_in_order_and_its_alerts():
    made = known()
    found = judged_of(made._replace(study=dataclasses.replace(made.study, toy_points=50)))
    assert [claim.id for claim in found.claims] == [
        "tilt",
        "tilt-removed",
        "tilt-further-removed",
        "lands",
        "boundary-leaves-the-data",
        "boundary-no-tilt-left",
        "boundary-weak-low_variance_share",
        "boundary-strong-low_variance_share",
        "boundary-weak-mahalanobis",
        "boundary-strong-mahalanobis",
    ]
    assert list(found.tables) == ["strengths"]
    scale, few, *unconverged = found.alerts
    assert scale == "Not the paper's scale: 50 points per class and 10 epochs; there 3000 and 10."
    assert few.startswith("4 seeds: ")
    assert [alert[:9] for alert in unconverged] == ["eps 0: a ", "eps 0.1: ", "eps 0.25:", "eps 0.5: "]
    assert "only 96.5% of clean" in unconverged[0]
    assert found.left_out == []
