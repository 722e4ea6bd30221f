"""Arrays and JSON on disk, and folders sealed with checksums, so that nothing altered is believed."""

import hashlib
import io
import json
import os
from collections.abc import Mapping
from pathlib import Path

import numpy as np

SEAL = "checksums.json"


def write_arrays(path: Path, arrays: Mapping[str, np.ndarray]) -> None:
    np.savez_compressed(path, allow_pickle=False, **arrays)


def read_arrays(path: Path) -> dict[str, np.ndarray]:
    with np.load(path, allow_pickle=False) as stored:
        return dict(stored)


def write_json(path: Path, value, indent: int | None = 1) -> None:
    write_text(path, json.dumps(value, indent=indent, allow_nan=False))


def write_text(path: Path, text: str) -> None:
    """Writes UTF-8; the bytes of a path that is not UTF-8 become escapes."""
    write_bytes(path, text.encode("utf-8", errors="backslashreplace"))


def write_bytes(path: Path, content: bytes | memoryview) -> None:
    """Writes through a temporary name of this process's own: a reader sees the old file or the new one."""
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        partial.write_bytes(content)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)  # what did not fit would take up room for ever


def save_weights(model, path: Path) -> None:
    """Saves a Keras model's weights, made in memory and then written at once.

    HDF5 brings the interpreter down if the disk fills up while it writes, and some network drives cannot lock for it.
    """
    content = _InMemory(path.name)
    model.save_weights(content)
    write_bytes(path, content.getbuffer())


class _InMemory(io.BytesIO):
    """A file in memory with a name, by whose ending Keras knows the format."""

    def __init__(self, name: str):
        super().__init__()
        self._name = name

    def __str__(self) -> str:
        return self._name


def checksum(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def seal(folder: Path) -> None:
    """Notes the checksum of every file in a folder, in the folder."""
    write_json(folder / SEAL, _checksums(folder))


def damage(folder: Path) -> str:
    """What is wrong with a sealed folder, in words; "" if it is what was sealed."""
    try:
        sealed = json.loads((folder / SEAL).read_text(encoding="utf-8"))
        found = _checksums(folder)
    except (OSError, ValueError, RecursionError):
        return "its checksums cannot be read"
    if not isinstance(sealed, dict):
        return "its checksums cannot be read"
    altered = sorted(name for name in found.keys() | sealed.keys() if found.get(name) != sealed.get(name))
    return f"{altered[0]} is not as it was written" if altered else ""


def _checksums(folder: Path) -> dict[str, str]:
    """By path inside the folder. A link counts as altered: it may lead outside."""
    return {
        path.relative_to(folder).as_posix(): "" if path.is_symlink() else checksum(path)
        for path in sorted(folder.rglob("*"))
        if path.name != SEAL and (path.is_symlink() or not path.is_dir())
    }
