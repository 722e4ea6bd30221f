"""Writes the pages: stored results in, self-contained HTML and files for papers out."""

import base64
import functools
import hashlib
import importlib
import shlex
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import jinja2
from markupsafe import Markup

from experiments import EXPERIMENTS
from experiments.claim import VERDICTS
from experiments.experiment import experiment_named
from experiments.store.artefacts import Store
from experiments.store.results import Results, load, load_pictures, written_at
from experiments.store.sealed import write_text
from reports import formats
from reports.compare import other_runs
from reports.figures.drawing import Panel
from reports.figures.styles import name, network_name
from reports.pages.common import other_makers, scale, settings_rows, time_rows
from reports.palette import COLOURS
from reports.tables import to_csv, to_latex

TEMPLATES = Path(__file__).parent / "templates"


def render_reports(store: Store, compare: list[str], figure_files: Sequence[str], waiting: Sequence[str] = ()) -> Path:
    """Every page for which results are stored, the index, and beside them figures/ and tables/.

    Args:
        store: holds the results; the reports are written there.
        compare: output folders of other runs whose numbers stand beside this one's.
        figure_files: kinds of files to write of every figure: "svg", "pdf", "png".
        waiting: experiments that are still to be run; the index says so.

    Returns:
        The path of the index page.
    """
    drawn = {name: _page(store.root, name, written_at(store.root, name), tuple(compare)) for name in EXPERIMENTS}
    pages = {experiment: page for experiment, page in drawn.items() if page}
    folder = store.root / "reports"
    for experiment, page in pages.items():
        headings = _module(experiment).HEADINGS
        _write_page(
            folder,
            experiment,
            list(pages),
            results=page["results"],
            page=page,
            headings=headings,
            figure_files=figure_files,
        )
        _export(folder, page, figure_files)
    stored = [page["results"] for page in pages.values()]
    artefacts = {name: artefact for results in stored for name, artefact in results.artefacts.items()}
    latest = max(stored, key=lambda results: results.provenance["finished"])
    _write_page(
        folder,
        "index",
        list(pages),
        sections=pages,
        times=time_rows(artefacts),
        artefacts=artefacts,
        results=latest,
        waiting=[experiment_named(experiment) for experiment in waiting],
    )
    return folder / "index.html"


def _module(experiment: str) -> ModuleType:
    """What turns one study's results into what the experiment's template shows."""
    return importlib.import_module(f"reports.pages.{experiment}")


@functools.lru_cache(maxsize=len(EXPERIMENTS))
def _page(root: Path, experiment: str, written: int, compare: tuple[str, ...]) -> dict | None:
    """What the template of an experiment shows, kept as long as its results: a run of all sections draws each once.

    None where there are no results.

    Args:
        root: the output folder.
        experiment: its name.
        written: when its results were.
        compare: output folders of other runs.
    """
    results = load(root, experiment)
    return page_of(results, load_pictures(root, experiment), compare) if results else None


def page_of(results: Results, pictures: dict, compare: Sequence[str]) -> dict:
    """What the template of an experiment shows."""
    module, experiment = _module(results.experiment), experiment_named(results.experiment)
    others = other_runs(compare, results)
    there = {table["dataset"] for table in results.tables}
    studies = [
        module.study_page(study, results, pictures, others)
        for study in results.settings["studies"]
        if study["dataset"] in there
    ]
    return {
        "results": results,
        "title": experiment.title,
        "section": experiment.section,
        "studies": studies,
        "absent": [study["dataset"] for study in results.settings["studies"] if study["dataset"] not in there],
        "others": others,
        "settings": settings_rows(results),
        "times": time_rows(results.artefacts),
        "other_makers": other_makers(results.artefacts, results.provenance),
        "command": filling_command(results.provenance["command"]),
        "thumbnail": _thumbnail(studies, *module.KEY_PANEL),
    }


def _thumbnail(studies: Sequence[dict], figure: str, number: int) -> Panel:
    """The panel that stands for a page: of the first study that has that figure, else the first that there is."""
    drawn = [study["figures"][figure] for study in studies]
    panels = next(panels for panels in (*drawn, *studies[0]["figures"].values()) if panels)
    return panels[min(number, len(panels) - 1)]


def filling_command(command: str) -> str:
    """The command that makes what is on a page, without what kept it from computing, and what is about files alone."""
    left_out = ("--report_only", "--compare", "--figure_files")
    return shlex.join(part for part in shlex.split(command) if not part.startswith(left_out))


def _export(folder: Path, page: dict, figure_files: Sequence[str]) -> None:
    """figures/, and tables/ as CSV and LaTeX."""
    for kind in ("figures", "tables"):
        (folder / kind).mkdir(parents=True, exist_ok=True)
    for study in page["studies"]:
        for panel in (panel for panels in study["figures"].values() for panel in panels):
            panel.write(folder / "figures", figure_files)
        for table in (study["claims_table"], *study["tables"].values()):
            (folder / "tables" / f"{table.name}.csv").write_text(to_csv(table.rows))
            if table.columns:
                (folder / "tables" / f"{table.name}.tex").write_text(to_latex(table))


def _write_page(folder: Path, page_name: str, stored: list[str], **context) -> None:
    folder.mkdir(exist_ok=True)
    template = _environment().get_template(f"{page_name}.html")
    write_text(folder / f"{page_name}.html", template.render(current=page_name, stored=stored, **context))


@functools.cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(formats.FILTERS, label=name, network=network_name, scale=scale)
    script = (TEMPLATES / "script.js").read_text()
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    environment.globals.update(
        colours=COLOURS,
        verdicts=VERDICTS,
        experiments=[experiment_named(experiment) for experiment in EXPERIMENTS],
        script=Markup(script),
        script_hash=f"sha256-{digest}",
    )
    return environment
