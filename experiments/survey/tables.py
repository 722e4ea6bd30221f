"""The tables of the survey."""

import numpy as np
from scipy.stats import rankdata

from experiments.claim import UNKNOWN, Estimate
from experiments.networks.grid import network_columns
from experiments.roar.pieces import BASELINE, measure_passes, occlusions, retrainings_of
from experiments.statistics import estimate, known_mean
from experiments.store.results import interval, table
from experiments.survey.analysis import Comparison


def tables(found: Comparison) -> list[dict]:
    """All tables, ready for JSON."""
    return [conclusion_table(found), agreement_table(found), leaderboard_table(found), cost_table(found)]


def conclusion_table(found: Comparison) -> dict:
    """The matrix of conclusions and measures, a row for each cell. Effects are above 0 where better."""
    rows = [
        {
            "conclusion": cell.conclusion,
            "statement": cell.claim.statement.rpartition(", by ")[0],
            "metric": cell.metric,
            "measure": found.scores.metrics[cell.metric],
            "positive": cell.claim.positive,
            "verdict": cell.claim.verdict,
            "reason": cell.claim.reason,
            "effect": cell.claim.measured,
            "effect_low": cell.claim.ci_low,
            "effect_high": cell.claim.ci_high,
            "standardised": cell.standardised,
            "p": cell.claim.p,
        }
        for cell in found.cells
    ]
    return table("conclusions", "Conclusions, measure by measure", found.study.dataset, rows)


def agreement_table(found: Comparison) -> dict:
    """Every pair of scores once."""
    rows = [
        {
            "metric_a": first,
            "metric_b": second,
            **interval("tau", found.agreement(first, second)),
            "n": len(found.arms),
            "trainings": len(found.scores.runs),
        }
        for first, second in found.pairs()
    ]
    return table("agreement", "Do measures rank networks and attributions alike?", found.study.dataset, rows)


def leaderboard_table(found: Comparison) -> dict:
    """Every network and attribution by every score, beside what maps that know nothing score."""
    rows = []
    for metric, measure in found.scores.metrics.items():
        declared, ranks = found.declared(metric), _ranks(found.means(metric).mean(axis=0))
        for arm, rank in zip(found.arms, ranks, strict=True):
            assert arm.network is not None
            values = found.scores.score(arm, metric)
            chance, measured = found.chance(arm.network, metric)
            rows.append(
                {
                    "metric": metric,
                    "measure": measure,
                    **network_columns(arm.network),
                    "attribution": arm.attribution,
                    **interval("value", estimate(known_mean(values))),
                    "chance": chance,
                    "chance_measured": measured,
                    "more_is_better": found.more_is_better(metric),
                    "unit": declared.get("UNIT"),
                    "rank": rank,
                    "trainings": len(found.scores.runs),
                    "n_images": int(np.isfinite(values).any(axis=0).sum()),
                }
            )
    return table("leaderboard", "Every network and attribution by every measure", found.study.dataset, rows)


def _ranks(means: np.ndarray) -> list[int | None]:
    """1 for the largest; equal ones share the best of their places; None where there is no number."""
    places = rankdata(-means, method="min", nan_policy="omit")
    return [int(place) if np.isfinite(place) else None for place in places]


def cost_table(found: Comparison) -> dict:
    """What every score costs, and how far a cheap one stands in for ROAR."""
    rows = []
    for metric, measure in found.scores.metrics.items():
        tau = interval("tau", _with_roar(found, metric))
        costs = {"passes": _passes(found, measure), "retrainings": _retrainings(found, measure)}
        rows.append({"metric": metric, "measure": measure, **costs, "tau_with_roar": tau.pop("tau"), **tau})
    return table("cost", "What every measure costs, and how far it agrees with ROAR", found.study.dataset, rows)


def _passes(found: Comparison, measure: str) -> float | None:
    """Network passes per image beside the maps, mean over attributions; None where retraining is what it costs."""
    if retrainings_of(measure):
        return None
    passes = [measure_passes(found.study, measure, attribution) for attribution in found.study.attributions]
    counted = [count for count in passes if count is not None]
    return float(np.mean(counted)) if counted else None


def _retrainings(found: Comparison, measure: str) -> int:
    """Of every network, attribution and training, and of the random baseline."""
    one = len(found.study.percentiles) * found.study.repeats * len(found.scores.runs)
    kinds = set(retrainings_of(measure))
    return one * sum(len(kinds & set(occlusions(found.study, arm))) for arm in (BASELINE, *found.arms))


def _with_roar(found: Comparison, metric: str) -> Estimate:
    return found.agreement(metric, "roar") if metric != "roar" and "roar" in found.scores.metrics else UNKNOWN
