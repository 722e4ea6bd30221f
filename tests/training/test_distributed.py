"""A method's own terms are averaged over devices as Keras averages the loss."""

import subprocess
import sys

import pytest

from tests.command_line import ROOT


@pytest.mark.slow
def test_two_devices_train_what_one_does():
    command = [sys.executable, "-m", "tests.training.over_two_devices"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert result.returncode == 0, result.stderr
    rows = [line.split() for line in result.stdout.splitlines()]
    assert len(rows) == 2
    for name, apart, moved in rows:
        assert float(apart) < 1e-3 * float(moved), name
