"""Imports TensorFlow without its start-up chatter, and so that Keras computes as results need it."""

import os
import sys
import tempfile
from typing import IO

from experiments.compute.keras_settings import check_environment


def import_tensorflow() -> None:
    """Imports TensorFlow, whose C++ libraries write to standard error before their log level applies.

    Should the import fail, what they wrote is shown.

    Raises:
        UsageError: Keras's settings are others than results are for.
    """
    check_environment()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if "tensorflow" in sys.modules:
        return
    sys.stderr.flush()
    with _chatter() as chatter:
        terminal = os.dup(2)
        os.dup2(chatter.fileno(), 2)
        try:
            import tensorflow  # noqa: F401
        except BaseException:
            chatter.seek(0)
            os.write(terminal, chatter.read())
            raise
        finally:
            os.dup2(terminal, 2)
            os.close(terminal)


def _chatter() -> IO[bytes]:
    """A file for what is written meanwhile; where no disk has room for it, that is lost."""
    try:
        return tempfile.TemporaryFile()
    except OSError:
        return open(os.devnull, "r+b")
