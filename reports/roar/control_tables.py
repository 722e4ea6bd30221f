"""Tables of controls beside the scores of Section 3.2."""

from collections.abc import Callable

import numpy as np

from experiments.scores.arms import BASELINE, Arm
from reports import formats
from reports.evidence.claim import Estimate
from reports.evidence.published import SCORES
from reports.evidence.statistics import estimate as estimated
from reports.evidence.statistics import share
from reports.evidence.study import Network
from reports.roar import controls
from reports.roar.analysis import Scores
from reports.roar.controls import Filled
from reports.roar.tables import ATTRIBUTION, METRIC, Gained, Scored, two_digits
from reports.styles import name
from reports.tables import Column, Table, estimate, network_columns, number, table, words


def _change(key: str, heading: str, value: Callable[[Gained], Estimate], digits: int = 4) -> Column:
    return estimate(key, heading, value, digits, formats.signed)


def blur_table(scores: Scores) -> Table:
    """How much of the gain blurs of the standard network's scores give, and what is left beyond them."""

    def gain(row: Gained) -> np.ndarray:
        return scores.gain(row.network, row.attribution, "roar")

    def blurs(row: Gained) -> list[np.ndarray]:
        return controls.blur_gains(scores, row.attribution)

    def largest(row: Gained) -> np.ndarray:
        return max(blurs(row), key=lambda values: values.mean())

    def roughness(network: Network, row: Gained) -> float:
        return float(scores.of_maps(Arm(network, row.attribution), "roughness").mean())

    def gained(key: str, heading: str, value: Callable[[Gained], Estimate]) -> Column:
        return _change(key, heading, value, 3)

    about = [Gained(network, attribution, "roar") for network, attribution in controls.blurred(scores)]
    several = not about or len(controls.blurs(scores, about[0].attribution)) > 1
    which = ("largest gain from blur", "any blur") if several else ("gain from blur", "that blur")
    columns = [
        *network_columns(lambda row: row.network),
        ATTRIBUTION,
        gained("gain", "Plain against plain", lambda row: estimated(gain(row))),
        gained("gain_from_blur", f"Standard network's {which[0]}", lambda row: estimated(largest(row))),
        gained("beyond_blur", f"Beyond {which[1]}", lambda row: controls.beyond_largest(gain(row), *blurs(row))),
        gained(
            "equal_roughness",
            "At equal roughness",
            lambda row: controls.at_equal_roughness(scores, row.network, row.attribution),
        ),
        gained(
            "both_blurred",
            "Blurred against blurred",
            lambda row: estimated(controls.both_blurred(scores, row.network, row.attribution)),
        ),
        number("roughness_standard", "Roughness, standard", lambda row: roughness(scores.standard, row), two_digits),
        number("roughness_robust", "Roughness, robust", lambda row: roughness(row.network, row), two_digits),
    ]
    caption = "Gains in ROAR score over the standard network, and what is left of them beyond blur"
    return table("controls", caption, columns, about)


def mask_table(scores: Scores) -> Table:
    """Changes of both scores beside the change of accuracy on masks alone, and what that would predict."""

    def gain(row: Gained) -> np.ndarray:
        return scores.gain(row.network, row.attribution, row.metric)

    def masks(row: Gained) -> np.ndarray:
        return controls.mask_gain(scores, row.network, row.attribution)

    def predicted(row: Gained) -> np.ndarray:
        return controls.predicted(scores, row.network, row.attribution, row.metric)

    def rises(row: Gained) -> bool:
        return controls.rises(row.metric, row.network, row.attribution)

    def accuracy(key: str, heading: str, arm: Callable[[Gained], Arm]) -> Column:
        """At the first percentage."""

        def found(row: Gained) -> Estimate:
            return share(scores.correct(arm(row), "mask")[:, :, 0].mean(axis=1))

        return estimate(key, heading, found, 1, factor=100)

    columns = [
        *network_columns(lambda row: row.network),
        METRIC,
        ATTRIBUTION,
        _change("gain", "Change of the score", lambda row: estimated(gain(row))),
        _change("gain_of_masks", "Change of masks alone", lambda row: estimated(masks(row))),
        _change("predicted", "Change that masks predict, at most", lambda row: estimated(predicted(row))),
        words("claimed", "Claimed", rises, lambda rising: "a rise" if rising else "a fall"),
        _change("beyond_masks", "Beyond that, as claimed", lambda row: controls.beyond_masks(scores, *row)),
        number("percent", "% masked", lambda row: scores.percents[0], formats.listing),
        accuracy("standard_masks", "Right on standard's masks", lambda row: Arm(scores.standard, row.attribution)),
        accuracy("robust_masks", "On the strongest's", lambda row: Arm(row.network, row.attribution)),
        accuracy("random_masks", "On random masks", lambda row: BASELINE),
    ]
    about = [
        Gained(network, attribution, metric)
        for metric in SCORES
        if metric in scores.metrics
        for network, attribution in controls.masked(scores)
    ]
    caption = "Changes of score through the strongest training, beside those of networks that see masks alone"
    return table("masks", caption, columns, about)


def fill_table(scores: Scores) -> Table:
    """Scores and changes with another fill beside those with the mean colour."""
    gained = set(controls.filled_gains(scores))

    def mean_fill(row: Filled) -> Estimate:
        return estimated(scores.retrained(Arm(row.network, row.attribution), row.metric))

    def mean_gain(row: Filled) -> Estimate | None:
        return estimated(scores.gain(row.network, row.attribution, row.metric)) if row in gained else None

    def gain(row: Filled) -> Estimate | None:
        return estimated(controls.filled_gain(scores, row)) if row in gained else None

    columns = [
        *network_columns(lambda row: row.network),
        METRIC,
        ATTRIBUTION,
        words("fill", "Removed pixels", lambda row: row.fill, name),
        estimate("score", "With this fill", lambda row: estimated(scores.retrained(row.arm, row.metric)), 4),
        estimate("score_mean", "With the mean colour", mean_fill, 4),
        estimate("gain", "Gain, this fill", gain, 4, formats.signed),
        estimate("gain_mean", "Gain, mean colour", mean_gain, 4, formats.signed),
    ]
    caption = "Scores with another fill of removed pixels beside those with the training images' mean colour"
    return table("fills", caption, columns, controls.filled(scores))


def null_table(scores: Scores) -> Table:
    """Scores of rankings by other random pixels: what chance gives."""
    columns = [
        words("arm", "Ranking", lambda row: row.arm.ranking, name),
        METRIC,
        estimate("score", "Score", lambda row: estimated(scores.retrained(*row)), 4, formats.signed),
    ]
    about = [Scored(arm, metric) for arm in controls.random_arms(scores) for metric in SCORES]
    return table("null", "Scores of rankings by other random pixels: what chance gives", columns, about)
