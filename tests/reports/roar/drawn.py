"""What a drawing shows, read from it: its points with their intervals, its lines, its legend."""

import re
from html import unescape
from typing import NamedTuple

import numpy as np
from matplotlib.colors import to_hex, to_rgba_array


class Point(NamedTuple):
    """A value with the ends of its interval, which lies upright or across; label: in the legend, "" for none."""

    label: str
    x: float
    y: float
    low: float
    high: float
    colour: str
    marker: str
    filled: bool


def points(axis) -> list[Point]:
    """In the order in which they were drawn."""
    return [_point(container) for container in axis.containers]


def _point(container) -> Point:
    line, _, (bar,) = container.lines
    (x,), (y,) = line.get_data()
    ((first, last),) = bar.get_segments()
    along = 1 if first[0] == last[0] else 0
    filled = str(line.get_markerfacecolor()).lower() != "none"
    look = to_hex(line.get_color()), line.get_marker(), filled
    return Point(_label(container), float(x), float(y), float(first[along]), float(last[along]), *look)


class Line(NamedTuple):
    """A line, or several points joined."""

    label: str
    x: list[float]
    y: list[float]
    colour: str
    style: str


def lines(axis) -> list[Line]:
    """But the one at 0, and the markers of points with intervals."""
    markers = {container.lines[0] for container in axis.containers}
    return [
        Line(_label(line), *(np.asarray(values, float).tolist() for values in line.get_data()), *_look(line))
        for line in axis.lines
        if line not in markers and [0, 0] not in (list(line.get_xdata()), list(line.get_ydata()))
    ]


def _label(artist) -> str:
    label = str(artist.get_label())
    return "" if label.startswith("_") else label


def _look(line) -> tuple[str, str]:
    return to_hex(line.get_color()), line.get_linestyle()


def legend(found) -> dict[str, str]:
    """By label the colour that a legend shows beside it."""
    colours = [to_rgba_array(handle.get_color()) for handle in found.legend_handles]
    labels = [text.get_text() for text in found.get_texts()]
    return {label: to_hex(colour[0]) for label, colour in zip(labels, colours, strict=True)}


def tips(panel) -> list[str]:
    """What is shown while the pointer rests on a point, point by point."""
    return [unescape(text) for text in re.findall("<title>(.*?)</title>", panel.text)]
