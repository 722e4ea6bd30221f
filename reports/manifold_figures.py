"""The figures of Section 2.1."""

from reports.figures import BASELINE, INK, MUTED, NORM_COLOURS, figure, name, svg

CLEAN = "clean test images"
LINES = ("-", "--", "-.", ":")


def densities(rows: list[dict], attack_loss: str, axis_name: str, losses: list[str], identifier: str) -> str:
    """A panel per norm and training loss: clean images, the standard network, and each eps.

    Args:
        rows: of the table of densities.
        attack_loss: which attack is shown.
        axis_name: "rescaled", the paper's axis, or "distance", in pixels' units.
        losses: training losses, one column of panels each per norm.
        identifier: unique in the page.
    """
    panels = [(norm, loss) for norm in ("l2", "linf") for loss in losses]
    columns = min(2, len(panels))
    shape = (-(-len(panels) // columns), columns)
    drawing, axes = figure(*shape, height=3.6 * shape[0], sharex=True, sharey=True)
    for axis, (norm, loss) in zip(axes.flat, panels, strict=True):
        _draw(axis, [row for row in rows if row["network"] == CLEAN], axis_name, MUTED, "test data")
        standard = [row for row in rows if row["network"] == "standard" and row["attack_loss"] == attack_loss]
        _draw(axis, standard, axis_name, INK, "standard")
        trained = [r for r in rows if (r["norm"], r["loss"], r["attack_loss"]) == (norm, loss, attack_loss)]
        for line, row in zip(LINES, sorted(trained, key=lambda row: row["eps"]), strict=False):
            _draw(axis, [row], axis_name, NORM_COLOURS[norm], f"eps {row['eps']:g}", line)
        axis.set(title=f"{name(norm)}, trained on {name(loss)}", yticks=[])
        axis.legend()
    label = "distance, rescaled by the test data's" if axis_name == "rescaled" else "l\N{SUBSCRIPT TWO} distance"
    for axis in axes[-1]:
        axis.set_xlabel(label)
    described = f"Densities of the distance to the manifold under {name(attack_loss)} attacks."
    return svg(drawing, identifier, described + " Means, intervals and modes are in the table of distances.")


def _draw(axis, rows: list[dict], axis_name: str, colour: str, label: str, line: str = "-") -> None:
    for row in rows:
        axis.plot(row[axis_name], row["density"], color=colour, label=label, linestyle=line, linewidth=1.6)
        if label == "test data":
            axis.fill_between(row[axis_name], row["density"], color=BASELINE, alpha=0.15, linewidth=0)


def distance_against_eps(rows: list[dict], identifier: str) -> str:
    """Mean distance with intervals against the training eps, beside noise of the same size."""
    losses = list(dict.fromkeys(row["attack_loss"] for row in rows if row["attack_loss"]))
    drawing, axes = figure(1, len(losses), height=4.0, sharey=True)
    for axis, attack_loss in zip(axes[0], losses, strict=True):
        known = [row for row in rows if row["attack_loss"] == attack_loss and row["distance"] is not None]
        positions = range(len(known))
        for position, row in zip(positions, known, strict=True):
            colour = NORM_COLOURS[row["norm"]]
            errors = [[row["distance"] - row["distance_low"]], [row["distance_high"] - row["distance"]]]
            axis.errorbar(position, row["distance"], yerr=errors, fmt="o", color=colour, capsize=3)
        noise = [row["noise_distance"] for row in known]
        axis.plot(positions, noise, "_", color=BASELINE, markersize=14, label="noise of the same size")
        clean = next(row["distance"] for row in rows if row["network"] == CLEAN)
        axis.axhline(clean, color=MUTED, linewidth=1, linestyle="--", label="clean test images")
        labels = ["standard" if row["norm"] is None else f"{name(row['norm'])} {row['eps']:g}" for row in known]
        axis.set(title=f"{name(attack_loss)} attack", xticks=list(positions))
        axis.set_xticklabels(labels, rotation=30, ha="right")
        axis.legend()
    axes[0][0].set_ylabel("mean l\N{SUBSCRIPT TWO} distance")
    described = "Mean distance to the manifold per network, with 95 % intervals."
    return svg(drawing, identifier, described + " All values are in the table of distances.")
