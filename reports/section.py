"""A section of the report: what it makes of values, without drawing anything."""

import importlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from experiments import SECTIONS
from experiments.store.values import Values
from reports.evidence.claim import Claim
from reports.evidence.correction import judged_together
from reports.evidence.looks import changed_designs, is_reached, judged_at_looks, looks_of, until
from reports.evidence.study import Known, NotMeasuredError
from reports.tables import Table


@dataclass(frozen=True)
class Section:
    """A folder of `reports/`. Its page.py shows what these give.

    Attributes:
        name: of the folder and on the command line.
        title: of its page.
        analysis: values -> what the following are given; its `anything` says whether there is enough to say something.
        claims: each gives some of the claims, the registered ones first.
        tables: each gives a table.
        alerts: each gives sentences, what to know before believing the numbers.
    """

    name: str
    title: str
    analysis: Callable[[Values], Any]
    claims: Sequence[Callable[[Any], Iterable[Claim]]]
    tables: Sequence[Callable[[Any], Table]]
    alerts: Sequence[Callable[[Any], Iterable[str]]]

    @property
    def number(self) -> str:
        """Of the paper's section, or what it is instead."""
        return SECTIONS[self.name].number

    @property
    def short_title(self) -> str:
        """Without what follows the colon."""
        return self.title.partition(":")[0]


class Made(dict[Any, Any]):
    """Parts of a page that could be made. left_out: what the others needed and these values do not have, in words."""

    left_out: list[str]


def made(parts: Mapping[Any, Callable[[], Any]], kind: str) -> Made:
    """The parts of a page that can be made of these values. kind: what they are, in the plural."""
    found, lacking = Made(), {}
    for name, part in parts.items():
        try:
            found[name] = part()
        except NotMeasuredError as missing:
            lacking[f"{kind} that need {missing}"] = True
    found.left_out = list(lacking)
    return found


@dataclass(frozen=True)
class Judged:
    """What a section says of one data set.

    Attributes:
        section: whose.
        values: what was measured.
        found: the section's analysis of them.
        tables: by kind; NotMeasuredError is raised for one that is left out.
        claims: judged.
        alerts: sentences.
        left_out: what could not be said because these values lack something, in words.
    """

    section: Section
    values: Values
    found: Any
    tables: Mapping[str, Table]
    claims: Sequence[Claim]
    alerts: Sequence[str]
    left_out: Sequence[str]

    @property
    def dataset(self) -> str:
        return self.values.dataset


def section_named(name: str) -> Section:
    """The section in a folder of that name."""
    return importlib.import_module(f"reports.{name}.section").SECTION


def judge(name: str, measured: Iterable[Values]) -> list[Judged]:
    """What a section says of the values of its data sets; nothing of those that have too little to say something."""
    section = section_named(name)
    return [judged for values in measured if (judged := _judge(section, values))]


def why_absent(section: Section, values: Values) -> str:
    """Why a section says nothing of some values; "" where it does."""
    return _analysed(section, values)[1]


def _analysed(section: Section, values: Values) -> tuple[Any, str]:
    """A section's analysis of some values, or None and why nothing can be said."""
    try:
        found = section.analysis(values)
        return (found, "") if found.anything else (None, "too little of it is stored yet")
    except NotMeasuredError as missing:
        return None, f"its values lack {missing}"


def _listed(part: Callable[[Any], Iterable[Any]], found: Any) -> list[Any]:
    return list(part(found))


def _chained(parts: Made) -> list[Any]:
    return [entry for part in parts.values() for entry in part]


def _judge(section: Section, values: Values) -> Judged | None:
    found, _ = _analysed(section, values)
    if found is None:
        return None
    tables = made({part: partial(part, found) for part in section.tables}, "Tables")
    claims = _claims(section, found)
    alerts = made({part: partial(_listed, part, found) for part in section.alerts}, "Warnings")
    by_kind = Known((table.kind, table) for table in tables.values())
    left_out = [
        *tables.left_out,
        *claims.left_out,
        *alerts.left_out,
        *(f"{table.caption}: the column {column}" for table in by_kind.values() for column in table.left_out),
    ]
    told = [*changed_designs(values), *_chained(alerts)]
    return Judged(section, values, found, by_kind, _at_looks(section, found, claims, values), told, left_out)


def _claims(section: Section, found: Any) -> Made:
    """Before they are corrected for each other."""
    return made({part: partial(_listed, part, found) for part in section.claims}, "Claims")


def _at_looks(section: Section, found: Any, claims: Made, values: Values) -> list[Claim]:
    """The claims with their verdicts; those of a study without trainings are judged once."""
    now, at_looks, looks = _chained(claims), dict[int, list[Claim]](), looks_of(values)
    if not looks:
        return judged_together(now)
    for look in looks:
        whole = look == values.settings["training_seeds"]
        then = found if whole else _analysed(section, until(values, look))[0]
        if then is not None and is_reached(look, values, then.complete):
            at_looks[look] = now if whole else _chained(_claims(section, then))
    return judged_at_looks(now, at_looks, values)
