"""The figures of the survey of measures, one panel each."""

import itertools
import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullFormatter

from reports import formats
from reports.drawing import BASELINE, INK, MUTED, Panel, draw_estimate, panel, panel_axes, tip
from reports.intervals import side
from reports.palette import LIGHT
from reports.styles import MARKERS, family_colour, name

FIRST_RANKS = 3
"""Ranks that are written beside their points."""


def agreement(rows: list[dict], identifier: str) -> Panel:
    """Kendall's tau of every two measures: a cell each, its number in it, bold where the interval excludes 0."""
    scores = list(dict.fromkeys(row[end] for end in ("metric_a", "metric_b") for row in rows))
    place = {score: number for number, score in enumerate(scores)}
    drawing, axis = panel_axes(height=1.4 + 0.3 * len(scores))
    for row in rows:
        column, line = sorted((place[row["metric_a"]], place[row["metric_b"]]))
        _draw_cell(axis, column, line, row, size=min(8, 72 / len(scores)))
    names = {row[end]: row[f"{end}_name"] for end in ("metric_a", "metric_b") for row in rows}
    shown = [names[score] for score in scores]
    axis.set(xlim=(-0.5, len(scores) - 1.5), ylim=(len(scores) - 0.5, 0.5))
    axis.set_xticks(range(len(scores) - 1), shown[:-1], rotation=90)
    axis.set_yticks(range(1, len(scores)), shown[1:])
    axis.tick_params(length=0, labelcolor=INK, labelsize=9)
    axis.grid(False)
    axis.spines[:].set_visible(False)
    described = "Kendall's rank correlation of every two measures, over networks and attributions."
    return panel(drawing, identifier, described + " All values are in the table of agreements.")


def _draw_cell(axis, column: int, line: int, row: dict, size: float) -> None:
    known = row["tau"] is not None
    tau = row["tau"] if known else 0.0
    # At most half, so that ink reads on it in both themes.
    look = {"facecolor": LIGHT["l2" if tau >= 0 else "linf"], "alpha": 0.5 * abs(tau), "edgecolor": "none"}
    cell = axis.add_patch(Rectangle((column - 0.48, line - 0.46), 0.96, 0.92, **look))
    weight = "bold" if side(row, "tau") else "normal"
    number = axis.text(column, line, formats.number(row["tau"], 2), ha="center", va="center", size=size, weight=weight)
    told = f"{formats.number(row['tau'], 2)} ({formats.interval(row['tau_low'], row['tau_high'], 2)})"
    for artist in (cell, number):
        tip(artist, f"{row['metric_a_name']} and {row['metric_b_name']}: {told}, {row['n']} rankings compared")


def leaderboard(rows: list[dict], networks: Sequence[str], attributions: Sequence[str], identifier: str) -> Panel:
    """What a measure gives every network's attributions, an attribution a block, and what chance gives.

    Args:
        rows: of one score in the table of the leaderboard, of these networks, in any order.
        networks, attributions: in the order to draw them.
        identifier: unique in the page.
    """
    block = len(networks) + 1
    drawing, axis = panel_axes(height=1.2 + 0.115 * block * len(attributions) + 0.1 * len(networks))

    def place(row: dict) -> tuple[int, int]:
        return networks.index(row["network"]), attributions.index(row["attribution"])

    rows = sorted(rows, key=place)  # so that the legend is in the networks' order
    heights = [block * attribution + network for network, attribution in map(place, rows)]
    for row, height in zip(rows, heights, strict=True):
        _draw_entry(axis, height, row, place(row)[0])
    _draw_chance(axis, rows, heights)
    first = rows[0]
    better = "more is better" if first["more_is_better"] else "less is better"
    arrow = f"{better} \N{RIGHTWARDS ARROW}" if first["more_is_better"] else f"\N{LEFTWARDS ARROW} {better}"
    axis.set(title=first["metric_name"], xlabel=f"{textwrap.fill(first['unit'] or 'value', 44)}\n{arrow}")
    axis.set_yticks([block * i + (block - 2) / 2 for i in range(len(attributions))], map(name, attributions))
    axis.tick_params(axis="y", labelcolor=INK, length=0)
    axis.grid(False, axis="y")
    axis.xaxis.set_major_locator(MaxNLocator(5))
    axis.margins(x=0.08)
    axis.invert_yaxis()
    drawing.legend(loc="outside lower center", ncols=2)  # of the drawing: under long names it is wider than the axes
    described = f"{first['metric_name']} of every network and attribution, with intervals; {better}."
    return panel(drawing, identifier, described + " All values are in the table of the leaderboard.")


def _draw_entry(axis, place: float, row: dict, number: int) -> None:
    """number: of the network."""
    if row["value"] is None:
        return
    label = row["network_name"] if place == number else None  # once, in the first block
    look: dict[str, Any] = {"color": family_colour(row["family"]), "markersize": 4.5}
    point = draw_estimate(axis, place, row, "value", MARKERS[number % len(MARKERS)], label, across=True, **look)
    found = f"{formats.number(row['value'], 3)} ({formats.interval(row['value_low'], row['value_high'], 3)})"
    tip(point, f"{row['network_name']}, {name(row['attribution'])}: {found}, rank {row['rank']}")
    if row["rank"] and row["rank"] <= FIRST_RANKS:
        end = row["value"] if row["value_high"] is None else row["value_high"]
        text = {"xytext": (4, 0), "textcoords": "offset points", "va": "center", "size": 8, "weight": "bold"}
        axis.annotate(str(row["rank"]), (end, place), **text)


def _draw_chance(axis, rows: list[dict], places: list[int]) -> None:
    """A line where chance is the same for all, else a piece of it beside each point."""
    levels = {row["chance"] for row in rows}
    look: dict[str, Any] = {"color": MUTED, "linestyle": "--", "linewidth": 1.2}
    look["label"] = "chance, measured" if any(row["chance_measured"] for row in rows) else "chance"
    if levels == {None}:
        return
    if len(levels) == 1:
        axis.axvline(levels.pop(), **look)
        return
    known = [(row["chance"], place) for row, place in zip(rows, places, strict=True) if row["chance"] is not None]
    chances, at = np.transpose(known)
    axis.vlines(chances, at - 0.5, at + 0.5, **{**look, "linestyle": "-", "linewidth": 2})


def has_cost(row: dict) -> bool:
    """Whether a row of the table of costs is a point beside ROAR: with a time, and an agreement that can be told."""
    return bool(row["seconds"]) and row["tau"] is not None and row["metric"] != "roar"


def cost(rows: list[dict], identifier: str) -> Panel:
    """Seconds of every measure against its agreement with ROAR; ROAR's own seconds as a line.

    rows: of the table of costs, with seconds.
    """
    shown = [row for row in rows if has_cost(row)]
    drawing, axis = panel_axes(height=4.2)
    axis.axhline(0, color=MUTED, linewidth=1)
    for row in shown:
        colour = LIGHT["linf" if row["retrainings"] else "l2"]
        point = draw_estimate(axis, row["seconds"], row, "tau", "s" if row["retrainings"] else "o", color=colour)
        tau = f"tau {formats.number(row['tau'], 2)} ({formats.interval(row['tau_low'], row['tau_high'], 2)})"
        tip(point, f"{row['metric_name']}: {formats.duration(row['seconds'])}, {tau}")
    for marker, colour, label in (("o", "l2", "no retraining"), ("s", "linf", "retrains networks")):
        axis.plot([], [], marker, color=LIGHT[colour], label=label)
    for row in rows:
        if row["metric"] == "roar" and row["seconds"]:
            axis.axvline(row["seconds"], color=BASELINE, linestyle="--", linewidth=1.2, label="what ROAR takes")
    axis.set(xscale="log", xlabel="computing time", ylabel="Kendall's tau with ROAR")
    axis.margins(x=0.15, y=0.08)
    _label_times(axis)
    axis.legend(loc="upper center", bbox_to_anchor=(0.5, -0.15), ncols=3)
    _label_points(drawing, axis, [(row["seconds"], row["tau"], row["metric_name"]) for row in shown])
    described = "Agreement of every measure with ROAR against the seconds that it takes, on a logarithmic axis."
    return panel(drawing, identifier, described + " All values are in the table of costs.")


TIMES = (0.01, 0.1, 1, 10, 60, 600, 3600, 36_000, 360_000)
"""Seconds at which an axis of times has a tick: each about ten times the last, and round in its own unit."""


def _label_times(axis) -> None:
    axis.xaxis.set_major_locator(FixedLocator(TIMES))
    axis.xaxis.set_major_formatter(FuncFormatter(lambda seconds, _: short_time(seconds)))
    axis.xaxis.set_minor_formatter(NullFormatter())


def short_time(seconds: float) -> str:
    """ "0.1 s", "10 min", "1 h"."""
    for size, unit in ((3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:g} {unit}"
    return f"{seconds:g} s"


SIDES = (((7, 0), "left", "center"), ((-7, 0), "right", "center"), ((0, 9), "center", "bottom"))
"""Where a point's name may stand: offset in points, alignments."""
LIFTS = (0, 11, -11, 22, -22)


def _label_points(drawing, axis, points: Sequence[tuple[float, float, str]]) -> None:
    """Each point's name beside it, where it covers least of other names and points."""
    drawing.draw_without_rendering()  # lays it out: only then it is known where points are
    marks = [axis.transData.transform((x, y)) for x, y, _ in points]
    placed: list[Text] = []
    for x, y, text in points:
        spots = [_label(axis, x, y, text, lift, side) for lift, side in itertools.product(LIFTS, SIDES)]
        best = min(spots, key=lambda label: _covered(axis, label, marks, placed))
        for label in spots:
            if label is not best:
                label.remove()
        placed.append(best)


def _label(axis, x: float, y: float, text: str, lift: int, side: tuple) -> Text:
    (right, up), horizontal, vertical = side
    box = {"facecolor": LIGHT["page"], "alpha": 0.8, "pad": 0.5, "edgecolor": "none"}  # intervals may lie behind it
    offset = {"xytext": (right, up + lift), "textcoords": "offset points", "ha": horizontal, "va": vertical}
    label = axis.annotate(text, (x, y), size=9, bbox=box, zorder=4, **offset)
    label.set_in_layout(False)
    return label


def _covered(axis, label: Text, marks: list, placed: list[Text]) -> int:
    """How much a label covers: names, points and, worse, the axes' frame."""
    box, frame = label.get_window_extent(), axis.get_window_extent()
    inside = frame.x0 <= box.x0 and box.x1 <= frame.x1 and frame.y0 <= box.y0 and box.y1 <= frame.y1
    names = sum(box.overlaps(other.get_window_extent()) for other in placed)
    return names + sum(bool(box.contains(*mark)) for mark in marks) + 2 * (not inside)
