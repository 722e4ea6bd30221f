"""The store: everything computed, kept under a name made of its whole configuration.

An artefact is a folder. While it is being made it lives under `.unfinished/`, where a training
finds its own backup after an interruption; it gets its final name by one rename when it is whole.
"""

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from experiments.errors import UsageError

FORMAT_VERSION = 1
"""Part of every key. Raise it when a change to the code changes what a configuration computes."""


@dataclass(frozen=True)
class Key:
    """What an artefact is of.

    Attributes:
        name: for people, safe as part of a file name.
        config: everything that determines the content, plain JSON values.
    """

    name: str
    config: Mapping

    @property
    def folder(self) -> str:
        text = json.dumps({"format": FORMAT_VERSION, **self.config}, sort_keys=True)
        return f"{self.name}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


class Store:
    """Artefacts, results and reports below one output folder.

    Args:
        output_dir: created if missing.

    Raises:
        UsageError: the folder cannot be written to.
    """

    def __init__(self, output_dir: str | os.PathLike):
        self.root = Path(output_dir)
        self.artefacts = self.root / "artefacts"
        self._unfinished = self.artefacts / ".unfinished"
        try:
            self._unfinished.mkdir(parents=True, exist_ok=True)
            probe = self._unfinished / f".probe-{os.getpid()}"
            probe.touch()
            probe.unlink()
        except OSError as error:
            raise UsageError(
                f"--output_dir: {output_dir} cannot be written to ({error.strerror}); name a folder that can."
            ) from error

    def __contains__(self, key: Key) -> bool:
        return (self.artefacts / key.folder).is_dir()

    def fetch(self, key: Key, make: Callable[[Path], None]) -> Path:
        """The folder of an artefact, made first if it is not there.

        Args:
            key: what it is of.
            make: fills the folder it is given. Called again with the same folder, and what it
                left there, after an interruption.
        """
        final = self.artefacts / key.folder
        if not final.is_dir():
            working = self._unfinished / key.folder
            working.mkdir(exist_ok=True)
            make(working)
            write_json(working / "config.json", {"format": FORMAT_VERSION, "name": key.name, **key.config})
            working.rename(final)
        return final

    def fetch_arrays(self, key: Key, compute: Callable[[], Mapping[str, np.ndarray]]) -> dict[str, np.ndarray]:
        """A measurement: named arrays, computed if they are not stored."""
        folder = self.fetch(key, lambda working: write_arrays(working / "arrays.npz", compute()))
        return read_arrays(folder / "arrays.npz")


def write_arrays(path: Path, arrays: Mapping[str, np.ndarray]) -> None:
    np.savez_compressed(path, **arrays)


def read_arrays(path: Path) -> dict[str, np.ndarray]:
    with np.load(path, allow_pickle=False) as stored:
        return dict(stored)


def write_json(path: Path, value) -> None:
    """Writes through a temporary name, so that a reader sees the old file or the new one."""
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    partial.write_text(json.dumps(value, indent=1, allow_nan=False))
    partial.replace(path)
