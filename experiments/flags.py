"""The command line: one absl flag per field of the settings, parsed with errors of one sentence."""

import dataclasses
import typing

from absl import flags

from experiments.errors import UsageError
from experiments.settings import EXPERIMENTS, PRESETS, PROTOCOL, Settings, Study, make_settings

_STUDY_FIELDS = dataclasses.fields(Study)[1:]
_TYPES = typing.get_type_hints(Study)


def define_flags() -> None:
    """Registers every flag; a study's fields default to None, which means the preset's value."""
    flags.DEFINE_string("experiment", EXPERIMENTS[0], f"What to run: {', '.join(EXPERIMENTS)}.")
    flags.DEFINE_string("preset", "quick", f"Scale: {', '.join(PRESETS)}.")
    flags.DEFINE_string("datasets", None, f"Comma-separated: {', '.join(PROTOCOL)}, or your own as module:function.")
    flags.DEFINE_string("output_dir", "out", "Where networks, results and reports are kept.")
    flags.DEFINE_string("data_dir", None, "Where TensorFlow Datasets keeps its files.")
    flags.DEFINE_enum("jit_compile", "auto", ("auto", "true", "false"), "XLA; auto turns it on with a GPU.")
    flags.DEFINE_bool("plan", False, "Print what would be trained and what is stored already; train nothing.")
    for option in _STUDY_FIELDS:
        define = flags.DEFINE_bool if _TYPES[option.name] is bool else flags.DEFINE_string
        define(option.name, None, option.metadata["help"][0].upper() + option.metadata["help"][1:] + ".")


def settings_from_flags(values: flags.FlagValues) -> Settings:
    """Settings as the parsed flags ask for.

    Raises:
        UsageError: a value is malformed or not allowed.
    """
    overrides = {
        option.name: _parse(option.name, values[option.name].value, _TYPES[option.name], option.metadata["allowed"])
        for option in _STUDY_FIELDS
        if values[option.name].value is not None
    }
    if values["datasets"].value is not None:
        overrides["datasets"] = _parse("datasets", values["datasets"].value, tuple[str, ...])
    run = {name: values[name].value for name in ("output_dir", "data_dir", "jit_compile")}
    return make_settings(values["experiment"].value, values["preset"].value, overrides, **run)


def _parse(name: str, text, kind, allowed: str = ""):
    """A flag's text as an int, float, str, bool or a tuple of those."""
    if kind in (str, bool):
        return text
    if typing.get_origin(kind) is tuple:
        entry_kind = typing.get_args(kind)[0]
        entries = text.split(",") if text else ()
        return tuple(_parse(name, entry.strip(), entry_kind, f"{allowed}, separated by commas") for entry in entries)
    try:
        return kind(text)
    except ValueError:
        raise UsageError(f"--{name}: {text!r} is not allowed; allowed: {allowed}.") from None
