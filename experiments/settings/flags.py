"""The command line: one absl flag per option, parsed with errors of one sentence."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from absl import flags

from experiments import MEASUREMENTS, SECTIONS, catalogue
from experiments.data import SOURCES
from experiments.errors import UsageError
from experiments.measurement import measurement_named
from experiments.settings.options import ALL, ANYTHING, FOLDER, Folder, Option, Range, one_of, options_of
from experiments.settings.presets import WHOLE_SHELVES, make_settings
from experiments.settings.run import Settings


def _option(
    name: str, kind: Any, default: Any, text: str, group: str, example: str, allowed: Range = ANYTHING
) -> Option:
    return Option(name, kind, default, text, group, example, allowed.words, allowed.check)


DATASETS = _option(
    "datasets",
    tuple[str, ...],
    None,
    f"Data sets: {', '.join(SOURCES)}, or {catalogue.OWN}.",
    "run",
    "mnist,fashion_mnist",
)
COMPARE = _option(
    "compare",
    tuple[Folder, ...],
    (),
    "Output folders of other runs, such as another seed's, whose numbers stand beside this one's.",
    "run",
    "out-seed-1,out-seed-2",
    FOLDER,
)
FIGURE_FILES = _option(
    "figure_files",
    tuple[str, ...],
    ("svg", "pdf"),
    "Kinds of files that every figure of a page is also written as.",
    "run",
    "svg,pdf,png",
    one_of(("svg", "pdf", "png")),
)


def what_to_run() -> list[Option]:
    """Flags that are no setting of a study or a machine."""
    return [
        _option(
            "experiment",
            tuple[str, ...],
            (ALL,),
            f"Sections of the paper: {', '.join((ALL, *SECTIONS))}.",
            "run",
            "roar,tradeoff",
        ),
        _option(
            "preset",
            str,
            "quick",
            "Scale: quick takes minutes on two cores (embedded digits), reduced hours (the real data sets, a thinned "
            "grid), paper is the protocol to the letter, for a GPU.",
            "run",
            "reduced",
        ),
        DATASETS,
        _option("plan", bool, False, "Print what would be run and what is stored already; run nothing.", "run", "true"),
        _option("report_only", bool, False, "Compute nothing; render again what is stored.", "run", "true"),
        COMPARE,
        FIGURE_FILES,
    ]


def study_options() -> dict[str, Option]:
    """Options of the studies of every measurement, and of the shelves' files, by name."""
    found: dict[str, Option] = {}
    for name in MEASUREMENTS:
        found |= options_of(measurement_named(name).study)
    return found | catalogue.parameters()


def every_option() -> Iterator[Option]:
    yield from what_to_run()
    yield from study_options().values()
    yield from options_of(Settings).values()


def define_flags() -> None:
    """Registers every flag. Those of studies default to None, which means the preset's value."""
    studies = study_options()
    for known in every_option():
        default = None if known.name in studies else known.default
        if known.kind is bool:
            flags.DEFINE_bool(known.name, default, known.help)
        elif known.is_list and default is not None:
            flags.DEFINE_list(known.name, list(default), known.help)
        else:
            flags.DEFINE_string(known.name, None if default is None else str(default), known.help)


def settings_from_flags(values: flags.FlagValues) -> list[Settings]:
    """Settings of every measurement that the parsed flags ask for, in the paper's order.

    Raises:
        UsageError: a value is malformed or not allowed.
    """
    overrides = _given(values, [DATASETS, *study_options().values()])
    run = _given(values, options_of(Settings).values())
    wanted = values["experiment"].value or [""]
    for name in wanted:
        if name not in (ALL, *SECTIONS):
            raise UsageError(f"--experiment: {name!r} is unknown; allowed: {', '.join((ALL, *SECTIONS))}.")
    _verify(overrides)
    chosen: dict[str, list[str]] = {}
    for name in SECTIONS:
        if {ALL, name} & set(wanted):
            chosen.setdefault(SECTIONS[name].measurement, []).append(name)
    return [
        replace(make_settings(sections[0], values["preset"].value, overrides, **run), sections=tuple(sections))
        for sections in chosen.values()
    ]


def given(values: flags.FlagValues) -> list[str]:
    """Names of the studies' options that the command line gives."""
    return [name for name in study_options() if values[name].value is not None]


def asked_sections(values: flags.FlagValues) -> tuple[str, ...]:
    """The sections that the command line names, none where it leaves the choice to the default."""
    named = values["experiment"]
    return tuple(name for name in SECTIONS if {ALL, name} & set(named.value)) if named.present else ()


def compared_folders(values: flags.FlagValues) -> tuple[Folder, ...]:
    """What --compare names.

    Raises:
        UsageError: an entry is no path.
    """
    return tuple(_parse_entry(COMPARE, path, COMPARE.allowed) for path in values[COMPARE.name].value)


def figure_files(values: flags.FlagValues) -> tuple[str, ...]:
    """What --figure_files asks for.

    Raises:
        UsageError: a kind is unknown, or named twice.
    """
    kinds = tuple(values[FIGURE_FILES.name].value)
    FIGURE_FILES.verify(kinds)
    return kinds


def _verify(overrides: dict[str, Any]) -> None:
    """A bad value is told even if the chosen measurements do not read it."""
    options = study_options()
    for name, value in overrides.items():
        if name in options:
            options[name].verify(value)
        if name in catalogue.SHELVES and not (name in WHOLE_SHELVES and value == (ALL,)):
            for listed in (value,) if isinstance(value, str) else value:
                catalogue.entry(name, listed)


def _given(values: flags.FlagValues, options) -> dict[str, Any]:
    """The values of those options that were given or have a default."""
    return {
        known.name: _parse(known, values[known.name].value) for known in options if values[known.name].value is not None
    }


def _parse(known: Option, text: Any) -> Any:
    """A flag's text as the kind of value that its option has."""
    if known.kind is bool:
        return text
    if known.is_list:
        entries = text.split(",") if text else ()
        return tuple(_parse_entry(known, entry.strip(), f"{known.allowed}, separated by commas") for entry in entries)
    return _parse_entry(known, text, known.allowed)


def _parse_entry(known: Option, text: str, allowed: str) -> Any:
    try:
        return known.entry_kind(text)
    except ValueError:
        raise UsageError(f"--{known.name}: {text!r} is not allowed; allowed: {allowed}.") from None
