"""One training on several devices or processes equals one on a single device."""

import json
import os
import socket
import subprocess
import sys

import numpy as np
import pytest

from experiments.compute.strategy import is_chief, worker_number
from experiments.errors import UsageError
from experiments.store.values import load
from tests.command_line import ROOT, TINY

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("strategy")]


def start(*command, worker=None, workers=()):
    environment = dict(os.environ)
    if worker is not None:
        task = {"cluster": {"worker": list(workers)}, "task": {"type": "worker", "index": worker}}
        environment["TF_CONFIG"] = json.dumps(task)
    return subprocess.Popen(
        [sys.executable, *map(str, command)], cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True
    )


def ended(*processes):
    for process in processes:
        _, errors = process.communicate(timeout=240)
        assert process.returncode == 0, errors


def train(path, strategy, devices=1, **worker):
    return start("-m", "tests.experiments.compute.distributed_training", strategy, devices, path, **worker)


def free_addresses():
    """Two of this machine's, as good as certain to stay free for a moment."""
    sockets = [socket.socket() for _ in range(2)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    addresses = [f"127.0.0.1:{each.getsockname()[1]}" for each in sockets]
    for each in sockets:
        each.close()
    return addresses


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    path = tmp_path_factory.mktemp("alone") / "weights.npz"
    ended(train(path, "none"))
    return np.load(path)


def test_two_mirrored_devices_train_as_one(alone, tmp_path):
    ended(train(tmp_path / "mirrored.npz", "mirrored", devices=2))
    mirrored = np.load(tmp_path / "mirrored.npz")
    assert mirrored["steps"] == alone["steps"] == 4
    assert mirrored["loss"] == pytest.approx(alone["loss"], rel=1e-4)
    assert mirrored["training_loss"] == pytest.approx(alone["training_loss"], rel=1e-4)


def test_two_workers_end_with_the_same_weights_and_train_as_one(alone, tmp_path):
    workers, paths = free_addresses(), [tmp_path / "0.npz", tmp_path / "1.npz"]
    ended(*(train(path, "multiworker", worker=number, workers=workers) for number, path in enumerate(paths)))
    first, second = map(np.load, paths)
    for name in first.files:
        np.testing.assert_array_equal(first[name], second[name], err_msg=name)
    assert first["loss"] == pytest.approx(alone["loss"], rel=1e-4)
    assert first["training_loss"] == pytest.approx(alone["training_loss"], rel=1e-4)


def test_two_workers_run_an_experiment_on_one_folder(tmp_path):
    workers = free_addresses()
    command = ("main.py", "--experiment=roar", "--strategy=multiworker", f"--output_dir={tmp_path}", *TINY)
    command += ("--training_seeds=1", "--nocontrols")
    ended(*(start(*command, worker=number, workers=workers) for number in range(2)))
    assert load(tmp_path / "values" / "scores-mnist_5k.nc").missing == []
    assert (tmp_path / "reports" / "roar.html").exists()


def test_without_a_description_of_the_workers_the_sentence_says_what_is_needed(monkeypatch):
    monkeypatch.delenv("TF_CONFIG", raising=False)
    with pytest.raises(UsageError, match="--strategy: multiworker needs the environment variable TF_CONFIG"):
        worker_number()
    assert is_chief("mirrored")
