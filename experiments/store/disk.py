"""What a disk refuses, as a sentence."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from experiments.errors import UsageError


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Turns whatever a full, read-only or vanished disk raises into a sentence.

    Raises:
        UsageError: in place of the system's and TensorFlow's errors.
    """
    try:
        yield
    except (UsageError, KeyboardInterrupt):
        raise
    except Exception as error:
        if not _of_the_disk(error):
            raise
        reason = str(error).splitlines()[0][:200]
        raise UsageError(
            f"--output_dir: {folder} cannot be written to ({reason}); free space there or name a folder that can be "
            "written to. What is done is kept: the same command goes on from it."
        ) from error


def _of_the_disk(error: Exception) -> bool:
    """Keras, HDF5 and TensorFlow raise errors of their own, which quote the system's."""
    quotes = ("No space left on device", "Read-only file system", "Permission denied", "Stale file handle")
    return isinstance(error, OSError) or any(quote in str(error) for quote in quotes)
