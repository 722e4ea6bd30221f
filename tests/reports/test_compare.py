"""Runs that differ in their seed alone are pooled over all their trainings, and no others."""

import pytest

from experiments.claim import judged
from experiments.statistics import combined
from experiments.store.artefacts import Store
from experiments.store.results import Results, load, save
from reports.compare import other_runs, pooled
from reports.pages.common import study_view

ABOUT = {"id": "mnist/x", "statement": "s", "section": "3.2", "unit": "images; 3 trainings", "paper": "p"}


def claim(by_training, image_error=0.01, **about):
    return judged(combined(tuple(by_training), image_error), **{**ABOUT, **about}).as_dict()


def run_of(claims, **settings):
    study = {"dataset": "mnist", "seed": 0, "epochs": 4, **settings}
    provenance = {"command": "python main.py", "finished": "2026-01-01"}
    settings = {"experiment": "roar", "preset": "quick", "studies": [study]}
    return Results("roar", settings, provenance, [], claims, [], {}, [])


@pytest.fixture
def others(monkeypatch):
    """Makes `load` find these runs by the names of their folders."""
    known = {}
    monkeypatch.setattr("reports.compare.load", lambda folder, experiment: known.get(folder.name))
    return known


def shown(ours, others):
    """The claims of a page beside those of other runs."""
    return study_view(ours.settings["studies"][0], ours, other_runs(list(others), ours))["claims"]


def test_pooled_is_the_estimate_over_all_trainings():
    first, second = claim((0.1, 0.2, 0.3), 0.01), claim((0.0, 0.25), 0.03)
    found, expected = pooled([first, second]), combined((0.1, 0.2, 0.3, 0.0, 0.25), 0.02)
    assert (found["measured"], found["ci_low"], found["ci_high"]) == expected[:3]
    assert (found["p"], found["detectable"], found["n"]) == (expected.p, expected.detectable, 5)
    assert {name: found[name] for name in ABOUT} == ABOUT


def test_trainings_that_decide_nothing_alone_may_decide_together():
    first, second = claim((0.1, 0.35, 0.2)), claim((0.3, 0.12, 0.22))
    assert (first["verdict"], second["verdict"]) == ("inconclusive", "inconclusive")
    assert pooled([first, second])["verdict"] == "supported"
    falling = [claim((-0.1, -0.2, -0.3), positive=False), claim((-0.2, -0.25, -0.3), positive=False)]
    assert pooled(falling)["verdict"] == "supported"


def test_a_claim_that_was_not_tested_in_one_run_is_not_pooled():
    tested, not_tested = claim((0.1, 0.2, 0.3)), claim((0.1, 0.2, 0.3), reason="it cost nothing")
    assert pooled([tested, not_tested]) is None
    assert pooled([not_tested, tested]) is None


def test_runs_that_differ_in_their_seed_alone_are_pooled(others):
    ours = run_of([claim((0.1, 0.2, 0.3))])
    others["second"] = run_of([claim((0.2, 0.25, 0.15), 0.02)], seed=1)
    others["third"] = run_of([claim((0.3, 0.1), 0.03)], seed=2)
    (one,) = shown(ours, others)
    expected = combined((0.1, 0.2, 0.3, 0.2, 0.25, 0.15, 0.3, 0.1), 0.02)
    assert one["pooled"]["measured"] == expected.value
    assert one["pooled"]["ci_low"] == expected.low
    assert one["pooled"]["p"] == expected.p
    assert [same["n"] for same in one["others"]] == [3, 2]


@pytest.mark.parametrize(
    "settings", [{"seed": 0}, {"seed": 1, "epochs": 5}, {"seed": 1, "dataset": "cifar10"}], ids=str
)
def test_a_run_with_the_same_seed_or_another_setting_stands_beside_and_is_not_pooled(others, settings):
    others["other"] = run_of([claim((0.2, 0.25, 0.15))], **settings)
    (one,) = shown(run_of([claim((0.1, 0.2, 0.3))]), others)
    assert one["pooled"] is None
    assert one["others"][0]["n"] == 3


def test_a_run_named_twice_counts_once_and_one_without_the_claim_not_at_all(others):
    ours = run_of([claim((0.1, 0.2, 0.3))])
    others["second"] = others["again"] = run_of([claim((0.2, 0.25, 0.15))], seed=1)
    others["without"] = run_of([claim((0.2, 0.25, 0.15), id="mnist/y")], seed=2)
    (one,) = shown(ours, others)
    assert one["pooled"]["n"] == 6
    assert one["others"][2] is None


def test_a_folder_without_the_experiment_pools_nothing(others):
    (one,) = shown(run_of([claim((0.1, 0.2, 0.3))]), {"nowhere": None})
    assert (one["pooled"], one["others"]) == (None, [None])


def test_what_is_pooled_survives_being_stored(tiny_run, tmp_path):
    """From results as written: the toy's seeds again, under another seed."""
    ours, theirs = (load(tiny_run[0], "boundary") for _ in range(2))
    theirs.settings["studies"][0]["seed"] = 7
    save(theirs, Store(tmp_path))
    (run,) = other_runs([str(tmp_path)], ours)
    assert run["pools"]
    tested = [one for one in ours.claims if one["verdict"] != "not tested"]
    assert tested
    by_counts = [one for one in tested if one["own_test"]]
    assert all(pooled([one, one]) is None for one in by_counts)
    assert by_counts
    for one in (one for one in tested if not one["own_test"]):
        assert pooled([one, one])["n"] == 2 * one["n"]
        assert pooled([one, one])["measured"] == pytest.approx(one["measured"])
