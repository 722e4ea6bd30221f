"""The form in which every experiment hands its results to the reports, and the files it is kept in."""

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from experiments.artefacts import NotStoredError, Store, read_arrays, write_arrays, write_json
from experiments.provenance import provenance
from experiments.settings import EXPERIMENTS, Settings
from experiments.work import pieces

if TYPE_CHECKING:  # SciPy takes a second to import, which --plan does not need
    from experiments.statistics import Estimate


def results(settings: Settings, judged: Sequence, store: Store, started: float) -> dict:
    """Results of a run: plain JSON values, but for the pictures, which are arrays by name.

    Args:
        settings: of the run.
        judged: per study its `Claims`, of one of the `*_claims` modules.
        store: what was used of it is noted.
        started: `time.time()` at the beginning of the run.

    Raises:
        NotStoredError: there is nothing at all to show.
    """
    judged = [study for study in judged if study.numbers.anything]
    if not judged:
        raise NotStoredError(settings.experiment)
    for key, _ in pieces(settings):  # trainings whose measurements were stored were not fetched
        store.note(key)
    pictures = [study.numbers.pictures() for study in judged]
    return {
        "experiment": settings.experiment,
        "settings": settings.as_dict(),
        "provenance": provenance(started),
        "tables": [entry for study in judged for entry in study.numbers.tables()],
        "claims": [claim.as_dict() for study in judged for claim in study.claims()],
        "missing": [{"dataset": s.study.dataset, "artefact": name} for s in judged for name in s.measured.missing],
        "artefacts": store.used,
        "alerts": [{"dataset": study.study.dataset, "text": text} for study in judged for text in study.alerts()],
        "pictures": {name: array for arrays in pictures for name, array in arrays.items()},
    }


def table(kind: str, title: str, dataset: str, rows: list[dict]) -> dict:
    """A table of one data set; each row maps columns to plain JSON values."""
    return {"id": f"{kind}-{dataset}", "kind": kind, "dataset": dataset, "title": title, "rows": rows}


def interval(name: str, estimate: "Estimate | None") -> dict:
    """An estimate as three columns; None where there is nothing to estimate."""
    if estimate is None or not math.isfinite(estimate.value):
        return dict.fromkeys((name, f"{name}_low", f"{name}_high"))
    return {name: estimate.value, f"{name}_low": estimate.low, f"{name}_high": estimate.high}


def save(results: Mapping, store: Store) -> None:
    """results/<experiment>.json, and beside it the pictures' arrays as .npz."""
    path = _path(store.root, results["experiment"])
    path.parent.mkdir(exist_ok=True)
    write_arrays(path.with_suffix(".npz"), results["pictures"])
    write_json(path, {name: value for name, value in results.items() if name != "pictures"})


def load(output_dir: Path, experiment: str) -> dict | None:
    """What `save` wrote, without the pictures; None if it wrote nothing."""
    path = _path(output_dir, experiment)
    return json.loads(path.read_text()) if path.exists() else None


def load_pictures(output_dir: Path, experiment: str) -> dict[str, np.ndarray]:
    """The arrays that `save` wrote."""
    return read_arrays(_path(output_dir, experiment).with_suffix(".npz"))


def is_whole(store: Store, experiment: str) -> bool:
    """Whether results are stored and nothing is missing from them."""
    stored = load(store.root, experiment)
    return stored is not None and not stored["missing"]


def any_results(store: Store) -> bool:
    return any(_path(store.root, experiment).exists() for experiment in EXPERIMENTS)


def _path(output_dir: Path, experiment: str) -> Path:
    return output_dir / "results" / f"{experiment}.json"
