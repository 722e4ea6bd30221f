"""The page of benchmarks shows what is in benchmarks/results.json, and a new measurement replaces its tables alone."""

import json

import pytest

from benchmarks import __main__ as bench
from tests.command_line import ROOT


@pytest.fixture
def page(tmp_path, monkeypatch):
    """A page and results of their own, so that the project's stay as they are."""
    copy = tmp_path / "benchmarks.md"
    copy.write_text(bench.PAGE.read_text())
    monkeypatch.setattr(bench, "PAGE", copy)
    monkeypatch.setattr(bench, "RESULTS", tmp_path / "results.json")
    return copy


def test_the_page_shows_the_stored_results(page):
    before = page.read_text()
    bench._keep(json.loads((ROOT / "benchmarks" / "results.json").read_text()))
    assert page.read_text() == before


def test_a_new_measurement_replaces_the_tables_alone(page):
    before, _, rest = page.read_text().partition(bench.START)
    after = rest.partition(bench.END)[2]
    machine = {"processor": "P", "cores": 2, "gpus": 0, "tensorflow": "2", "keras": "3"}
    results = {"machine": machine, "comparisons": {}, "facts": {"startup": {"seconds": 0.5}}, "missing": ["ART"]}
    bench._keep(results)
    text = page.read_text()
    assert text.startswith(before)
    assert text.endswith(after)
    assert "| seconds | 0.5 |" in text
    assert "Not installed, and not measured: ART." in text
    assert "image-steps |" not in text
    assert json.loads(bench.RESULTS.read_text()) == results


def test_a_library_that_was_measured_before_is_not_called_missing():
    results = {"comparisons": {"attack": [{"other": "ART (TensorFlow)"}]}}
    assert bench._measured("ART", results)
    assert not bench._measured("CleverHans", results)


def test_the_readme_has_no_tables_of_benchmarks():
    assert bench.START not in (ROOT / "README.md").read_text()
