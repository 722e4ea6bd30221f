"""What the pages of all sections have in common, prepared for their templates."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from itertools import starmap
from operator import attrgetter
from typing import Any

from experiments import catalogue
from experiments.errors import UsageError
from experiments.settings.presets import protocol_study
from experiments.store.provenance import NO_ACCELERATOR, NOT_LOOKED_FOR
from experiments.store.values import LONGEST, Values, plain
from reports import formats
from reports.compare import OtherRun, compared
from reports.evidence.claim import Claim
from reports.evidence.published import ATTRIBUTIONS
from reports.evidence.study import Known, NotMeasuredError
from reports.section import Judged
from reports.styles import attribution_style, name
from reports.tables import Table, estimate, number, table, unshown, words


def claims_table(judged: Judged) -> Table:
    """Every claim of a data set, a line each."""
    columns = [
        words("verdict", "Verdict", lambda claim: claim.verdict),
        words("statement", "Claim", lambda claim: claim.statement),
        words("paper", "Paper", lambda claim: claim.paper),
        estimate("measured", "Measured", lambda claim: claim.estimate, None, formats.signed),
        number("n", "Trainings", lambda claim: claim.n, formats.listing),
        number("look", "Judged at", lambda claim: claim.look, formats.listing),
        words("needed", "Would need", lambda claim: claim.needed),
        words("reason", "Why not tested", lambda claim: claim.reason),
        *(unshown(key, attrgetter(key)) for key in _MORE_OF_CLAIMS),
        unshown("by_training", lambda claim: " ".join(map(str, claim.by_training))),
    ]
    return table("claims", "Claims", columns, judged.claims)


_MORE_OF_CLAIMS = ("id", "section", "check", "primary", "p", "detectable", "unit", "positive", "premise", "image_error")


def slug_of(judged: Judged) -> str:
    """A data set's name for anchors and files."""
    return _as_file(judged.dataset).replace("_", "-").replace(".", "-")


def prefix_of(judged: Judged) -> str:
    """What the names of a study's figures and tables begin with."""
    return f"{judged.section.name}-{slug_of(judged)}"


def study_view(judged: Judged, others: Sequence[OtherRun]) -> dict[str, Any]:
    """A data set's part of a page: its settings, claims, alerts, and what is missing or left out."""
    values = judged.values
    images = values.images
    alerts = [f"{values.dataset} is not the published data set here: {images}."] if images else []
    alerts += [f"Left out: {why}" for why in values.words.get("left_out", {}).values()]
    return {
        "dataset": values.dataset,
        "slug": slug_of(judged),
        "prefix": prefix_of(judged),
        "images": images,
        "of": f" ({values.dataset}: {images})" if images else "",
        "study": WithGaps(values.settings),
        "claims": [compared(claim, others) for claim in judged.claims],
        "claims_table": claims_table(judged),
        "alerts": [*alerts, *judged.alerts],
        "missing": values.missing,
        "tables": _Tables(judged.tables),
    }


class WithGaps(dict[str, Any]):
    """What a template reads by name; what could not be made, or an older run did not have, is None."""

    def __missing__(self, name: str) -> None:
        return None


class _Tables(dict[str, Table]):
    """For templates: a table that is left out is empty."""

    def __missing__(self, kind: str) -> Table:
        return Table(kind, "", (), ())


def identifier(*parts: str) -> str:
    """A name for a panel and its files."""
    return _as_file("-".join(parts))


def _as_file(name: str) -> str:
    """A name as part of a file's. Digits tell a user's own apart, of which the letters left out may be all there is."""
    shown = re.sub(r"[^A-Za-z0-9._-]", "-", name)[:LONGEST]
    if name.isascii() and catalogue.is_built_in(name) and len(name) <= LONGEST:
        return shown
    return f"{shown}-{hashlib.sha256(name.encode()).hexdigest()[:6]}"


MOST_DRAWN = 4
"""Attributions that a figure can draw a line each of and still be read."""


def drawn_attributions(attributions: Sequence[str]) -> list[str]:
    """Those that figures of lines show: all, or of many the paper's two."""
    of_the_paper = [attribution for attribution in attributions if attribution in ATTRIBUTIONS]
    return list(attributions) if len(attributions) <= MOST_DRAWN or not of_the_paper else of_the_paper


def of_attributions(rows: Sequence[dict], attributions: Sequence[str]) -> list[dict]:
    """The rows of those attributions, and of the random baselines and masks that they are compared with."""
    return [row for row in rows if row["attribution"] in attributions or row.get("network", "") is None]


def parameters_of(settings: Mapping[str, Any]) -> str:
    """Every attribution and measure with the parameters it was run with, in words; "" where none has any."""
    told = []
    listed = [(shelf, entry) for shelf in ("attributions", "measures") for entry in settings[shelf]]
    for shelf, entry in listed:
        try:
            own = catalogue.own_flags(shelf, entry)
        except UsageError:  # somebody's own, whose file is not here
            continue
        values = [
            f"{flag.removeprefix(entry + '_')} {formats.listing(settings[flag])}"
            for flag in own
            if flag in settings  # one that today's file has, and that of an older run had not
        ]
        if values:
            told.append(f"{name(entry)} ({', '.join(values)})")
    return "; ".join(told)


LINES = {"-": "solid", "--": "dashed", "-.": "dashes and dots", ":": "dotted"}


def looks(attributions: Sequence[str]) -> str:
    """How figures draw each attribution's points and lines, in words."""
    styles = {attribution: attribution_style(attribution) for attribution in attributions}
    return "; ".join(
        f"{LINES[style.line]} and {'filled' if style.filled else 'open'}: {name(attribution)}"
        for attribution, style in styles.items()
    )


def settings_rows(studies: Sequence[Values]) -> list[dict[str, Any]]:
    """Every setting that the studies were measured with beside the protocol's, deviations marked."""
    rows = []
    for values in studies:
        protocol = plain(protocol_study(values.measurement, values.dataset).as_dict())
        for option, value in plain(values.settings).items():
            if option != "dataset":
                there = protocol.get(option)  # a flag of a file on a shelf that the protocol does not use
                row = {"dataset": values.dataset, "name": option, "value": value, "protocol": there}
                rows.append({**row, "differs": value != there})
    return rows


def artefacts_of(studies: Sequence[Values]) -> dict[str, dict[str, Any]]:
    """Those behind several studies, each once."""
    return {name: artefact for values in studies for name, artefact in values.artefacts.items()}


def time_rows(artefacts: Mapping[str, dict]) -> list[dict[str, Any]]:
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


def other_makers(artefacts: Mapping[str, dict], current: Mapping[str, Any]) -> list[str]:
    """Per code, packages and accelerators other than those that finished the run, what they made: sentences."""
    finished_by = {**current}
    if finished_by.get("accelerators") == NOT_LOOKED_FOR:  # who computed nothing used none
        finished_by["accelerators"] = NO_ACCELERATOR
    counts: dict[tuple, int] = {}
    for artefact in artefacts.values():
        made_by = tuple(sorted(artefact["made_by"].items()))
        counts[made_by] = counts.get(made_by, 0) + 1
    return [
        f"{count} of {len(artefacts)} artefacts were made by " + ", ".join(starmap(_maker, made_by))
        for made_by, count in counts.items()
        if any(finished_by.get(name) != value for name, value in made_by)
    ]


def _maker(name: str, value: str) -> str:
    if name != "accelerators":
        return f"{name} {value}"
    return "no GPU" if value == NO_ACCELERATOR else value


def scale(settings: Mapping[str, Any], images: str = "") -> str:
    """At which scale a study was run, in a phrase. images: in what its data are not the published ones."""
    try:
        return _scale(Known(settings), images)
    except NotMeasuredError:
        return formats.MISSING


def _scale(settings: Mapping[str, Any], images: str) -> str:
    if "toy_points" in settings:
        return f"{settings['toy_points']:,} points per class, {settings['toy_seeds']} seeds, the paper's network"
    used = f"{settings['train_size']:,}" if settings["train_size"] else "all"
    source = f" of {images}" if images else ""
    return f"{used} training images{source}, width {settings['width']:g} of the paper's, {settings['epochs']} epochs"


def verdict_counts(claims: Sequence[Claim]) -> dict[str, int]:
    """How many claims have each verdict that there is."""
    counts: dict[str, int] = {}
    for claim in claims:
        counts[claim.verdict] = counts.get(claim.verdict, 0) + 1
    return counts
