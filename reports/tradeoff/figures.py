"""The figures of Section 3.3, one panel each."""

from typing import Any

from matplotlib.ticker import MaxNLocator

from reports import formats
from reports.drawing import INK, MUTED, Panel, draw_estimate, panel, panel_axes, tip
from reports.roar.figures import draw_score_series
from reports.styles import MARKERS, attribution_style, family_colour, name


def score_against_accuracy(
    points: list[dict], correlations: list[dict], group: str, metric: str, field: str, identifier: str
) -> Panel:
    """Points with intervals against an accuracy, linear fits, correlations in the legend.

    Args:
        points: rows of the table of points.
        correlations: rows of a table of correlations with that accuracy.
        group: of the networks drawn.
        metric: "roar" or "kar".
        field: "accuracy" on clean images, or "robust_accuracy".
        identifier: unique in the page.
    """
    drawing, axis = panel_axes(height=4.4)
    shown = [row for row in points if row["metric"] == metric]
    draw_score_series(axis, shown, correlations, group, metric, field)
    axis.set(xlabel="test accuracy" if field == "accuracy" else "accuracy under attack")
    described = f"{name(metric)} score against {axis.get_xlabel()}, networks trained with {name(group)}."
    return panel(drawing, identifier, described + " All values are in the table of points.")


def pareto_front(points: list[dict], metric: str, identifier: str) -> Panel:
    """Every network and attribution, faint where another network beats it, and the front as steps."""
    drawing, axis = panel_axes(height=4.0)
    shown = [row for row in points if row["metric"] == metric]
    for attribution in dict.fromkeys(row["attribution"] for row in shown):
        style = attribution_style(attribution)
        rows = [row for row in shown if row["attribution"] == attribution]
        front = sorted((row for row in rows if row["on_front"]), key=lambda row: row["accuracy"])
        steps = [[row[field] for row in front] for field in ("accuracy", "score")]
        axis.step(*steps, where="pre", color=INK, linewidth=1, linestyle=style.line)
        for row in rows:
            colour = family_colour(row["family"])
            look: dict[str, Any] = {
                "color": colour,
                "mfc": colour if style.filled else "none",
                "alpha": 1 if row["on_front"] else 0.4,
            }
            point = draw_estimate(axis, row["accuracy"], row, "score", style.marker, **look)
            where = f"accuracy {formats.percent(row['accuracy'])}, score {formats.number(row['score'], 4)}"
            tip(point, f"{row['network_name']}, {name(attribution)}: {where}")
        face = INK if style.filled else "none"
        axis.plot([], [], style.marker, color=INK, mfc=face, label=name(attribution))
    for family in dict.fromkeys(row["family"] for row in shown):
        axis.plot([], [], "|", color=family_colour(family), markersize=9, markeredgewidth=3, label=name(family))
    axis.set(title=name(metric), xlabel="test accuracy", ylabel=f"{name(metric)} score")
    axis.xaxis.set_major_locator(MaxNLocator(5))
    axis.legend(loc="upper center", bbox_to_anchor=(0.5, -0.17), ncols=3)
    described = (
        f"{name(metric)} score against test accuracy of every network, and the Pareto front of each attribution."
    )
    return panel(drawing, identifier, described + " All values are in the table of points.")


UNDER = {"one_step": "under one step", "several_steps": "under ten steps"}


def score_by_method(points: list[dict], metric: str, attribution: str, field: str, identifier: str) -> Panel:
    """A line for each training method, from the standard network through its strengths.

    Args:
        points: rows of the table of points.
        metric: "roar" or "kar".
        attribution: of the scores.
        field: "accuracy" on clean images, or "robust_accuracy".
        identifier: unique in the page.
    """
    drawing, axis = panel_axes(height=4.6)
    shown = [row for row in points if (row["metric"], row["attribution"]) == (metric, attribution)]
    standard = [row for row in shown if row["family"] is None]
    for place, family in enumerate(dict.fromkeys(row["family"] for row in shown if row["family"])):
        trained = sorted((row for row in shown if row["family"] == family), key=lambda row: row["eps"] or 0)
        colour = family_colour(family)
        label: str | None = name(family)
        lines = [[row[kind] for row in [*standard, *trained]] for kind in (field, "score")]
        axis.plot(*lines, color=colour, linewidth=1, alpha=0.6)
        for row in trained:
            point = draw_estimate(axis, row[field], row, "score", MARKERS[place % len(MARKERS)], label, color=colour)
            tip(point, f"{row['network_name']}: score {formats.number(row['score'], 4)}, {formats.percent(row[field])}")
            label = None
    for row in standard:
        tip(draw_estimate(axis, row[field], row, "score", "*", "standard", color=INK, markersize=10), "standard")
    where = "test accuracy" if field == "accuracy" else "accuracy under attack"
    axis.set(title=f"{name(metric)}, {name(attribution)}", xlabel=where, ylabel=f"{name(metric)} score")
    axis.xaxis.set_major_locator(MaxNLocator(5))
    axis.legend(loc="upper center", bbox_to_anchor=(0.5, -0.15), ncols=2)
    described = f"{name(metric)} score of {name(attribution)} against {where}, by training method."
    return panel(drawing, identifier, described + " All values are in the table of points.")


def overfitting(watched: list[dict], method: str, identifier: str) -> Panel:
    """Accuracy after every epoch under one step (full lines) and under several (dashed), a line for each training.

    Args:
        watched: rows of the table of trainings of one step.
        method: whose networks are drawn, the strongest alone in full colour.
        identifier: unique in the page.
    """
    drawing, axis = panel_axes(height=3.6)
    rows = [row for row in watched if row["method"] == method]
    strongest = max(row["eps"] for row in rows)
    colour = family_colour(rows[0]["family"])
    for network in dict.fromkeys(row["network"] for row in rows):
        for training in dict.fromkeys(row["training"] for row in rows if row["network"] == network):
            line = [row for row in rows if (row["network"], row["training"]) == (network, training)]
            look: dict[str, Any] = {"color": colour if line[0]["eps"] == strongest else MUTED, "linewidth": 1.3}
            for field, style in (("one_step", "-"), ("several_steps", "--")):
                drawn = axis.plot([r["epoch"] for r in line], [r[field] for r in line], style, marker=".", **look)
                tip(drawn[0], f"{network}, training {training}, {UNDER[field]}: {formats.percent(line[-1][field])}")
        first = next(row for row in rows if row["network"] == network)
        axis.plot([], [], color=colour if first["eps"] == strongest else MUTED, label=network)
    for field, style in (("one_step", "-"), ("several_steps", "--")):
        axis.plot([], [], style, color=INK, label=UNDER[field])
    axis.set(title=name(method), xlabel="epoch", ylabel="accuracy on training images", ylim=(0, 1))
    axis.xaxis.set_major_locator(MaxNLocator(integer=True))
    axis.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=2)
    described = f"Accuracy on training images under one step and under several, epoch by epoch: {name(method)}."
    return panel(drawing, identifier, described + " All values are in the table of trainings of one step.")
