"""Which folder a sentence about a full disk names."""

import errno
from pathlib import Path

import pytest

from experiments.errors import UsageError
from experiments.store.disk import writing

FULL = "No space left on device"


def told(folder, error) -> str:
    with pytest.raises(UsageError) as found, writing(folder):
        raise error
    return str(found.value)


@pytest.mark.parametrize(
    "error", [OSError(errno.ENOSPC, FULL), OSError(errno.ENOSPC, FULL, "out/a/b.npz"), RuntimeError(f"HDF5: {FULL}")]
)
def test_the_output_folder_is_named_where_no_other_is_meant(error, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for folder in (Path("out"), tmp_path / "out"):
        assert told(folder, error).startswith(f"--output_dir: {folder} cannot be written to (")
        assert FULL in told(folder, error)


def test_a_full_folder_elsewhere_is_named_itself(tmp_path):
    error = OSError(errno.ENOSPC, FULL, str(tmp_path / "elsewhere" / "x.h5"))
    assert told(tmp_path / "out", error).startswith(f"{tmp_path / 'elsewhere'} cannot be written to (")


def test_what_is_not_of_the_disk_is_raised_as_it_is(tmp_path):
    with pytest.raises(ZeroDivisionError), writing(tmp_path):
        raise ZeroDivisionError
