"""What Keras takes from its configuration file and from the environment: results are for one value of each.

Keras reads them when it is loaded. They are part of no key, so another value is refused.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

from experiments.errors import UsageError

NEEDED: dict[str, Any] = {"image_data_format": "channels_last", "floatx": "float32", "epsilon": 1e-07}
BACKEND = "tensorflow"
SHORTENING = ("KERAS_MAX_EPOCHS", "KERAS_MAX_STEPS_PER_EPOCH")
"""Environment variables that end every `fit` early."""


def check_environment() -> None:
    """To be called before Keras is loaded. The file's backend is overruled: other programs may need it.

    Raises:
        UsageError: an environment variable or the file asks for what changes results.
    """
    backend = os.environ.get("KERAS_BACKEND") or BACKEND
    if backend != BACKEND:
        raise UsageError(f"KERAS_BACKEND: {backend!r} came; allowed: {BACKEND}. Unset this environment variable.")
    os.environ["KERAS_BACKEND"] = BACKEND
    for name in SHORTENING:
        if name in os.environ:
            raise UsageError(f"{name}: {os.environ[name]!r} came; allowed: none. Unset this environment variable.")
    path = _file()
    for name, came in _read(path).items():
        if came != NEEDED.get(name, came):
            raise UsageError(
                f"{path}: {name} {came!r} came; allowed: {NEEDED[name]!r}. Change that file of Keras's, or let the "
                "environment variable KERAS_HOME name a folder with another one."
            )


def check_left_alone(flag: str, name: str) -> None:
    """To be called after a user's own code has run.

    Raises:
        UsageError: it has changed Keras's settings for all that follows.
    """
    keras: Any = sys.modules.get("keras")
    for setting, needed in NEEDED.items() if keras else ():
        came = getattr(keras.config, setting)()
        if came != needed:
            raise UsageError(f"--{flag}: {name} sets Keras's {setting} to {came!r}; allowed: {needed!r}.")


def _file() -> Path:
    """Where Keras looks for it."""
    home = os.path.expanduser("~")
    folder = os.path.join(home if os.access(home, os.W_OK) else "/tmp", ".keras")
    return Path(os.environ.get("KERAS_HOME", folder)).expanduser() / "keras.json"


def _read(path: Path) -> dict[str, Any]:
    """What the file says; nothing if it is not there, or is not JSON, which Keras passes over.

    Raises:
        UsageError: Keras would stop at it.
    """
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return {}
    except OSError as error:
        raise UsageError(f"{path}: Keras's configuration file cannot be read ({error.strerror}).") from error
    if not isinstance(known, dict):
        raise UsageError(f"{path}: Keras's configuration file must hold a JSON object, it holds {known!r}.")
    return known
