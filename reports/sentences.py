"""Pieces of sentences that are derived from data."""

from collections.abc import Iterable


def counted(count: int, word: str) -> str:
    """ "1 measure", "3 measures"."""
    return f"{count:,} {word}{'s' * (count != 1)}"


def shares(parts: Iterable[tuple[int, str, str]]) -> list[str]:
    """ "1 agrees", "3 disagree": each count with what is said of one or of several, but for those of 0."""
    return [f"{count:,} {one if count == 1 else several}" for count, one, several in parts if count]


def joined(parts: list[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return " and ".join(part for part in (", ".join(parts[:-1]), parts[-1]) if part) if parts else ""
