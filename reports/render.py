"""Writes the pages: measured values in, self-contained HTML and files for papers out. Nothing written is read back."""

import base64
import functools
import hashlib
import importlib
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import jinja2
from markupsafe import Markup

from experiments import SECTIONS
from experiments.errors import UsageError
from experiments.store.sealed import write_text
from experiments.store.values import Values, in_order, load, stored
from reports import formats
from reports.common import (
    WithGaps,
    artefacts_of,
    other_makers,
    scale,
    settings_rows,
    study_view,
    time_rows,
    verdict_counts,
)
from reports.compare import OtherRun, other_runs
from reports.drawing import Panel
from reports.evidence.claim import VERDICTS
from reports.exports import export
from reports.gallery import room
from reports.palette import COLOURS
from reports.section import Judged, Section, judge, made, section_named, why_absent
from reports.styles import name
from reports.tables import Table, to_csv, to_latex

ROOT = Path(__file__).parent


@dataclass(frozen=True)
class Page:
    """What the template of a section shows.

    Attributes:
        section: whose page it is.
        judged: what it says, by data set.
        studies: the same, prepared for the template.
        absent: why nothing is said of data sets that were measured, by data set.
        others: the same section of other runs.
    """

    section: Section
    judged: Sequence[Judged]
    studies: Sequence[dict[str, Any]]
    absent: Mapping[str, str]
    others: Sequence[OtherRun]

    @property
    def values(self) -> list[Values]:
        return [judged.values for judged in self.judged]

    @property
    def artefacts(self) -> dict[str, dict[str, Any]]:
        return artefacts_of(self.values)

    @property
    def provenance(self) -> Mapping[str, Any]:
        """Of the values that were finished last."""
        return max((values.provenance for values in self.values), key=lambda known: known["finished"])

    @property
    def presets(self) -> set[str]:
        return {values.preset for values in self.values}

    @property
    def settings(self) -> list[dict[str, Any]]:
        return settings_rows(self.values)

    @property
    def times(self) -> list[dict[str, Any]]:
        return time_rows(self.artefacts)

    @property
    def other_makers(self) -> list[str]:
        return other_makers(self.artefacts, self.provenance)

    @property
    def command(self) -> str:
        """What makes what is missing."""
        return filling_command(self.provenance["command"])

    @functools.cached_property
    def thumbnail(self) -> Panel | None:
        """The panel that stands for the page: of the first study that has the section's figure, else the first."""
        figure, number = _page_module(self.section.name).KEY_PANEL
        drawn = [study["figures"].get(figure, []) for study in self.studies]
        others = [panels for study in self.studies for panels in study["figures"].values()]
        panels: list[Panel] = next((panels for panels in (*drawn, *others) if panels), [])
        return panels[min(number, len(panels) - 1)] if panels else None


def render_reports(
    root: Path,
    compare: Sequence[str] = (),
    figure_files: Sequence[str] = (),
    waiting: Sequence[str] = (),
    asked: Sequence[str] = (),
) -> Path:
    """Every page for which values are stored, the index, and beside them figures/ and tables/, and results/.

    Args:
        root: the output folder: holds the values; the reports are written there.
        compare: output folders of other runs whose numbers stand beside this one's.
        figure_files: kinds of files to write of every figure: "svg", "pdf", "png".
        waiting: sections that are still to be measured; the index says so.
        asked: sections to show even if their values were measured for others.

    Returns:
        The path of the index page.

    Raises:
        UsageError: there is nothing to show.
    """
    files = _usable(root)
    drawn = {name: _page(name, _read_by(name, files), tuple(compare), name in asked) for name in SECTIONS}
    pages = {section: page for section, page in drawn.items() if page}
    absent = [sentence for name, page in drawn.items() if not page for sentence in _absent(name, files, asked)]
    if not pages:
        raise UsageError(f"--output_dir: {root} holds too few values to say anything; {_why_too_few(files)}.")
    folder = root / "reports"
    written: set[str] = set()
    for section, page in pages.items():
        headings = _page_module(section).HEADINGS
        shown = {"page": page, "headings": headings, "figure_files": figure_files}
        _write_page(folder, section, f"{section}/template.html", list(pages), page, **shown)
        written |= _write_files(folder, page, figure_files)
    for stale in drawn.keys() - pages.keys():
        (folder / f"{stale}.html").unlink(missing_ok=True)
    _remove_others(folder, written)
    artefacts = artefacts_of([values for page in pages.values() for values in page.values])
    latest = max(pages.values(), key=lambda page: page.provenance["finished"])
    presets = sorted(set().union(*(page.presets for page in pages.values())))
    shown = {"sections": pages, "times": time_rows(artefacts), "artefacts": artefacts, "presets": presets}
    unfinished = [section_named(section) for section in waiting]
    _write_page(folder, "index", "index.html", list(pages), latest, **shown, waiting=unfinished, absent=absent)
    export(root, {section: page.judged for section, page in pages.items()})
    return folder / "index.html"


def _usable(root: Path) -> tuple[tuple[Path, int], ...]:
    """The values files that can be used, each with the time at which it was written."""
    found = []
    for path in stored(root):
        try:
            written = path.stat().st_mtime_ns
            _load(path, written)
        except UsageError:  # whoever runs something is told elsewhere
            continue
        found.append((path, written))
    return tuple(found)


def _absent(section: str, files: tuple[tuple[Path, int], ...], asked: Sequence[str]) -> list[str]:
    """Why a section has no page though values were measured for it, a sentence for each data set."""
    known, measured = section_named(section), [_load(*file) for file in _read_by(section, files)]
    return [
        f"{SECTIONS[section].title}, {values.dataset}: {why_absent(known, values)}."
        for values in measured
        if section in (*asked, *values.sections)
    ]


def _why_too_few(files: tuple[tuple[Path, int], ...]) -> str:
    missing = [entry for file in files for entry in _load(*file).missing if entry["reason"]]
    failed = [f"{entry['artefact']} failed: {entry['reason']}" for entry in missing[:1]]
    return failed[0] if failed else "run without --report_only to measure more"


def _read_by(section: str, files: tuple[tuple[Path, int], ...]) -> tuple[tuple[Path, int], ...]:
    """The files that a section reads: another's new values are no reason to draw its page again."""
    return tuple(file for file in files if _load(*file).measurement == SECTIONS[section].measurement)


@functools.lru_cache(maxsize=64)
def _load(path: Path, written: int) -> Values:
    """Kept as long as the file: a run of all sections draws after each of them."""
    return load(path)


def _page_module(section: str) -> ModuleType:
    """What turns one study's findings into what the section's template shows."""
    return importlib.import_module(f"reports.{section}.page")


@functools.lru_cache(maxsize=2 * len(SECTIONS))
def _page(section: str, files: tuple[tuple[Path, int], ...], compare: tuple[str, ...], asked: bool) -> Page | None:
    """What the template of a section shows, kept as long as the values; None where nothing can be said.

    Args:
        section: its name.
        files: of the values that it reads, and when they were written.
        compare: output folders of other runs.
        asked: whether to show it even if its values were measured for other sections.
    """
    known = in_order(_load(path, written) for path, written in files)
    measured = [values for values in known if asked or section in values.sections]
    return page_of(section, measured, compare)


def page_of(section: str, measured: Sequence[Values], compare: Sequence[str] = ()) -> Page | None:
    """What the template of a section shows of some values; None where nothing can be said."""
    judged = judge(section, measured)
    if not judged:
        return None
    others = other_runs(compare, section, judged)
    studies = [view_of(one, others, len(judged)) for one in judged]
    known = section_named(section)
    there = {one.dataset for one in judged}
    absent = {values.dataset: why_absent(known, values) for values in measured if values.dataset not in there}
    return Page(known, judged, studies, absent, others)


def view_of(judged: Judged, others: Sequence[OtherRun] = (), studies: int = 1) -> WithGaps:
    """A study's part of a page, for the template. studies: how many share the page."""
    module = _page_module(judged.section.name)
    figures = made(module.panels(judged), "Figures")
    shown = made(module.shows(judged, room(figures, judged.tables, studies)), "Sentences and pictures")
    left_out = [*judged.left_out, *figures.left_out, *shown.left_out]
    view = {**study_view(judged, others), "figures": WithGaps(figures), **shown, "not_measured": left_out}
    view["left_out"] = [heading for heading, needed in module.NEEDS.items() if not needed(WithGaps(view))]
    return WithGaps(view)


def filling_command(command: str) -> str:
    """The command that makes what is on a page, without what kept it from computing, and what is about files alone."""
    kept, is_value = [], False
    for part in shlex.split(command):
        if not is_value and not part.startswith(("--report_only", "-report_only", *_FOR_FILES)):
            kept.append(part)
        is_value = not is_value and part in _FOR_FILES  # behind a blank instead of "="
    return shlex.join(kept)


_FOR_FILES = ("--compare", "-compare", "--figure_files", "-figure_files")
"""Flags with a value that is about files alone, as a command line may spell them."""


def _write_files(folder: Path, page: Page, figure_files: Sequence[str]) -> set[str]:
    """figures/, and tables/ as CSV and LaTeX; returns the names of the files."""
    for kind in ("figures", "tables"):
        (folder / kind).mkdir(parents=True, exist_ok=True)
    written: set[str] = set()
    for study in page.studies:
        for panel in (panel for panels in study["figures"].values() for panel in panels):
            panel.write(folder / "figures", figure_files)
            written |= {f"{panel.name}.{kind}" for kind in figure_files}
        for table in (study["claims_table"], *study["tables"].values()):
            written |= _write_table(folder / "tables", f"{study['prefix']}-{table.kind}", table, study["of"])
    return written


def _write_table(folder: Path, name: str, table: Table, of: str) -> set[str]:
    files = {f"{name}.csv": to_csv(table)} if table.columns else {}
    if table.shown:
        files[f"{name}.tex"] = to_latex(table, of)
    for file, text in files.items():
        write_text(folder / file, text)
    return set(files)


def _remove_others(folder: Path, written: set[str]) -> None:
    """Takes away figures and tables of earlier renders, which no page shows any more."""
    for path in (*(folder / "figures").glob("*.*"), *(folder / "tables").glob("*.*")):
        if path.name not in written and path.name.startswith(tuple(f"{section}-" for section in SECTIONS)):
            path.unlink()


def _write_page(folder: Path, page_name: str, template: str, stored: list[str], latest: Page, **context) -> None:
    folder.mkdir(exist_ok=True)
    text = _environment().get_template(template).render(current=page_name, stored=stored, latest=latest, **context)
    write_text(folder / f"{page_name}.html", text)


@functools.cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader([ROOT / "templates", ROOT]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(formats.FILTERS, label=name, scale=scale, verdict_counts=verdict_counts)
    script = (ROOT / "templates" / "script.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    environment.globals.update(
        colours=COLOURS,
        verdicts=VERDICTS,
        all_sections=[section_named(section) for section in SECTIONS],
        section_title={section: SECTIONS[section].title for section in SECTIONS},
        script=Markup(script),
        script_hash=f"sha256-{digest}",
    )
    return environment
