"""What `--help` shows: every flag under its heading, with what it means, its default and an example."""

import io
import os
import sys
import textwrap
from typing import Any

from absl.app import parse_flags_with_usage

from experiments import SECTIONS
from experiments.measurement import measurement_named
from experiments.settings.flags import every_option, study_options
from experiments.settings.options import GROUPS, Option
from experiments.settings.presets import PRESETS, make_settings

HELP = {"--help", "-help", "-h", "-?", "--helpshort", "--helpfull"}
WIDTH = 100


def parse_or_help(argv: list[str]) -> list[str]:
    """Parses the command line as absl does, unless it asks for help."""
    if HELP & set(argv[1:]):
        show(help_text())
        sys.exit(0)
    try:
        return parse_flags_with_usage(argv)
    except UnicodeDecodeError as error:
        print(f"--flagfile: a file is not text in the encoding {error.encoding} ({error.reason}).", file=sys.stderr)
        sys.exit(1)


def show(text: str) -> None:
    """Prints to standard output, whoever reads it may have had enough before the end, or lack a letter.

    On a full disk it ends the program with a sentence.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        print(text, flush=True)
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else Python tries again at its end
        if not isinstance(error, BrokenPipeError):
            print(f"Standard output cannot be written to ({error}).", file=sys.stderr)
            sys.exit(1)


def help_text() -> str:
    """All flags, by group."""
    presets, studies, options = _presets(), study_options(), list(every_option())
    parts = [(sys.modules["__main__"].__doc__ or "").strip()]
    for group, heading in GROUPS.items():
        parts.append(heading)
        parts += [
            _flag(known, _by_preset(known, presets) if known.name in (*studies, "datasets") else _text(known.default))
            for known in options
            if known.group == group
        ]
    parts.append(
        "Flags from a file: --flagfile=FILE, a flag a line. --verbosity=1 shows Keras's own training log. Booleans "
        "also read --flag and --noflag. Every eps, radius and step is a distance between images in [-1, 1]."
    )
    return "\n\n".join(parts)


def _flag(known: Option, default: str) -> str:
    allowed = f" Allowed: {known.allowed}." if known.allowed and known.allowed not in known.help else ""
    body = f"{known.help}{allowed} Default: {default}."
    return "\n".join([f"  --{known.name}={known.example}", textwrap.fill(body, WIDTH, **_INDENT)])


_INDENT: dict[str, Any] = {"initial_indent": " " * 6, "subsequent_indent": " " * 6, "break_long_words": False}


def _presets() -> dict[str, dict[str, Any]]:
    """Per preset its data sets, and the value of every option on the first of them."""
    return {
        preset: {"datasets": PRESETS[preset]["datasets"]}
        | {
            name: value
            for section in sorted(SECTIONS, key=_derived_first)
            for name, value in make_settings(section, preset).studies[0].as_dict().items()
        }
        for preset in PRESETS
    }


def _derived_first(section: str) -> int:
    """Where a study derives from another measurement's, the latter's defaults are those of the flag."""
    return -len(measurement_named(SECTIONS[section].measurement).study.__mro__)


def _by_preset(known: Option, presets: dict[str, dict[str, Any]]) -> str:
    """The value in every preset, once where all agree."""
    values = {preset: _text(row.get(known.name, known.default)) for preset, row in presets.items()}
    if len(set(values.values())) == 1:
        return values["paper"]
    return "; ".join(f"{value} ({preset})" for preset, value in values.items())


def _text(value: Any) -> str:
    if value is None or value == ():
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        shown = [_text(entry) for entry in value]
        return ",".join(shown if len(shown) < 8 else [*shown[:2], "...", shown[-1]])
    return f"{value:g}" if isinstance(value, float) else str(value)
