"""Other runs whose numbers stand beside this one's: a second seed, a second machine, another attack."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from experiments import EXPERIMENTS
from experiments.errors import UsageError
from experiments.store.results import Results, load


def check_comparisons(folders: list[str]) -> None:
    """Raises.

    Raises:
        UsageError: a folder holds no results of any experiment.
    """
    for folder in folders:
        if not any(load(Path(folder), experiment) for experiment in EXPERIMENTS):
            raise UsageError(f"--compare: {folder} holds no results; name the --output_dir of a finished run.")


def other_runs(folders: list[str], results: Results) -> list[dict]:
    """Results of the same experiment in other runs, each with its folder and how its settings differ.

    A run without that experiment appears with no claims.
    """
    runs: list[dict] = []
    for folder in folders:
        other = load(Path(folder), results.experiment)
        if other is None:
            runs.append({"folder": folder, "claims": [], "differences": [], "provenance": None})
        else:
            runs.append({**asdict(other), "folder": folder, "differences": list(_differences(results, other))})
    return runs


def _differences(results: Results, other: Results) -> Iterator[str]:
    """Settings of studies on the same data set that are not equal: sentences."""
    theirs = {study["dataset"]: study for study in other.settings["studies"]}
    for study in results.settings["studies"]:
        if study["dataset"] not in theirs:
            yield f"has no {study['dataset']}"
            continue
        for name, value in study.items():
            there = theirs[study["dataset"]].get(name)
            if there != value:
                yield f"{study['dataset']}: --{name} is {there} there, {value} here"
