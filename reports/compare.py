"""Other runs whose numbers stand beside this one's: a second seed, a second machine, another attack."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from experiments import EXPERIMENTS
from experiments.claim import NOT_TESTED, judged
from experiments.errors import UsageError
from experiments.statistics import combined
from experiments.store.results import Results, load


def check_comparisons(folders: list[str]) -> None:
    """Refuses folders without results.

    Raises:
        UsageError: a folder holds no results of any experiment.
    """
    for folder in folders:
        if not any(load(Path(folder), experiment) for experiment in EXPERIMENTS):
            raise UsageError(f"--compare: {folder} holds no results; name the --output_dir of a finished run.")


def other_runs(folders: Sequence[str], results: Results) -> list[dict]:
    """Results of the same experiment in other runs, each with its folder and how its settings differ.

    A run without that experiment appears with no claims.
    """
    runs: list[dict] = []
    for folder in folders:
        other = load(Path(folder), results.experiment)
        if other is None:
            runs.append({"folder": folder, "claims": [], "differences": [], "provenance": None, "pools": False})
        else:
            runs.append(
                {
                    **asdict(other),
                    "folder": folder,
                    "differences": list(_differences(results, other)),
                    "pools": _pools(results, other),
                }
            )
    return runs


def _pools(results: Results, other: Results) -> bool:
    """Whether two runs differ in their seed, and in nothing else."""
    ours, theirs = ([dict(study) for study in run.settings["studies"]] for run in (results, other))
    seeds = [[study.pop("seed") for study in studies] for studies in (ours, theirs)]
    return ours == theirs and all(a != b for a, b in zip(*seeds, strict=True))


def pooled(claims: Sequence[dict]) -> dict | None:
    """A claim over the trainings of several runs; None where one did not test it, or not by Student's test.

    Holm's correction is not applied again: p is the claim's own.
    """
    if any(claim["verdict"] == NOT_TESTED or claim.get("own_test") for claim in claims):  # older results do not say
        return None
    first = claims[0]
    by_training = tuple(effect for claim in claims for effect in claim["by_training"])
    error = float(np.mean([claim["image_error"] for claim in claims]))
    found = combined(by_training, error)
    about = {name: first[name] for name in ("id", "statement", "section", "unit", "paper", "check", "positive")}
    return judged(found, **about).as_dict()


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
