"""Conclusions as every measure judges them, and the words that sum them up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reports.evidence.claim import CONTRADICTED, NOT_TESTED, SUPPORTED, Claim
from reports.sentences import counted, joined, shares
from reports.survey.analysis import Cell
from reports.survey.tables import ROAR

OUTCOMES: Mapping[str, tuple[str, str]] = {
    "everywhere": ("holds on every measure that decides", "hold on every measure that decides"),
    "roar": ("holds on ROAR alone", "hold on ROAR alone"),
    "mixed": ("holds on some measures and fails on others", "hold on some measures and fail on others"),
    "nowhere": ("fails on every measure that decides", "fail on every measure that decides"),
    "open": ("is decided by no measure", "are decided by no measure"),
}
"""What can become of a conclusion: said of one, and of several."""


@dataclass(frozen=True)
class JudgedConclusion:
    """A conclusion beside what each measure says of it.

    Attributes:
        statement: what is concluded.
        cells: by score, as many as scores judged it.
    """

    statement: str
    cells: Mapping[str, Cell]

    @property
    def claims(self) -> list[Claim]:
        return [cell.claim for cell in self.cells.values()]

    def judged_as(self, verdict: str) -> set[str]:
        """The scores that give a verdict."""
        return {score for score, cell in self.cells.items() if cell.claim.verdict == verdict}

    def leaning(self, sign: int) -> list[str]:
        """The scores that leave it open and lean to better (sign 1) or worse (-1)."""
        return [score for score, cell in self.cells.items() if cell.leaning == sign]

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
    conclusions: list[JudgedConclusion]

    @property
    def answer(self) -> str:
        """A sentence: how many conclusions came to which outcome."""
        parts = shares((len(self.of(outcome)), *words) for outcome, words in OUTCOMES.items())
        return f"Of {counted(len(self.conclusions), 'conclusion')}, {joined(parts)}."

    @property
    def outcomes(self) -> list[tuple[str, list[JudgedConclusion]]]:
        """The conclusions by what became of them, in words."""
        there = {outcome: self.of(outcome) for outcome in OUTCOMES}
        return [(OUTCOMES[outcome][0], found) for outcome, found in there.items() if found]

    def of(self, outcome: str) -> list[JudgedConclusion]:
        """The conclusions that came to an outcome."""
        return [conclusion for conclusion in self.conclusions if conclusion.outcome == outcome]

    @property
    def reasons(self) -> list[tuple[str, list[str]]]:
        """Why some could not be tested, and by which scores."""
        found: dict[str, dict[str, None]] = {}
        for conclusion in self.conclusions:
            for score in self.scores:
                cell = conclusion.cells.get(score)
                if cell and cell.claim.verdict == NOT_TESTED and cell.claim.reason:
                    found.setdefault(cell.claim.reason, {})[score] = None
        return [(reason, list(scores)) for reason, scores in found.items()]


def matrix(cells: Iterable[Cell]) -> Matrix:
    """The cells by conclusion and score, in their order."""
    by_conclusion: dict[str, dict[str, Cell]] = {}
    for cell in cells:
        by_conclusion.setdefault(cell.conclusion.id, {})[cell.metric] = cell
    scores = dict.fromkeys(score for judged in by_conclusion.values() for score in judged)
    conclusions = [
        JudgedConclusion(next(iter(judged.values())).conclusion.statement, judged) for judged in by_conclusion.values()
    ]
    return Matrix(list(scores), conclusions)
