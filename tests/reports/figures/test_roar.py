"""Figures of Section 3.2."""

import pytest

from reports.figures.roar import gains


@pytest.mark.parametrize("count", [1, 2, 13])
def test_the_legend_of_gains_stands_below_the_axis_s_label(count):
    rows = [
        {"metric": "roar", "attribution": f"a{i}", "family": family, "group": "cross_entropy", "network": family}
        | {"eps": 1.0, "method": "adversarial", "gain": 0.1, "gain_low": 0.0, "gain_high": 0.2}
        for i in range(count)
        for family in ("l2", "linf")
    ]
    drawing = gains(rows, "roar", "x").drawing
    drawing.draw_without_rendering()
    (axis,), (legend,) = drawing.axes, drawing.legends
    assert legend.get_window_extent().y1 <= axis.xaxis.label.get_window_extent().y0
