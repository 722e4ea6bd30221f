"""The figures of Section 3.2."""

import numpy as np
from matplotlib.ticker import MaxNLocator

from reports.figures import BASELINE, INK, MARKERS, MASK, MUTED, NORM_COLOURS, figure, name, network_name, svg

METRICS = ("roar", "kar")


def _errors(rows: list[dict], field: str) -> np.ndarray:
    """Distances from each value down and up to the ends of its interval, as `errorbar` wants them."""
    return np.abs([[row[field] - row[f"{field}_low"], row[f"{field}_high"] - row[field]] for row in rows]).T


def score_against_strength(scores: list[dict], correlations: list[dict], loss: str, identifier: str) -> str:
    """ROAR left, KAR right: points with intervals, linear fits, correlations in the legend."""
    drawing, axes = figure(1, 2, height=4.6)
    for axis, metric in zip(axes[0], METRICS, strict=True):
        axis.axhline(0, color=MUTED, linewidth=1)
        for row in correlations:
            if (row["metric"], row["loss"]) == (metric, loss):
                _draw_series(axis, _series(scores, row), row)
        axis.set(title=name(metric), xlabel="attack strength (eps / largest eps)", ylabel=f"{name(metric)} score")
        axis.legend(loc="upper center", bbox_to_anchor=(0.5, -0.17), ncols=2)
    described = f"ROAR and KAR scores against the strength of adversarial training with {name(loss)}."
    return svg(drawing, identifier, described + " All values are in the table of scores.")


def _series(scores: list[dict], correlation: dict) -> list[dict]:
    """Scores of the standard network and of one norm and loss, weakest first."""
    wanted = [
        row
        for row in scores
        if row["network"]
        and not row["blurred"]
        and (row["metric"], row["attribution"]) == (correlation["metric"], correlation["attribution"])
        and (row["norm"], row["loss"]) in ((None, None), (correlation["norm"], correlation["loss"]))
    ]
    return sorted(wanted, key=lambda row: row["strength"])


def _draw_series(axis, rows: list[dict], correlation: dict) -> None:
    colour, marker = NORM_COLOURS[correlation["norm"]], MARKERS.get(correlation["attribution"], "D")
    filled = correlation["attribution"] == "gradient"
    legend = f"{name(correlation['norm'])} {name(correlation['attribution'])}"
    if correlation["linear"] is not None:
        legend += f"\nr {correlation['linear']:.2f}, rank {correlation['rank']:.2f}"
    strengths = np.array([row["strength"] for row in rows])
    # Side by side where they would cover each other: the series share their strengths.
    shift = 0.008 * ((correlation["norm"] == "linf") * 2 - 1) + 0.004 * (filled * 2 - 1)
    axis.errorbar(
        strengths + shift,
        [row["score"] for row in rows],
        yerr=_errors(rows, "score"),
        fmt=marker,
        color=colour,
        markerfacecolor=colour if filled else "none",
        markersize=6,
        capsize=2,
        linewidth=1,
        label=legend,
    )
    fit = correlation["intercept"] + correlation["slope"] * strengths[[0, -1]]
    axis.plot(strengths[[0, -1]], fit, color=colour, linewidth=1.4, linestyle="-" if filled else "--")


def accuracy_curves(curves: list[dict], network: str, ends: tuple[float, float], identifier: str) -> str:
    """One network: accuracy against percent removed and kept, beside random pixels and masks alone.

    Args:
        curves: rows of the table of curves.
        network: whose arms are drawn.
        ends: accuracy with every pixel and with none.
        identifier: unique in the page.
    """
    drawing, axes = figure(1, 2, width=6.4, height=3.1, sharey=True)
    for axis, metric in zip(axes[0], METRICS, strict=True):
        first, last = ends if metric == "roar" else ends[::-1]
        for row_filter, style in _curve_styles(curves, network, metric):
            rows = [row for row in curves if not row["blurred"] and row_filter(row)]
            if rows:
                _draw_curve(axis, rows, style, (first, last))
        axis.set(title=name(metric), xlabel=f"% of pixels {'removed' if metric == 'roar' else 'kept'}", ylim=(0, 1.02))
    axes[0][0].set_ylabel("test accuracy")
    handles, labels = axes[0][0].get_legend_handles_labels()
    drawing.legend(handles, labels, loc="outside lower center", ncols=4)
    described = f"Test accuracy of networks retrained on images occluded by the attributions of {network}."
    return svg(drawing, identifier, described + " All values are in the table of accuracies.")


def _curve_styles(curves: list[dict], network: str, metric: str):
    """Pairs of (which rows, how drawn) for one panel."""
    random = {"color": BASELINE, "linestyle": "--", "marker": ".", "label": "random pixels"}
    yield lambda row: (row["metric"], row["network"], row["attribution"]) == (metric, None, "random"), random
    norm = next(row["norm"] for row in curves if row["network"] == network)
    attributions = dict.fromkeys(row["attribution"] for row in curves if row["network"] == network)
    for attribution in attributions:
        filled = attribution == "gradient"
        style = {
            "color": NORM_COLOURS[norm],
            "linestyle": "-" if filled else "--",
            "marker": MARKERS.get(attribution, "D"),
            "markerfacecolor": NORM_COLOURS[norm] if filled else "none",
            "label": name(attribution),
        }
        yield _rows_of(metric, network, attribution), style
    masks = {"color": MASK, "linestyle": ":", "marker": "", "label": "masks alone"}
    yield _rows_of("mask", network, next(iter(attributions))), masks


def _rows_of(metric: str, network: str, attribution: str):
    return lambda row: (row["metric"], row["network"], row["attribution"]) == (metric, network, attribution)


def _draw_curve(axis, rows: list[dict], style: dict, ends: tuple[float, float]) -> None:
    percents, accuracies = [row["percent"] for row in rows], [row["accuracy"] for row in rows]
    if rows[0]["metric"] != "mask":  # a mask of all or no pixels shows nothing
        percents, accuracies = [0, *percents, 100], [ends[0], *accuracies, ends[1]]
    axis.plot(percents, accuracies, linewidth=1.5, markersize=4.5, **style)


def plain_and_blurred(scores: list[dict], identifier: str) -> str:
    """ROAR scores with plain and with blurred rankings, for the networks that have both."""
    blurred = [row for row in scores if row["blurred"]]
    attributions = list(dict.fromkeys(row["attribution"] for row in blurred))
    networks = list(dict.fromkeys(row["network"] for row in blurred))
    labels = [network_name(next(row for row in blurred if row["network"] == network)) for network in networks]
    drawing, axes = figure(1, len(attributions), height=0.9 + 0.6 * len(networks), sharey=True, sharex=True)
    for axis, attribution in zip(axes[0], attributions, strict=True):
        axis.axvline(0, color=MUTED, linewidth=1)
        for is_blurred, offset in ((False, -0.13), (True, 0.13)):
            rows = [
                next(
                    row
                    for row in scores
                    if (row["network"], row["attribution"], row["metric"], row["blurred"])
                    == (network, attribution, "roar", is_blurred)
                )
                for network in networks
            ]
            for position, row in enumerate(rows):
                colour = NORM_COLOURS[row["norm"]]
                axis.errorbar(
                    row["score"],
                    position + offset,
                    xerr=_errors([row], "score"),
                    fmt="D" if is_blurred else "o",
                    color=colour,
                    markerfacecolor="none" if is_blurred else colour,
                    capsize=2,
                )
        axis.set(title=name(attribution), xlabel="ROAR score", yticks=range(len(networks)), yticklabels=labels)
        axis.tick_params(axis="y", labelcolor=INK)
        axis.xaxis.set_major_locator(MaxNLocator(5))
    axes[0][0].invert_yaxis()
    described = "ROAR scores of plain (filled circles) and blurred (open diamonds) rankings."
    return svg(drawing, identifier, described + " All values are in the table of scores.")
