"""The README's figure: what the paper drew, and what came out here."""

from experiments.paper import SCORE_RANGES
from reports.figures.drawing import INK, Panel, panel, panel_axes
from reports.figures.roar import draw_score_series
from reports.figures.styles import attribution_style, name


def beside_the_paper(scores: list[dict], correlations: list[dict], identifier: str) -> Panel:
    """ROAR scores against attack strength as on the page of Section 3.2, with the paper's, from end to end."""
    points = [row for row in scores if row["network"] and not row["blur"] and row["metric"] == "roar"]
    drawing, axis = panel_axes(width=7, height=4.8)
    for (_, attribution), ends in SCORE_RANGES.items():
        style = attribution_style(attribution)
        label = f"the paper's, {name(attribution)}\nread off its figure"
        axis.plot((0, 1), ends, color=INK, linewidth=3, alpha=0.35, linestyle=style.line, label=label)
    draw_score_series(axis, points, correlations, "cross_entropy", "roar", "strength")
    axis.set(title="ROAR score on CIFAR-10 (ours: a re-encoded subset)", xlabel="training strength (over the largest)")
    return panel(drawing, identifier, "ROAR score against training strength, beside the paper's.")
