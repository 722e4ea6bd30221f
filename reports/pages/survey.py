"""What the page of the survey shows, prepared for its template: do conclusions depend on the measure?"""

import re
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from experiments import catalogue
from experiments.networks.keys import readable
from experiments.store.results import Results
from reports import formats
from reports.figures import survey as figures
from reports.figures.drawing import Panel
from reports.figures.roar import OCCLUSIONS
from reports.figures.styles import name, network_name
from reports.intervals import side
from reports.pages.common import (
    ATTRIBUTION,
    NETWORK,
    identifier,
    parameters_of,
    seconds_of,
    study_view,
    tables,
)
from reports.pages.conclusions import ROAR, matrix
from reports.pages.gallery import Gallery, as_fit, drawn_how, maps_of, room, sample_titles
from reports.pages.networks import shown_networks
from reports.pages.sentences import counted, joined, shares
from reports.tables import Column, Table, estimate, number, words

HEADINGS = {
    "claims": "What is claimed, and what was measured",
    "matrix": "Do the paper's conclusions depend on the measure?",
    "agreement": "Do the measures rank alike?",
    "leaderboard": "What each measure ranks first",
    "null_block": "Do maps stay off what says nothing?",
    "cost": "What can replace retraining?",
}
KEY_PANEL = ("agreement", 0)

NULL_BLOCK = "null_block_share"
OTHER_RANDOM = re.compile(r"(remove|keep)-.*-random_\d+-")
"""Artefacts of rankings by further random pixels: they tell how far chance goes, and no measure needs them."""

MEASURE = words("Measure", lambda row: name(row["metric"]))
PLACES = [
    number("Rank", "rank", formats.listing),
    NETWORK,
    ATTRIBUTION,
    estimate("Value", "value", 4),
    number("Chance", "chance", lambda value: formats.number(value, 4)),
    words("Better", lambda row: "more" if row["more_is_better"] else "less"),
    words("In", lambda row: row["unit"] or formats.MISSING),
    number("Trainings", "trainings", formats.listing),
    number("Images", "n_images", formats.listing),
]

COLUMNS: dict[str, tuple[str, list[Column]]] = {
    "conclusions": (
        "Every conclusion by every measure; effects are positive where they are better by that measure",
        [
            words("Conclusion", lambda row: row["statement"]),
            MEASURE,
            words("Verdict", lambda row: row["verdict"]),
            estimate("Effect", "effect", 4, formats.signed),
            number("Standardised", "standardised", lambda value: formats.signed(value, 2)),
            number("p", "p", formats.p_value),
            words("Claimed", lambda row: "above 0" if row["positive"] else "below 0"),
            words("Why not tested", lambda row: row["reason"]),
        ],
    ),
    "agreement": (
        "Kendall's tau of every two measures",
        [
            words("One", lambda row: name(row["metric_a"])),
            words("Other", lambda row: name(row["metric_b"])),
            estimate("Tau", "tau", 2),
            number("Rankings", "n", formats.listing),
            number("Trainings", "trainings", formats.listing),
        ],
    ),
    "first": ("First by each measure", [MEASURE, *PLACES[1:]]),
    "leaderboard": ("Every network and attribution by every measure", [MEASURE, *PLACES]),
    "null_block": ("Share of every map that lies in the null block; a map that knows nothing has one half", PLACES),
    "cost": (
        "What each measure takes, and how far it agrees with ROAR",
        [
            MEASURE,
            number("Network passes per image", "passes", lambda value: formats.number(value, 0)),
            number("Networks retrained", "retrainings", lambda value: f"{value:,}"),
            number("Computing time", "seconds", lambda value: formats.MISSING if value is None else took(value)),
            estimate("Tau with ROAR", "tau", 2),
        ],
    ),
}


LEANING = {1: "leans to better", -1: "leans to worse", 0: ""}
"""What is said of an effect that is open, by the side of 0 on which its uncorrected interval lies."""


def study_page(study: dict, results: Results, pictures: dict[str, np.ndarray], others: list[dict]) -> dict:
    """One data set: its matrix of conclusions, tables by kind, figures' panels and pictures as data URIs."""
    common = study_view(study, results, others)
    rows = common["rows"] = _by_section(common["rows"], common["dataset"], results.artefacts)
    rows["conclusions"] = [{**row, "leaning": LEANING[side(row, "effect")]} for row in rows["conclusions"]]
    listed = _by_rank(tables(common, {kind: COLUMNS[kind] for kind in COLUMNS if rows[kind]}))
    panels = _panels(rows, common["prefix"])
    conclusions = matrix(rows["conclusions"])
    about = [*common["claims"], *common["alerts"], *common["missing"]]
    shows = {**rows, "matrix": rows["conclusions"], "claims": about}
    return {
        **common,
        "matrix": conclusions,
        "answer": conclusions.answer if rows["conclusions"] else "",
        "agreement": agreement(rows["agreement"]),
        "cost": replacements(rows["cost"]),
        "null_block": null_block(rows["null_block"]),
        "parameters": parameters_of(study),
        "tables": listed,
        "figures": panels,
        "left_out": [section for section in HEADINGS if not shows[section]],
        "samples": _samples(study, rows, pictures, room(panels, listed, len(results.settings["studies"]))),
        "stored_samples": len(pictures[f"{common['dataset']}/sample_index"]) if rows["null_block"] else 0,
        "drawn_how": drawn_how(study),
    }


def _by_section(stored: Mapping[str, list[dict]], dataset: str, artefacts: dict) -> dict[str, list[dict]]:
    """The rows by kind of table, none where none are stored; those of the null block apart, seconds beside costs."""
    places = stored.get("leaderboard", [])
    ranked = [row for row in places if row["metric"] != NULL_BLOCK]
    return {
        "conclusions": stored.get("conclusions", []),
        "agreement": stored.get("agreement", []),
        "first": _shared([row for row in ranked if row["rank"] == 1]),
        "leaderboard": ranked,
        "null_block": [row for row in places if row["metric"] == NULL_BLOCK],
        "cost": [_with_seconds(row, dataset, artefacts) for row in stored.get("cost", [])],
    }


def _shared(first: list[dict]) -> list[dict]:
    """One row for an attribution that is first on several networks alike, as one that knows nothing of them is."""
    kept: dict[tuple[str, str], list[dict]] = {}
    for row in first:
        kept.setdefault((row["metric"], row["attribution"]), []).append(row)
    several = {"method": "", "family": "", "network": "several alike"}
    return [rows[0] if len(rows) == 1 else {**rows[0], **several} for rows in kept.values()]


def _by_rank(listed: dict[str, Table]) -> dict[str, Table]:
    """The tables of ranks with the first of each measure first; figures keep the order of the networks."""

    def ranked(table: Table) -> Table:
        places = {score: place for place, score in enumerate(dict.fromkeys(row["metric"] for row in table.rows))}
        return replace(
            table, rows=sorted(table.rows, key=lambda row: (places[row["metric"]], row["rank"] or len(table.rows)))
        )

    return {kind: ranked(table) if kind in ("leaderboard", "null_block") else table for kind, table in listed.items()}


def _with_seconds(row: dict, dataset: str, artefacts: dict) -> dict:
    """A row of costs with the computing time behind the measure, None where nothing of it is stored."""
    retrained = [(kind, dataset) for kind in _occlusions(row["metric"], row["measure"])]
    begin = retrained if row["retrainings"] else [("measure", row["measure"], dataset)]
    needed = {folder: made for folder, made in artefacts.items() if not OTHER_RANDOM.match(folder)}
    seconds = [taken for parts in begin for taken in seconds_of(needed, f"{readable(*parts)}-")]
    tau = {"tau": row["tau_with_roar"], "tau_low": row["tau_low"], "tau_high": row["tau_high"]}
    known = {field: value for field, value in row.items() if field != "tau_with_roar"}
    return {**known, "seconds": sum(seconds) if seconds else None, **tau}


def _occlusions(score: str, measure: str) -> list[str]:
    """Under which a score needs networks retrained; all where its file, of a user's own, may not be here."""
    own = [kind for kind, made in OCCLUSIONS.items() if made == score]
    if own or not catalogue.is_built_in(measure):
        return own or list(OCCLUSIONS)
    return list(catalogue.entry("measures", measure).declared.get("RETRAININGS", ()))


def _panels(rows: Mapping[str, list[dict]], prefix: str) -> dict[str, list[Panel]]:
    """Panels by section."""
    shown = {row["network"] for row in shown_networks(_networks(rows))}

    def boards(kind: str) -> list[Panel]:
        scores = dict.fromkeys(row["metric"] for row in rows[kind])
        drawn = [row for row in rows[kind] if row["network"] in shown]
        return [
            figures.leaderboard(
                [row for row in drawn if row["metric"] == score], identifier(prefix, "leaderboard", score)
            )
            for score in scores
        ]

    return {
        "agreement": [figures.agreement(rows["agreement"], f"{prefix}-agreement")] if rows["agreement"] else [],
        "leaderboard": boards("leaderboard"),
        "null_block": boards("null_block"),
        "cost": [figures.cost(rows["cost"], f"{prefix}-cost")] if any(map(figures.has_cost, rows["cost"])) else [],
    }


def _networks(rows: Mapping[str, list[dict]]) -> list[dict]:
    """One row of every network, the standard one first."""
    first = {row["network"]: row for kind in ("null_block", "leaderboard") for row in rows[kind]}
    return sorted(first.values(), key=lambda row: row["family"] is not None)


def _samples(study: dict, rows: Mapping[str, list[dict]], pictures: dict, characters: int) -> list[Gallery]:
    """Every network's maps of the sample images, the null block outlined; as many as fit."""
    if not rows["null_block"]:
        return []
    dataset, networks = study["dataset"], shown_networks(_networks(rows))
    halves = ["upper" if top else "lower" for top in pictures[f"{dataset}/sample_null_top"]]
    titles = sample_titles(dataset, pictures)
    samples = enumerate(zip(titles, halves, strict=True))
    return as_fit((maps_of(study, networks, pictures, i, title, half) for i, (title, half) in samples), characters)


# Sentences


def agreement(rows: list[dict]) -> str:
    """How many pairs of measures rank alike, and which is closest to ROAR and which farthest."""
    if not rows:
        return ""
    told = [row["tau"] > 0 for row in rows if side(row, "tau")]
    parts = [
        (sum(told), "ranks alike (the interval of tau lies above 0)", "rank alike (the interval of tau lies above 0)"),
        (len(told) - sum(told), "ranks the other way round", "rank the other way round"),
        (len(rows) - len(told), "is open", "are open"),
    ]
    sentence = f"Of {counted(len(rows), 'pair')} of measures, {joined(shares(parts))}."
    with_roar = [row for row in rows if ROAR in (row["metric_a"], row["metric_b"]) and row["tau"] is not None]
    if len(with_roar) < 2:
        return sentence
    farthest, *_, closest = sorted(with_roar, key=lambda row: row["tau"])
    return f"{sentence} Closest to ROAR is {_beside_roar(closest)}, farthest {_beside_roar(farthest)}."


def _beside_roar(row: dict) -> str:
    other = row["metric_a"] if row["metric_b"] == ROAR else row["metric_b"]
    return f"{name(other)} ({formats.number(row['tau'], 2)})"


def replacements(rows: list[dict]) -> str:
    """Which measures that retrain nothing rank as ROAR does, which do not, and in what time."""
    free = sorted((row for row in rows if not row["retrainings"] and row["tau"] is not None), key=lambda r: -r["tau"])
    if not free:
        return ""
    told = [row for row in free if side(row, "tau")]
    kinds = [
        ([row for row in told if row["tau"] > 0], "ranks as ROAR does", "rank as ROAR does"),
        ([row for row in told if row["tau"] < 0], "ranks the other way round", "rank the other way round"),
        ([row for row in free if row not in told], "is open", "are open"),
    ]
    parts = [
        f"{part}: {joined([_with_time(row) for row in found])}"
        for found, one, several in kinds
        for part in shares([(len(found), one, several)])
    ]
    roar = next((row["seconds"] for row in rows if row["metric"] == ROAR), None)
    end = f" ROAR itself took {took(roar)}." if roar else ""
    return f"Of {counted(len(free), 'measure')} without retraining, by the interval of tau, {'; '.join(parts)}.{end}"


def _with_time(row: dict) -> str:
    """Such as "ROAD (0.61, 1 min 20 s)"."""
    known = [formats.number(row["tau"], 2), *([took(row["seconds"])] if row["seconds"] else [])]
    return f"{name(row['metric'])} ({', '.join(known)})"


def null_block(rows: list[dict]) -> str:
    """How many maps keep off the null block, how many point at it, and which keeps off most."""
    known = [row for row in rows if row["value"] is not None]
    if not known:
        return ""
    sides = [side(row, "value", row["chance"]) for row in known]
    parts = [
        (sides.count(-1), "puts less into it than chance", "put less into it than chance"),
        (sides.count(1), "puts more into it", "put more into it"),
        (sides.count(0), "is open", "are open"),
    ]
    least = min(known, key=lambda row: row["value"])
    return (
        f"Of {counted(len(known), 'pair')} of network and attribution, by their intervals, {joined(shares(parts))}. "
        f"Least has {network_name(least)}, {name(least['attribution'])}: {formats.percent(least['value'])} "
        f"(chance {formats.percent(least['chance'], 0)})."
    )


def took(seconds: float) -> str:
    """As `formats.duration`, with a decimal below ten seconds."""
    return f"{seconds:.1f} s" if seconds < 10 else formats.duration(seconds)
