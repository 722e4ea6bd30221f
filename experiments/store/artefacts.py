"""The store: everything computed, kept under a name made of its whole configuration.

An artefact is a folder. While it is being made it lives under `.unfinished/`, where a training
finds its own backup after an interruption; it gets its final name by one rename when it is whole.
Whoever makes it holds its lock, which the operating system frees if that process dies.
"""

import functools
import hashlib
import json
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout

from experiments.errors import BusyError, NotStoredError, PieceFailedError, UsageError
from experiments.store.disk import writing
from experiments.store.provenance import versions
from experiments.store.run_log import RunLog
from experiments.store.sealed import damage, read_arrays, seal, write_arrays, write_json

ARTEFACT_FORMAT = 5
"""Part of every key. Raise it when a change to the code changes what a configuration computes."""

CONFIG = "config.json"
ARRAYS = "arrays.npz"


@dataclass(frozen=True)
class Key:
    """What an artefact is of.

    Attributes:
        kind: what it is, in words and the plural, for plan and time table.
        name: for people, safe as part of a file name.
        config: everything that determines the content, plain JSON values.
    """

    kind: str
    name: str
    config: Mapping

    @property
    def content(self) -> dict:
        """What determines the folder's name, as JSON gives it back."""
        return json.loads(json.dumps({"format": ARTEFACT_FORMAT, **self.config}))

    @functools.cached_property  # a plan asks for each of a hundred thousand several times
    def folder(self) -> str:
        text = json.dumps({"format": ARTEFACT_FORMAT, **self.config}, sort_keys=True)
        return f"{self.name}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


class Store:
    """Artefacts, results and reports below one output folder.

    Threads and processes may use one folder side by side: each artefact is made once.

    Args:
        output_dir: created if missing.
        stored_only: make nothing; `fetch` then raises `NotStoredError`.
        progress: told of damage and of failures, and asked while waiting whether the run goes on.

    Attributes:
        progress: as given; a command line sets it once its bar is shown.
        patient: whether `fetch` waits for an artefact that another process is making, or raises `BusyError`.
        expected: per artefact that `progress` counts towards, by folder: its cost; a command line sets it. Who hears of
            progress in another way, as from Ray's workers, empties it.
        used: per artefact fetched or noted so far, by folder: its "kind", "seconds" that making it took, and "made_by".

    Raises:
        UsageError: the folder cannot be written to.
    """

    def __init__(self, output_dir: str | os.PathLike, stored_only: bool = False, progress=None):
        self.root = Path(output_dir)
        self.stored_only = stored_only
        self.patient = True
        self.expected: dict[str, float] = {}
        self.used: dict[str, dict] = {}
        self.progress = progress
        self._failed: dict[str, PieceFailedError] = {}
        self._sound: set[str] = set()
        self._inside = threading.local()
        self._log = RunLog(self.root / "logs")
        self.artefacts = self.root / "artefacts"
        self._unfinished = self.artefacts / ".unfinished"
        self._locks = self.artefacts / ".locks"
        if not stored_only:
            self._prepare()

    def _prepare(self) -> None:
        """Finds out whether the folder can be written to before anything is computed."""
        with writing(self.root):
            self._unfinished.mkdir(parents=True, exist_ok=True)
            self._locks.mkdir(exist_ok=True)
            probe = self._unfinished / f".probe-{os.getpid()}"
            probe.touch()
            probe.unlink()

    def __contains__(self, key: Key) -> bool:
        return (self.artefacts / key.folder).is_dir()

    @property
    def anything(self) -> bool:
        """Whether any artefact is stored."""
        return self.artefacts.is_dir() and any(not path.name.startswith(".") for path in self.artefacts.iterdir())

    def fetch(self, key: Key, make: Callable[[Path], None], images: Callable[[], int] = int) -> Path:
        """The folder of an artefact, made first if it is not there or not as it was written.

        Args:
            key: what it is of.
            make: fills the folder it is given. Called again with the same folder, and what it
                left there, after an interruption.
            images: how many `make` trained on, all epochs together, for the log; asked afterwards.

        Raises:
            NotStoredError: it is not there and this store makes nothing.
            PieceFailedError: making it failed, now or earlier in this run.
            BusyError: another process is making it and this store is not patient.
            UsageError: the folder cannot be written to.
        """
        if self._damage(key):
            if self.stored_only:
                raise NotStoredError(key.name)
            with self._alone(key):
                if key.folder in self._failed:
                    raise self._failed[key.folder]
                if reason := self._damage(key):
                    self._set_aside(key, reason)
                    self._make(key, make, images)
                    self.expected.pop(key.folder, None)  # who makes it advances on the way
        self.note(key)
        return self.artefacts / key.folder

    def fetch_as_helper(self, key: Key, help_make: Callable[[Path], None]) -> Path:
        """As `fetch`, for a process that helps another to make an artefact and keeps nothing itself.

        Args:
            key: what it is of.
            help_make: does this process's part, given a copy of what an interruption left in the folder.
        """
        if self._damage(key):
            with writing(self.root), tempfile.TemporaryDirectory(dir=self._unfinished, prefix=".helper-") as folder:
                working = Path(folder) / "working"
                left = self._unfinished / key.folder
                if left.exists():
                    shutil.copytree(left, working)
                else:
                    working.mkdir()
                help_make(working)
            self.expected.pop(key.folder, None)
            while self._damage(key):
                time.sleep(0.2)
                self._check_interrupted()
        self.note(key)
        return self.artefacts / key.folder

    def fetch_arrays(
        self, key: Key, compute: Callable[[], Mapping[str, np.ndarray]], images: Callable[[], int] = int
    ) -> dict[str, np.ndarray]:
        """A measurement: named arrays, computed if they are not stored."""
        folder = self.fetch(key, lambda working: write_arrays(working / ARRAYS, compute()), images)
        return read_arrays(folder / ARRAYS)

    def adopt(self, key: Key, files: Mapping[str, bytes]) -> None:
        """Keeps an artefact made elsewhere, if it is what was sealed there and is not here already.

        Args:
            key: what it is of.
            files: content by name; artefacts have no folders inside.

        Raises:
            UsageError: it is damaged or of something else, or this folder cannot be written to.
        """
        with self._alone(key), writing(self.root):
            if not self._damage(key):
                return
            arrived = self._unfinished / f"{key.folder}.arrived"
            shutil.rmtree(arrived, ignore_errors=True)
            arrived.mkdir()
            for name, content in files.items():
                (arrived / Path(name).name).write_bytes(content)
            if reason := damage(arrived) or _foreign(arrived, key):
                raise UsageError(f"{key.name} arrived from another machine damaged: {reason}.")
            self._set_aside(key, self._damage(key))
            arrived.rename(self.artefacts / key.folder)

    def note(self, key: Key) -> None:
        """Counts an artefact among those used, and as done if another process has made it; if it is there."""
        if not self._damage(key):
            if self.progress:
                self.progress.advance(self.expected.pop(key.folder, 0))
            config = json.loads((self.artefacts / key.folder / CONFIG).read_text(encoding="utf-8"))
            self.used[key.folder] = {"kind": key.kind, "seconds": config["seconds"], "made_by": config["made_by"]}

    def _damage(self, key: Key) -> str:
        """Why an artefact cannot be used: "" if it can."""
        if key.folder in self._sound:
            return ""
        folder = self.artefacts / key.folder
        if folder.is_symlink():
            return "it is a link, which may lead out of the output folder"
        if not folder.is_dir():
            return "it is not there"
        reason = damage(folder) or _foreign(folder, key)
        if not reason:
            self._sound.add(key.folder)
        return reason

    def _set_aside(self, key: Key, reason: str) -> None:
        """Moves a damaged artefact out of the way and says so; there may be none."""
        folder = self.artefacts / key.folder
        if folder.is_symlink() or folder.exists():
            with writing(self.root):
                aside = self.artefacts / ".damaged" / f"{key.folder}-{time.time_ns()}"
                aside.parent.mkdir(exist_ok=True)
                folder.rename(aside)
            self._say(f"{key.name} was damaged ({reason}); it is kept as {aside} and made again")

    def _make(self, key: Key, make: Callable[[Path], None], images: Callable[[], int]) -> None:
        working = self._unfinished / key.folder
        started = time.monotonic()
        try:
            with writing(self.root):
                working.mkdir(exist_ok=True)
                seconds = self._timed(make, working)
                config = {"name": key.name, "seconds": seconds, "made_by": versions(), "key": key.content}
                write_json(working / CONFIG, config)
                seal(working)
                working.rename(self.artefacts / key.folder)
                self._log.made(key.name, started, seconds, images())
        except PieceFailedError as failure:
            shutil.rmtree(working, ignore_errors=True)
            if failure not in self._failed.values():  # else a piece that this one needs has failed, and was named
                self._say(f"FAILED: {failure}")
                with writing(self.root):
                    self._log.failed(key.name, started, failure.reason)
            self._failed[key.folder] = failure
            raise

    def _timed(self, make: Callable[[Path], None], working: Path) -> float:
        """Makes an artefact; the seconds it took, less those of other artefacts made on the way."""
        outside, self._inside.seconds = getattr(self._inside, "seconds", 0.0), 0.0
        started = time.monotonic()
        make(working)
        elapsed = time.monotonic() - started
        own, self._inside.seconds = elapsed - self._inside.seconds, outside + elapsed
        return round(own, 3)

    @contextmanager
    def _alone(self, key: Key) -> Iterator[None]:
        """Holds the artefact's lock."""
        lock = FileLock(self._locks / f"{key.folder}.lock")
        with writing(self.root):
            while True:
                try:
                    lock.acquire(timeout=0.5 if self.patient else 0)
                    break
                except Timeout as held:
                    if not self.patient:
                        raise BusyError(key.name) from held
                    self._check_interrupted()
        try:
            yield
        finally:
            lock.release()

    def _check_interrupted(self) -> None:
        if self.progress:
            self.progress.advance(0)

    def _say(self, text: str) -> None:
        if self.progress:
            self.progress.stage(text)


def _foreign(folder: Path, key: Key) -> str:
    """Whether a sealed folder is of another key: "" if it is of this one."""
    try:
        config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
        right = config["key"] == key.content and config["seconds"] >= 0 and isinstance(config["made_by"], dict)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        right = False
    return "" if right else f"its {CONFIG} is of something else"
