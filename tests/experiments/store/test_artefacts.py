"""The store: whole or not there, resumable, nothing made twice."""

import json
import time

import numpy as np
import pytest

from experiments.compute.progress import Progress
from experiments.errors import BusyError, PieceFailedError, UsageError
from experiments.store.artefacts import Key, Store


class Lines(Progress):
    """Keeps what it is told."""

    def __init__(self):
        super().__init__(quiet=True)
        self.lines, self.work = [], 0

    def stage(self, text):
        self.lines.append(text)

    def advance(self, work):
        self.work += work


def test_computed_once(tmp_path):
    key, calls = Key("things", "thing", {"a": 1}), []

    def compute():
        calls.append(1)
        return {"x": np.arange(3)}

    for _ in range(2):
        np.testing.assert_array_equal(Store(tmp_path).fetch_arrays(key, compute)["x"], [0, 1, 2])
    assert len(calls) == 1


def test_an_interrupted_artefact_is_not_there_and_goes_on_in_its_folder(tmp_path):
    store, key = Store(tmp_path), Key("things", "thing", {"a": 1})

    def interrupted(folder):
        (folder / "half").write_text("done so far")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.fetch(key, interrupted)
    assert key not in store
    folder = store.fetch(key, lambda folder: (folder / "whole").write_text((folder / "half").read_text()))
    assert (folder / "whole").read_text() == "done so far"
    assert key in store


def test_a_folder_that_cannot_be_written_to(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(UsageError, match="--output_dir: .*file.* cannot be written to"):
        Store(blocked)


def test_the_time_an_artefact_took_does_not_count_those_made_on_the_way(tmp_path):
    inner, outer = Key("parts", "inner", {"a": 1}), Key("wholes", "outer", {"a": 2})
    store = Store(tmp_path)

    def make_outer(folder):
        time.sleep(0.1)
        store.fetch(inner, lambda folder: time.sleep(0.5))

    store.fetch(outer, make_outer)
    assert 0.1 <= store.used[outer.folder]["seconds"] < 0.5 <= store.used[inner.folder]["seconds"]
    again = Store(tmp_path)
    again.note(inner)
    again.note(Key("things", "never made", {}))
    assert again.used == {inner.folder: store.used[inner.folder]}
    assert store.used[inner.folder]["kind"] == "parts"


def test_an_impatient_store_does_not_wait_for_another_and_a_patient_one_makes_nothing_twice(tmp_path):
    key, calls = Key("things", "thing", {"a": 1}), []
    impatient = Store(tmp_path)
    impatient.patient = False

    def make(folder):
        calls.append(1)
        with pytest.raises(BusyError):
            impatient.fetch(key, make)

    Store(tmp_path).fetch(key, make)
    assert impatient.fetch(key, make).is_dir()
    assert calls == [1]


def test_what_another_process_has_made_counts_as_done_and_what_this_one_makes_advances_on_the_way(tmp_path):
    ours, theirs = (Key("things", name, {"name": name}) for name in ("ours", "theirs"))
    store = Store(tmp_path, progress=Lines())
    store.expected = {ours.folder: 2.0, theirs.folder: 3.0}
    Store(tmp_path).fetch(theirs, lambda folder: None)
    for _ in range(2):
        store.fetch(theirs, pytest.fail)
        store.fetch(ours, lambda folder: store.progress.advance(2.0))
    assert store.progress.work == 5


def test_what_waited_for_another_process_and_was_made_there_counts_too(tmp_path):
    network, evaluation = (Key("things", name, {"name": name}) for name in ("network", "evaluation"))
    store = Store(tmp_path, progress=Lines())
    store.expected = {network.folder: 3.0, evaluation.folder: 2.0}

    def busy(folder):
        raise BusyError("network")

    with pytest.raises(BusyError):
        store.fetch(evaluation, busy)
    for key in (network, evaluation):
        Store(tmp_path).fetch(key, lambda folder: None)
    store.fetch(evaluation, pytest.fail)
    store.note(network)
    assert store.progress.work == 5


def test_a_failed_artefact_is_tried_once_a_run_and_is_not_stored(tmp_path):
    store, key, calls = Store(tmp_path), Key("things", "thing", {}), []

    def make(folder):
        calls.append(folder)
        (folder / "half").write_text("")
        raise PieceFailedError("thing", "loss nan")

    for _ in range(2):
        with pytest.raises(PieceFailedError, match="thing: loss nan"):
            store.fetch(key, make)
    assert len(calls) == 1
    assert key not in store
    assert not calls[0].exists()
    (line,) = (json.loads(line) for log in (tmp_path / "logs").iterdir() for line in log.read_text().splitlines())
    assert (line["piece"], line["failed"]) == ("thing", "loss nan")


def test_what_rests_on_a_failed_artefact_fails_too_and_is_named_once(tmp_path):
    progress = Lines()
    store, network = Store(tmp_path, progress=progress), Key("networks", "network", {})

    def diverge(folder):
        raise PieceFailedError("network", "loss nan")

    for number in range(3):
        with pytest.raises(PieceFailedError, match="network: loss nan"):
            store.fetch(Key("cells", "cell", {"number": number}), lambda folder: store.fetch(network, diverge))
    assert progress.lines == ["FAILED: network: loss nan"]
