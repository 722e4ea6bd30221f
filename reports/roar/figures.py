"""The figures of Section 3.2, one panel each."""

from typing import Any

import numpy as np
from matplotlib.ticker import MaxNLocator

from reports import formats
from reports.drawing import BASELINE, INK, MASK, MUTED, Panel, draw_estimate, panel, panel_axes, tip
from reports.roar.analysis import OCCLUSIONS
from reports.roar.parts import WHOLE
from reports.styles import MARKERS, PART_LOOKS, attribution_style, family_colour, name


def score_against_strength(
    scores: list[dict], correlations: list[dict], group: str, metric: str, identifier: str
) -> Panel:
    """Points with intervals against attack strength, linear fits, correlations in the legend."""
    points = [row for row in scores if row["network"] and row["plain"] and row["metric"] == metric]
    drawing, axis = panel_axes(height=4.4)
    draw_score_series(axis, points, correlations, group, metric, "strength")
    axis.set(xlabel="training strength (over the largest of its kind)")
    described = f"{name(metric)} score against the strength of training with {name(group)}."
    return panel(drawing, identifier, described + " All values are in the table of scores.")


def draw_score_series(axis, points: list[dict], correlations: list[dict], group: str, metric: str, x: str) -> None:
    """Every family and attribution of one panel and metric: scores against a field, with fits and a legend.

    Args:
        axis: drawn on.
        points: rows with "score", its interval, family, group, eps and attribution, all of the metric.
        correlations: rows with slope, intercept and correlations, one per series.
        group: of the networks drawn; the standard one is in every series.
        metric: a score.
        x: field of the points on the horizontal axis.
    """
    axis.axhline(0, color=MUTED, linewidth=1)
    for row in correlations:
        if (row["metric"], row["group"]) == (metric, group):
            _draw_series(axis, _series(points, row, x), row, x)
    axis.set(title=name(metric), ylabel=f"{name(metric)} score")
    axis.xaxis.set_major_locator(MaxNLocator(5))
    axis.legend(loc="upper center", bbox_to_anchor=(0.5, -0.17), ncols=2)


def _series(points: list[dict], correlation: dict, x: str) -> list[dict]:
    """Scores of the standard network and of one family and panel."""
    wanted = [
        row
        for row in points
        if row["attribution"] == correlation["attribution"]
        and (row["family"], row["group"]) in ((None, None), (correlation["family"], correlation["group"]))
    ]
    return sorted(wanted, key=lambda row: row[x])


def _draw_series(axis, rows: list[dict], correlation: dict, x: str) -> None:
    colour, style = family_colour(correlation["family"]), attribution_style(correlation["attribution"])
    label: str | None = f"{name(correlation['family'])} {name(correlation['attribution'])}"
    if correlation["linear"] is not None:
        linear, rank = (formats.number(correlation[field], 2) for field in ("linear", "rank"))
        label = f"{label}\nr {linear}, rank {rank}"
    places = np.array([row[x] for row in rows])
    # Side by side where they would cover each other: the series share their places.
    shift = np.ptp(places) * (0.008 * ((correlation["family"] == "linf") * 2 - 1) + 0.004 * (style.filled * 2 - 1))
    for row, place in zip(rows, places, strict=True):
        look: dict[str, Any] = {"color": colour, "markerfacecolor": colour if style.filled else "none", "markersize": 6}
        point = draw_estimate(axis, place + shift, row, "score", style.marker, label, **look)
        tip(point, f"{row['network_name']}, {name(row['attribution'])}: {_with_interval(row)}")
        label = None
    fit = correlation["intercept"] + correlation["slope"] * places[[0, -1]]
    axis.plot(places[[0, -1]], fit, color=colour, linewidth=1.4, linestyle=style.line)


def _with_interval(row: dict) -> str:
    return f"{formats.number(row['score'], 4)} ({formats.interval(row['score_low'], row['score_high'], 4)})"


def accuracy_curve(curves: list[dict], network: str, metric: str, ends: tuple[float, float], identifier: str) -> Panel:
    """One network: accuracy against percent removed or kept, beside random pixels and masks alone.

    Args:
        curves: rows of the table of curves.
        network: whose arms are drawn.
        metric: "roar" or "kar", whose curves they are.
        ends: accuracy with every pixel and with none.
        identifier: unique in the page.
    """
    occlusion = OCCLUSIONS[metric]
    drawing, axis = panel_axes(height=3.3)
    for row_filter, style in _curve_styles(curves, network, occlusion):
        rows = [row for row in curves if row["plain"] and row_filter(row)]
        if rows:
            _draw_curve(axis, rows, style, ends if occlusion == "remove" else ends[::-1])
    action = name(occlusion)
    axis.set(title=name(metric), xlabel=f"% of pixels {action}", ylabel="test accuracy", ylim=(0, 1.02))
    axis.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=2)
    described = f"Test accuracy of networks retrained on images with pixels {action} by the attributions of {network}."
    return panel(drawing, identifier, described + " All values are in the table of accuracies.")


def _curve_styles(curves: list[dict], network: str, occlusion: str):
    """Pairs of (which rows, how drawn) for one panel."""
    random = {"color": BASELINE, "linestyle": "--", "marker": ".", "label": "random pixels"}
    yield _rows_of(occlusion, None, "random"), random
    family = next(row["family"] for row in curves if row["network"] == network)
    attributions = dict.fromkeys(row["attribution"] for row in curves if row["network"] == network)
    for attribution in attributions:
        style = attribution_style(attribution)
        look = {
            "color": family_colour(family),
            "linestyle": style.line,
            "marker": style.marker,
            "markerfacecolor": family_colour(family) if style.filled else "none",
            "label": name(attribution),
        }
        yield _rows_of(occlusion, network, attribution), look
    masks = {"color": MASK, "linestyle": ":", "marker": "", "label": "masks alone"}
    yield _rows_of("mask", network, next(iter(attributions))), masks


def _rows_of(occlusion: str, network: str | None, attribution: str):
    return lambda row: (row["occlusion"], row["network"], row["attribution"]) == (occlusion, network, attribution)


def _draw_curve(axis, rows: list[dict], style: dict, ends: tuple[float, float]) -> None:
    percents, accuracies = [row["percent"] for row in rows], [row["accuracy"] for row in rows]
    if rows[0]["occlusion"] != "mask":  # a mask of all or no pixels shows nothing
        percents, accuracies = [0, *percents, 100], [ends[0], *accuracies, ends[1]]
    axis.plot(percents, accuracies, linewidth=1.5, markersize=4.5, **style)


def gains(rows: list[dict], metric: str, identifier: str) -> Panel:
    """What the strongest training of each family adds to every attribution's score, an attribution a line."""
    shown = [row for row in rows if row["metric"] == metric]
    attributions = list(dict.fromkeys(row["attribution"] for row in shown))
    families = list(dict.fromkeys(row["family"] for row in shown))
    drawing, axis = panel_axes(height=1.5 + 0.34 * len(attributions))
    axis.axvline(0, color=MUTED, linewidth=1)
    for family in families:
        label: str | None = f"{name(family)} training"
        for row in (row for row in shown if row["family"] == family):
            shift = 0.28 * (families.index(family) - (len(families) - 1) / 2) / max(1, len(families) - 1)
            look: dict[str, Any] = {"color": family_colour(family), "linewidth": 1.5, "across": True}
            marker = MARKERS[families.index(family) % len(MARKERS)]
            place = attributions.index(row["attribution"]) + shift
            point = draw_estimate(axis, place, row, "gain", marker, label, **look)
            found = f"{formats.signed(row['gain'], 4)} ({formats.interval(row['gain_low'], row['gain_high'], 4)})"
            tip(point, f"{row['network_name']}, {name(row['attribution'])}: {found}")
            label = None
    labels = [name(attribution) for attribution in attributions]
    axis.set(title=name(metric), xlabel=f"gain in {name(metric)} score", yticks=range(len(labels)), yticklabels=labels)
    axis.tick_params(axis="y", labelcolor=INK)
    axis.xaxis.set_major_locator(MaxNLocator(5))
    axis.set_ylim(len(labels) - 0.5, -0.5)
    drawing.legend(loc="outside lower center", ncols=2)  # of the drawing: how high the axes are depends on the rows
    described = f"Gain in {name(metric)} score of every attribution through the strongest training of each kind."
    return panel(drawing, identifier, described + " All values are in the table of gains.")


def parts(rows: list[dict], attribution: str, metric: str, identifier: str) -> Panel:
    """A score and the three parts that it is the sum of, network by network.

    Args:
        rows: of the table of parts.
        attribution, metric: those that are drawn.
        identifier: unique in the page.
    """
    shown = [row for row in rows if (row["attribution"], row["metric"]) == (attribution, metric)]
    drawing, axis = panel_axes(height=1.6 + 0.62 * len(shown))
    axis.axvline(0, color=MUTED, linewidth=1)
    for number, (part, (colour, marker)) in enumerate(PART_LOOKS.items()):
        label: str | None = name(part)
        for place, row in enumerate(shown):
            look: dict[str, Any] = {"color": colour, "linewidth": 1.5, "across": True}
            look["mfc"] = "none" if part == WHOLE else colour
            point = draw_estimate(axis, place + 0.2 * number - 0.3, row, part, marker, label, **look)
            found = f"{formats.signed(row[part], 4)} ({formats.interval(row[f'{part}_low'], row[f'{part}_high'], 4)})"
            tip(point, f"{row['network_name']}, {name(part)}: {found}")
            label = None
    labels = [row["network_name"] for row in shown]
    title = f"{name(metric)}, {name(attribution)}"
    axis.set(title=title, xlabel=f"part of the {name(metric)} score", yticks=range(len(labels)), yticklabels=labels)
    axis.tick_params(axis="y", labelcolor=INK, length=0)
    axis.grid(False, axis="y")
    axis.xaxis.set_major_locator(MaxNLocator(5))
    axis.set_ylim(len(labels) - 0.5, -0.5)
    drawing.legend(loc="outside lower center", ncols=4)
    described = f"{title}: the score of every network and its three parts, with intervals."
    return panel(drawing, identifier, described + " All values are in the table of parts.")


def plain_and_blurred(scores: list[dict], attribution: str, identifier: str) -> Panel:
    """ROAR scores with plain and with blurred rankings, for the networks that have both, from the least blur down."""
    of_roar = [row for row in scores if (row["attribution"], row["metric"]) == (attribution, "roar") and row["network"]]
    rows = [row for row in of_roar if row["plain"] or row["blur"]]
    blurred = dict.fromkeys(row["network"] for row in rows if row["blur"])
    shown = [row for network in blurred for row in sorted(rows, key=lambda r: r["blur"]) if row["network"] == network]
    drawing, axis = panel_axes(height=0.9 + 0.3 * len(shown))
    axis.axvline(0, color=MUTED, linewidth=1)
    for place, row in enumerate(shown):
        colour = family_colour(row["family"])
        face, marker = ("none", "D") if row["blur"] else (colour, "o")
        look: dict[str, Any] = {"color": colour, "mfc": face, "linewidth": 1.5, "across": True}
        tip(
            draw_estimate(axis, place, row, "score", marker, **look),
            f"{row['network_name']}, {_ranking(row)}: {_with_interval(row)}",
        )
    labels = [f"{row['network_name']}, {_ranking(row)}" for row in shown]
    axis.set(title=name(attribution), xlabel="ROAR score", yticks=range(len(labels)), yticklabels=labels)
    axis.tick_params(axis="y", labelcolor=INK)
    axis.xaxis.set_major_locator(MaxNLocator(5))
    axis.invert_yaxis()
    described = f"ROAR scores of plain and blurred rankings by {name(attribution)}."
    return panel(drawing, identifier, described + " All values are in the table of scores.")


def _ranking(row: dict) -> str:
    return f"blur {row['blur']:g}" if row["blur"] else "plain"
