"""What a run would do, and how much of that is stored already. Loads no TensorFlow."""

from collections import Counter

from experiments import SECTIONS
from experiments.measurement import fingerprint_of, measurement_named
from experiments.piece import Piece
from experiments.settings.run import Settings
from experiments.settings.studies import ImageStudy
from experiments.store.artefacts import Store


def describe(settings: Settings, store: Store) -> str:
    """The plan as text: per data set a heading for each kind of work, and under it a line for each series."""
    sections = ", ".join(f"{name} ({SECTIONS[name].title})" for name in settings.sections)
    measurement, lines = measurement_named(settings.measurement), [sections]
    for study in settings.studies:
        fingerprint = fingerprint_of(study, settings, store)
        known = measurement.pieces(study, fingerprint)
        pieces = list({piece.key.folder: piece for piece in known}.values())  # what several need is done once
        lines.append(f"  {study.dataset}: {_counted(pieces, store)}")
        if isinstance(study, ImageStudy) and not fingerprint.train and store.anything:
            lines.append("    (no run has loaded these images here yet: how much of it is stored shows once one has)")
        for kind in dict.fromkeys(piece.key.kind for piece in pieces):
            lines += _kind(kind, [piece for piece in pieces if piece.key.kind == kind], store)
    return "\n".join(lines)


def _kind(kind: str, pieces: list[Piece], store: Store) -> list[str]:
    counts = Counter(piece.series for piece in pieces)
    stored = Counter(piece.series for piece in pieces if piece.key in store)
    lines = [f"    {kind}: {_counted(pieces, store)}"]
    for series, count in counts.items():
        times = f" x {count}" if count > 1 else ""
        there = f" ({stored[series]} stored)" if 0 < stored[series] < count else " (stored)" if stored[series] else ""
        lines.append(f"      {series}{times}{there}")
    return lines


def _counted(pieces: list[Piece], store: Store) -> str:
    to_do = sum(piece.cost for piece in pieces if piece.key not in store)
    stored = sum(piece.key in store for piece in pieces)
    cost = f", {to_do / 1e6:,.1f} million network passes to do" if to_do else ""
    return f"{len(pieces)} ({stored} stored){cost}"
