"""Nothing damaged is believed: artefacts, backups and results are sealed when written and checked when read."""

import json
import shutil

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from experiments import results
from experiments.compute.progress import Progress
from experiments.errors import BusyError, CellFailedError, NotStoredError, UsageError
from experiments.store.artefacts import Key, Store
from experiments.store.sealed import damage, seal

VALUES = {"x": np.arange(40, dtype=np.float32), "y": np.ones((3, 2), bool)}
DAMAGED_EACH_WAY = 50


class Lines(Progress):
    """Keeps what it is told."""

    def __init__(self):
        super().__init__(quiet=True)
        self.lines = []

    def stage(self, text):
        self.lines.append(text)


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
    keys = [Key("thing", {"number": number}) for number in range(DAMAGED_EACH_WAY)]
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


def test_a_link_out_of_the_folder_is_damage(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("x")
    folder = tmp_path / "sealed"
    folder.mkdir()
    (folder / "a").write_text("x")
    seal(folder)
    assert damage(folder) == ""
    (folder / "a").unlink()
    (folder / "a").symlink_to(secret)
    assert "a is not as it was written" in damage(folder)


def test_an_artefact_that_is_a_link_is_not_followed(tmp_path):
    key = Key("thing", {})
    Store(tmp_path / "theirs").fetch_arrays(key, lambda: VALUES)
    store = Store(tmp_path / "ours")
    (store.artefacts / key.folder).symlink_to(tmp_path / "theirs" / "artefacts" / key.folder)
    np.testing.assert_array_equal(store.fetch_arrays(key, lambda: {"x": np.zeros(1)})["x"], [0])


def test_a_file_too_many_is_damage(tmp_path):
    (tmp_path / "a").write_text("x")
    seal(tmp_path)
    (tmp_path / "b").write_text("")
    assert damage(tmp_path) == "b is not as it was written"


def test_an_impatient_store_does_not_wait_for_another_and_a_patient_one_makes_nothing_twice(tmp_path):
    key, calls = Key("thing", {"a": 1}), []
    impatient = Store(tmp_path)
    impatient.patient = False

    def make(folder):
        calls.append(1)
        with pytest.raises(BusyError):
            impatient.fetch(key, make)

    Store(tmp_path).fetch(key, make)
    assert impatient.fetch(key, make).is_dir()
    assert calls == [1]


def test_a_failed_artefact_is_tried_once_a_run_and_is_not_stored(tmp_path):
    store, key, calls = Store(tmp_path), Key("thing", {}), []

    def make(folder):
        calls.append(folder)
        (folder / "half").write_text("")
        raise CellFailedError("thing", "loss nan")

    for _ in range(2):
        with pytest.raises(CellFailedError, match="thing: loss nan"):
            store.fetch(key, make)
    assert len(calls) == 1
    assert key not in store
    assert not calls[0].exists()
    (line,) = (json.loads(line) for log in (tmp_path / "logs").iterdir() for line in log.read_text().splitlines())
    assert (line["cell"], line["failed"]) == ("thing", "loss nan")


def test_what_rests_on_a_failed_artefact_fails_too_and_is_named_once(tmp_path):
    progress = Lines()
    store, network = Store(tmp_path, progress=progress), Key("network", {})

    def diverge(folder):
        raise CellFailedError("network", "loss nan")

    for number in range(3):
        with pytest.raises(CellFailedError, match="network: loss nan"):
            store.fetch(Key("cell", {"number": number}), lambda folder: store.fetch(network, diverge))
    assert progress.lines == ["FAILED: network: loss nan"]


def test_the_log_has_a_line_for_each_piece_made(tmp_path):
    store = Store(tmp_path)
    for _ in range(2):
        store.fetch(Key("thing", {}), lambda folder: None, images=lambda: 5000)
    (line,) = (json.loads(line) for log in (tmp_path / "logs").iterdir() for line in log.read_text().splitlines())
    assert line["cell"] == "thing"
    assert line["started"] <= line["ended"]
    assert line["seconds"] >= 0
    assert 0.01 < line["peak_memory_gib"] < 64
    assert line["host"]


@pytest.fixture(scope="module")
def stored(tiny_run):
    """The results file of the toy as it was written, and the folder it came from."""
    return (tiny_run[0] / "results" / "boundary.json").read_bytes(), tiny_run[0]


def folder_with(content: bytes, stored, folder):
    (folder / "results").mkdir(parents=True, exist_ok=True)
    (folder / "results" / "boundary.json").write_bytes(content)
    shutil.copy(stored[1] / "results" / "boundary.npz", folder / "results")
    return folder


def test_results_as_written_are_read(stored, tmp_path):
    assert results.load(folder_with(stored[0], stored, tmp_path), "boundary")["experiment"] == "boundary"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_results_changed_anywhere_are_refused_with_a_sentence(stored, tmp_path, data):
    """A byte replaced, a part cut out, or something else altogether."""
    content = stored[0]
    place = data.draw(st.integers(0, len(content) - 1))
    put = data.draw(st.binary(max_size=40))
    cut = data.draw(st.integers(0, 200))
    changed = content[:place] + put + content[place + cut :]
    if json.loads(content) == _json_or_none(changed):  # white space alone
        return
    with pytest.raises(UsageError, match=r"boundary.json cannot be used \(.*run main.py --experiment=boundary again"):
        results.load(folder_with(changed, stored, tmp_path), "boundary")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(part=st.sampled_from(["claims", "tables", "settings", "provenance", "artefacts", "missing"]), value=JSON)
def test_results_of_another_shape_are_refused_even_with_a_right_checksum(stored, tmp_path, part, value):
    content = json.loads(stored[0])
    del content["checksum"]
    content[part] = value
    text = json.dumps({**content, "checksum": results._checksum(content)})
    folder = folder_with(text.encode(), stored, tmp_path)
    empty_is_allowed = value == [] or value == {}
    if not empty_is_allowed:
        with pytest.raises(UsageError, match=r"cannot be used \(\$"):
            results.load(folder, "boundary")


def test_damaged_results_are_set_aside_and_the_pages_are_made_without_them(stored, tmp_path):
    store, said = Store(tmp_path), []
    folder_with(stored[0][:-40], stored, tmp_path)
    results.set_aside_damaged(store, said.append)
    assert "boundary.json cannot be used" in said[0]
    assert not results.any_results(store)
    assert len(list((tmp_path / "results").glob("boundary.damaged-*"))) == 1


def _json_or_none(text: bytes):
    try:
        return json.loads(text)
    except ValueError:
        return None
