"""What the pages of all experiments have in common, prepared for their templates."""

import json
import re
from itertools import starmap

from experiments import catalogue
from experiments.paper import ATTRIBUTIONS
from experiments.settings.presets import protocol_study
from experiments.store.provenance import NO_ACCELERATOR, NOT_LOOKED_FOR
from experiments.store.results import Results, images_of
from reports import formats
from reports.compare import pooled
from reports.figures.styles import attribution_style, name, network_name
from reports.tables import Cell, Column, Table, words

CLAIM_COLUMNS = [
    words("Verdict", lambda row: row["verdict"]),
    words("Claim", lambda row: row["statement"]),
    words("Paper", lambda row: row["paper"]),
    Column("Measured", lambda row: Cell(*formats.effect(row), row["measured"])),
    words("Trainings", lambda row: str(row["n"])),
    words("Why not tested", lambda row: row["reason"]),
]

NETWORK = words("Network", network_name)
METRIC = words("Score", lambda row: name(row["metric"]))
GROUP = words("Trained on", lambda row: name(row["group"]))
FAMILY = words("Training", lambda row: name(row["family"]))
ATTRIBUTION = words("Attribution", lambda row: name(row["attribution"]))


def study_view(study: dict, results: Results, others: list[dict]) -> dict:
    """A data set's part of the results: its settings, rows by kind of table, claims, alerts and what is missing.

    Args:
        study: its settings.
        results: of the experiment.
        others: results of the same experiment in runs to compare with.
    """
    dataset = study["dataset"]
    slug = "".join(character if character.isalnum() else "-" for character in dataset)
    prefix = f"{results.experiment}-{slug}"
    claims = [claim for claim in results.claims if claim["id"].startswith(f"{dataset}/")]
    images = results.provenance.get(images_of(dataset), "")
    of = f" ({dataset}: {images})" if images else ""
    alerts = [f"{dataset} is not the published data set here: {images}."] if images else []
    return {
        "dataset": dataset,
        "slug": slug,
        "prefix": prefix,
        "images": images,
        "of": of,
        "study": study,
        "rows": {table["kind"]: table["rows"] for table in results.tables if table["dataset"] == dataset},
        "claims": [_compared(claim, others) for claim in claims],
        "claims_table": Table(f"{prefix}-claims", f"Claims{of}", CLAIM_COLUMNS, list(map(_in_a_line, claims))),
        "alerts": alerts + [alert["text"] for alert in results.alerts if alert["dataset"] == dataset],
        "missing": [entry for entry in results.missing if entry["dataset"] == dataset],
    }


def _in_a_line(claim: dict) -> dict:
    """A claim for a file with one line for each."""
    return {**claim, "by_training": " ".join(map(str, claim["by_training"]))}


def identifier(*parts: str) -> str:
    """A name for a panel and its files."""
    return re.sub(r"[^A-Za-z0-9._-]", "-", "-".join(parts))


MOST_DRAWN = 4
"""Attributions that a figure can draw a line each of and still be read."""


def drawn_attributions(attributions: list[str]) -> list[str]:
    """Those that figures of lines show: all, or of many the paper's two."""
    of_the_paper = [attribution for attribution in attributions if attribution in ATTRIBUTIONS]
    return attributions if len(attributions) <= MOST_DRAWN or not of_the_paper else of_the_paper


def of_attributions(rows: list[dict], attributions: list[str]) -> list[dict]:
    """The rows of those attributions, and of the random baselines and masks that they are compared with."""
    return [row for row in rows if row["attribution"] in attributions or row.get("network", "") is None]


def parameters_of(study: dict) -> str:
    """Every attribution with the parameters it was run with, in words; "" where none has any."""
    told = []
    for attribution in study["attributions"]:
        own = catalogue.own_flags("attributions", attribution)
        values = [f"{flag.removeprefix(attribution + '_')} {formats.listing(study[flag])}" for flag in own]
        if values:
            told.append(f"{name(attribution)} ({', '.join(values)})")
    return "; ".join(told)


LINES = {"-": "solid", "--": "dashed", "-.": "dashes and dots", ":": "dotted"}


def looks(attributions: list[str]) -> str:
    """How figures draw each attribution's points and lines, in words."""
    styles = {attribution: attribution_style(attribution) for attribution in attributions}
    return "; ".join(
        f"{LINES[style.line]} and {'filled' if style.filled else 'open'}: {name(attribution)}"
        for attribution, style in styles.items()
    )


def _compared(claim: dict, others: list[dict]) -> dict:
    """A claim with the same one in other runs, and pooled with those that differ in their seed alone."""
    same = [_same(claim, other) for other in others]
    seeds: dict[tuple, dict] = {}  # a run named twice counts once
    for found, other in zip(same, others, strict=True):
        if found and other["pools"]:
            seeds[tuple(study["seed"] for study in other["settings"]["studies"])] = found
    alike = list(seeds.values())
    return {**claim, "others": same, "pooled": pooled([claim, *alike]) if alike else None}


def _same(claim: dict, other: dict) -> dict | None:
    return next((candidate for candidate in other["claims"] if candidate["id"] == claim["id"]), None)


def tables(common: dict, columns: dict[str, tuple[str, list[Column]]]) -> dict[str, Table]:
    """Tables by kind. columns: per kind the caption and the columns; without columns it is only exported.

    Captions say in what the data are not the published ones.
    """
    return {
        kind: Table(f"{common['prefix']}-{kind}", caption + common["of"], shown, common["rows"][kind])
        for kind, (caption, shown) in columns.items()
    }


def settings_rows(results: Results) -> list[dict]:
    """Every setting that the experiment reads beside the protocol's, deviations marked."""
    rows = []
    for study in results.settings["studies"]:
        protocol = json.loads(json.dumps(protocol_study(results.experiment, study["dataset"]).as_dict()))
        for option, value in study.items():
            if option != "dataset":
                there = protocol.get(option)  # a flag of a file on a shelf that the protocol does not use
                row = {"dataset": study["dataset"], "name": option, "value": value, "protocol": there}
                rows.append({**row, "differs": value != there})
    return rows


def time_rows(artefacts: dict) -> list[dict]:
    """Where the time went: per kind of artefact how many there are, and the seconds that they took, longest first."""
    kinds: dict[str, list[float]] = {}
    for artefact in artefacts.values():
        kinds.setdefault(artefact["kind"], []).append(artefact["seconds"])
    total = sum(map(sum, kinds.values())) or 1.0
    rows = [
        {"kind": kind, "count": len(seconds), "seconds": sum(seconds), "share": sum(seconds) / total}
        for kind, seconds in kinds.items()
    ]
    return sorted(rows, key=lambda row: -row["seconds"])


def seconds_of(artefacts: dict, begins: str) -> list[float]:
    """How long each artefact took whose name begins so."""
    return [made["seconds"] for folder, made in artefacts.items() if folder.startswith(begins)]


def other_makers(artefacts: dict, current: dict) -> list[str]:
    """Per code, packages and accelerators other than those that wrote the page, what they made: sentences."""
    written_by = {**current}
    if written_by.get("accelerators") == NOT_LOOKED_FOR:  # who computed nothing used none
        written_by["accelerators"] = NO_ACCELERATOR
    counts: dict[tuple, int] = {}
    for artefact in artefacts.values():
        made_by = tuple(sorted(artefact["made_by"].items()))
        counts[made_by] = counts.get(made_by, 0) + 1
    return [
        f"{count} of {len(artefacts)} artefacts were made by " + ", ".join(starmap(_maker, made_by))
        for made_by, count in counts.items()
        if any(written_by.get(name) != value for name, value in made_by)
    ]


def _maker(name: str, value: str) -> str:
    if name != "accelerators":
        return f"{name} {value}"
    return "no GPU" if value == NO_ACCELERATOR else value


def scale(study: dict, images: str = "") -> str:
    """At which scale a study was run, in a phrase. images: in what its data are not the published ones."""
    if "toy_points" in study:
        return f"{study['toy_points']:,} points per class, {study['toy_seeds']} seeds, the paper's network"
    used = f"{study['train_size']:,}" if study["train_size"] else "all"
    source = f" of {images}" if images else ""
    return f"{used} training images{source}, width {study['width']:g} of the paper's, {study['epochs']} epochs"
