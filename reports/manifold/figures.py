"""The figures of Section 2.1, one panel each."""

import itertools
from collections.abc import Sequence
from typing import Any

from reports import formats
from reports.drawing import BASELINE, INK, MUTED, Panel, draw_estimate, panel, panel_axes, tip
from reports.styles import family_colour, name

LINES = ("-", "--", "-.", ":")
DISTANCE = "l\N{SUBSCRIPT TWO} distance"
AXES = {"rescaled": "distance (0 and 1: nearest and farthest clean test image)", "distance": DISTANCE}
"""Per axis of densities, the paper's and pixels' units, what stands below it."""


def density(
    rows: Sequence[dict[str, Any]],
    attack_loss: str,
    family: str | None,
    group: str | None,
    axis_name: str,
    identifier: str,
) -> Panel:
    """Clean images, the standard network, and each strength of one family and panel.

    Args:
        rows: of the table of densities.
        attack_loss: which attack is shown.
        family, group: of the networks shown.
        axis_name: in `AXES`.
        identifier: unique in the page.
    """
    rows = [row for row in rows if row["axis"] == axis_name]
    attacked = [row for row in rows if row["attack_loss"] == attack_loss]
    trained = [row for row in attacked if (row["family"], row["group"]) == (family, group)]
    drawing, axis = panel_axes()
    for row in (row for row in rows if row["attack_loss"] is None):
        _draw(axis, row, "test data", MUTED)
        axis.fill_between(row["place"], row["density"], color=BASELINE, alpha=0.15, linewidth=0)
    for row in (row for row in attacked if row["method"] == "standard"):
        _draw(axis, row, "standard", INK)
    in_order = sorted(trained, key=lambda row: row["eps"] or 0)
    for line, row in zip(itertools.cycle(LINES), in_order, strict=False):
        label = f"eps {_strength(row)}" if row["method"] == "adversarial" else row["network_name"]
        _draw(axis, row, label, family_colour(family), line)
    # The height of a density says nothing by itself; one limit for all panels makes them comparable.
    highest = max(max(row["density"]) for row in rows)
    axis.set(
        title=f"{name(family)}, trained on {name(group)}",
        yticks=[],
        ylim=(0, 1.05 * highest),
        xlabel=AXES[axis_name],
    )
    axis.legend()
    described = f"Densities of the distance to the manifold under {name(attack_loss)} attacks, {name(family)} training."
    return panel(drawing, identifier, described + " Means, intervals and modes are in the table of distances.")


def _strength(row: dict[str, Any]) -> str:
    return "" if row["eps"] is None else f"{row['eps']:g}"


def _draw(axis, row: dict[str, Any], label: str, colour: str, line: str = "-") -> None:
    axis.plot(row["place"], row["density"], color=colour, label=label, linestyle=line, linewidth=1.6)


def mean_distances(
    rows: Sequence[dict[str, Any]], noise_rows: Sequence[dict[str, Any]], attack_loss: str, identifier: str
) -> Panel:
    """Mean distance of every network with its interval, beside noise of the same size.

    Args:
        rows: of the table of distances; the last one is about clean test images.
        noise_rows: of the table of noise.
        attack_loss: which attack is shown.
        identifier: unique in the page.
    """
    *attacked, clean = rows
    drawing, axis = panel_axes(height=3.8)
    known = [row for row in attacked if row["attack_loss"] == attack_loss and row["distance"] is not None]
    for position, row in enumerate(known):
        point = draw_estimate(axis, position, row, "distance", "o", color=family_colour(row["family"]))
        shown = formats.interval(row["distance_low"], row["distance_high"], 2)
        tip(point, f"{row['network_name']}: {formats.number(row['distance'], 2)} ({shown})")
    of_noise = {row["network"]: row["noise_distance"] for row in noise_rows if row["attack_loss"] == attack_loss}
    noise = [of_noise[row["network"]] for row in known]
    axis.plot(range(len(known)), noise, "_", color=BASELINE, markersize=14, label="noise of the same size")
    axis.axhline(clean["distance"], color=MUTED, linewidth=1, linestyle="--", label=clean["network_name"])
    labels = ["standard" if row["family"] is None else f"{name(row['family'])} {_strength(row)}" for row in known]
    axis.set(title=f"{name(attack_loss)} attack", xticks=range(len(known)), ylabel=f"mean {DISTANCE}")
    axis.set_xticklabels(labels, rotation=30, ha="right")
    drawing.legend(loc="outside lower center", ncols=2)  # below slanted names, however long they are
    described = f"Mean distance to the manifold per network under {name(attack_loss)} attacks, with 95 % intervals."
    return panel(drawing, identifier, described + " All values are in the table of distances.")
