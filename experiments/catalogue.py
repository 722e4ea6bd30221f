"""Names on the command line: of an entry on a shelf, or of the user's own as `module:function`. No TensorFlow."""

import functools
import hashlib
import importlib
import sys
from collections.abc import Callable, Mapping
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Any

import shelf
from experiments.compute.keras_settings import check_environment, check_left_alone
from experiments.errors import UsageError
from experiments.settings.options import Option, Range

SHELVES: Mapping[str, str] = {
    "network": "models/classifiers",
    "training": "training",
    "losses": "attacks/losses",
    "robust_attacks": "attacks",
    "attributions": "attributions",
    "measures": "measures",
}
"""By flag, the folder whose files it names."""
BASELINES = {"training": "standard", "attributions": "random"}
"""By flag what is part of every run and cannot be listed."""
WITH_PARAMETERS = ("training", "robust_attacks", "attributions", "measures")
"""Shelves whose entries are called with the parameters that they declare."""
GROUP = {"network": "training", "losses": "attack", "robust_attacks": "attack", "attributions": "attribution"}
OWN = "your own as module:function"


def known(flag: str) -> str:
    """What a flag may name, in words."""
    return ", ".join([*everything(flag), f"or {OWN}"])


def everything(flag: str) -> tuple[str, ...]:
    """Every entry of a flag's shelf that may be listed."""
    return tuple(name for name in shelf.entries(SHELVES[flag]) if name != BASELINES.get(flag))


def is_built_in(name: str) -> bool:
    return ":" not in name


@functools.cache
def entry(flag: str, name: str) -> shelf.Entry:
    """What the file behind a name declares, read without importing it.

    Raises:
        UsageError: neither on the flag's shelf nor a function of a module that can be read.
    """
    if is_built_in(name):
        entries = shelf.entries(SHELVES[flag])
        if name not in entries:
            raise UsageError(f"--{flag}: {name!r} is unknown; allowed: {known(flag)}.")
        return entries[name]
    path = source_of(name)
    if path is None:
        raise UsageError(f"--{flag}: {name!r} cannot be imported (there is no such module here); {_what(flag)}.")
    try:
        return shelf.read(name, path)
    except (SyntaxError, OSError, UnicodeDecodeError) as error:
        raise UsageError(f"--{flag}: {name!r} cannot be read ({error}); {_what(flag)}.") from error


def find(flag: str, name: str) -> Callable:
    """The function or class a name stands for, imported.

    Raises:
        UsageError: it cannot be imported, or cannot be called.
    """
    if is_built_in(name):
        entry(flag, name)
        return shelf.named(importlib.import_module(f"{SHELVES[flag].replace('/', '.')}.{name}"), name)
    return own(flag, name, _what(flag))


def own(flag: str, name: str, allowed: str) -> Callable:
    """A function of the user's, looked up from the working folder too.

    Raises:
        UsageError: it cannot be imported, or cannot be called; the message ends with what is allowed.
    """
    check_environment()  # its module may load Keras
    if "" not in sys.path:
        sys.path.append("")
    module, _, function = name.partition(":")
    try:
        found = getattr(importlib.import_module(module), function)
    except (ImportError, AttributeError, ValueError, TypeError) as error:
        raise UsageError(f"--{flag}: {name!r} cannot be imported ({error}); {allowed}.") from error
    if not callable(found):
        raise UsageError(f"--{flag}: {name!r} is not a function; {allowed}.")
    check_left_alone(flag, name)
    return found


def _what(flag: str) -> str:
    return f"allowed: {known(flag)}"


def source_of(name: str) -> Path | None:
    """The file of a `module:function`'s module, found without importing any package it lies in."""
    path: list[str] | None = [*sys.path, "."]
    origin = None
    for part in name.partition(":")[0].split("."):
        spec = PathFinder.find_spec(part, path)
        if spec is None:
            return None
        path, origin = list(spec.submodule_search_locations or []), spec.origin
    return Path(origin) if origin and origin.endswith(".py") else None


def identity(flag: str, name: str) -> str:
    """A name that changes with the text of the user's own file behind it, for keys of stored results.

    What ships with the project is told apart by name: the format's number rises when it changes.
    """
    if is_built_in(name):
        return name
    return f"{name}@{hashlib.sha256(entry(flag, name).source.encode()).hexdigest()[:8]}"


def title(flag: str, name: str) -> str:
    """How an entry is called in text."""
    if is_built_in(name):
        found = shelf.entries(SHELVES[flag]).get(name)
        return found.declared["TITLE"] if found else name
    return name.partition(":")[2]


def passes(flag: str, name: str, parameters: Mapping[str, Any], without: float) -> float:
    """Network passes per image: what an entry declares as PASSES, with its parameters counted in.

    without: for an entry that declares none.
    """
    return counted(entry(flag, name).declared.get("PASSES", {"call": without}), parameters)


def counted(declared: Mapping[str, float], parameters: Mapping[str, Any]) -> float:
    """A declared sum of parameters, each with its factor: a list counts by its entries, what is no parameter once."""
    values = {name: len(value) if isinstance(value, tuple) else value for name, value in parameters.items()}
    return sum(count * values.get(of, 1) for of, count in declared.items())


def own_flags(flag: str, name: str) -> list[str]:
    """The flags that an entry on a shelf brings along."""
    if not is_built_in(name):
        return []
    declared = entry(flag, name).declared.get("PARAMETERS", {}) if flag in WITH_PARAMETERS else {}
    return [f"{name}_{parameter}" for parameter, about in declared.items() if "default" in about]


@functools.cache
def parameters() -> dict[str, Option]:
    """Every flag that the shelves' files declare, by name."""
    return {
        f"{name}_{parameter}": _parameter(flag, name, parameter, about)
        for flag in WITH_PARAMETERS
        for name, found in shelf.entries(SHELVES[flag]).items()
        for parameter, about in found.declared.get("PARAMETERS", {}).items()
        if "default" in about
    }


def _parameter(flag: str, name: str, parameter: str, about: Mapping[str, Any]) -> Option:
    default = about["default"]
    kind: Any = tuple.__class_getitem__((type(default[0]), ...)) if isinstance(default, tuple) else type(default)
    allowed = _range(about)
    example = ",".join(map(str, default)) if isinstance(default, tuple) else str(default)
    full, group = f"{name}_{parameter}", GROUP.get(flag, flag.removesuffix("s"))
    return Option(full, kind, default, about["help"], group, example, allowed.words, allowed.check)


def _range(about: Mapping[str, Any]) -> Range:
    if "one_of" in about:
        return Range(lambda value: value in about["one_of"], ", ".join(about["one_of"]))
    if "above" in about:
        return Range(lambda value: about["above"] < value < float("inf"), f"a number above {about['above']}")
    if "at_least" in about:
        return Range(lambda value: about["at_least"] <= value < float("inf"), f"{about['at_least']} or more")
    return Range(lambda value: True, "")
