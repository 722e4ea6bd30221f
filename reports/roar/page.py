"""What the page of Section 3.2 shows, prepared for its template."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, partial
from typing import Any, NamedTuple

import numpy as np

from experiments.scores.arms import Arm
from measures.occlusion import fill_pixels, removed_pixels
from reports.common import drawn_attributions, identifier, looks, of_attributions, parameters_of, prefix_of
from reports.drawing import Panel
from reports.evidence.published import SCORES
from reports.evidence.study import Network
from reports.formats import number
from reports.gallery import Gallery, as_fit, drawn_how, maps_of, photo, sample_titles
from reports.roar import controls, figures
from reports.roar.analysis import OCCLUSIONS, Scores
from reports.roar.answer import answer
from reports.section import Judged
from reports.sentences import counted, joined
from reports.shown import shown_networks, strongest_networks
from reports.styles import name, network_name

HEADINGS = {
    "claims": "What is claimed, and what was measured",
    "strength": "Score against attack strength",
    "gains": "Does adversarial training help every attribution?",
    "parts": "What a score is made of",
    "masks": "Do the shapes of masks explain it?",
    "curves": "Accuracy of the retrained networks",
    "measures": "Other measures",
    "controls": "Does smoothness alone explain it?",
    "pictures": "What the attributions look like",
    "tables": "Tables",
}
KEY_PANEL = ("strength", 0)
NEEDS: dict[str, Callable[[Mapping[str, Any]], object]] = {
    "parts": lambda study: study["tables"]["parts"].rows,
    "masks": lambda study: study["tables"]["masks"].rows or study["tables"]["fills"].rows,
    "measures": lambda study: study["figures"]["measures"],
    "pictures": lambda study: study["samples"],
}
"""What a heading stands above, where it may not be there: then there is no heading."""

FEWEST_ARMS = 4
"""Of which a rank correlation is told."""


class Ranked(NamedTuple):
    """The ranks (samples, H, W) of the sample images' pixels by an attribution of a network."""

    network: Network
    attribution: str
    ranks: np.ndarray

    @property
    def title(self) -> str:
        return f"{network_name(self.network)}: {name(self.attribution)}"


def panels(judged: Judged) -> dict[str, Callable[[], list[Panel]]]:
    """What draws the figures' panels, by figure."""
    return {
        "strength": partial(_strength, judged, of_the_paper=True),
        "gains": partial(_gains, judged),
        "measures": partial(_strength, judged, of_the_paper=False),
        "parts": partial(_parts, judged),
        "blur": partial(_blur, judged),
        **{_curves_of(network): partial(_curves, judged, network) for network in shown_networks(judged.found.networks)},
    }


def shows(judged: Judged, characters: int) -> dict[str, Callable[[], object]]:
    """What gives what the template shows beside claims, tables and figures. characters: room for pictures."""
    scores: Scores = judged.found
    settings, attributions = scores.settings, drawn_attributions(scores.attributions)
    ranked = cache(partial(_ranked, scores))
    samples = cache(partial(_samples, scores, ranked, characters))
    networks = shown_networks(scores.networks)
    return {
        "answer": partial(answer, judged),
        "beside_the_paper": lambda: scores.beside_the_paper,
        "masks_follow": partial(masks_follow, scores),
        "chance": lambda: scores.chance,
        "blurs": lambda: sorted({arm.blur for arm in scores.arms if arm.blur and arm.network == scores.standard}),
        "smoother": lambda: _smoother(judged.tables["controls"].rows),
        "looks": partial(looks, attributions),
        "drawn": lambda: [name(attribution) for attribution in attributions],
        "parameters": partial(parameters_of, settings),
        "curve_figures": lambda: {network_name(network): _curves_of(network) for network in networks},
        "samples": samples,
        "stored_samples": lambda: len(scores.labels("sample_index")) if samples() else 0,
        "drawn_how": partial(drawn_how, scores),
        "occluded_by": lambda: list(dict.fromkeys(network_name(by.network) for by in ranked())),
        "rankings": lambda: len(ranked()),
    }


def masks_follow(scores: Scores) -> str:
    """How closely the change of each score follows that of accuracy on masks alone; "" for fewer than four arms."""
    arms = len(controls.masked(scores))
    if arms < FEWEST_ARMS:
        return ""
    told = [
        f"{number(controls.follows_masks(scores, metric), 2)} for {name(metric)}"
        for metric in SCORES
        if metric in scores.metrics
    ]
    return (
        f"Over {arms} arms and {counted(len(scores.runs), 'training')}, the rank correlation of the change on masks "
        f"alone with the change of the score is {joined(told)}; it would be \N{MINUS SIGN}1 for ROAR and 1 for KAR if "
        "masks alone made the scores."
    )


def _gains(judged: Judged) -> list[Panel]:
    gains, prefix = judged.tables["gains"].rows, prefix_of(judged)
    return [figures.gains(gains, metric, identifier(prefix, "gains", metric)) for metric in _metrics(gains)]


def _metrics(rows: Iterable[dict]) -> list[str]:
    """The scores that rows are of."""
    return list(dict.fromkeys(row["metric"] for row in rows))


def _strength(judged: Judged, of_the_paper: bool) -> list[Panel]:
    """A panel for every group of networks and score, either of the paper's scores or of the others."""
    drawn, prefix = drawn_attributions(judged.found.attributions), prefix_of(judged)
    scores, correlations = (of_attributions(judged.tables[kind].rows, drawn) for kind in ("scores", "correlations"))
    return [
        figures.score_against_strength(
            scores, correlations, group, metric, identifier(prefix, "strength", group, metric)
        )
        for group in dict.fromkeys(row["group"] for row in correlations)
        for metric in _metrics(correlations)
        if (metric in SCORES) == of_the_paper
    ]


def _curves_of(network: Network) -> str:
    """The name of the figure of a network's curves."""
    return f"curves {network.name}"


def _curves(judged: Judged, network: Network) -> list[Panel]:
    scores: Scores = judged.found
    ends = float(scores.accuracy(scores.standard).mean()), scores.chance
    curves = of_attributions(judged.tables["curves"].rows, drawn_attributions(scores.attributions))
    where = (prefix_of(judged), "curves", network.name)
    return [
        figures.accuracy_curve(curves, network.name, metric, ends, identifier(*where, metric)) for metric in OCCLUSIONS
    ]


def _parts(judged: Judged) -> list[Panel]:
    """ROAR and KAR side by side, an attribution a row."""
    rows = judged.tables["parts"].rows
    return [
        figures.parts(rows, attribution, metric, identifier(prefix_of(judged), "parts", attribution, metric))
        for attribution, metric in dict.fromkeys((row["attribution"], row["metric"]) for row in rows)
    ]


def _blur(judged: Judged) -> list[Panel]:
    blurred = {row["attribution"] for row in judged.tables["controls"].rows}
    return [
        figures.plain_and_blurred(judged.tables["scores"].rows, attribution, f"{prefix_of(judged)}-blur-{place}")
        for place, attribution in enumerate(drawn_attributions(judged.found.attributions))
        if attribution in blurred
    ]


def _smoother(controls: Sequence[dict]) -> int:
    """In how many comparisons the robust network's maps are smoother than the standard network's."""
    return sum(row["roughness_robust"] < row["roughness_standard"] for row in controls)


def _samples(scores: Scores, ranked: Callable[[], Sequence[Ranked]], characters: int) -> list[dict[str, Any]]:
    """Per sample image what it is, every network's maps of it, and what ROAR and KAR make of it; as many as fit."""
    networks, titles = shown_networks(scores.networks), sample_titles(scores)

    def map_of(network: Network, attribution: str) -> np.ndarray | None:
        return scores.shown("map", Arm(network, attribution))

    maps = as_fit((maps_of(scores, networks, map_of, i) for i in range(len(titles))), characters // 2)
    left = characters - sum(gallery.characters for gallery in maps)
    strips = as_fit((_strips(scores, ranked(), i) for i in range(len(maps))), left) if ranked() else []
    return [
        {"title": titles[i], "maps": maps[i], "strips": strips[i] if i < len(strips) else None}
        for i in range(len(maps))
    ]


def _ranked(scores: Scores) -> list[Ranked]:
    """Of each family's strongest network, by each attribution, the ranks of the sample images where there are some."""
    return [
        Ranked(network, attribution, ranks)
        for network in strongest_networks(shown_networks(scores.networks))
        for attribution in scores.attributions
        if (ranks := scores.shown("rank", Arm(network, attribution))) is not None
    ]


def _strips(scores: Scores, ranked: Sequence[Ranked], i: int) -> Gallery:
    """A sample image without, and with nothing but, what every ranking has highest."""
    image, fill, title = scores.array("sample_image")[i], scores.fill, sample_titles(scores)[i]

    def row(by: str, ranks: np.ndarray):
        return by, [
            photo(
                _occluded(image, ranks, percent, occlusion == "keep", fill),
                f"{title}: {percent} % {name(occlusion)}, ranked by {by}",
            )
            for occlusion in OCCLUSIONS.values()
            for percent in scores.percents
        ]

    rows = [row(by.title, by.ranks[i]) for by in ranked]
    groups = [(f"{name(occlusion)} ({name(of)})", len(scores.percents)) for of, occlusion in OCCLUSIONS.items()]
    columns = [f"{percent} %" for _ in OCCLUSIONS for percent in scores.percents]
    return Gallery(f"{title}: what ROAR and KAR leave", columns, rows, image.shape[1], groups)


def _occluded(image: np.ndarray, ranks: np.ndarray, percent: int, keep: bool, fill: np.ndarray) -> np.ndarray:
    return fill_pixels(image[None], removed_pixels(ranks[None], percent, keep), fill)[0]
