"""What every experiment hands over to the reports, and the files it is kept in."""

import hashlib
import json
import math
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np

from experiments import EXPERIMENTS
from experiments.claim import Estimate
from experiments.errors import UsageError
from experiments.store.artefacts import Store
from experiments.store.disk import writing
from experiments.store.sealed import checksum, read_arrays, write_arrays, write_json

RESULTS_FORMAT = 7
"""Of results files. Raise it when their form changes; artefacts are not touched by it."""

_SCHEMA = jsonschema.Draft202012Validator(json.loads(Path(__file__).with_name("results_schema.json").read_text()))


@dataclass(frozen=True)
class Results:
    """What an experiment found: plain JSON values, but for the pictures.

    Attributes:
        experiment: its name.
        settings: `Settings.as_dict`.
        provenance: which code, machine and command.
        tables: each with id, kind, dataset, title and rows.
        claims: `Claim.as_dict`, judged.
        missing: per artefact that could not be had: dataset, artefact, reason.
        artefacts: `Store.used`.
        alerts: per sentence: dataset, text.
        pictures: arrays by name, to be drawn.
    """

    experiment: str
    settings: dict[str, Any]
    provenance: dict[str, Any]
    tables: list[dict[str, Any]]
    claims: list[dict[str, Any]]
    missing: list[dict[str, str]]
    artefacts: dict[str, dict[str, Any]]
    alerts: list[dict[str, str]]
    pictures: dict[str, np.ndarray] = field(default_factory=dict)


def table(kind: str, title: str, dataset: str, rows: list[dict]) -> dict[str, Any]:
    """A table of one data set; each row maps columns to plain JSON values."""
    return {"id": f"{kind}-{dataset}", "kind": kind, "dataset": dataset, "title": title, "rows": rows}


def images_of(dataset: str) -> str:
    """Where the provenance says in what a data set is not the published one, if it is not."""
    return f"images of {dataset}"


def interval(name: str, estimate: Estimate | None) -> dict[str, float | None]:
    """An estimate as three columns; None where there is nothing to estimate."""
    if estimate is None or not math.isfinite(estimate.value):
        return dict.fromkeys((name, f"{name}_low", f"{name}_high"))
    return {name: estimate.value, f"{name}_low": estimate.low, f"{name}_high": estimate.high}


def save(results: Results, store: Store) -> None:
    """results/<experiment>.json, and beside it the pictures' arrays as .npz; checksums of both in the first.

    Raises:
        UsageError: the folder cannot be written to.
    """
    path = _path(store.root, results.experiment)
    pictures = path.with_suffix(".npz")
    partial = pictures.with_name(f".{os.getpid()}.npz")
    with writing(store.root):
        path.parent.mkdir(exist_ok=True)
        write_arrays(partial, {name: drawable(array) for name, array in results.pictures.items()})
        content = {**asdict(replace(results, pictures={})), **_packed(results.artefacts)}
        del content["pictures"]
        content |= {"format": RESULTS_FORMAT, "pictures_checksum": checksum(partial)}
        partial.replace(pictures)
        write_json(path, {**content, "checksum": _checksum(content)}, indent=None)  # white space would be a fifth


def drawable(array: np.ndarray) -> np.ndarray:
    """Floats of a picture to nine significant bits, half of one of 256 shades: they take two thirds of the place.

    A smaller type would not do: gradients may be as small as a float32 can be. What has less than two dimensions is no
    picture, and stays as it is.
    """
    if array.dtype.kind != "f" or array.ndim < 2:
        return array
    fraction, exponent = np.frexp(array)
    return np.ldexp(np.round(fraction * 512) / 512, exponent).astype(array.dtype)


def load(output_dir: Path, experiment: str) -> Results | None:
    """What `save` wrote, without the pictures; None if it wrote nothing.

    Raises:
        UsageError: it is not what this version of the code wrote.
    """
    path = _path(output_dir, experiment)
    if not path.exists():
        return None
    if reason := _damage(path):
        raise UsageError(f"{path} cannot be used ({reason}); run main.py --experiment={experiment} again to make it.")
    content = json.loads(path.read_text())
    content["artefacts"] = _unpacked(content)
    return Results(**{name: content[name] for name in Results.__dataclass_fields__ if name != "pictures"})


def _packed(artefacts: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """Artefacts by kind, each with its seconds and the number of who made it: of thousands these are few."""
    makers: list[dict[str, str]] = []
    kinds: dict[str, dict[str, tuple[float, int]]] = {}
    for name, made in artefacts.items():
        if made["made_by"] not in makers:
            makers.append(made["made_by"])
        kinds.setdefault(made["kind"], {})[name] = made["seconds"], makers.index(made["made_by"])
    return {"makers": makers, "artefacts": kinds}


def _unpacked(content: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        name: {"kind": kind, "seconds": seconds, "made_by": content["makers"][int(maker)]}
        for kind, made in content["artefacts"].items()
        for name, (seconds, maker) in made.items()
    }


def load_pictures(output_dir: Path, experiment: str) -> dict[str, np.ndarray]:
    """The arrays that `save` wrote; `load` has checked them."""
    return read_arrays(_path(output_dir, experiment).with_suffix(".npz"))


def written_at(output_dir: Path, experiment: str) -> int:
    """When an experiment's results were written, in nanoseconds; 0 if there are none."""
    path = _path(output_dir, experiment)
    return path.stat().st_mtime_ns if path.exists() else 0


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
        if content["format"] != RESULTS_FORMAT:
            return f"its format is {content['format']}, this code reads {RESULTS_FORMAT}"
        if claimed != _checksum(content) or content["pictures_checksum"] != checksum(path.with_suffix(".npz")):
            return "it is not as it was written"
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return "it is no results file"
    if error := jsonschema.exceptions.best_match(_SCHEMA.iter_errors(content)):
        return f"{error.json_path}: {error.message[:120]}"
    if content["experiment"] != path.stem:
        return f"it holds results of {content['experiment']}"
    if any(maker >= len(content["makers"]) for made in content["artefacts"].values() for _, maker in made.values()):
        return "it does not say who made an artefact"
    return ""


def _checksum(content: Mapping) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def is_whole(store: Store, experiment: str) -> bool:
    """Whether results are stored and nothing is missing from them."""
    stored = load(store.root, experiment)
    return stored is not None and not stored.missing


def failures(results: Results) -> list[str]:
    """A sentence for each artefact that could not be made."""
    return [f"{entry['artefact']} failed: {entry['reason']}." for entry in results.missing if entry["reason"]]


def any_results(store: Store) -> bool:
    return any(_path(store.root, experiment).exists() for experiment in EXPERIMENTS)


def _path(output_dir: Path, experiment: str) -> Path:
    return output_dir / "results" / f"{experiment}.json"
