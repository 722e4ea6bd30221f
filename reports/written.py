"""Texts whose numbers come from the published runs: docs/**/*.template.md to pages and parts of README.md.

python -m reports.written
"""

import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2

from experiments import SECTIONS
from reports import formats
from reports.common import artefacts_of
from reports.compare import values_of
from reports.evidence.claim import NOT_TESTED, VERDICTS
from reports.render import filling_command
from reports.section import judge

DOCS = Path(__file__).parents[1] / "docs"
README = DOCS.parent / "README.md"
PARTS = {f"readme/{part}.template.md": part for part in ("findings", "digits", "proposals")}
"""Templates of parts of the README, each between two marks with its name."""
TEMPLATES = (*PARTS, "report.template.md", "results/README.template.md")
EXAMPLE = "examples"
"""The run of the quick preset, in a folder of its own; the others are in docs/results/."""


@dataclass(frozen=True)
class Run:
    """A published run.

    Attributes:
        claims: as `Claim.as_dict`, by data set and id, as "mnist/closer".
        tables: rows, by section, data set and kind.
        data: in what data sets are not the published ones, by name.
        facts: command, commits of judging and making, machine, hours, data sets, sections.
    """

    claims: Mapping[str, dict[str, Any]]
    tables: Mapping[tuple[str, str, str], Sequence[dict[str, Any]]]
    data: Mapping[str, str]
    facts: Mapping[str, Any]


def main() -> None:
    for name in TEMPLATES:
        target(name).write_text(written(name), encoding="utf-8")


def target(template: str) -> Path:
    """The file that a template becomes."""
    return README if template in PARTS else DOCS / template.replace(".template", "")


def written(template: str) -> str:
    """A template's text with the numbers of the published runs in it.

    A template asks for them with the functions below and with `runs`; what does not exist is an error.
    """
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(DOCS),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(formats.FILTERS)
    asked = (effect, verdict, because, found, published, data, counts, cell)
    environment.globals.update({question.__name__: question for question in asked}, runs=runs())
    text = environment.get_template(template).render()
    if template not in PARTS:
        return text
    start, end = f"<!-- {PARTS[template]}: made by make report -->", f"<!-- end of {PARTS[template]} -->"
    return between(README.read_text(encoding="utf-8"), start, end, text)


def between(page: str, start: str, end: str, text: str) -> str:
    """A page with a text in place of what stands between two marks.

    Raises:
        ValueError: the page lacks a mark.
    """
    before, rest = page.split(start)
    _, after = rest.split(end)
    return f"{before}{start}\n{text.rstrip()}\n{end}{after}"


def runs() -> dict[str, Mapping[str, Any]]:
    """The published runs' facts by name."""
    return {name: _run(name).facts for name in _names()}


def _names() -> list[str]:
    return [EXAMPLE, *sorted(path.name for path in (DOCS / "results").iterdir() if path.is_dir())]


@functools.cache
def _run(name: str) -> Run:
    """Judged now from its values; of runs that were published before there were any, as they were judged then."""
    folder = DOCS / EXAMPLE if name == EXAMPLE else DOCS / "results" / name
    return _judged(folder) if (folder / "values").is_dir() else _judged_then(folder)


def _judged(folder: Path) -> Run:
    everything = values_of(folder)
    sections = [name for name in SECTIONS if any(name in values.sections for values in everything)]
    studies = {name: judge(name, [v for v in everything if name in v.sections]) for name in sections}
    latest = max((values.provenance for values in everything), key=lambda known: known["finished"])
    judged = [study for section in studies.values() for study in section]
    return Run(
        claims={f"{claim.dataset}/{claim.id}": claim.as_dict() for study in judged for claim in study.claims},
        tables={
            (study.section.name, study.dataset, kind): table.rows
            for study in judged
            for kind, table in study.tables.items()
        },
        data={values.dataset: values.images for values in everything if values.images},
        facts=_facts(
            latest,
            artefacts_of(everything),
            sections,
            [(values.dataset, values.images) for values in everything],
            [values.settings for values in everything],
        ),
    )


def _judged_then(folder: Path) -> Run:
    stored = [json.loads(path.read_text(encoding="utf-8")) for path in (folder / "results").glob("*.json")]
    stored.sort(key=lambda results: list(SECTIONS).index(results["experiment"]))
    artefacts = {
        name: {"seconds": seconds, "made_by": results["makers"][maker]}
        for results in stored
        for made in results["artefacts"].values()
        for name, (seconds, maker) in made.items()
    }
    images = {
        study["dataset"]: results["provenance"].get(f"images of {study['dataset']}", "")
        for results in stored
        for study in results["settings"]["studies"]
    }
    return Run(
        claims={claim["id"]: claim for results in stored for claim in results["claims"]},
        tables={
            (results["experiment"], table["dataset"], table["kind"]): table["rows"]
            for results in stored
            for table in results["tables"]
        },
        data={dataset: words for dataset, words in images.items() if words},
        facts=_facts(
            max((results["provenance"] for results in stored), key=lambda known: known["finished"]),
            artefacts,
            [results["experiment"] for results in stored],
            list(images.items()),
            [study for results in stored for study in results["settings"]["studies"]],
        ),
    )


def _facts(
    provenance: Mapping[str, Any],
    artefacts: Mapping[str, dict],
    sections: Sequence[str],
    datasets: Sequence[tuple[str, str]],
    settings: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    return {
        **provenance,
        "machine": formats.machine(provenance, artefacts),
        "command": filling_command(provenance["command"]),
        "seconds": sum(artefact["seconds"] for artefact in artefacts.values()),
        "made_at": list(dict.fromkeys(artefact["made_by"]["commit"] for artefact in artefacts.values())),
        "sections": list(sections),
        "datasets": list(dict.fromkeys(f"{name} ({images})" if images else name for name, images in datasets)),
        "trainings": max(study.get("training_seeds", 0) for study in settings),
    }


def effect(run: str, claim: str, digits: int = 3, factor: float = 1) -> str:
    """A claim's effect and interval: "+0.029 (0.020 to 0.038)"."""
    found = _run(run).claims[claim]
    value, low, high = (
        None if found[key] is None else factor * found[key] for key in ("measured", "ci_low", "ci_high")
    )
    return f"{formats.signed(value, digits)} ({formats.interval(low, high, digits)})"


def verdict(run: str, claim: str) -> str:
    return _run(run).claims[claim]["verdict"]


def because(run: str, claim: str) -> str:
    """The reason why a claim is not tested, to stand behind its verdict; "" where it was."""
    reason = _run(run).claims[claim]["reason"]
    return f": {reason}" if reason else ""


def found(run: str, claim: str, digits: int = 3) -> str:
    """A claim's verdict and effect: "supported, +0.029 (0.020 to 0.038)"; without the effect where it is not tested."""
    untested = verdict(run, claim) == NOT_TESTED
    return NOT_TESTED if untested else f"{verdict(run, claim)}, {effect(run, claim, digits)}"


def published(run: str, claim: str) -> str:
    """What the paper has of a claim's effect."""
    return _run(run).claims[claim]["paper"]


def data(run: str, dataset: str) -> str:
    """In what a data set was not the published one."""
    return _run(run).data[dataset]


def counts(run: str, section: str) -> dict[str, int]:
    """How many registered claims of a section of the paper have each verdict."""
    primary = [claim for claim in _run(run).claims.values() if claim["primary"] and claim["section"] == section]
    return {known: sum(claim["verdict"] == known for claim in primary) for known in VERDICTS}


def cell(run: str, section: str, kind: str, column: str, dataset: str = "mnist_5k", **where: Any) -> Any:
    """The value in a column of the one row of a data set's table in which other columns have the values given."""
    rows = _run(run).tables[section, dataset, kind]
    (found,) = [row for row in rows if all(row[name] == value for name, value in where.items())]
    return found[column]


if __name__ == "__main__":
    main()
