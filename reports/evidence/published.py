"""What the paper published, copied by hand from its figures and the authors' code.

Source: Kim, Seo, Jeon, arXiv 1903.11626. All of it is about CIFAR-10.
"""

from typing import NamedTuple

ATTRIBUTIONS = ("gradient", "gradient_x_input")
"""What the paper's claims are about, whichever others a study has beside them."""
NORMS = ("l2", "linf")
"""Families of networks that they are about."""
SCORES = ("roar", "kar")
"""By which it judges attributions."""


class Correlation(NamedTuple):
    """A correlation printed in a legend of the figures of Section 3.2 or 3.3."""

    section: str
    metric: str
    loss: str
    norm: str
    attribution: str
    linear: float
    rank: float


CORRELATIONS = (
    Correlation("3.2", "roar", "cross_entropy", "l2", "gradient_x_input", 0.9488, 0.9455),
    Correlation("3.2", "roar", "cross_entropy", "linf", "gradient_x_input", 0.9505, 0.9351),
    Correlation("3.2", "roar", "cross_entropy", "l2", "gradient", 0.9457, 0.9727),
    Correlation("3.2", "roar", "cross_entropy", "linf", "gradient", 0.9114, 0.8857),
    Correlation("3.2", "roar", "cw", "l2", "gradient_x_input", 0.9503, 0.9571),
    Correlation("3.2", "roar", "cw", "linf", "gradient_x_input", 0.9744, 0.9870),
    Correlation("3.2", "roar", "cw", "l2", "gradient", 0.9600, 0.9883),
    Correlation("3.2", "roar", "cw", "linf", "gradient", 0.9603, 0.9857),
    Correlation("3.2", "kar", "cross_entropy", "l2", "gradient_x_input", 0.6284, 0.6260),
    Correlation("3.2", "kar", "cross_entropy", "linf", "gradient_x_input", 0.8911, 0.8766),
    Correlation("3.2", "kar", "cross_entropy", "l2", "gradient", -0.5294, -0.4623),
    Correlation("3.2", "kar", "cross_entropy", "linf", "gradient", 0.5578, 0.5779),
    Correlation("3.2", "kar", "cw", "l2", "gradient_x_input", 0.5316, 0.5597),
    Correlation("3.2", "kar", "cw", "linf", "gradient_x_input", 0.6957, 0.6701),
    Correlation("3.2", "kar", "cw", "l2", "gradient", -0.7680, -0.7844),
    Correlation("3.2", "kar", "cw", "linf", "gradient", 0.2541, 0.2909),
    Correlation("3.3", "roar", "cross_entropy", "l2", "gradient_x_input", -0.9765, -0.9584),
    Correlation("3.3", "roar", "cross_entropy", "linf", "gradient_x_input", -0.9597, -0.9377),
    Correlation("3.3", "roar", "cross_entropy", "l2", "gradient", -0.9699, -0.9701),
    Correlation("3.3", "roar", "cross_entropy", "linf", "gradient", -0.9352, -0.9091),
    Correlation("3.3", "roar", "cw", "l2", "gradient_x_input", -0.9636, -0.9273),
    Correlation("3.3", "roar", "cw", "linf", "gradient_x_input", -0.9585, -0.9701),
    Correlation("3.3", "roar", "cw", "l2", "gradient", -0.9686, -0.9597),
    Correlation("3.3", "roar", "cw", "linf", "gradient", -0.9402, -0.9740),
    Correlation("3.3", "kar", "cross_entropy", "l2", "gradient_x_input", -0.6505, -0.5623),
    Correlation("3.3", "kar", "cross_entropy", "linf", "gradient_x_input", -0.8261, -0.8169),
    Correlation("3.3", "kar", "cross_entropy", "l2", "gradient", 0.4931, 0.4805),
    Correlation("3.3", "kar", "cross_entropy", "linf", "gradient", -0.5062, -0.5156),
    Correlation("3.3", "kar", "cw", "l2", "gradient_x_input", -0.5565, -0.5922),
    Correlation("3.3", "kar", "cw", "linf", "gradient_x_input", -0.6547, -0.6494),
    Correlation("3.3", "kar", "cw", "l2", "gradient", 0.7215, 0.7390),
    Correlation("3.3", "kar", "cw", "linf", "gradient", -0.1934, -0.2494),
)


def published_correlation(section: str, metric: str, loss: str, norm: str, attribution: str) -> Correlation | None:
    """The printed correlation for one panel and colour, None where the paper has none."""
    wanted = (section, metric, loss, norm, attribution)
    matches = [c for c in CORRELATIONS if (c.section, c.metric, c.loss, c.norm, c.attribution) == wanted]
    return matches[0] if matches else None


# Read off the figures of Section 3.2, to about 0.002: (standard network, strongest attack).
SCORE_RANGES = {
    ("roar", "gradient"): (0.019, 0.066),
    ("roar", "gradient_x_input"): (0.037, 0.074),
}
# In KAR the figures show linf training with Gradient*Input as a rise.
KAR_GRADIENT_X_INPUT_LINF = (0.008, 0.018)

# Section 2.1: modes of the densities in the l2 cross-entropy panels, read off to about 0.02 (CIFAR-10
# to about 0.002), on an axis on which the test data's distances span 0 to 1. Keys: eps in [-1, 1].
MANIFOLD_MODES = {
    "mnist": {"test": 0.31, "standard": 0.63, 1.0: 0.60, 2.0: 0.50, 4.0: 0.42},
    "fashion_mnist": {"test": 0.20, "standard": 0.62, 1.0: 0.60, 2.0: 0.53, 4.0: 0.43},
    "cifar10": {"test": 0.070, "standard": 0.115, 0.1: 0.112, 0.4: 0.105, 1.6: 0.094},
}
