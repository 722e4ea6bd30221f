"""A section of the report: what it makes of values, without drawing anything."""

import importlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from experiments import SECTIONS
from experiments.store.values import Values
from reports.evidence.claim import Claim
from reports.evidence.correction import judged_together
from reports.evidence.study import NotMeasuredError
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


@dataclass(frozen=True)
class Judged:
    """What a section says of one data set.

    Attributes:
        section: whose.
        values: what was measured.
        found: the section's analysis of them.
        tables: by kind.
        claims: judged, those of all data sets together.
        alerts: sentences.
        left_out: what could not be said because these values, of an older run, lack something: sentences.
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
    alone = [judged for values in measured if (judged := _judge_alone(section, values))]
    together = judged_together([claim for judged in alone for claim in judged.claims])
    return [
        replace(judged, claims=[claim for claim in together if claim.dataset == judged.dataset]) for judged in alone
    ]


def _judge_alone(section: Section, values: Values) -> Judged | None:
    """Before claims are corrected for each other."""
    found = section.analysis(values)
    if not found.anything:
        return None
    left_out: list[str] = []

    def made(parts: Sequence[Callable[[Any], Any]]) -> list[Any]:
        results = []
        for part in parts:
            try:
                given = part(found)
                results.append(given if isinstance(given, Table) else list(given))
            except NotMeasuredError as missing:
                left_out.append(f"{part.__name__.strip('_').replace('_', ' ')}: this run did not measure {missing}")
        return results

    tables = {table.kind: table for table in made(section.tables)}
    claims = [claim for given in made(section.claims) for claim in given]
    alerts = [sentence for given in made(section.alerts) for sentence in given]
    left_out += [
        f"{table.caption}, {column}: this run did not measure it"
        for table in tables.values()
        for column in table.left_out
    ]
    return Judged(section, values, found, tables, claims, alerts, left_out)
