"""The registered claims: the paper's, and what it proposes, as this project tests them, with one effect each."""

from collections.abc import Sequence
from typing import NamedTuple

from reports.evidence.claim import Claim, Estimate, judged
from reports.evidence.published import ATTRIBUTIONS, KAR_GRADIENT_X_INPUT_LINF, NORMS, SCORE_RANGES


class Registered(NamedTuple):
    """A claim of the paper's as this project tests it, with one effect: prespecified, with dated amendments.

    docs/method.md has the amendments.

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

_PART = {"roar": "matched minus own", "kar": "own minus matched"}
_OF_THIS_IMAGE = {
    f"{metric}-{norm}-{attribution}-this-image": Registered(
        "3.2",
        f"{norm} adversarial training raises the part of {title}'s {metric.upper()} score that belongs to this image",
        f"part this image of the score ({part} accuracy), strongest training minus standard",
        "not examined",
    )
    for metric, part in _PART.items()
    for norm in NORMS
    for attribution, title in zip(ATTRIBUTIONS, ("Gradient", "Gradient\N{MULTIPLICATION SIGN}Input"), strict=True)
}
"""Claimed to rise in all eight, also where the paper has the whole score fall (KAR of Gradient under l2 training):
gradients that are more interpretable rank this image's pixels better, whatever the masks tell besides."""

OF_THE_PAPER = {
    "closer": Registered(
        "2.1",
        "Adversarial examples of adversarially trained networks lie closer to the image manifold",
        "mean l2 distance to the nearest image that the VAE-GAN generates (or the encoder's reconstruction, as "
        "--projection says): standard network minus the one of the strongest l2 training on cross-entropy, under "
        "cross-entropy attacks",
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
    **_OF_THIS_IMAGE,
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
"""The paper's claims, by id; of each about a score of ROAR or KAR a second one, about the part that is the image's."""

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

TOY = "2.2"
"""The section whose data are made up for it; all others are about images."""

PRIMARY = OF_THE_PAPER | PROPOSED
"""The registered list: the claims that are counted, by id."""


def family(claims: Sequence[Claim]) -> int:
    """Over how many hypotheses the registered claims of one data set are corrected.

    All of the paper's that are about data of this kind, whichever sections were run, but for those that the study
    cannot test by its design; and those that the paper proposes, where the study has what they take.
    """
    on_the_toy = any(claim.section == TOY for claim in claims)
    of_the_paper = {name for name, known in OF_THE_PAPER.items() if (known.section == TOY) == on_the_toy}
    untestable = {claim.id for claim in claims if not claim.primary}
    proposed = {claim.id for claim in claims if claim.primary} & PROPOSED.keys()
    return len(of_the_paper - untestable) + len(proposed)


def primary(
    name: str, dataset: str, estimate: Estimate, *, design: str = "", reason: str = "", rows: str = "", **numbers: str
) -> Claim:
    """A registered claim, judged but for Holm's correction.

    Args:
        name: in `PRIMARY`.
        dataset: on which it was measured.
        estimate: of its effect.
        design: why this study cannot test it, whatever its data say: the claim is then not registered for this data
            set, and Holm's correction does not count it.
        reason: why it is not tested, such as a premise that fails in the data: it stays registered and counts.
        rows: what was resampled, in words.
        **numbers: fill the places in what was published.
    """
    known = PRIMARY[name]
    return judged(
        estimate,
        dataset=dataset,
        id=name,
        statement=known.statement,
        section=known.section,
        unit=f"{known.effect}; {rows}",
        paper=known.published.format(**numbers),
        primary=not design,
        positive=known.positive,
        premise=known.premise,
        reason=design or reason,
    )
