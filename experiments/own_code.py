"""What a user's own function raises, told with the lines of the user's own file instead of ours."""

import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

import shelf
from experiments import catalogue
from experiments.compute.keras_settings import check_left_alone
from experiments.errors import AbsentError, BusyError, UsageError

_OURS = ("models/", "attacks/", "training/", "attributions/", "measures/", "experiments/", "reports/", "shelf.py")
_NOT_OWN = ("<", sys.prefix, sys.base_prefix, *(f"{shelf.ROOT}/{name}" for name in _OURS))
"""How the file names of code begin that is not the user's."""


@contextmanager
def own_code(flag: str, name: str) -> Iterator[None]:
    """Runs a function behind a name; what ships with the project raises as it is.

    Raises:
        UsageError: in place of whatever a function of the user's raises; or it changed Keras's settings.
    """
    try:
        yield
        if not catalogue.is_built_in(name):
            check_left_alone(flag, name)
    except (UsageError, AbsentError, BusyError, KeyboardInterrupt):
        raise
    except Exception as error:
        if catalogue.is_built_in(name):
            raise
        raise UsageError(f"--{flag}: {name} {_told(error)}") from error


def _told(error: Exception) -> str:
    """What was raised, and under it the lines of files outside this project that led there.

    A ValueError or TypeError without such a line is of one of our checks, and what it says is enough.
    """
    own = [line for line in traceback.extract_tb(error.__traceback__) if not line.filename.startswith(_NOT_OWN)]
    reason = (str(error).strip() or "no message").splitlines()[0]
    if not own and isinstance(error, ValueError | TypeError):
        return f"does not give what is expected: {reason}"
    shown = (f"\n  {line.filename}, line {line.lineno}, in {line.name}\n    {line.line}" for line in own)
    return f"failed with {type(error).__name__}: {reason}{''.join(shown)}"
