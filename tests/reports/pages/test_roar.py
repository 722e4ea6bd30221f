"""What the page of Section 3.2 says of networks and figures."""

from reports.pages.common import looks
from reports.pages.roar import _smoother


def test_smoothness_is_counted_not_claimed():
    rows = [{"roughness_robust": robust, "roughness_standard": 0.5} for robust in (0.4, 0.5, 0.6)]
    assert _smoother(rows) == 1
    assert _smoother([]) == 0


def test_looks_are_those_of_the_figures():
    assert looks(["gradient", "gradient_x_input"]) == (
        "solid and filled: Gradient; dashed and open: Gradient\N{MULTIPLICATION SIGN}Input"
    )
    assert looks(["mine:top_rows"]).endswith(": top_rows")
