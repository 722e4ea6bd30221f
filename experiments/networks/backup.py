"""A training after every epoch: weights, seed generators, optimisers and history, whole or not there."""

import json
import shutil
from pathlib import Path

import keras

from experiments.networks.state import load_state, save_state
from experiments.store.sealed import damage, seal, write_json

WEIGHTS, HISTORY = "state.weights.h5", "history.json"


class Backup(keras.callbacks.Callback):
    """Saves after every epoch and restores what the last call with the same folder saved.

    Keras's `BackupAndRestore` writes weights and the epoch's number one after the other, in place:
    killed between the two, it trains an epoch twice. It also forgets the history. Here the new state is
    sealed under another name, then renamed.

    Args:
        folder: of this training alone.

    Attributes:
        history: per metric one value per epoch that reported it, those before an interruption included.
    """

    def __init__(self, folder: Path):
        super().__init__()
        self._folder = folder
        self.history: dict[str, list[float]] = {}

    def restore(self, model: keras.Model) -> int:
        """Loads the newest state that is as it was written into a built model; returns the epochs it has behind it."""
        for state in sorted(self._folder.glob("epoch-*"), reverse=True):
            if not damage(state):
                load_state(model, state / WEIGHTS)
                self.history = json.loads((state / HISTORY).read_text(encoding="utf-8"))
                return int(state.name.removeprefix("epoch-"))
        return 0

    def on_epoch_end(self, epoch, logs=None):
        for name, value in logs.items():
            self.history.setdefault(name, []).append(float(value))
        done = f"epoch-{epoch + 1:06d}"
        partial = self._folder / "partial"
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        save_state(self.model, partial / WEIGHTS)
        write_json(partial / HISTORY, self.history)
        seal(partial)
        shutil.rmtree(self._folder / done, ignore_errors=True)  # one that was damaged
        partial.rename(self._folder / done)
        for state in self._folder.glob("epoch-*"):
            if state.name != done:
                shutil.rmtree(state)
