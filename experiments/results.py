"""The form in which every experiment hands its results to the reports."""

from collections.abc import Sequence

import numpy as np

from experiments.provenance import provenance
from experiments.settings import Settings
from experiments.statistics import Estimate


def results(settings: Settings, judged: Sequence, started: float) -> dict:
    """Results of a run: plain JSON values, but for the pictures, which are arrays by name.

    Args:
        settings: of the run.
        judged: per study its `Claims`, of one of the `*_claims` modules.
        started: `time.time()` at the beginning of the run.
    """
    pictures = [study.numbers.pictures() for study in judged]
    return {
        "experiment": settings.experiment,
        "settings": settings.as_dict(),
        "provenance": provenance(started),
        "tables": [entry for study in judged for entry in study.numbers.tables()],
        "claims": [claim.as_dict() for study in judged for claim in study.claims()],
        "alerts": [{"dataset": study.study.dataset, "text": text} for study in judged for text in study.alerts()],
        "pictures": {name: array for arrays in pictures for name, array in arrays.items()},
    }


def table(kind: str, title: str, dataset: str, rows: list[dict]) -> dict:
    """A table of one data set; each row maps columns to plain JSON values."""
    return {"id": f"{kind}-{dataset}", "kind": kind, "dataset": dataset, "title": title, "rows": rows}


def interval(name: str, estimate: Estimate | None) -> dict:
    """An estimate as three columns; None where there is nothing to estimate."""
    if estimate is None or not np.isfinite(estimate.value):
        return dict.fromkeys((name, f"{name}_low", f"{name}_high"))
    return {name: estimate.value, f"{name}_low": estimate.low, f"{name}_high": estimate.high}
