"""The figures of Section 2.1, one panel each."""

from reports import formats
from reports.figures.drawing import BASELINE, INK, MUTED, Panel, draw_estimate, panel, panel_axes, tip
from reports.figures.styles import family_colour, name, network_name

CLEAN = "clean test images"
LINES = ("-", "--", "-.", ":")


def density(rows: list[dict], attack_loss: str, family: str, group: str, axis_name: str, identifier: str) -> Panel:
    """Clean images, the standard network, and each strength of one family and panel.

    Args:
        rows: of the table of densities.
        attack_loss: which attack is shown.
        family, group: of the networks shown.
        axis_name: "rescaled", the paper's axis, or "distance", in pixels' units.
        identifier: unique in the page.
    """
    rows = [row for row in rows if row["axis"] == axis_name]
    drawing, axis = panel_axes()
    _draw(axis, [row for row in rows if row["network"] == CLEAN], MUTED, "test data")
    standard = [row for row in rows if row["network"] == "standard" and row["attack_loss"] == attack_loss]
    _draw(axis, standard, INK, "standard")
    trained = [r for r in rows if (r["family"], r["group"], r["attack_loss"]) == (family, group, attack_loss)]
    for line, row in zip(LINES, sorted(trained, key=lambda row: row["eps"] or 0), strict=False):
        _draw(
            axis,
            [row],
            family_colour(family),
            f"eps {_strength(row)}" if row["method"] == "adversarial" else row["network"],
            line,
        )
    label = "distance, rescaled by the test data's" if axis_name == "rescaled" else "l\N{SUBSCRIPT TWO} distance"
    # The height of a density says nothing by itself; one limit for all panels makes them comparable.
    highest = max(max(row["density"]) for row in rows)
    axis.set(
        title=f"{name(family)}, trained on {name(group)}",
        yticks=[],
        ylim=(0, 1.05 * highest),
        xlabel=label,
    )
    axis.legend()
    described = f"Densities of the distance to the manifold under {name(attack_loss)} attacks, {name(family)} training."
    return panel(drawing, identifier, described + " Means, intervals and modes are in the table of distances.")


def _strength(row: dict) -> str:
    return "" if row["eps"] is None else f"{row['eps']:g}"


def _draw(axis, rows: list[dict], colour: str, label: str, line: str = "-") -> None:
    for row in rows:
        axis.plot(row["place"], row["density"], color=colour, label=label, linestyle=line, linewidth=1.6)
        if label == "test data":
            axis.fill_between(row["place"], row["density"], color=BASELINE, alpha=0.15, linewidth=0)


def mean_distances(rows: list[dict], attack_loss: str, identifier: str) -> Panel:
    """Mean distance of every network with its interval, beside noise of the same size."""
    drawing, axis = panel_axes(height=3.8)
    known = [row for row in rows if row["attack_loss"] == attack_loss and row["distance"] is not None]
    for position, row in enumerate(known):
        point = draw_estimate(axis, position, row, "distance", "o", color=family_colour(row["family"]))
        shown = formats.interval(row["distance_low"], row["distance_high"], 2)
        tip(point, f"{network_name(row)}: {formats.number(row['distance'], 2)} ({shown})")
    noise = [row["noise_distance"] for row in known]
    axis.plot(range(len(known)), noise, "_", color=BASELINE, markersize=14, label="noise of the same size")
    clean = next(row["distance"] for row in rows if row["network"] == CLEAN)
    axis.axhline(clean, color=MUTED, linewidth=1, linestyle="--", label=CLEAN)
    labels = ["standard" if row["family"] is None else f"{name(row['family'])} {_strength(row)}" for row in known]
    axis.set(title=f"{name(attack_loss)} attack", xticks=range(len(known)), ylabel="mean l\N{SUBSCRIPT TWO} distance")
    axis.set_xticklabels(labels, rotation=30, ha="right")
    axis.legend(loc="upper center", bbox_to_anchor=(0.5, -0.25), ncols=2)
    described = f"Mean distance to the manifold per network under {name(attack_loss)} attacks, with 95 % intervals."
    return panel(drawing, identifier, described + " All values are in the table of distances.")
