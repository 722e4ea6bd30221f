"""What a disk refuses, as a sentence."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from experiments.errors import UsageError


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Turns whatever a full, read-only or vanished disk raises into a sentence.

    Args:
        folder: of --output_dir, which the sentence names unless the error is about a file elsewhere.

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
        reason, elsewhere = str(error).splitlines()[0][:200], _elsewhere(error, folder)
        raise UsageError(
            f"{elsewhere or f'--output_dir: {folder}'} cannot be written to ({reason}); free space there or name a "
            "folder that can be written to. What is done is kept: the same command goes on from it."
        ) from error


def _of_the_disk(error: Exception) -> bool:
    """Keras, HDF5 and TensorFlow raise errors of their own, which quote the system's."""
    quotes = ("No space left on device", "Read-only file system", "Permission denied", "Stale file handle")
    return isinstance(error, OSError) or any(quote in str(error) for quote in quotes)


def _elsewhere(error: Exception, folder: Path) -> Path | None:
    """The folder of the file that an error is about, if that is not in the output folder."""
    if not isinstance(error, OSError) or not isinstance(error.filename, str):
        return None
    path = Path(error.filename).absolute()
    return None if path.is_relative_to(folder.absolute()) else path.parent
