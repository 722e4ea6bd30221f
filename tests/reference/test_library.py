"""A library that cannot be imported is skipped with its reason, whatever it raises."""

import pytest

from benchmarks import peers
from tests.reference.library import library


@pytest.fixture
def broken(tmp_path, monkeypatch):
    """The name of a library as torchvision is beside another build of torch."""
    text = "raise RuntimeError('operator torchvision::nms does not exist')"
    (tmp_path / "broken_for_test.py").write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return "broken_for_test"


def test_its_tests_are_skipped(broken):
    with pytest.raises(pytest.skip.Exception, match="cannot be imported .RuntimeError: operator torchvision::nms does"):
        library(broken)
    with pytest.raises(pytest.skip.Exception, match="ModuleNotFoundError"):
        library("absent_for_test")
    assert library("json").dumps(1) == "1"


def test_its_benchmarks_are_left_out(broken, monkeypatch):
    monkeypatch.setattr(peers, "LIBRARIES", {"Broken": broken, "Absent": "absent_for_test", "There": "json"})
    assert peers.missing() == {
        "Broken": "cannot be imported (RuntimeError: operator torchvision::nms does not exist)",
        "Absent": "is not installed",
    }
