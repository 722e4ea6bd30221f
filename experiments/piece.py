"""A piece of work: declared once, it is all that plan, progress bar, executor, store and time table know of it."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

from experiments.store.artefacts import Key

Task = Callable[[Any], Any]
"""Makes a piece, given its study's runner: a method of the runner's class, its other arguments bound by `partial`.

So any process can be sent one, and make it with a runner of its own.
"""


@dataclass(frozen=True)
class Piece:
    """A piece of work.

    Attributes:
        key: under which it is stored; its kind is the piece's in plan and time table.
        series: which line of the plan it belongs to.
        cost: passes of one image through a network that it takes, as far as it reports them.
        name: under which its value and the seconds that it took are handed on.
        task: what makes it; None where those that need it make it on the way.
        side_by_side: whether threads may make it while they make others.
    """

    key: Key
    series: str
    cost: float = 0.0
    name: Hashable = None
    task: Task | None = None
    side_by_side: bool = False
