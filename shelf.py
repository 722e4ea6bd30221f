"""Shelves: folders in which a file is an entry, found by being there and read without being imported.

An entry is a file that gives itself a `TITLE`. It holds a function or class of its own name (`gradient.py` has
`gradient`, `adversarial.py` has `Adversarial`), and declares what others must know of it as plain literals at its
top level, or in the body of its class. They are read from the source, so that `--help` and `--plan` need no TensorFlow.
"""

import ast
import contextlib
import functools
import importlib
import tokenize
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent


@dataclass(frozen=True)
class Entry:
    """What a file says of itself.

    Attributes:
        name: as on the command line.
        path: of the file.
        summary: the first line of its docstring.
        declared: its assignments in capitals, where they are literals.
        source: its text.
    """

    name: str
    path: Path
    summary: str
    declared: Mapping[str, Any]
    source: str


@functools.cache
def read(name: str, path: Path) -> Entry:
    """The entry in a file.

    Raises:
        SyntaxError: the file is not Python.
        UnicodeDecodeError: it is not text.
        OSError: it cannot be read.
    """
    with tokenize.open(path) as file:  # in the encoding that Python would read it in
        source = file.read()
    tree = ast.parse(source, path.name)
    declared = _literals(tree.body)
    for statement in tree.body:
        if isinstance(statement, ast.ClassDef) and statement.name in _spellings(name.rpartition(":")[2]):
            declared |= _literals(statement.body)
    return Entry(name, path, (ast.get_docstring(tree) or "").partition("\n")[0], declared, source)


def _literals(statements: list[ast.stmt]) -> dict[str, Any]:
    """Assignments of literals to names in capitals."""
    found = {}
    for statement in statements:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            constant = statement.targets[0].id
            if constant.isupper():
                with contextlib.suppress(ValueError):  # not a literal
                    found[constant] = ast.literal_eval(statement.value)
    return found


@functools.cache
def entries(folder: str) -> Mapping[str, Entry]:
    """Every entry of a folder, such as "attributions" or "attacks/losses", by name, as it was when first asked for."""
    found = {path.stem: read(path.stem, path) for path in sorted((ROOT / folder).glob("*.py"))}
    return {name: entry for name, entry in found.items() if "TITLE" in entry.declared}


def load(folder: str) -> dict[str, Callable]:
    """The function or class of every entry of a folder, imported."""
    return {
        name: named(importlib.import_module(f"{folder.replace('/', '.')}.{name}"), name) for name in entries(folder)
    }


def named(module, name: str) -> Callable:
    """The function or class in a module that a file's name stands for.

    Raises:
        AttributeError: the module has neither.
    """
    for spelling in _spellings(name):
        if hasattr(module, spelling):
            return getattr(module, spelling)
    raise AttributeError(f"{module.__name__} has none of {', '.join(_spellings(name))}")


def _spellings(name: str) -> tuple[str, ...]:
    """How a function or class may be written whose file has this name."""
    return name, name.title().replace("_", ""), name.upper()
