"""Nothing damaged is believed: artefacts are sealed when written and checked when read."""

import shutil

import numpy as np
import pytest

from experiments.errors import NotStoredError
from experiments.store.artefacts import Key, Store
from experiments.store.sealed import damage
from tests.experiments.store.test_artefacts import Lines

VALUES = {"x": np.arange(40, dtype=np.float32), "y": np.ones((3, 2), bool)}
DAMAGED_EACH_WAY = 50


def truncate(path, rng):
    path.write_bytes(path.read_bytes()[: rng.integers(path.stat().st_size)])


def flip_a_bit(path, rng):
    content = bytearray(path.read_bytes())
    content[rng.integers(len(content))] ^= 1 << rng.integers(8)
    path.write_bytes(content)


def empty(path, rng):
    path.write_bytes(b"")


def swap(path, rng):
    """The folder of another artefact, whole and sealed, under this one's name."""
    whole = path.parents[2] / "whole"
    other = rng.choice([folder for folder in whole.glob("thing-*") if folder.name != path.parent.name])
    shutil.rmtree(path.parent)
    shutil.copytree(other, path.parent)


@pytest.mark.parametrize("harm", [truncate, flip_a_bit, empty, swap])
def test_every_damaged_artefact_is_detected_kept_aside_and_made_again(tmp_path, harm):
    rng, progress = np.random.default_rng(0), Lines()
    keys = [Key("things", "thing", {"number": number}) for number in range(DAMAGED_EACH_WAY)]
    for number, key in enumerate(keys):
        Store(tmp_path).fetch_arrays(key, lambda number=number: {"number": np.array(number), **VALUES})
    shutil.copytree(tmp_path / "artefacts", tmp_path / "whole")
    for key in keys:
        files = sorted((tmp_path / "artefacts" / key.folder).iterdir())
        harm(files[rng.integers(len(files))], rng)

    with pytest.raises(NotStoredError):
        Store(tmp_path, stored_only=True).fetch_arrays(keys[0], None)
    store = Store(tmp_path, progress=progress)
    made = []
    for number, key in enumerate(keys):

        def compute(number=number):
            made.append(number)
            return {"number": np.array(number), **VALUES}

        assert store.fetch_arrays(key, compute)["number"] == number
    assert made == list(range(DAMAGED_EACH_WAY))
    assert len(list((tmp_path / "artefacts" / ".damaged").iterdir())) == DAMAGED_EACH_WAY
    assert sum("was damaged" in line for line in progress.lines) == DAMAGED_EACH_WAY
    assert not any(damage(tmp_path / "artefacts" / key.folder) for key in keys)


def test_an_artefact_that_is_a_link_is_not_followed(tmp_path):
    key = Key("things", "thing", {})
    Store(tmp_path / "theirs").fetch_arrays(key, lambda: VALUES)
    store = Store(tmp_path / "ours")
    (store.artefacts / key.folder).symlink_to(tmp_path / "theirs" / "artefacts" / key.folder)
    np.testing.assert_array_equal(store.fetch_arrays(key, lambda: {"x": np.zeros(1)})["x"], [0])
