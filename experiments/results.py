"""The form in which every experiment hands its results to the reports, and the files it is kept in."""

import hashlib
import json
import math
import os
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema
import numpy as np

from experiments.artefacts import FORMAT_VERSION, Store, writing
from experiments.errors import CellFailedError, NotStoredError, UsageError
from experiments.files import checksum, read_arrays, write_arrays, write_json
from experiments.provenance import provenance
from experiments.settings import EXPERIMENTS, Settings
from experiments.work import pieces

if TYPE_CHECKING:  # SciPy takes a second to import, which --plan does not need
    from experiments.statistics import Estimate

_SCHEMA = jsonschema.Draft202012Validator(json.loads(Path(__file__).with_name("results_schema.json").read_text()))


def results(settings: Settings, judged: Sequence, store: Store, started: float) -> dict:
    """Results of a run: plain JSON values, but for the pictures, which are arrays by name.

    Args:
        settings: of the run.
        judged: per study its `Claims`, of one of the `*_claims` modules.
        store: what was used of it is noted.
        started: `time.time()` at the beginning of the run.

    Raises:
        NotStoredError: there is nothing at all to show.
        CellFailedError: there is nothing because everything failed.
    """
    reasons = [row["reason"] for study in judged for row in _missing(study) if row["reason"]]
    judged = [study for study in judged if study.numbers.anything]
    if not judged:
        raise CellFailedError(settings.experiment, reasons[0]) if reasons else NotStoredError(settings.experiment)
    for key, _ in pieces(settings):  # trainings whose measurements were stored were not fetched
        store.note(key)
    pictures = [study.numbers.pictures() for study in judged]
    return {
        "experiment": settings.experiment,
        "settings": settings.as_dict(),
        "provenance": provenance(started),
        "tables": [entry for study in judged for entry in study.numbers.tables()],
        "claims": [claim.as_dict() for study in judged for claim in study.claims()],
        "missing": [row for study in judged for row in _missing(study)],
        "artefacts": store.used,
        "alerts": [{"dataset": study.study.dataset, "text": text} for study in judged for text in study.alerts()],
        "pictures": {name: array for arrays in pictures for name, array in arrays.items()},
    }


def _missing(judged) -> list[dict]:
    """Each artefact once, however many cells want it."""
    absent = {absence.artefact: absence.reason for absence in judged.measured.missing}
    dataset = judged.study.dataset
    return [{"dataset": dataset, "artefact": name, "reason": reason} for name, reason in absent.items()]


def table(kind: str, title: str, dataset: str, rows: list[dict]) -> dict:
    """A table of one data set; each row maps columns to plain JSON values."""
    return {"id": f"{kind}-{dataset}", "kind": kind, "dataset": dataset, "title": title, "rows": rows}


def interval(name: str, estimate: "Estimate | None") -> dict:
    """An estimate as three columns; None where there is nothing to estimate."""
    if estimate is None or not math.isfinite(estimate.value):
        return dict.fromkeys((name, f"{name}_low", f"{name}_high"))
    return {name: estimate.value, f"{name}_low": estimate.low, f"{name}_high": estimate.high}


def save(results: Mapping, store: Store) -> None:
    """results/<experiment>.json, and beside it the pictures' arrays as .npz; checksums of both in the first.

    Raises:
        UsageError: the folder cannot be written to.
    """
    path = _path(store.root, results["experiment"])
    pictures = path.with_suffix(".npz")
    partial = pictures.with_name(f".{os.getpid()}.npz")
    with writing(store.root):
        path.parent.mkdir(exist_ok=True)
        write_arrays(partial, results["pictures"])
        content = {name: value for name, value in results.items() if name != "pictures"}
        content |= {"format": FORMAT_VERSION, "pictures_checksum": checksum(partial)}
        partial.replace(pictures)
        write_json(path, {**content, "checksum": _checksum(content)})


def load(output_dir: Path, experiment: str) -> dict | None:
    """What `save` wrote, without the pictures; None if it wrote nothing.

    Raises:
        UsageError: it is not what this version of the code wrote.
    """
    path = _path(output_dir, experiment)
    if not path.exists():
        return None
    if reason := _damage(path):
        raise UsageError(f"{path} cannot be used ({reason}); run main.py --experiment={experiment} again to make it.")
    return json.loads(path.read_text())


def load_pictures(output_dir: Path, experiment: str) -> dict[str, np.ndarray]:
    """The arrays that `save` wrote; `load` has checked them."""
    return read_arrays(_path(output_dir, experiment).with_suffix(".npz"))


def set_aside_damaged(store: Store, say: Callable[[str], None]) -> None:
    """Moves results that cannot be used out of the way, and says so."""
    for experiment in EXPERIMENTS:
        try:
            load(store.root, experiment)
        except UsageError as error:
            with writing(store.root):
                path = _path(store.root, experiment)
                path.rename(path.with_suffix(f".damaged-{time.time_ns()}"))
            say(str(error))


def _damage(path: Path) -> str:
    """Why results cannot be used; "" if they can."""
    try:
        content = json.loads(path.read_text())
        claimed = content.pop("checksum")
        if content["format"] != FORMAT_VERSION:
            return f"its format is {content['format']}, this code reads {FORMAT_VERSION}"
        if claimed != _checksum(content) or content["pictures_checksum"] != checksum(path.with_suffix(".npz")):
            return "it is not as it was written"
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return "it is no results file"
    error = jsonschema.exceptions.best_match(_SCHEMA.iter_errors(content))
    return f"{error.json_path}: {error.message[:120]}" if error else ""


def _checksum(content: Mapping) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def is_whole(store: Store, experiment: str) -> bool:
    """Whether results are stored and nothing is missing from them."""
    stored = load(store.root, experiment)
    return stored is not None and not stored["missing"]


def failures(results: Mapping) -> list[str]:
    """A sentence for each artefact that could not be made."""
    return [f"{entry['artefact']} failed: {entry['reason']}." for entry in results["missing"] if entry["reason"]]


def any_results(store: Store) -> bool:
    return any(_path(store.root, experiment).exists() for experiment in EXPERIMENTS)


def _path(output_dir: Path, experiment: str) -> Path:
    return output_dir / "results" / f"{experiment}.json"
