"""The figures of Section 2.2, one panel each."""

import numpy as np
from matplotlib.colors import ListedColormap

from reports import formats
from reports.drawing import CLASS_COLOURS, INK, Panel, draw_estimate, panel, panel_axes, tip
from reports.styles import family_colour

CLASS_MARKERS = ("o", "^")


def points(drawn: dict[str, np.ndarray], identifier: str) -> Panel:
    """The two classes."""
    drawing, axis = _square_axes(drawn)
    _draw_classes(axis, drawn)
    axis.set(title="data")
    axis.legend(loc="upper right", markerscale=2.5)
    return panel(drawing, identifier, "Two elongated clusters of points, one per class, side by side.")


def decision(drawn: dict[str, np.ndarray], title: str, identifier: str) -> Panel:
    """Decision regions, data, attacked points of class one, and an arrow from their mean before to after.

    Args:
        drawn: "points", "labels", "adversarial", "means", "regions" (margin on a grid) and "extent".
        title: above the panel.
        identifier: unique in the page.
    """
    drawing, axis = _square_axes(drawn)
    low, high = drawn["extent"]
    side = np.linspace(low, high, len(drawn["regions"]))
    axis.contourf(
        side, side, drawn["regions"] > 0, levels=[-0.5, 0.5, 1.5], cmap=ListedColormap(CLASS_COLOURS), alpha=0.16
    )
    axis.contour(side, side, drawn["regions"], levels=[0], colors=INK, linewidths=1.4)
    _draw_classes(axis, drawn)
    x, y = drawn["adversarial"].T
    axis.plot(x, y, "x", color=INK, markersize=3.5, markeredgewidth=0.7, label="class one, attacked")
    start, end = drawn["means"]
    arrow = {"arrowstyle": "-|>", "color": INK, "linewidth": 2, "mutation_scale": 16}
    axis.annotate("", xy=end, xytext=start, arrowprops=arrow)
    axis.set(title=title)
    axis.legend(loc="upper right", markerscale=2.5)
    described = f"Decision regions of the network with {title}, the data, and the attacked points of class one."
    return panel(drawing, identifier, described)


def _square_axes(drawn: dict[str, np.ndarray]):
    drawing, axis = panel_axes(height=4.6)
    axis.set(xlim=drawn["extent"], ylim=drawn["extent"], aspect="equal")
    axis.grid(visible=False)
    return drawing, axis


def _draw_classes(axis, drawn: dict[str, np.ndarray]) -> None:
    for label, (word, colour, marker) in enumerate(zip(("zero", "one"), CLASS_COLOURS, CLASS_MARKERS, strict=True)):
        x, y = drawn["points"][drawn["labels"] == label].T
        axis.plot(x, y, marker, color=colour, markersize=2.5, alpha=0.7, markeredgewidth=0, label=f"class {word}")


MEASURES = {
    "tilt": ("Tilt of the boundary", "degrees"),
    "low_variance_share": ("Perturbation in the low-variance direction", "share of its length"),
    "mahalanobis": ("Attacked points from the other class", "Mahalanobis distance"),
    "robust": ("Accuracy under a weak attack", "accuracy"),
}
"""Per measure a title and a unit."""


def against_strength(rows: list[dict], measure: str, identifier: str) -> Panel:
    """A measure at every training strength, mean and interval over seeds."""
    title, unit = MEASURES[measure]
    drawing, axis = panel_axes()
    strengths = [row["eps"] for row in rows]
    axis.plot(strengths, [row[measure] for row in rows], color=family_colour("l2"), linewidth=1.2)
    for row in rows:
        colour = family_colour("l2" if row["eps"] else None)
        point = draw_estimate(axis, row["eps"], row, measure, "o", color=colour)
        shown = formats.interval(row[f"{measure}_low"], row[f"{measure}_high"], 2)
        tip(point, f"{row['network']}: {formats.number(row[measure], 2)} ({shown})")
    axis.set(title=title, xlabel="training eps (0 is standard training)", ylabel=unit)
    described = f"{title} against training strength, with 95 % intervals over seeds."
    return panel(drawing, identifier, described + " All values are in the table.")
