"""Tables of results as pages, papers and spreadsheets need them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import pandas

from experiments.wording import MINUS
from reports import formats


class Cell(NamedTuple):
    """What stands in a cell: its text, the interval below it, and what it is sorted by."""

    text: str
    interval: str | None = None
    sort: float | str | None = None


@dataclass(frozen=True)
class Column:
    """A heading, and how a row of results fills the cell below it.

    Attributes:
        heading: plain text.
        cell: row -> `Cell`.
        words: left-aligned text rather than a number.
    """

    heading: str
    cell: Callable[[dict], Cell]
    words: bool = False


def words(heading: str, text: Callable[[dict], str]) -> Column:
    """A column of text."""
    return Column(heading, lambda row: Cell(text(row), sort=text(row)), words=True)


def number(heading: str, field: str, show: Callable = formats.number) -> Column:
    """A column of one field's numbers. show: value -> text."""
    return Column(heading, lambda row: Cell(show(row[field]), sort=row[field]))


def estimate(heading: str, field: str, digits: int = 3, show: Callable = formats.number, factor: float = 1) -> Column:
    """A column of one field's values above their 95 % intervals. factor: shown are that many times the values."""

    def cell(row: dict) -> Cell:
        value, low, high = (row[name] and row[name] * factor for name in (field, f"{field}_low", f"{field}_high"))
        return Cell(show(value, digits), None if low is None else formats.interval(low, high, digits), row[field])

    return Column(heading, cell)


@dataclass(frozen=True)
class Table:
    """Rows of results under columns.

    Attributes:
        name: unique in the page; the name of its files.
        caption: says what to see.
        columns: what is shown.
        rows: the results, more than what is shown, as they go into the CSV file.
    """

    name: str
    caption: str
    columns: Sequence[Column]
    rows: Sequence[dict]

    @property
    def cells(self) -> list[list[Cell]]:
        return [[column.cell(row) for column in self.columns] for row in self.rows]


def to_csv(rows: Sequence[dict]) -> str:
    """Every field of every row; a row whose fields hold lists becomes one row per entry."""
    frame = pandas.DataFrame(rows, dtype=object)
    lists = [name for name in frame if frame[name].map(lambda value: isinstance(value, list)).any()]
    return (frame.explode(lists) if lists else frame).to_csv(index=False)


def to_latex(table: Table) -> str:
    """The table as shown, for the booktabs package, below a comment that says what it shows."""
    rows = [[cell.text + (f" [{cell.interval}]" if cell.interval else "") for cell in row] for row in table.cells]
    style = pandas.DataFrame(rows, columns=[column.heading for column in table.columns], dtype=object).style
    style = style.hide(axis="index").format(escape="latex").format_index(escape="latex", axis="columns")
    alignment = "".join("l" if column.words else "r" for column in table.columns)
    text = style.to_latex(hrules=True, column_format=alignment)
    for character, command in _IN_LATEX.items():
        text = text.replace(character, command)
    return f"% {table.caption}\n{text}"


# What pandas leaves as it is, though not every LaTeX font has it.
_IN_LATEX = {
    MINUS: "$-$",
    formats.MISSING: "--",
    "\N{MULTIPLICATION SIGN}": r"$\times$",
    "\N{SUBSCRIPT TWO}": "$_2$",
    "\N{INFINITY}": r"$_\infty$",
}
