"""A training's state is whole or not there, whenever the process is killed."""

import keras
import numpy as np
import pytest

from experiments.networks.backup import Backup

IMAGES, LABELS = np.linspace(-1, 1, 40, dtype=np.float32).reshape(20, 2), np.arange(20) % 2


def new_model():
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)])
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.optimizer.build(model.trainable_variables)
    return model


def train(folder, first_epoch, epochs):
    model, backup = new_model(), Backup(folder)
    done = backup.restore(model)
    assert done == first_epoch
    model.fit(IMAGES, LABELS, initial_epoch=done, epochs=epochs, shuffle=False, callbacks=[backup], verbose=0)
    return model, backup.history


@pytest.mark.parametrize("killed_in", ["save_weights", "write_json", "seal", "rename"])
def test_killed_while_saving_the_epoch_before_counts(tmp_path, monkeypatch, killed_in):
    """The step of saving epoch 2 that is killed leaves epoch 1, weights and optimiser and history alike."""
    whole, history = train(tmp_path / "whole", 0, 3)
    train(tmp_path / "cut", 0, 1)

    def killed(*arguments, **options):
        raise SystemExit

    with monkeypatch.context() as patch:
        targets = {"save_weights": keras.Model, "rename": type(tmp_path)}
        if killed_in in targets:
            patch.setattr(targets[killed_in], killed_in, killed)
        else:
            patch.setattr(f"experiments.networks.backup.{killed_in}", killed)
        with pytest.raises(SystemExit):
            train(tmp_path / "cut", 1, 3)
    resumed, resumed_history = train(tmp_path / "cut", 1, 3)
    assert resumed_history == history
    assert len(history["loss"]) == 3
    for one, other in zip(whole.get_weights(), resumed.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    for one, other in zip(whole.optimizer.variables, resumed.optimizer.variables, strict=True):
        np.testing.assert_array_equal(one, other)


def test_killed_between_the_last_epoch_and_the_result_nothing_is_trained_again(tmp_path):
    train(tmp_path, 0, 2)
    model, backup = new_model(), Backup(tmp_path)
    assert backup.restore(model) == 2
    assert len(backup.history["loss"]) == 2


def test_a_damaged_state_is_not_loaded(tmp_path):
    train(tmp_path, 0, 2)
    (weights,) = tmp_path.glob("epoch-*/state.weights.h5")
    weights.write_bytes(weights.read_bytes()[:-1])
    assert Backup(tmp_path).restore(new_model()) == 0
    train(tmp_path, 0, 2)
