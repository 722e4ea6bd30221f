"""What a setting is: a field that becomes a flag, with its help, its unit and what it may be."""

import os
from collections.abc import Callable, Iterable
from dataclasses import Field, dataclass, field, fields
from typing import Any, get_args, get_origin, get_type_hints

from experiments.errors import UsageError

ALL = "all"
"""What flags that list names may say instead."""
LARGEST = 2**31 - 1
"""Of any whole number: graphs count in 32 bits."""

GROUPS = {
    "run": "What to run",
    "scale": "Scale",
    "training": "Training",
    "attack": "Attacks",
    "attribution": "Attributions",
    "measure": "Measures",
    "manifold": "Manifold (Section 2.1)",
    "toy": "Toy (Section 2.2)",
    "machine": "Machines",
}
"""Headings of `--help`, in its order."""


class Folder(str):
    """The path of a folder as it is typed: a "~" that it begins with stands for a home folder, as in a shell.

    Raises:
        ValueError: it is empty, or nobody has that home folder.
    """

    def __new__(cls, path: str) -> "Folder":
        whole = os.path.expanduser(path)
        if not whole.strip() or whole.startswith("~"):
            raise ValueError(path)
        return super().__new__(cls, whole)


@dataclass(frozen=True)
class Option:
    """A setting as the command line shows it.

    Attributes:
        name: of the flag.
        kind: int, float, str, bool or `Folder`, or a tuple of one of them, written with commas.
        default: what it is where neither flag nor preset says otherwise.
        help: a whole sentence, or several.
        group: a key of `GROUPS`.
        example: a value, as typed.
        allowed: in words.
        check: whether a value, or an entry of a list, is allowed.
    """

    name: str
    kind: Any
    default: Any
    help: str
    group: str
    example: str
    allowed: str
    check: Callable[[Any], bool]

    @property
    def is_list(self) -> bool:
        return get_origin(self.kind) is tuple

    @property
    def entry_kind(self) -> type:
        return get_args(self.kind)[0] if self.is_list else self.kind

    def verify(self, value: Any) -> None:
        """Refuses what is not allowed.

        Raises:
            UsageError: the value, or an entry of it, is not allowed, or a list names an entry twice.
        """
        for entry in value if self.is_list else (value,):
            if not self.check(entry) or (isinstance(entry, int) and entry > LARGEST):
                raise UsageError(f"--{self.name}: {entry!r} is not allowed; allowed: {self.allowed}.")
        if self.is_list and len(set(value)) < len(value):
            raise UsageError(f"--{self.name}: {','.join(map(str, value))} names an entry twice.")


@dataclass(frozen=True)
class Range:
    """What a value may be: a test, and its words."""

    check: Callable[[Any], bool]
    words: str


ANYTHING = Range(lambda value: True, "")
ABOVE_0 = Range(lambda value: 0 < value < float("inf"), "a number above 0")
FROM_0 = Range(lambda value: 0 <= value < float("inf"), "a number, 0 or more")
FOLDER = Range(bool, "the path of a folder; ~ is your home folder")
COUNT = Range(lambda value: value > 0, "a whole number above 0")
COUNT_FROM_0 = Range(lambda value: value >= 0, "a whole number, 0 or more")


def at_least(least: int) -> Range:
    return Range(lambda value: value >= least, f"a whole number, {least} or more")


def between(least: int, most: int) -> Range:
    return Range(lambda value: least <= value <= most, f"a whole number from {least} to {most}")


def one_of(choices: Iterable[str]) -> Range:
    names = tuple(choices)
    return Range(lambda value: value in names, ", ".join(names))


def option(default: Any, help_text: str, group: str, example: str, allowed: Range = ANYTHING) -> Any:
    """A field of a dataclass that becomes a flag; arguments as of `Option`."""
    return field(default=default, metadata={"help": help_text, "group": group, "example": example, "range": allowed})


def options_of(owner: type) -> dict[str, Option]:
    """The options that a dataclass has, by name."""
    kinds = get_type_hints(owner)
    return {entry.name: _option(entry, kinds[entry.name]) for entry in fields(owner) if "group" in entry.metadata}


def _option(entry: Field, kind: Any) -> Option:
    text = entry.metadata
    plain = next((part for part in get_args(kind) if part is not type(None)), kind) if _is_optional(kind) else kind
    allowed: Range = text["range"]
    return Option(
        entry.name, plain, entry.default, text["help"], text["group"], text["example"], allowed.words, allowed.check
    )


def _is_optional(kind: Any) -> bool:
    return type(None) in get_args(kind)


def verify_all(owner: Any) -> None:
    """Every option of a dataclass's instance that is not None.

    Raises:
        UsageError: a value is not allowed; the message names its flag.
    """
    for name, known in options_of(type(owner)).items():
        value = getattr(owner, name)
        if value is not None:
            known.verify(value)
