"""The store: keyed by the whole configuration, whole or not there, resumable."""

import dataclasses
import time

import numpy as np
import pytest
from experiments.settings.settings import make_settings

from experiments.errors import UsageError
from experiments.networks import keys
from experiments.networks.grid import STANDARD, Arm, Cell, NetworkSpec, cells
from experiments.store.artefacts import Key, Store

(STUDY,) = make_settings("roar", "quick").studies
ROBUST = NetworkSpec("l2", "cross_entropy", 1.0)


def test_computed_once(tmp_path):
    key, calls = Key("thing", {"a": 1}), []

    def compute():
        calls.append(1)
        return {"x": np.arange(3)}

    for _ in range(2):
        np.testing.assert_array_equal(Store(tmp_path).fetch_arrays(key, compute)["x"], [0, 1, 2])
    assert len(calls) == 1


def test_an_interrupted_artefact_is_not_there_and_goes_on_in_its_folder(tmp_path):
    store, key = Store(tmp_path), Key("thing", {"a": 1})

    def interrupted(folder):
        (folder / "half").write_text("done so far")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.fetch(key, interrupted)
    assert key not in store
    folder = store.fetch(key, lambda folder: (folder / "whole").write_text((folder / "half").read_text()))
    assert (folder / "whole").read_text() == "done so far"
    assert key in store


CHANGES = {
    "width": 0.5,
    "epochs": 9,
    "batch_size": 50,
    "learning_rate": 0.1,
    "precision": "mixed_bfloat16",
    "seed": 5,
    "attack_steps": 3,
    "l2_step_size": 0.7,
    "train_size": 100,
    "network": "cifar_cnn",
    "dataset": "mnist",
}


@pytest.mark.parametrize(("field", "value"), CHANGES.items(), ids=CHANGES)
def test_a_network_s_key_changes_with_everything_that_makes_it(field, value):
    changed = dataclasses.replace(STUDY, **{field: value})
    assert keys.network_key(changed, ROBUST).folder != keys.network_key(STUDY, ROBUST).folder


def test_a_network_s_key_does_not_change_with_what_does_not_make_it():
    changed = dataclasses.replace(
        STUDY, l2_eps=(1.0, 3.0), percentiles=(20,), repeats=9, controls=False, robust_eps=2.0
    )
    assert keys.network_key(changed, ROBUST) == keys.network_key(STUDY, ROBUST)
    attack = dataclasses.replace(STUDY, attack_steps=99)
    assert keys.network_key(attack, STANDARD) == keys.network_key(STUDY, STANDARD)


def test_every_cell_has_a_key_of_its_own():
    study = dataclasses.replace(STUDY, repeats=2)
    folders = {keys.cell_key(study, cell).folder for cell in cells(study)}
    assert len(folders) == len(cells(study))


def test_arms_share_seeds_and_repetitions_do_not():
    robust, random = Cell(Arm(ROBUST, "gradient"), "roar", 10, 1), Cell(Arm(None, "random"), "roar", 10, 1)
    configs = [keys.cell_key(STUDY, cell).config for cell in (robust, random)]
    assert configs[0]["seed"] == configs[1]["seed"] == keys.retraining_seed(STUDY, 1)
    other = dataclasses.replace(STUDY, seed=1)
    assert len({keys.retraining_seed(study, repeat) for study in (STUDY, other) for repeat in range(3)}) == 6


@pytest.mark.parametrize("name", ["../../escape", "a/b", "-", "..", "<script>"])
def test_names_cannot_leave_the_folder(tmp_path, name):
    study = dataclasses.replace(STUDY, dataset=name)
    folder = keys.network_key(study, STANDARD).folder
    assert (tmp_path / folder).resolve().parent == tmp_path.resolve()


def test_a_folder_that_cannot_be_written_to(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(UsageError, match="--output_dir: .*file.* cannot be written to"):
        Store(blocked)


def test_the_time_an_artefact_took_does_not_count_those_made_on_the_way(tmp_path):
    inner, outer = Key("inner", {"a": 1}), Key("outer", {"a": 2})
    store = Store(tmp_path)

    def make_outer(folder):
        time.sleep(0.1)
        store.fetch(inner, lambda folder: time.sleep(0.3))

    store.fetch(outer, make_outer)
    assert store.used[inner.folder]["seconds"] == pytest.approx(0.3, abs=0.08)
    assert store.used[outer.folder]["seconds"] == pytest.approx(0.1, abs=0.08)
    again = Store(tmp_path)
    again.note(inner)
    again.note(Key("never made", {}))
    assert again.used == {inner.folder: store.used[inner.folder]}
