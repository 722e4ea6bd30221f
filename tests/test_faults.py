"""Runs that are killed, run twice at once, or find no room: nothing is lost, nothing is made twice."""

import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections import Counter

import h5py
import numpy as np
import pytest

from experiments.settings import EXPERIMENTS
from tests.command_line import ROOT, TINY, run

KILLS = 20


def start(*arguments):
    command = [sys.executable, str(ROOT / "main.py"), *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


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


def numbers(folder, experiment):
    stored = json.loads((folder / "results" / f"{experiment}.json").read_text())
    return stored["tables"], stored["claims"]


def assert_equal_runs(one, other):
    """Bit for bit: weights, measurements, tables and claims."""
    first, second = arrays(one), arrays(other)
    assert first.keys() == second.keys()
    for name in first:
        np.testing.assert_array_equal(first[name], second[name], err_msg=str(name))
    for experiment in EXPERIMENTS:
        if (other / "results" / f"{experiment}.json").exists():
            assert numbers(one, experiment) == numbers(other, experiment)


def made(folder):
    """How often each piece was made, by the logs of all processes."""
    lines = [line for log in (folder / "logs").iterdir() for line in log.read_text().splitlines()]
    return Counter(json.loads(line)["cell"] for line in lines)


def test_killed_at_random_moments_a_run_ends_as_an_uninterrupted_one(tiny_run, tmp_path):
    moments, killed = random.Random(0), 0
    for _ in range(KILLS):
        process = start(f"--output_dir={tmp_path}", *TINY)
        time.sleep(moments.uniform(1, 9))
        killed += process.poll() is None
        process.kill()
        process.communicate()
    result = run(f"--output_dir={tmp_path}", *TINY)
    assert result.returncode == 0, result.stderr
    assert killed >= KILLS / 2  # the rest found everything done
    assert_equal_runs(tiny_run[0], tmp_path)
    assert max(made(tmp_path).values()) == 1
    assert not (tmp_path / "artefacts" / ".damaged").exists()


@pytest.mark.parametrize("processes", [2, 4])
def test_processes_share_a_folder_and_make_each_piece_once(tiny_run, tmp_path, processes):
    flags = ("--experiment=roar", f"--output_dir={tmp_path}", *TINY)
    running = [start(*flags) for _ in range(processes)]
    for process in running:
        _, errors = process.communicate(timeout=300)
        assert process.returncode == 0, errors
    assert set(made(tmp_path).values()) == {1}
    assert len({log.name for log in (tmp_path / "logs").iterdir()}) > 1
    first, second = arrays(tiny_run[0]), arrays(tmp_path)
    for name in second:
        np.testing.assert_array_equal(first[name], second[name], err_msg=str(name))
    assert numbers(tiny_run[0], "roar") == numbers(tmp_path, "roar")


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
    """A limit on the size of files stands in for the disk: it fails where a full one does, when writing."""
    command = [sys.executable, str(ROOT / "main.py"), "--experiment=roar", f"--output_dir={tmp_path}", *TINY]

    def little_room():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    full = subprocess.run(command, capture_output=True, text=True, preexec_fn=little_room, timeout=300, check=False)
    assert full.returncode == 1
    assert "Traceback" not in full.stderr
    assert f"--output_dir: {tmp_path} cannot be written to" in full.stderr.splitlines()[-1]


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only to root")
def test_a_read_only_folder_ends_with_a_sentence(tmp_path):
    tmp_path.chmod(0o500)
    result = run(f"--output_dir={tmp_path / 'out'}", *TINY)
    assert result.returncode == 1
    assert result.stderr.startswith(f"--output_dir: {tmp_path / 'out'} cannot be written to")


def test_a_network_that_diverges_fails_alone(tmp_path):
    """With such steps weights overflow; the pages say what failed, and the exit code too."""
    result = run("--experiment=roar", f"--output_dir={tmp_path}", *TINY, "--learning_rate=1e38")
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert "failed: not finite after epoch 1: accuracy" in result.stderr
    page = (tmp_path / "reports" / "roar.html").read_text()
    assert "failed, not finite after epoch 1" in page
    stored = json.loads((tmp_path / "results" / "roar.json").read_text())
    assert any(entry["reason"].startswith("not finite") for entry in stored["missing"])


def test_a_network_no_better_than_chance_fails(tmp_path):
    result = run("--experiment=roar", f"--output_dir={tmp_path}", *TINY, "--learning_rate=1e-12")
    assert result.returncode == 1
    assert "no better than chance on its own training images" in result.stderr
