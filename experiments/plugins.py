"""Names on the command line: of a built-in piece, or of the user's own as `module:function`."""

import hashlib
import inspect
import pkgutil
import sys
from collections.abc import Callable, Mapping

from experiments.errors import UsageError


def find(name: str, builtin: Mapping[str, Callable], flag: str) -> Callable:
    """The function a name stands for.

    Args:
        name: a key of `builtin`, or `package.module:function`, looked up from the working folder too.
        builtin: what ships with the project.
        flag: named in the error.

    Raises:
        UsageError: neither built in nor importable.
    """
    if name in builtin:
        return builtin[name]
    allowed = f"allowed are {', '.join(builtin)}, or your own as module:function"
    if ":" not in name:
        raise UsageError(f"--{flag}: {name!r} is unknown; {allowed}.")
    if "" not in sys.path:
        sys.path.append("")
    try:
        found = pkgutil.resolve_name(name)
    except (ImportError, AttributeError, ValueError) as error:
        raise UsageError(f"--{flag}: {name!r} cannot be imported ({error}); {allowed}.") from error
    if not callable(found):
        raise UsageError(f"--{flag}: {name!r} is not a function; {allowed}.")
    return found


def identity(name: str, flag: str) -> str:
    """A name that changes when the user's own code behind it does, for keys of stored results."""
    if ":" not in name:
        return name
    source = inspect.getsource(find(name, {}, flag))
    return f"{name}@{hashlib.sha256(source.encode()).hexdigest()[:8]}"
