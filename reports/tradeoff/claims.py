"""The claims of Section 3.3, judged, and what a reader must know before believing them."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from reports.evidence.claim import UNKNOWN, Claim, Estimate, judged
from reports.evidence.published import ATTRIBUTIONS, NORMS, SCORES, published_correlation
from reports.evidence.registered import PRIMARY, primary
from reports.evidence.wording import decimal, with_interval
from reports.roar.alerts import OVERFITTED
from reports.roar.claims import ADVERSARIAL, attribution_title, failed, lost, metric_title, training_title
from reports.roar.controls import blurs
from reports.tradeoff.analysis import TradeOffs

COSTS = {"l2": 12, "linf": 14}
"""Points of test accuracy that the paper's strongest training of each family costs, read off its figures."""
POINTS = 0.1
"""Slopes are given per ten points of accuracy."""


def registered(found: TradeOffs) -> Iterator[Claim]:
    """Those of the registered list, but for those about training methods."""
    dataset, rows = found.dataset, found.rows
    reason = next(filter(None, (not_costly(found, family) for family in NORMS)), "")
    shortest = min(len(found.series(found.losses[0], family)) for family in NORMS)
    few = f"{shortest} networks of a series make no correlation" if shortest < 3 else ""
    untestable, correlation = _untestable(found, 3), found.correlation_of_all("roar")
    found_among = primary("trade-off", dataset, correlation, design=untestable, reason=reason or few, rows=rows)
    yield replace(found_among, paper=found.paper_says(found_among.paper))
    both = set(ATTRIBUTIONS) <= set(found.attributions)
    gap = found.attribution_gap("gradient_x_input", "kar") if both else UNKNOWN
    lacking = "" if both else "the study has not both attributions of the paper"
    yield primary("way-out-attribution", dataset, gap, design=lacking, rows=rows)
    for attribution in found.others:
        if (name := f"way-out-{attribution}") in PRIMARY:
            yield primary(name, dataset, found.attribution_gap(attribution, "kar"), rows=rows)
    difference = found.at_equal_accuracy("kar", found.losses[0], found.paper_attributions)
    yield primary("way-out-linf", dataset, difference, design=_untestable(found, 2), reason=reason, rows=rows)


def _untestable(found: TradeOffs, fewest: int) -> str:
    """Why a study cannot compare series of so many networks, the standard one among them, whatever its data say."""
    if not found.paper_attributions:
        return "the study has none of the paper's attributions"
    for family in NORMS:
        planned = [spec for spec in found.planned if (spec.family, spec.group) == (family, found.losses[0])]
        if not planned:
            return lost(found, family)
        if len(planned) + 1 < fewest:
            return f"{len(planned) + 1} networks of a series make no correlation"
    return ""


def not_costly(found: TradeOffs, family: str) -> str:
    """Why there is nothing to trade: "" where a family's strongest training costs accuracy beyond the interval."""
    strongest, cost = found.strongest_of(family), found.cost(family)
    if strongest is None:
        return lost(found, family)
    if dead := failed(found, strongest):
        return dead
    if cost.low is None or cost.high is None:
        return f"nothing tells what the strongest {family} training costs"
    if cost.low <= 0:
        points = with_interval(100 * cost.value, 100 * cost.low, 100 * cost.high, 1)
        of = f"points of test accuracy{_where_sound(found, family)}"
        return f"the strongest {family} training costs {points} {of}, an interval that holds 0"
    return ""


def _where_sound(found: TradeOffs, family: str) -> str:
    """Over which trainings a cost is taken, where the strongest network collapsed in some and not in others."""
    collapsed = found.collapsed_of(family)
    if collapsed.all() or not collapsed.any():
        return ""
    return f" in the {(~collapsed).sum()} of {len(collapsed)} trainings in which it did not collapse"


def costs(found: TradeOffs) -> Iterator[Claim]:
    """What training costs in accuracy."""
    for family in found.families():
        yield _claim(
            found,
            f"cost-{family}",
            f"The strongest {training_title(family)} costs test accuracy",
            found.cost(family),
            f"test accuracy of the standard network minus that of the strongest training{_where_sound(found, family)}",
            paper=found.paper_says(f"{COSTS[family]} points") if family in COSTS else "not examined",
            check=family not in NORMS,
        )


def slopes(found: TradeOffs) -> Iterator[Claim]:
    """Of scores against accuracy, series by series."""
    for metric in SCORES:
        for group, family in found.groups():
            reason, networks = not_costly(found, family), len(found.series(group, family))
            for attribution in found.attributions:
                published = published_correlation("3.3", metric, group, family, attribution)
                rises = published is not None and published.linear > 0
                yield _claim(
                    found,
                    f"{metric}-{family}-{group}-{attribution}",
                    f"The {metric_title(found, metric)} score of {attribution_title(attribution)} "
                    f"{'rises' if rises else 'falls'} with test accuracy under {training_title(family)} ({group})",
                    _scaled(found.slope(metric, group, family, attribution)),
                    f"change of score per 10 points of accuracy over {networks} networks",
                    paper="not published"
                    if published is None
                    else found.paper_says(f"correlation {decimal(published.linear, 2)}"),
                    check=family not in NORMS,
                    positive=rises,
                    reason=reason or ("two networks make no trend" if networks < 3 else ""),
                )


def _scaled(slope: Estimate) -> Estimate:
    def scale(number: float | None) -> float | None:
        return None if number is None else POINTS * number

    return slope._replace(
        value=POINTS * slope.value,
        low=scale(slope.low),
        high=scale(slope.high),
        detectable=scale(slope.detectable),
        by_training=tuple(POINTS * number for number in slope.by_training),
        image_error=POINTS * slope.image_error,
    )


def ways(found: TradeOffs) -> Iterator[Claim]:
    """The two ways out, score by score and attribution by attribution."""
    for attribution in found.others:
        yield from _attribution(found, attribution)
    reason = not_costly(found, "l2") or not_costly(found, "linf")
    for group in found.losses:
        for attribution in found.attributions:
            yield _claim(
                found,
                f"linf-kar-{group}-{attribution}",
                "At equal test accuracy linf training gives a higher KAR score than l2 training "
                f"({attribution_title(attribution)}, {group})",
                found.at_equal_accuracy("kar", group, (attribution,)),
                "linf minus l2, mean over the accuracies that both reach, by linear interpolation",
                paper="proposed",
                reason=reason,
            )


def _attribution(found: TradeOffs, name: str) -> Iterator[Claim]:
    """What an attribution gives beyond Gradient, on which networks, and beyond what knows nothing of them."""
    title, networks = attribution_title(name), found.networks
    kinds = {
        "": networks,
        "-standard": [found.standard],
        "-robust": [spec for spec in networks if spec != found.standard],
    }
    words = {"": "", "-standard": " of standard networks", "-robust": " of the other networks"}
    proposed = name == "gradient_x_input" or f"way-out-{name}" in PRIMARY
    for metric in SCORES:
        for kind, specs in kinds.items():
            if specs and not (proposed and (metric, kind) == ("kar", "")):  # which is on the registered list
                yield _claim(
                    found,
                    f"{name}-{metric}{kind}",
                    f"At equal test accuracy {title}{words[kind]} has the higher {metric_title(found, metric)} score",
                    found.attribution_gap(name, metric, specs),
                    f"{title} minus {attribution_title('gradient')}, mean over the same {len(specs)} networks",
                    paper="proposed" if proposed else "not examined",
                    check=not proposed,
                )
        if found.ignorant and name not in found.ignorant:
            controls = ", ".join(map(attribution_title, found.ignorant))
            yield _claim(
                found,
                f"{name}-{metric}-beyond-ignorant",
                f"{title} scores above what knows nothing of the network in {metric_title(found, metric)}",
                found.beyond_ignorant(name, metric),
                f"{title} minus the best of {controls}, mean over all networks",
                check=True,
            )
    if blurs(found, name):
        yield _claim(
            found,
            f"{name}-beyond-own-blur",
            f"{title} of standard networks scores above its own blur in ROAR",
            found.beyond_own_blur(name),
            "score minus the best that a blur makes of it",
            check=True,
        )


def other_trainings(found: TradeOffs) -> Iterator[Claim]:
    """Each training beside PGD's: at equal clean accuracy, which scores higher?"""
    pgd = found.series(found.losses[0], "linf")
    for family, specs in found.families().items():
        if family in ADVERSARIAL or len(pgd) < 2:
            continue
        for metric in SCORES:
            yield _claim(
                found,
                f"{family}-{metric}-at-equal-accuracy",
                f"At equal test accuracy {training_title(family)} has a higher {metric_title(found, metric)} "
                "score than linf PGD training",
                found.between([found.standard, *specs], pgd, metric, found.paper_attributions),
                f"{family} minus linf, mean over the accuracies that both reach, and over the paper's attributions",
                check=True,
            )


def _claim(found: TradeOffs, name: str, statement: str, value: Estimate, of: str, **about: Any) -> Claim:
    return judged(
        value,
        dataset=found.dataset,
        id=f"tradeoff-{name}",
        statement=statement,
        section="3.3",
        unit=f"{of}; {found.rows}",
        **about,
    )


def ignorance(found: TradeOffs) -> Iterator[str]:
    """Which attributions score above every control that knows nothing of the network, beyond the interval."""
    for metric in SCORES if found.ignorant else ():
        above = []
        for name in found.explaining:
            low = found.beyond_ignorant(name, metric).low
            if low is not None and low > 0:
                above.append(attribution_title(name))
        yield (
            f"In {metric_title(found, metric)} {' and '.join(above) if above else 'no attribution'} "
            f"score{'' if len(above) > 1 else 's'} above {attribution_title(found.best_ignorant(metric))}, which knows "
            "nothing of the network, beyond the interval."
        )


def overfitted(found: TradeOffs) -> Iterator[str]:
    """Trainings of one step that withstand it and no other, the first epoch at which that was so."""
    gone = [epoch for epoch in found.watched() if epoch.one_step - epoch.several_steps > OVERFITTED]
    for network in dict.fromkeys(epoch.network for epoch in gone):
        first = {epoch.run: epoch.epoch for epoch in reversed(gone) if epoch.network == network}
        epochs = sorted(set(first.values()))
        yield (
            f"{network.name}: catastrophic overfitting in {len(first)} of {len(found.runs)} trainings, from epoch "
            f"{' or '.join(map(str, epochs))} on: on training images one step leaves over "
            f"{100 * OVERFITTED:.0f} points more accuracy than ten do."
        )


def spread(found: TradeOffs) -> Iterator[str]:
    """Little accuracy that could be traded."""
    accuracies = [float(found.accuracy(spec).mean()) for spec in found.networks]
    span = max(accuracies) - min(accuracies)
    if span < 0.05:
        yield (
            f"Test accuracy spans only {100 * span:.1f} points over all networks: there is little to trade. "
            f"In the paper it spans {found.paper_says(str(COSTS['linf']))}."
        )
