"""What the paper published, copied by hand from its figures and the authors' code.

Source: Kim, Seo, Jeon, arXiv 1903.11626. All of it is about CIFAR-10.
"""

from collections.abc import Sequence
from typing import NamedTuple

from experiments.claim import NOT_TESTED, Claim, Estimate, judged

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


class Registered(NamedTuple):
    """A claim of the paper's as this project tests it: one effect each, written down before it was measured.

    Attributes:
        section: of the paper.
        statement: what the paper claims.
        effect: what is measured, and in which unit.
        published: what the paper has of the same effect.
        positive: whether the effect is claimed to lie above zero.
        premise: without which the claim says nothing.
    """

    section: str
    statement: str
    effect: str
    published: str
    positive: bool = True
    premise: str = ""


def _rise(standard: float, strongest: float) -> str:
    return f"{strongest - standard:+.3f}"


_NOISE = "distance grows with noise on clean images, from the smallest size on"
_COST = "adversarial training costs test accuracy, beyond the interval of the cost"

_GLOBAL = {
    "integrated_gradients": "Integrated Gradients",
    "deeplift": "DeepLIFT",
    "lrp_epsilon": "LRP-\N{GREEK SMALL LETTER EPSILON}",
    "lrp_alpha_beta": "LRP-\N{GREEK SMALL LETTER ALPHA}\N{GREEK SMALL LETTER BETA}",
}
"""Attributions that the paper proposes to combine with adversarial training, and has not measured."""

_ALONE = {
    "gradient_penalty": "A regulariser alone, a penalty on the input gradient, raises the ROAR score",
    "interpretability_regulariser": "A regulariser alone, one for interpretable gradients, raises the ROAR score",
    "gaussian_noise": "Noise alone raises the ROAR score, so that robustness is not what it takes",
}
_ONE_STEP = {"fast": "fast training", "elastic": "elastic training"}
_PGD = "PGD training raises the ROAR score itself, beyond the interval of the gain"

OF_THE_PAPER = {
    "closer": Registered(
        "2.1",
        "Adversarial examples of adversarially trained networks lie closer to the image manifold",
        "mean distance on the axis that clean test images span from 0 to 1: standard network minus the one of the "
        "strongest l2 training on cross-entropy, under cross-entropy attacks",
        "{closer}",
        premise=_NOISE,
    ),
    "closer-with-strength": Registered(
        "2.1",
        "Stronger training brings them closer still",
        "the same, weakest minus strongest training",
        "{stronger}",
        premise=_NOISE,
    ),
    "gradients": Registered(
        "2.1",
        "Gradients of adversarially trained networks look like the object: more of them lies along the manifold",
        "alignment with the manifold's tangent space: strongest l2 training minus standard",
        "judged by eye",
    ),
    "tilt": Registered(
        "2.2",
        "The standard network's boundary is tilted along the direction in which the data vary least",
        "tilt in degrees, above 0 towards that direction",
        "yes, by eye",
    ),
    "tilt-removed": Registered(
        "2.2",
        "Weak adversarial training removes part of the tilt",
        "tilt without its sign, in degrees: standard minus weak training",
        "yes, by eye",
    ),
    "tilt-further-removed": Registered(
        "2.2",
        "Strong adversarial training removes more of it",
        "tilt without its sign, in degrees: weak minus strong training",
        "yes, by eye",
    ),
    "lands": Registered(
        "2.2",
        "With strong training attacked points land on the other class",
        "share of trainings whose attacked points end, on average, within 3 standard deviations of that class, minus "
        "one half",
        "yes, by eye",
    ),
    "roar-l2-gradient": Registered(
        "3.2",
        "l2 adversarial training raises the ROAR score of Gradient",
        "score, strongest training minus standard",
        _rise(*SCORE_RANGES["roar", "gradient"]),
    ),
    "roar-l2-gradient_x_input": Registered(
        "3.2",
        "l2 adversarial training raises the ROAR score of Gradient\N{MULTIPLICATION SIGN}Input",
        "score, strongest training minus standard",
        _rise(*SCORE_RANGES["roar", "gradient_x_input"]),
    ),
    "roar-linf-gradient": Registered(
        "3.2",
        "linf adversarial training raises the ROAR score of Gradient",
        "score, strongest training minus standard",
        _rise(*SCORE_RANGES["roar", "gradient"]),
    ),
    "roar-linf-gradient_x_input": Registered(
        "3.2",
        "linf adversarial training raises the ROAR score of Gradient\N{MULTIPLICATION SIGN}Input",
        "score, strongest training minus standard",
        _rise(*SCORE_RANGES["roar", "gradient_x_input"]),
    ),
    "roar-gradient_x_input-above-gradient": Registered(
        "3.2",
        "Gradient\N{MULTIPLICATION SIGN}Input scores above Gradient in ROAR",
        "difference of scores, mean over all networks",
        "+0.018 (standard) to +0.008 (strongest)",
    ),
    "kar-l2-gradient": Registered(
        "3.2",
        "l2 adversarial training lowers the KAR score of Gradient",
        "score, strongest training minus standard",
        "negative (correlation with strength \N{MINUS SIGN}0.53; not read off)",
        positive=False,
    ),
    "kar-l2-gradient_x_input": Registered(
        "3.2",
        "l2 adversarial training raises the KAR score of Gradient\N{MULTIPLICATION SIGN}Input",
        "score, strongest training minus standard",
        "positive (correlation with strength 0.63; not read off)",
    ),
    "kar-linf-gradient": Registered(
        "3.2",
        "linf adversarial training raises the KAR score of Gradient",
        "score, strongest training minus standard",
        "positive (correlation with strength 0.56; not read off)",
    ),
    "kar-linf-gradient_x_input": Registered(
        "3.2",
        "linf adversarial training raises the KAR score of Gradient\N{MULTIPLICATION SIGN}Input",
        "score, strongest training minus standard",
        _rise(*KAR_GRADIENT_X_INPUT_LINF),
    ),
    "trade-off": Registered(
        "3.3",
        "ROAR score and test accuracy trade off: the score falls where accuracy rises",
        "correlation of score with test accuracy over the networks, mean over both norms and attributions",
        "\N{MINUS SIGN}0.96",
        positive=False,
        premise=_COST,
    ),
    "way-out-attribution": Registered(
        "3.3",
        "A way out, attributions that weigh the input: at equal test accuracy Gradient\N{MULTIPLICATION SIGN}Input has "
        "the higher KAR score",
        "Gradient\N{MULTIPLICATION SIGN}Input minus Gradient, mean over the same networks",
        "proposed",
    ),
    "way-out-linf": Registered(
        "3.3",
        "A way out, linf training: at equal test accuracy it gives a higher KAR score than l2 training",
        "linf minus l2, mean over the accuracies that both reach by interpolation, and over both attributions",
        "proposed",
        premise=_COST,
    ),
}
"""The paper's claims, by id."""

PROPOSED = {
    **{
        f"way-out-{name}": Registered(
            "3.3",
            f"A way out, global attributions: at equal test accuracy {title} has a higher KAR score than Gradient",
            f"{title} minus Gradient, mean over the same networks",
            "proposed",
        )
        for name, title in _GLOBAL.items()
    },
    **{
        f"alone-{method}": Registered(
            "3.3",
            statement,
            "score, mean over Gradient and Gradient\N{MULTIPLICATION SIGN}Input: strongest training minus standard",
            "proposed, not tried",
        )
        for method, statement in _ALONE.items()
    },
    **{
        f"one-step-{method}": Registered(
            "3.3",
            f"One step is enough: {title} reaches PGD training's ROAR score at a fraction of its cost",
            "gain in score through the strongest training, mean over Gradient and "
            "Gradient\N{MULTIPLICATION SIGN}Input: one-step minus four fifths of the strongest linf PGD training's",
            "proposed, not tried",
            premise=_PGD,
        )
        for method, title in _ONE_STEP.items()
    },
    "trades": Registered(
        "3.3",
        "At equal robust accuracy TRADES scores higher in ROAR than PGD training",
        "TRADES minus linf PGD training, mean over the robust accuracies that both reach by interpolation, and over "
        "Gradient and Gradient\N{MULTIPLICATION SIGN}Input",
        "not examined",
    ),
    "robustness-or-smoothness": Registered(
        "3.3",
        "The ROAR score follows robust accuracy more closely than it follows smoothness",
        "size of the partial rank correlation over all networks with robust accuracy, given roughness, minus that with "
        "roughness, given robust accuracy; p by exchanging the two",
        "not examined",
    ),
}
"""What the paper proposes and did not try, or did not look at: registered where a study has what it takes."""

PRIMARY = OF_THE_PAPER | PROPOSED
"""The registered list: the claims that are counted, by id."""


def section_title(section: str) -> str:
    """ "3.2" -> "Section 3.2"; what is no section of the paper is named as it is."""
    return f"Section {section}" if section[:1].isdigit() else section


def family(claims: Sequence[Claim]) -> int:
    """Over how many hypotheses a run's registered claims are corrected.

    All of the paper's, whichever sections were run, on each data set that is there; and what was tested of the others.
    """
    tested = [claim for claim in claims if claim.primary and claim.verdict != NOT_TESTED]
    datasets = {claim.id.partition("/")[0] for claim in claims}
    return len(datasets) * len(OF_THE_PAPER) + sum(claim.id.partition("/")[2] in PROPOSED for claim in tested)


def primary(name: str, dataset: str, estimate: Estimate, *, reason: str = "", rows: str = "", **numbers: str) -> Claim:
    """A registered claim, judged but for Holm's correction.

    Args:
        name: in `PRIMARY`.
        dataset: on which it was measured.
        estimate: of its effect.
        reason: why it is not tested, such as a premise that fails.
        rows: what was resampled, in words.
        **numbers: fill the places in what was published.
    """
    known = PRIMARY[name]
    return judged(
        estimate,
        id=f"{dataset}/{name}",
        statement=known.statement,
        section=known.section,
        unit=f"{known.effect}; {rows}",
        paper=known.published.format(**numbers),
        primary=True,
        positive=known.positive,
        premise=known.premise,
        reason=reason,
    )
