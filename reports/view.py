"""What the pages of all experiments have in common, prepared for their templates."""

import json
from dataclasses import asdict

from experiments.settings import NOT_READ_BY, protocol_study


def study_view(study: dict, results: dict) -> dict:
    """A data set's part of the results: its settings, tables by kind, claims and alerts."""
    dataset = study["dataset"]
    return {
        "dataset": dataset,
        "slug": "".join(character if character.isalnum() else "-" for character in dataset),
        "study": study,
        "tables": {table["kind"]: table["rows"] for table in results["tables"] if table["dataset"] == dataset},
        "claims": [claim for claim in results["claims"] if claim["id"].startswith(f"{dataset}/")],
        "alerts": [alert["text"] for alert in results["alerts"] if alert["dataset"] == dataset],
    }


def settings_rows(results: dict) -> list[dict]:
    """Every setting that the experiment reads beside the protocol's, deviations marked."""
    rows = []
    for study in results["settings"]["studies"]:
        protocol = json.loads(json.dumps(asdict(protocol_study(results["experiment"], study["dataset"]))))
        for name, value in study.items():
            if name != "dataset" and name not in NOT_READ_BY[results["experiment"]]:
                differs = value != protocol[name]
                row = {"dataset": study["dataset"], "name": name, "value": value, "protocol": protocol[name]}
                rows.append({**row, "differs": differs})
    return rows
