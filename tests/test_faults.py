"""Runs that are killed, run twice at once, or find no room: nothing is lost, nothing is made twice."""

import errno
import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import nullcontext

import h5py
import numpy as np
import pytest

from experiments.compute.progress import Progress
from experiments.data import fingerprint, load_dataset
from experiments.errors import PieceFailedError, UsageError
from experiments.networks.networks import Networks
from experiments.run_all import run_one
from experiments.settings.presets import make_settings
from experiments.store.artefacts import Key, Store
from experiments.store.values import load, stored
from reports.render import render_reports
from tests.command_line import ROOT, TINY, found, run

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("faults"),  # one worker makes the run that they wait for, the other goes on meanwhile
]

KILLS = 5


def start(*arguments):
    command = [sys.executable, str(ROOT / "main.py"), *map(str, arguments)]
    return subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a test run in the background ignores it
    )


def arrays(folder):
    """Everything that a folder's artefacts hold, by artefact and name."""
    found = {}
    for path in (folder / "artefacts").glob("*/*.npz"):
        with np.load(path) as stored:
            found |= {(path.parent.name, name): stored[name] for name in stored.files}
    for path in (folder / "artefacts").glob("*/*.h5"):
        with h5py.File(path) as stored:
            stored.visititems(
                lambda name, item, path=path: (
                    isinstance(item, h5py.Dataset) and found.update({(path.parent.name, name): item[()]})
                )
            )
    return found


def assert_equal_values(one, other, name):
    """Measured values, bit for bit, but for the seconds that they took."""
    first, second = (load(folder / "values" / name).arrays for folder in (one, other))
    timed = [label for label in first.variables if label.endswith("_seconds")]
    assert first.drop_vars(timed).equals(second.drop_vars(timed))


def assert_equal_runs(one, other):
    """Bit for bit: weights, measurements and values, those of the second."""
    first, second = arrays(one), arrays(other)
    assert second.keys() <= first.keys()
    for name in second:
        np.testing.assert_array_equal(first[name], second[name], err_msg=str(name))
    for path in stored(other):
        assert_equal_values(one, other, path.name)


def made(folder):
    """How often each piece was made, by the logs of all processes."""
    lines = [line for log in (folder / "logs").iterdir() for line in log.read_text().splitlines()]
    return Counter(json.loads(line)["piece"] for line in lines)


def test_killed_at_random_moments_a_run_ends_as_an_uninterrupted_one(tiny_run, tmp_path):
    flags = ("--experiment=manifold", f"--output_dir={tmp_path}", *TINY)  # the two trainings that end in their middle
    moments, killed = random.Random(0), 0
    for _ in range(KILLS):
        process = start(*flags)
        time.sleep(moments.uniform(1, 6))
        killed += process.poll() is None
        process.kill()
        process.communicate()
    result = run(*flags)
    assert result.returncode == 0, result.stderr
    assert killed >= KILLS / 2  # the rest found everything done
    assert_equal_runs(tiny_run[0], tmp_path)
    assert max(made(tmp_path).values()) == 1
    assert not (tmp_path / "artefacts" / ".damaged").exists()


def test_three_processes_share_a_folder_and_make_each_piece_once(tiny_run, tmp_path):
    flags = ("--experiment=roar", f"--output_dir={tmp_path}", *TINY)
    running = [start(*flags) for _ in range(3)]
    for process in running:
        _, errors = process.communicate(timeout=300)
        assert process.returncode == 0, errors
    assert set(made(tmp_path).values()) == {1}
    assert len({log.name for log in (tmp_path / "logs").iterdir()}) > 1
    first, second = arrays(tiny_run[0]), arrays(tmp_path)
    for name in second:
        np.testing.assert_array_equal(first[name], second[name], err_msg=str(name))
    assert_equal_values(tiny_run[0], tmp_path, "scores-mnist_5k.nc")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_with_the_command_to_go_on(tmp_path, number):
    process = start("--experiment=boundary", f"--output_dir={tmp_path}")
    while not (tmp_path / "artefacts" / ".locks").exists() or not any((tmp_path / "artefacts" / ".locks").iterdir()):
        time.sleep(0.1)
    process.send_signal(number)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in errors
    assert errors.splitlines()[-1] == f"python {ROOT / 'main.py'} --experiment=boundary --output_dir={tmp_path}"


def test_a_full_disk_ends_with_a_sentence_and_harms_nothing(tmp_path):
    store, key = Store(tmp_path), Key("things", "thing", {})

    def make(folder):
        (folder / "half").write_text("done")
        raise OSError(errno.ENOSPC, "No space left on device", str(folder / "x.npz"))

    with pytest.raises(UsageError, match=r"--output_dir: .* cannot be written to \(.*No space left on device"):
        store.fetch(key, make)
    assert key not in store
    assert (store.fetch(key, lambda folder: None) / "half").read_text() == "done"


def test_weights_that_do_not_fit_raise_and_leave_the_interpreter_alive(tmp_path):
    """HDF5, writing straight to a full disk, ends it with a segmentation fault. No other folder is needed."""
    script = (
        "import keras, pathlib, resource, signal, sys, tempfile\n"
        "from experiments.store.sealed import save_weights\n"
        "model = keras.Sequential([keras.Input((100,)), keras.layers.Dense(500)])\n"
        "tempfile.tempdir = '/nowhere'\n"
        "save_weights(model, pathlib.Path(sys.argv[1]) / 'there.weights.h5')\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))\n"
        "try:\n"
        "    save_weights(model, pathlib.Path(sys.argv[1]) / 'not.weights.h5')\n"
        "except OSError as error:\n"
        "    sys.exit(error.errno)\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    assert subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode == errno.EFBIG
    assert (tmp_path / "there.weights.h5").stat().st_size > 4 * 100 * 500


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only to root")
def test_a_read_only_folder_ends_with_a_sentence(tmp_path):
    tmp_path.chmod(0o500)
    result = run(f"--output_dir={tmp_path / 'out'}", *TINY)
    assert result.returncode == 1
    assert result.stderr.startswith(f"--output_dir: {tmp_path / 'out'} cannot be written to")


def test_where_everything_diverges_the_sentence_has_the_last_metrics(tmp_path):
    few = ("--linf_eps=", "--training_seeds=1", "--nocontrols")
    result = run("--experiment=roar", f"--output_dir={tmp_path}", *TINY, *few, "--learning_rate=1e38")
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert re.search(r"not finite after epoch 1: accuracy 0.\d+, loss (inf|nan)", result.stderr)


def test_a_network_that_fails_is_named_on_the_page_and_the_others_are_there(tmp_path, monkeypatch):
    sizes = {
        "train_size": 60,
        "test_size": 30,
        "epochs": 1,
        "width": 0.06,
        "l2_eps": (0.5,),
        "linf_eps": (0.1,),
        "attack_steps": 1,
        "apgd_steps": 1,
        "training_seeds": 2,
    }
    settings = make_settings("roar", "quick", {**sizes, "robust_steps": 1, "percentiles": (50,), "controls": False})
    train = Networks._train

    def fails_on_linf(self, spec, run, working):
        if spec.norm == "linf":
            raise PieceFailedError("mnist_5k linf", "not finite after epoch 1: loss nan")
        train(self, spec, run, working)

    monkeypatch.setattr(Networks, "_train", fails_on_linf)
    monkeypatch.setattr(Networks, "_refuse_chance", lambda self, working, data: None)
    store = Store(tmp_path)
    assert run_one(settings, store, Progress(quiet=True)) == [
        "mnist_5k linf failed: not finite after epoch 1: loss nan."
    ]
    render_reports(tmp_path, [], ["svg"])
    networks = [row["network"] for row in found(tmp_path, "roar")["tables"]["networks"]]
    assert networks == ["standard", "l2 eps 0.5 cross_entropy"]
    assert (
        "mnist_5k linf: failed, not finite after epoch 1: loss nan" in (tmp_path / "reports" / "roar.html").read_text()
    )


@pytest.mark.parametrize(("accuracy", "fails"), [(0.1, True), (0.05, True), (0.3, False)])
def test_a_standard_network_no_better_than_chance_fails(tmp_path, accuracy, fails):
    settings = make_settings("roar", "quick", {"train_size": 60, "test_size": 30})
    data = load_dataset("mnist_5k", 60, 30)  # as many of each class
    known = fingerprint("mnist_5k", 60, 30, 0, None)
    networks = Networks(settings.studies[0], known, Store(tmp_path), Progress(quiet=True), settings)
    (tmp_path / "history.json").write_text(json.dumps({"accuracy": [0.9, accuracy]}))
    expectation = pytest.raises(PieceFailedError, match="no better than chance") if fails else nullcontext()
    with expectation:
        networks._refuse_chance(tmp_path, data)
