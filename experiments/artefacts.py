"""The store: everything computed, kept under a name made of its whole configuration.

An artefact is a folder. While it is being made it lives under `.unfinished/`, where a training
finds its own backup after an interruption; it gets its final name by one rename when it is whole.
"""

import hashlib
import json
import os
import threading
import time
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


class NotStoredError(Exception):
    """An artefact would have to be made where only what is stored may be used; its text names it."""


class Store:
    """Artefacts, results and reports below one output folder.

    Threads may use one store side by side for different artefacts.

    Args:
        output_dir: created if missing.
        stored_only: make nothing; `fetch` then raises `NotStoredError`.

    Attributes:
        used: per artefact fetched or noted so far, by folder, the seconds that making it took.

    Raises:
        UsageError: the folder cannot be written to.
    """

    def __init__(self, output_dir: str | os.PathLike, stored_only: bool = False):
        self.root = Path(output_dir)
        self.stored_only = stored_only
        self.used: dict[str, float] = {}
        self._inside = threading.local()
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

        Raises:
            NotStoredError: it is not there and this store makes nothing.
        """
        final = self.artefacts / key.folder
        if not final.is_dir():
            if self.stored_only:
                raise NotStoredError(key.name)
            working = self._unfinished / key.folder
            working.mkdir(exist_ok=True)
            seconds = self._timed(make, working)
            config = {"format": FORMAT_VERSION, "name": key.name, "seconds": seconds, **key.config}
            write_json(working / "config.json", config)
            working.rename(final)
        self.note(key)
        return final

    def note(self, key: Key) -> None:
        """Counts an artefact among those used, if it is there."""
        config = self.artefacts / key.folder / "config.json"
        if config.exists():
            self.used[key.folder] = json.loads(config.read_text())["seconds"]

    def _timed(self, make: Callable[[Path], None], working: Path) -> float:
        """Makes an artefact; the seconds it took, less those of other artefacts made on the way."""
        outside, self._inside.seconds = getattr(self._inside, "seconds", 0.0), 0.0
        started = time.monotonic()
        make(working)
        elapsed = time.monotonic() - started
        own, self._inside.seconds = elapsed - self._inside.seconds, outside + elapsed
        return round(own, 3)

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
