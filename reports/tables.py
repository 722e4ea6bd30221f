"""Tables: each column is declared once, and serves pages, CSV, LaTeX, JSON and figures."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pandas

from reports import formats
from reports.evidence.claim import UNKNOWN, Estimate
from reports.evidence.study import Known, Network, NotMeasuredError
from reports.latex import tabular
from reports.styles import network_name


class Cell(NamedTuple):
    """What stands in a cell: its text, the interval below it, and what it is sorted by."""

    text: str
    interval: str | None = None
    sort: float | str | None = None


@dataclass(frozen=True)
class Column:
    """A column: where its values come from, what it is called, and how it is shown.

    Attributes:
        key: in files and figures; an estimate's ends are `<key>_low` and `<key>_high`.
        heading: on pages; "" for what stands in files alone.
        value: what a row is about -> a plain value, an `Estimate`, or a list of numbers for figures.
        show: value -> text.
        words: left-aligned text rather than a number.
        digits: of an estimate and its interval; None for those of an effect.
        factor: shown is that many times an estimate.
    """

    key: str
    heading: str
    value: Callable[[Any], Any]
    show: Callable[..., str] = formats.number
    words: bool = False
    digits: int | None = 3
    factor: float = 1


def words(key: str, heading: str, value: Callable[[Any], Any], show: Callable[[Any], str] = str) -> Column:
    """A column of text."""
    return Column(key, heading, value, show, words=True)


def number(key: str, heading: str, value: Callable[[Any], Any], show: Callable[[Any], str] = formats.number) -> Column:
    """A column of numbers."""
    return Column(key, heading, value, show)


def estimate(
    key: str,
    heading: str,
    value: Callable[[Any], Estimate | None],
    digits: int | None = 3,
    show: Callable[..., str] = formats.number,
    factor: float = 1,
) -> Column:
    """A column of values above their 95 % intervals. factor: shown are that many times the values."""
    return Column(key, heading, lambda row: value(row) or UNKNOWN, show, digits=digits, factor=factor)


def unshown(key: str, value: Callable[[Any], Any]) -> Column:
    """A column that stands in files and serves figures, and that no page shows."""
    return Column(key, "", value)


def network_columns(
    of: Callable[[Any], Network | None], heading: str = "Network", nobody: str = "none"
) -> list[Column]:
    """What a table says of a row's network, one of the columns on pages.

    Args:
        of: row -> network.
        heading: over the shown one.
        nobody: shown where a row has no network.
    """

    def each(attribute: str) -> Callable[[Any], Any]:
        def value(row: Any) -> Any:
            network = of(row)
            return None if network is None else getattr(network, attribute)

        return value

    def shown(row: Any) -> str:
        network = of(row)
        return nobody if network is None else network_name(network)

    return [
        unshown("network", each("name")),
        Column("network_name", heading, shown, str, words=True),
        unshown("method", each("method")),
        unshown("family", each("family")),
        unshown("group", each("group")),
        unshown("eps", each("strength")),
    ]


@dataclass(frozen=True)
class Table:
    """Rows under columns.

    Attributes:
        kind: what it is of, among its section's tables.
        caption: says what to see.
        columns: those whose values were measured.
        values: row by row a value for each column.
        left_out: headings or keys of columns that these values, of an older run, do not have.
    """

    kind: str
    caption: str
    columns: Sequence[Column]
    values: Sequence[Sequence[Any]]
    left_out: Sequence[str] = ()

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """Plain values by key, each as `Known`: an estimate is three of them."""
        return [
            Known(
                (key, value)
                for column, entry in zip(self.columns, row, strict=True)
                for key, value in _plain(column.key, entry).items()
            )
            for row in self.values
        ]

    @property
    def keys(self) -> list[str]:
        """Of the rows, whether there are any or none."""
        if self.rows:
            return list(self.rows[0])
        return [column.key for column in self.columns]

    @property
    def shown(self) -> list[Column]:
        """The columns that pages show."""
        return [column for column in self.columns if column.heading]

    @property
    def cells(self) -> list[list[Cell]]:
        """Of the shown columns."""
        return [
            [_cell(column, entry) for column, entry in zip(self.columns, row, strict=True) if column.heading]
            for row in self.values
        ]


def table(kind: str, caption: str, columns: Iterable[Column], about: Iterable[Any]) -> Table:
    """A table of the columns whose values were measured; of an older run's values some may be missing.

    about: what each row is about, as the columns' `value` takes it.
    """
    rows = list(about)
    there: dict[Column, list[Any]] = {}
    missing = []
    for column in columns:
        try:
            there[column] = [column.value(row) for row in rows]
        except NotMeasuredError:
            missing.append(column.heading or column.key)
    return Table(kind, caption, list(there), list(zip(*there.values(), strict=True)), missing)


def _plain(key: str, value: Any) -> dict[str, Any]:
    """As JSON and CSV have it; what does not exist is None."""
    if isinstance(value, Estimate):
        if not math.isfinite(value.value):
            return dict.fromkeys((key, f"{key}_low", f"{key}_high"))
        return {key: value.value, f"{key}_low": value.low, f"{key}_high": value.high}
    if isinstance(value, np.generic):
        value = value.item()
    return {key: None if isinstance(value, float) and not math.isfinite(value) else value}


def _cell(column: Column, value: Any) -> Cell:
    if isinstance(value, Estimate):
        if not math.isfinite(value.value):
            return Cell(formats.MISSING)
        shown = column.factor * value.value
        low, high = (None if end is None else column.factor * end for end in (value.low, value.high))
        digits = formats.effect_digits(shown) if column.digits is None else column.digits
        interval = None if low is None or high is None else formats.interval(low, high, digits)
        return Cell(column.show(shown, digits), interval, value.value)
    plain = _plain("value", value)["value"]
    if plain is None:
        return Cell(formats.MISSING)
    return Cell(column.show(plain), sort=plain)


def to_csv(table: Table) -> str:
    """Every field of every row; a row whose fields hold lists becomes one row per entry. A header line always."""
    frame = pandas.DataFrame(table.rows, columns=table.keys, dtype=object)
    lists = [name for name in frame if frame[name].map(lambda value: isinstance(value, list)).any()]
    return (frame.explode(lists) if lists else frame).to_csv(index=False)


def to_latex(table: Table, of: str = "") -> str:
    """The table as shown, for the booktabs package, below a comment that says what it shows, and of which data."""
    rows = [[cell.text + (f" [{cell.interval}]" if cell.interval else "") for cell in row] for row in table.cells]
    alignment = "".join("l" if column.words else "r" for column in table.shown)
    comment = " ".join(f"{table.caption}{of}".split())
    return f"% {comment}\n{tabular(alignment, [column.heading for column in table.shown], rows)}"
