"""What can go wrong and is told in a sentence instead of a traceback."""


class UsageError(ValueError):
    """Something the user can mend: the message names it, what is wrong and what is allowed."""


class AbsentError(Exception):
    """A piece of the results cannot be had; the others can.

    Attributes:
        artefact: its name.
        reason: why, or "" where it simply is not stored.
    """

    def __init__(self, artefact: str, reason: str = ""):
        super().__init__(artefact, reason)
        self.artefact, self.reason = artefact, reason

    def __str__(self) -> str:
        return f"{self.artefact}: {self.reason}" if self.reason else self.artefact


class NotStoredError(AbsentError):
    """An artefact would have to be made where only what is stored may be used."""


class PieceFailedError(AbsentError):
    """Making an artefact gave nothing that could be believed, such as an infinite loss."""


class BusyError(Exception):
    """Another process is making the artefact."""
