"""What a user's own function raises, told with the lines of the user's own file instead of ours."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager

import shelf
from experiments import catalogue
from experiments.errors import AbsentError, BusyError, UsageError


@contextmanager
def own_code(flag: str, name: str) -> Iterator[None]:
    """Runs a function behind a name; what ships with the project raises as it is.

    Raises:
        UsageError: in place of whatever a function of the user's raises.
    """
    try:
        yield
    except (UsageError, AbsentError, BusyError, KeyboardInterrupt):
        raise
    except Exception as error:
        if catalogue.is_built_in(name):
            raise
        raise UsageError(f"--{flag}: {name} failed with {describe(error)}") from error


def describe(error: BaseException) -> str:
    """The error's type and first line, and under it the lines of files outside this project."""
    ours = (str(shelf.ROOT), "<")
    lines = traceback.extract_tb(error.__traceback__)
    own = [line for line in lines if not line.filename.startswith(ours) and "site-packages" not in line.filename]
    told = f"{type(error).__name__}: {(str(error).strip() or 'no message').splitlines()[0]}"
    return told + "".join(f"\n  {line.filename}, line {line.lineno}, in {line.name}\n    {line.line}" for line in own)
