"""The command line: one absl flag per field of the settings, parsed with errors of one sentence."""

import dataclasses
import typing
from importlib.util import find_spec

from absl import flags

from experiments.errors import UsageError
from experiments.settings import (
    EXECUTORS,
    EXPERIMENTS,
    PRESETS,
    PROTOCOL,
    STRATEGIES,
    BoundaryStudy,
    Settings,
    Study,
    make_settings,
)

ALL = "all"
_OPTIONS = {option.name: option for study in (Study, BoundaryStudy) for option in dataclasses.fields(study)[1:]}
_TYPES = typing.get_type_hints(Study) | typing.get_type_hints(BoundaryStudy)

_RUN = ("output_dir", "data_dir", "jit_compile", "executor", "ray_address", "strategy", "tensorboard")
_RUN_NUMBERS = {
    "jobs": (int, lambda value: value > 0, "a whole number above 0"),
    "cpus_per_task": (float, lambda value: 0 < value < float("inf"), "a number above 0"),
    "gpus_per_task": (float, lambda value: 0 <= value < float("inf"), "a number, 0 or more"),
}


def define_flags() -> None:
    """Registers every flag; a study's fields default to None, which means the preset's value."""
    flags.DEFINE_string("experiment", ALL, f"What to run: {ALL}, {', '.join(EXPERIMENTS)}.")
    flags.DEFINE_string("preset", "quick", f"Scale: {', '.join(PRESETS)}.")
    flags.DEFINE_string("datasets", None, f"Comma-separated: {', '.join(PROTOCOL)}, or your own as module:function.")
    flags.DEFINE_string("output_dir", "out", "Where networks, results and reports are kept.")
    flags.DEFINE_string("data_dir", None, "Where TensorFlow Datasets keeps its files.")
    flags.DEFINE_enum("jit_compile", "auto", ("auto", "true", "false"), "XLA; auto turns it on with a GPU.")
    flags.DEFINE_string("jobs", "2", "Retrainings, or trainings of the toy, that run at the same time.")
    flags.DEFINE_enum("executor", "local", EXECUTORS, "Where pieces are computed: here, or on a Ray cluster.")
    flags.DEFINE_string("ray_address", None, "Of the cluster, such as auto; without it Ray starts on this machine.")
    flags.DEFINE_string("cpus_per_task", "1", "Cores that a piece takes of the cluster.")
    flags.DEFINE_string("gpus_per_task", "0", "GPUs that a piece takes; a fraction lets pieces share one.")
    flags.DEFINE_enum("strategy", "none", STRATEGIES, "Trains each network on all GPUs, or on several machines.")
    flags.DEFINE_bool("tensorboard", False, "Write TensorBoard's logs of every network's training.")
    flags.DEFINE_bool("plan", False, "Print what would be trained and what is stored already; train nothing.")
    flags.DEFINE_bool("report_only", False, "Compute nothing; render again what is stored.")
    flags.DEFINE_list("compare", [], "Output folders of other runs whose numbers stand beside this one's.")
    for option in _OPTIONS.values():
        define = flags.DEFINE_bool if _TYPES[option.name] is bool else flags.DEFINE_string
        define(option.name, None, option.metadata["help"][0].upper() + option.metadata["help"][1:] + ".")


def settings_from_flags(values: flags.FlagValues) -> list[Settings]:
    """Settings of every experiment that the parsed flags ask for, in the order to run them.

    Raises:
        UsageError: a value is malformed or not allowed.
    """
    overrides = {
        option.name: _parse(option.name, values[option.name].value, _TYPES[option.name], option.metadata["allowed"])
        for option in _OPTIONS.values()
        if values[option.name].value is not None
    }
    if values["datasets"].value is not None:
        overrides["datasets"] = _parse("datasets", values["datasets"].value, tuple[str, ...])
    run = {name: values[name].value for name in _RUN}
    for name, (kind, check, allowed) in _RUN_NUMBERS.items():
        run[name] = _parse(name, values[name].value, kind, allowed)
        if not check(run[name]):
            raise UsageError(f"--{name}: {run[name]} is not allowed; allowed: {allowed}.")
    if run["tensorboard"] and find_spec("tensorboard") is None:
        raise UsageError("--tensorboard: needs a package that is not installed; pip install tensorboard.")
    experiment = values["experiment"].value
    if experiment not in (ALL, *EXPERIMENTS):
        raise UsageError(f"--experiment: {experiment!r} is unknown; allowed are {', '.join((ALL, *EXPERIMENTS))}.")
    # All are made, so that a bad value is told even if the chosen experiment does not read it.
    every = [make_settings(name, values["preset"].value, overrides, **run) for name in EXPERIMENTS]
    return [settings for settings in every if experiment in (ALL, settings.experiment)]


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
