"""The figures of Section 3.3, one panel each."""

from matplotlib.ticker import MaxNLocator

from reports import formats
from reports.figures import INK, MARKERS, NORM_COLOURS, Panel, draw_estimate, name, network_name, panel, panel_axes, tip
from reports.roar_figures import draw_score_series


def score_against_accuracy(
    points: list[dict], correlations: list[dict], loss: str, metric: str, field: str, identifier: str
) -> Panel:
    """Points with intervals against an accuracy, linear fits, correlations in the legend.

    Args:
        points: rows of the table of points.
        correlations: rows of a table of correlations with that accuracy.
        loss: of the networks drawn.
        metric: "roar" or "kar".
        field: "accuracy" on clean images, or "robust_accuracy".
        identifier: unique in the page.
    """
    drawing, axis = panel_axes(height=4.4)
    shown = [row for row in points if row["metric"] == metric]
    draw_score_series(axis, shown, correlations, loss, metric, field)
    axis.set(xlabel="test accuracy" if field == "accuracy" else "accuracy under PGD")
    described = f"{name(metric)} score against {axis.get_xlabel()}, networks trained with {name(loss)}."
    return panel(drawing, identifier, described + " All values are in the table of points.")


def pareto_front(points: list[dict], metric: str, identifier: str) -> Panel:
    """Every network and attribution, faint where another network beats it, and the front as steps."""
    drawing, axis = panel_axes(height=4.0)
    shown = [row for row in points if row["metric"] == metric]
    for attribution in dict.fromkeys(row["attribution"] for row in shown):
        filled, marker = attribution == "gradient", MARKERS.get(attribution, "D")
        rows = [row for row in shown if row["attribution"] == attribution]
        front = sorted((row for row in rows if row["on_front"]), key=lambda row: row["accuracy"])
        steps = [[row[field] for row in front] for field in ("accuracy", "score")]
        axis.step(*steps, where="pre", color=INK, linewidth=1, linestyle="-" if filled else "--")
        for row in rows:
            colour = NORM_COLOURS[row["norm"]]
            style = {"color": colour, "mfc": colour if filled else "none", "alpha": 1 if row["on_front"] else 0.4}
            point = draw_estimate(axis, row["accuracy"], row, "score", marker, **style)
            where = f"accuracy {formats.percent(row['accuracy'])}, score {formats.number(row['score'], 4)}"
            tip(point, f"{network_name(row)}, {name(attribution)}: {where}")
        axis.plot([], [], marker, color=INK, mfc=INK if filled else "none", label=name(attribution))
    for norm in dict.fromkeys(row["norm"] for row in shown):
        axis.plot([], [], "|", color=NORM_COLOURS[norm], markersize=9, markeredgewidth=3, label=name(norm))
    axis.set(title=name(metric), xlabel="test accuracy", ylabel=f"{name(metric)} score")
    axis.xaxis.set_major_locator(MaxNLocator(5))
    axis.legend(loc="upper center", bbox_to_anchor=(0.5, -0.17), ncols=3)
    described = (
        f"{name(metric)} score against test accuracy of every network, and the Pareto front of each attribution."
    )
    return panel(drawing, identifier, described + " All values are in the table of points.")
