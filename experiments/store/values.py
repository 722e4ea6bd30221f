"""What a run leaves: for each study one file of measured values, labelled, in a format that other programs open.

Nothing in it is judged. Estimates, verdicts, tables, figures and sentences are made from it whenever pages are drawn.
A file is netCDF 4 (which is HDF5): arrays with named dimensions, and one attribute of JSON that says what was measured.

    import xarray
    values = xarray.load_dataset("out/values/scores-mnist_5k.nc", engine="h5netcdf")
"""

import contextlib
import hashlib
import io
import json
import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import jsonschema
import xarray

from experiments.data import SOURCES
from experiments.errors import UsageError
from experiments.store.disk import writing
from experiments.store.sealed import write_bytes

LONGEST = 100
"""Letters of a data set's name that stand in the names of files: no name is longer than 255."""
VALUES_FORMAT = 1
"""Of values files. Raise it when what is in them changes its meaning; artefacts are not touched by it."""

_HEADER = "measured"
"""The attribute of a file that says what was measured."""
_COMPRESSED = {"zlib": True, "complevel": 4, "shuffle": True}
_SCHEMA = jsonschema.Draft202012Validator(
    json.loads(Path(__file__).with_name("values_schema.json").read_text(encoding="utf-8"))
)


@dataclass(frozen=True)
class Values:
    """What one study measured, and where that came from: plain JSON values, but for the arrays.

    Attributes:
        measurement: a folder of `experiments/`.
        dataset: as on the command line.
        sections: of the report, for which it was measured.
        preset: that its settings began from.
        settings: every option of the study, by its flag's name.
        words: what names in the arrays mean: titles, units and what else files on the shelves declared; as "left_out",
            per attribution of `all` that does not fit the network, why.
        images: in what the data set is not the published one; "" if it is.
        provenance: which code, machine and command.
        declared: the designs that were declared in the folder, see `experiments.store.designs`.
        missing: per artefact that could not be had: artefact, reason.
        artefacts: those behind the arrays, as `Store.used`.
        arrays: with named dimensions; see the measurement's `values.py`.
    """

    measurement: str
    dataset: str
    sections: tuple[str, ...]
    preset: str
    settings: Mapping[str, Any]
    words: Mapping[str, Any]
    images: str
    provenance: Mapping[str, Any]
    declared: list[dict[str, Any]]
    missing: list[dict[str, str]]
    artefacts: Mapping[str, dict[str, Any]]
    arrays: xarray.Dataset

    @property
    def path(self) -> Path:
        """Of its file, in the output folder."""
        return path_of(self.measurement, self.dataset)


def path_of(measurement: str, dataset: str) -> Path:
    """Of a file of values, in the output folder. A name that no file can have is told apart by a few digits."""
    slug = re.sub(r"[^A-Za-z0-9._]", "-", dataset)[:LONGEST]
    digits = "" if slug == dataset else f"-{hashlib.sha256(dataset.encode()).hexdigest()[:6]}"
    return Path("values") / f"{measurement}-{slug}{digits}.nc"


def save(values: Values, root: Path) -> None:
    """Writes a study's values, in place of those that it had.

    It has been measured for all sections for which the same was measured before.

    Raises:
        UsageError: the folder cannot be written to.
    """
    path = root / values.path
    with contextlib.suppress(UsageError, FileNotFoundError):  # what cannot be used is replaced
        before = load(path)
        if plain(before.settings) == plain(values.settings):
            values = replace(values, sections=tuple(dict.fromkeys((*before.sections, *values.sections))))
    content = _packed(values)
    with writing(root):
        path.parent.mkdir(exist_ok=True)
        write_bytes(path, content)  # HDF5 itself would bring the interpreter down on a full disk


def load(path: Path) -> Values:
    """What `save` wrote.

    Raises:
        UsageError: it is not what this version of the code wrote.
    """
    try:
        found = _unpacked(path.read_bytes())
        if found.path.name != path.name:
            raise _UnusableError(f"it holds values of {found.measurement} on {found.dataset}")
    except _UnusableError as reason:
        raise UsageError(
            f"{path} cannot be used ({reason}); take it away, and run again to make it from what is stored."
        ) from reason
    return found


def stored(root: Path) -> list[Path]:
    """The values files of an output folder."""
    return sorted((root / "values").glob("[!.]*.nc"))


def in_order(measured: Iterable[Values]) -> list[Values]:
    """By data set: the known ones in their order, then a user's own."""
    order = {name: place for place, name in enumerate(SOURCES)}
    return sorted(measured, key=lambda values: (order.get(values.dataset, len(order)), values.dataset))


def set_aside_damaged(root: Path, say: Callable[[str], None]) -> None:
    """Moves values that cannot be used out of the way, and says so."""
    for path in stored(root):
        try:
            load(path)
        except UsageError as error:
            with writing(root):
                path.rename(path.with_name(f"{path.name}.damaged-{time.time_ns()}"))
            say(str(error))


class _UnusableError(Exception):
    """Why a file cannot be used."""


def _packed(values: Values) -> bytes:
    header = {field.name: getattr(values, field.name) for field in fields(values) if field.name != "arrays"}
    header |= {"format": VALUES_FORMAT, **_by_kind(values.artefacts)}
    arrays = values.arrays.assign_attrs({_HEADER: json.dumps(header, allow_nan=False)})
    squeezed = {
        name: _COMPRESSED for name, array in arrays.variables.items() if array.ndim and array.dtype.kind in "iufb"
    }
    content = bytes(arrays.to_netcdf(engine="h5netcdf", encoding=squeezed))
    return content + _seal(content)


def _unpacked(content: bytes) -> Values:
    length = len(content) - len(_seal(b""))
    if length < 0 or _seal(content[:length]) != content[length:]:  # HDF5 itself checks next to nothing
        raise _UnusableError("it is not as it was written, or a part of it is missing")
    arrays = xarray.load_dataset(io.BytesIO(content), engine="h5netcdf", mask_and_scale=False)
    header = json.loads(arrays.attrs.pop(_HEADER))
    if (version := header.pop("format")) != VALUES_FORMAT:
        raise _UnusableError(f"its format is {version}, this code reads {VALUES_FORMAT}")
    if error := jsonschema.exceptions.best_match(_SCHEMA.iter_errors(header)):
        raise _UnusableError(f"{error.json_path}: {error.message[:120]}")
    artefacts = _by_name(header.pop("artefacts"), header.pop("makers"))
    header = {"declared": [], **header}  # of runs from before designs were declared
    return Values(**{**header, "sections": tuple(header["sections"])}, artefacts=artefacts, arrays=arrays)


def _seal(content: bytes) -> bytes:
    """What stands behind a file's HDF5, which ends where its own header says: the checksum of all before it."""
    return b"\nsha256 " + hashlib.sha256(content).hexdigest().encode()


def plain(settings: Mapping[str, Any]) -> dict[str, Any]:
    """As JSON gives them back: tuples are lists there."""
    return json.loads(json.dumps(settings))


def _by_kind(artefacts: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """Artefacts by kind, each with its seconds and the number of who made it: of thousands these are few."""
    makers: list[dict[str, str]] = []
    kinds: dict[str, dict[str, tuple[float, int]]] = {}
    for name, made in artefacts.items():
        if made["made_by"] not in makers:
            makers.append(made["made_by"])
        kinds.setdefault(made["kind"], {})[name] = made["seconds"], makers.index(made["made_by"])
    return {"makers": makers, "artefacts": kinds}


def _by_name(kinds: Mapping[str, Any], makers: list[dict[str, str]]) -> dict[str, dict[str, Any]]:
    try:
        return {
            name: {"kind": kind, "seconds": seconds, "made_by": makers[int(maker)]}
            for kind, made in kinds.items()
            for name, (seconds, maker) in made.items()
        }
    except IndexError as error:
        raise _UnusableError("it does not say who made an artefact") from error
