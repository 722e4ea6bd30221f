"""Texts and a figure whose numbers come from the published runs: docs/**/*.template.md to pages and parts of README.md.

python -m reports.written
"""

import functools
from pathlib import Path
from typing import Any

import jinja2

from experiments import EXPERIMENTS
from experiments.claim import NOT_TESTED, VERDICTS
from experiments.store.results import Results, images_of, load
from reports import formats
from reports.figures.summary import beside_the_paper
from reports.render import filling_command

DOCS = Path(__file__).parents[1] / "docs"
README = DOCS.parent / "README.md"
PARTS = {f"readme/{part}.template.md": part for part in ("findings", "digits", "proposals")}
"""Templates of parts of the README, each between two marks with its name."""
TEMPLATES = (*PARTS, "report.template.md", "results/README.template.md")
FIGURE = DOCS / "cifar10.svg"
EXAMPLE = "examples"
"""The run of the quick preset, in a folder of its own; the others are in docs/results/."""


def main() -> None:
    for name in TEMPLATES:
        target(name).write_text(written(name))
    FIGURE.write_text(figure())


def target(template: str) -> Path:
    """The file that a template becomes."""
    return README if template in PARTS else DOCS / template.replace(".template", "")


def figure() -> str:
    """The README's figure as SVG on white, whatever the colours of the page around it."""
    scores, correlations = (_rows("cifar10", "roar", kind, "cifar10") for kind in ("scores", "correlations"))
    drawn = beside_the_paper(scores, correlations, FIGURE.stem).text
    return drawn.replace("<svg ", '<svg style="background: white" ', 1)


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
    asked = (effect, verdict, because, found, published, data, counts, cell, alert)
    environment.globals.update({question.__name__: question for question in asked}, runs=runs())
    text = environment.get_template(template).render()
    if template not in PARTS:
        return text
    start, end = f"<!-- {PARTS[template]}: made by make report -->", f"<!-- end of {PARTS[template]} -->"
    return between(README.read_text(), start, end, text)


def between(page: str, start: str, end: str, text: str) -> str:
    """A page with a text in place of what stands between two marks.

    Raises:
        ValueError: the page lacks a mark.
    """
    before, rest = page.split(start)
    _, after = rest.split(end)
    return f"{before}{start}\n{text.rstrip()}\n{end}{after}"


def runs() -> dict[str, dict[str, Any]]:
    """The published runs by name: command, commits of judging and making, machine, hours, data sets, sections."""
    return {name: _facts(_results(name)) for name in _names()}


def _names() -> list[str]:
    return [EXAMPLE, *sorted(path.name for path in (DOCS / "results").iterdir() if path.is_dir())]


@functools.cache
def _results(run: str) -> list[Results]:
    folder = DOCS / EXAMPLE if run == EXAMPLE else DOCS / "results" / run
    return [results for experiment in EXPERIMENTS if (results := load(folder, experiment))]


def _facts(stored: list[Results]) -> dict[str, Any]:
    latest = max(stored, key=lambda results: results.provenance["finished"])
    studies = [(study, results) for results in stored for study in results.settings["studies"]]
    artefacts = {name: artefact for results in stored for name, artefact in results.artefacts.items()}
    return {
        **latest.provenance,
        "machine": formats.machine(latest.provenance, artefacts),
        "command": filling_command(latest.provenance["command"]),
        "seconds": sum(artefact["seconds"] for artefact in artefacts.values()),
        "made_at": list(dict.fromkeys(artefact["made_by"]["commit"] for artefact in artefacts.values())),
        "sections": [results.experiment for results in stored],
        "datasets": list(dict.fromkeys(_data(study["dataset"], results) for study, results in studies)),
        "trainings": max(study.get("training_seeds", 0) for study, _ in studies),
    }


def _data(dataset: str, results: Results) -> str:
    """A data set's name, and in what it is not the published one."""
    words = results.provenance.get(images_of(dataset))
    return f"{dataset} ({words})" if words else dataset


def _claim(run: str, claim: str) -> dict[str, Any]:
    return {found["id"]: found for results in _results(run) for found in results.claims}[claim]


def effect(run: str, claim: str, digits: int = 3, factor: float = 1) -> str:
    """A claim's effect and interval: "+0.029 (0.020 to 0.038)"."""
    found = _claim(run, claim)
    value, low, high = (
        None if found[key] is None else factor * found[key] for key in ("measured", "ci_low", "ci_high")
    )
    return f"{formats.signed(value, digits)} ({formats.interval(low, high, digits)})"


def verdict(run: str, claim: str) -> str:
    return _claim(run, claim)["verdict"]


def because(run: str, claim: str) -> str:
    """The reason why a claim is not tested, to stand behind its verdict; "" where it was."""
    reason = _claim(run, claim)["reason"]
    return f": {reason}" if reason else ""


def found(run: str, claim: str, digits: int = 3) -> str:
    """A claim's verdict and effect: "supported, +0.029 (0.020 to 0.038)"; without the effect where it is not tested."""
    untested = verdict(run, claim) == NOT_TESTED
    return NOT_TESTED if untested else f"{verdict(run, claim)}, {effect(run, claim, digits)}"


def published(run: str, claim: str) -> str:
    """What the paper has of a claim's effect."""
    return _claim(run, claim)["paper"]


def data(run: str, dataset: str) -> str:
    """In what a data set was not the published one."""
    return next(results.provenance[images_of(dataset)] for results in _results(run))


def alert(run: str, words: str) -> str:
    """The first alert of a run that has these words in it."""
    return next(told["text"] for results in _results(run) for told in results.alerts if words in told["text"])


def counts(run: str, section: str) -> dict[str, int]:
    """How many registered claims of a section of the paper have each verdict."""
    verdicts = [
        claim["verdict"]
        for one in _results(run)
        for claim in one.claims
        if claim["primary"] and claim["section"] == section
    ]
    return {known: verdicts.count(known) for known in VERDICTS}


def cell(run: str, experiment: str, kind: str, column: str, dataset: str = "mnist_5k", **where: Any) -> Any:
    """The value in a column of the one row of a data set's table in which other columns have the values given."""
    rows = _rows(run, experiment, kind, dataset)
    (found,) = [row for row in rows if all(row[name] == value for name, value in where.items())]
    return found[column]


def _rows(run: str, experiment: str, kind: str, dataset: str) -> list[dict[str, Any]]:
    """Of one table."""
    return [
        row
        for results in _results(run)
        if results.experiment == experiment
        for table in results.tables
        if (table["kind"], table["dataset"]) == (kind, dataset)
        for row in table["rows"]
    ]


if __name__ == "__main__":
    main()
