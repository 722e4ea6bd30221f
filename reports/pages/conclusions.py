"""Conclusions as every measure judges them, and the words that sum them up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from experiments.claim import CONTRADICTED, INCONCLUSIVE, NOT_TESTED, SUPPORTED
from reports.intervals import side
from reports.pages.sentences import counted, joined, shares

ROAR = "roar"

OUTCOMES: Mapping[str, tuple[str, str]] = {
    "everywhere": ("holds on every measure that decides", "hold on every measure that decides"),
    "roar": ("holds on ROAR alone", "hold on ROAR alone"),
    "mixed": ("holds on some measures and fails on others", "hold on some measures and fail on others"),
    "nowhere": ("fails on every measure that decides", "fail on every measure that decides"),
    "open": ("is decided by no measure", "are decided by no measure"),
}
"""What can become of a conclusion: said of one, and of several."""


@dataclass(frozen=True)
class Conclusion:
    """A conclusion of the paper beside what each measure says of it.

    Attributes:
        statement: what is concluded.
        judged: rows of the table of conclusions by score, as many as scores judged it.
    """

    statement: str
    judged: Mapping[str, dict]

    def judged_as(self, verdict: str) -> set[str]:
        """The scores that give a verdict."""
        return {score for score, row in self.judged.items() if row["verdict"] == verdict}

    def leaning(self, sign: int) -> list[str]:
        """The scores that leave it open with an interval, which is not corrected, above 0 (sign 1) or below (-1)."""
        undecided = self.judged_as(INCONCLUSIVE)
        return [score for score, row in self.judged.items() if score in undecided and side(row, "effect") == sign]

    @property
    def outcome(self) -> str:
        """Of `OUTCOMES`. A measure decides where it supports or contradicts."""
        supported, contradicted = self.judged_as(SUPPORTED), self.judged_as(CONTRADICTED)
        if supported == {ROAR}:
            return "roar"
        if supported:
            return "mixed" if contradicted else "everywhere"
        return "nowhere" if contradicted else "open"


@dataclass(frozen=True)
class Matrix:
    """Conclusions in rows, scores in columns."""

    scores: list[str]
    conclusions: list[Conclusion]

    @property
    def answer(self) -> str:
        """A sentence: how many conclusions came to which outcome."""
        parts = shares((len(self.of(outcome)), *words) for outcome, words in OUTCOMES.items())
        return f"Of {counted(len(self.conclusions), 'conclusion')}, {joined(parts)}."

    @property
    def outcomes(self) -> list[tuple[str, list[Conclusion]]]:
        """The conclusions by what became of them, in words."""
        there = {outcome: self.of(outcome) for outcome in OUTCOMES}
        return [(OUTCOMES[outcome][0], found) for outcome, found in there.items() if found]

    def of(self, outcome: str) -> list[Conclusion]:
        return [conclusion for conclusion in self.conclusions if conclusion.outcome == outcome]

    @property
    def reasons(self) -> list[tuple[str, list[str]]]:
        """Why some could not be tested, and by which scores."""
        found: dict[str, dict[str, None]] = {}
        for conclusion in self.conclusions:
            for score in self.scores:
                row = conclusion.judged.get(score)
                if row and row["verdict"] == NOT_TESTED and row["reason"]:
                    found.setdefault(row["reason"], {})[score] = None
        return [(reason, list(scores)) for reason, scores in found.items()]


def matrix(rows: Iterable[dict]) -> Matrix:
    """Of the rows of the table of conclusions, in their order."""
    by_conclusion: dict[str, dict[str, dict]] = {}
    for row in rows:
        by_conclusion.setdefault(row["conclusion"], {})[row["metric"]] = row
    scores = dict.fromkeys(score for judged in by_conclusion.values() for score in judged)
    statements = [next(iter(judged.values()))["statement"] for judged in by_conclusion.values()]
    judged_by = zip(statements, by_conclusion.values(), strict=True)
    return Matrix(list(scores), [Conclusion(statement, judged) for statement, judged in judged_by])
