"""What a run found, for other programs: one CSV of all claims, and JSON of every section. Neither is ever read back."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas

from experiments import SECTIONS
from experiments.store.sealed import write_text
from reports.evidence.claim import Claim
from reports.section import Judged

COLUMNS = (
    "dataset",
    "id",
    "section",
    "registered",
    "verdict",
    "measured",
    "ci_low",
    "ci_high",
    "p",
    "look",
    "n",
    "needed",
    "unit",
    "premise",
    "reason",
)
"""Of the table of claims: p is after the correction that the claim is subject to, look counts the trainings at the look
that gave the verdict, n those behind the measured effect, needed says how many an open claim would take; registered
claims are those of the list in `reports/evidence/registered.py`."""


_FIELDS = {"registered": "primary"}
"""What a column is called in a `Claim`, where it is called otherwise."""


def claims_frame(claims: Iterable[Claim]) -> pandas.DataFrame:
    """A row for each claim, under `COLUMNS`."""
    frame = pandas.DataFrame(
        [[getattr(claim, _FIELDS.get(name, name)) for name in COLUMNS] for claim in claims], columns=list(COLUMNS)
    )
    numbers = dict.fromkeys(("measured", "ci_low", "ci_high", "p"), "float")
    return frame.astype({**numbers, "look": "Int64"})  # of none that has one, too


def export(root: Path, sections: Mapping[str, Sequence[Judged]]) -> None:
    """results/claims.csv and results/<section>.json; those of sections that are not shown any more are removed."""
    folder = root / "results"
    folder.mkdir(exist_ok=True)
    for name in SECTIONS.keys() - sections.keys():
        (folder / f"{name}.json").unlink(missing_ok=True)
    claims = [claim for judged in sections.values() for study in judged for claim in study.claims]
    write_text(folder / "claims.csv", claims_frame(claims).to_csv(index=False, float_format="%.6g"))
    for name, judged in sections.items():
        text = json.dumps({"section": name, "studies": [_study(study) for study in judged]}, allow_nan=False)
        write_text(folder / f"{name}.json", text)


def _study(judged: Judged) -> dict[str, Any]:
    values = judged.values
    return {
        "dataset": values.dataset,
        "settings": values.settings,
        "images": values.images,
        "provenance": values.provenance,
        "missing": values.missing,
        "claims": [claim.as_dict() for claim in judged.claims],
        "tables": {kind: table.rows for kind, table in judged.tables.items()},
        "alerts": list(judged.alerts),
        "left_out": list(judged.left_out),
    }
