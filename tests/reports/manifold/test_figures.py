"""What the figures of Section 2.1 draw, and whose it is said to be."""

import re
from html import unescape

import numpy as np
import pytest
from matplotlib.colors import to_hex

from experiments.manifold.study import ATTACK_LOSSES
from reports.manifold.duller import noise_table
from reports.manifold.figures import density, mean_distances
from reports.manifold.tables import density_table, distance_table
from reports.palette import LIGHT
from tests.reports.manifold.made_up import MEANS, NAMES, SPREADS, analysed, known

L2, LINF = "l\N{SUBSCRIPT TWO}", "l\N{INFINITY}"
LOSS_NAMES = {"cross_entropy": "cross-entropy", "cw": "CW margin"}


@pytest.fixture(scope="module")
def distances():
    return distance_table(analysed(known())).rows


@pytest.fixture(scope="module")
def noise():
    return noise_table(analysed(known())).rows


@pytest.fixture(scope="module")
def densities():
    return density_table(analysed(known())).rows


def lines_of(panel) -> dict[str, object]:
    """Those of the legend, by label."""
    (axis,) = panel.drawing.axes
    return {line.get_label(): line for line in axis.lines if not line.get_label().startswith("_")}


def texts_of(panel) -> list[str]:
    return [unescape(text) for text in re.findall(r"<text[^>]*>([^<]*)</text>", panel.text)]


def tips_of(panel) -> list[str]:
    return [unescape(text) for text in re.findall(r"<title>([^<]*)</title>", panel.text)]


MEAN_TIPS = {
    "cross_entropy": [
        "standard: 20.00 (19.46 to 20.54)",
        f"{L2} eps 1, cross-entropy: 19.00 (17.39 to 20.61)",
        f"{L2} eps 4, cross-entropy: 16.00 (13.31 to 18.69)",
        f"{LINF} eps 0.2, cross-entropy: 18.00 (16.12 to 19.88)",
    ],
    "cw": [
        "standard: 30.00 (27.85 to 32.15)",
        f"{L2} eps 1, cross-entropy: 28.50 (25.27 to 31.73)",
        f"{L2} eps 4, cross-entropy: 25.00 (19.62 to 30.38)",
        f"{LINF} eps 0.2, cross-entropy: 27.50 (23.47 to 31.53)",
    ],
}


@pytest.mark.parametrize("loss", ATTACK_LOSSES)
def test_mean_distances_stand_above_their_networks_beside_noise_and_clean_images(distances, noise, loss):
    panel = mean_distances(distances, noise, loss, "x")
    assert tips_of(panel) == MEAN_TIPS[loss]
    (axis,) = panel.drawing.axes
    bars = [
        (bar[0].get_xdata()[0], bar[0].get_ydata()[0], bar[2][0].get_segments()[0][:, 1]) for bar in axis.containers
    ]
    for place, (x, y, ends) in enumerate(bars):
        half = 4.3026527 * SPREADS[loss][place]
        assert (x, y) == (place, pytest.approx(MEANS[loss][place]))
        assert list(ends) == pytest.approx([MEANS[loss][place] - half, MEANS[loss][place] + half], abs=1e-3)
    lines = lines_of(panel)
    expected = [22 + place + 0.5 * (loss == "cw") for place in range(4)]
    assert list(lines["noise of the same size"].get_ydata()) == pytest.approx(expected)
    assert list(lines["clean test images"].get_ydata()) == pytest.approx([9.64, 9.64], abs=1e-4)
    assert [label.get_text() for label in axis.get_xticklabels()] == ["standard", f"{L2} 1", f"{L2} 4", f"{LINF} 0.2"]
    assert {f"{LOSS_NAMES[loss]} attack", "noise of the same size", "clean test images"} <= set(texts_of(panel))
    assert LOSS_NAMES[loss] in panel.label


def test_a_network_without_a_success_is_not_drawn(distances, noise):
    lost = [{**row, "distance": None} if row["network"] == NAMES[1] else row for row in distances]
    assert tips_of(mean_distances(lost, noise, "cw", "x")) == [tip for k, tip in enumerate(MEAN_TIPS["cw"]) if k != 1]


SERIES = {"l2": {"eps 1": 1, "eps 4": 2}, "linf": {"eps 0.2": 3}}
"""Per family the places of the networks that a panel shows beside the standard one, under their labels."""


@pytest.mark.parametrize("axis_name", ["distance", "rescaled"])
@pytest.mark.parametrize("loss", ATTACK_LOSSES)
@pytest.mark.parametrize("family", SERIES)
def test_densities_of_a_family_under_an_attack(densities, family, loss, axis_name):
    """Each is highest where its own network's images are in two of three trainings."""
    panel = density(densities, loss, family, "cross_entropy", axis_name, "x")
    lines = lines_of(panel)
    shown = {"standard": 0, **SERIES[family]}
    assert list(lines) == ["test data", *shown]
    peaks = {label: MEANS[loss][place] - SPREADS[loss][place] for label, place in shown.items()}
    for label, peak in {"test data": 9.6, **peaks}.items():
        x, y = lines[label].get_xdata(), lines[label].get_ydata()
        assert x[np.argmax(y)] == pytest.approx(peak if axis_name == "distance" else (peak - 8) / 4, abs=x[1] - x[0])
    (own,) = (row for row in densities if drawn_row(row, loss, axis_name, NAMES[max(shown.values())]))
    strongest = lines[list(shown)[-1]]
    assert (list(strongest.get_xdata()), list(strongest.get_ydata())) == (own["place"], own["density"])
    (axis,) = panel.drawing.axes
    highest = max(max(row["density"]) for row in densities if row["axis"] == axis_name)
    assert axis.get_ylim() == pytest.approx((0, 1.05 * highest))
    below = f"{L2} distance" if axis_name == "distance" else "distance (0 and 1: nearest and farthest clean test image)"
    assert {below, f"{L2 if family == 'l2' else LINF}, trained on cross-entropy", *lines} <= set(texts_of(panel))
    assert f"under {LOSS_NAMES[loss]} attacks" in panel.label
    assert lines["standard"].get_color() == LIGHT["ink"]
    assert {to_hex(lines[label].get_color()) for label in SERIES[family]} == {LIGHT[family]}


def drawn_row(row, loss, axis_name, network) -> bool:
    return (row["attack_loss"], row["axis"], row["network"]) == (loss, axis_name, network)


def test_every_strength_is_drawn_however_many_there_are(densities):
    (one,) = (row for row in densities if drawn_row(row, "cw", "distance", NAMES[1]))
    grid = [*densities, *({**one, "eps": float(eps)} for eps in range(5, 10))]
    lines = lines_of(density(grid, "cw", "l2", "cross_entropy", "distance", "x"))
    assert list(lines) == ["test data", "standard", "eps 1", *(f"eps {eps}" for eps in range(4, 10))]
    assert [lines[f"eps {eps}"].get_linestyle() for eps in (1, 4, 5, 6)] == ["-", "--", "-.", ":"]


def test_networks_of_a_user_s_own_training_are_called_by_their_names(densities):
    own = {"method": "mine", "family": "mine", "group": "mine", "eps": None, "network_name": "mine, all of it"}
    rows = [{**row, **own} if row["network"] == NAMES[3] else row for row in densities]
    assert "mine, all of it" in lines_of(density(rows, "cw", "mine", "mine", "distance", "x"))
