"""Designs, written down before anything is measured: at which numbers of trainings the claims will be judged.

Whoever sees numbers and then chooses another number of trainings, or another seed, has more than one chance to be
right. So a folder keeps every design that was ever begun in it, with its date, and pages tell of more than one.
"""

import json
import time
from pathlib import Path
from typing import Any

from experiments.settings.studies import ImageStudy, Study
from experiments.store.disk import writing
from experiments.store.provenance import commit

FILE = "designs.jsonl"
"""In the output folder; a line for each design."""


def declare(root: Path, measurement: str, study: Study) -> None:
    """Notes a study's design, unless it is the last that was noted.

    Raises:
        UsageError: the folder cannot be written to.
    """
    if not isinstance(study, ImageStudy):
        return
    design = {"looks": list(study.looks or (study.training_seeds,)), "seed": study.seed}
    before = declared(root, measurement, study)
    if before and all(before[-1][name] == value for name, value in design.items()):
        return
    line = {"measurement": measurement, "dataset": study.dataset, **design}
    line |= {"at": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()), "commit": commit()}
    with writing(root), open(root / FILE, "a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def declared(root: Path, measurement: str, study: Study) -> list[dict[str, Any]]:
    """The designs that were declared of a measurement on a data set, in their order: looks, seed, at, commit."""
    path = root / FILE
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    known = [json.loads(line) for line in lines]
    return [
        {name: design[name] for name in ("looks", "seed", "at", "commit")}
        for design in known
        if (design["measurement"], design["dataset"]) == (measurement, study.dataset)
    ]
