"""Pieces computed side by side: what is missing, what fails, and Ctrl-C."""

import threading
import time

import pytest

from experiments.artefacts import Key, Store
from experiments.executor import gather
from experiments.progress import Progress

JOBS = pytest.mark.parametrize("jobs", [1, 2, 3])


@JOBS
def test_a_store_that_makes_nothing_names_what_is_not_there(tmp_path, jobs):
    made, absent = Key("made", {}), Key("absent", {"a": 1})
    Store(tmp_path).fetch(made, lambda folder: None)
    store = Store(tmp_path, stored_only=True)
    makers = {"a": lambda: store.fetch(made, None), "b": lambda: store.fetch(absent, None)}
    found, missing = gather(makers, Progress(quiet=True), jobs)
    assert list(found) == ["a"]
    assert missing == ["absent"]


@JOBS
def test_results_come_in_the_makers_order(jobs):
    makers = {name: lambda name=name: time.sleep(0.02 * (name % 3)) or name**2 for name in range(7)}
    assert list(gather(makers, Progress(quiet=True), jobs)[0].items()) == [(name, name**2) for name in range(7)]


def test_two_jobs_run_at_the_same_time():
    both = threading.Barrier(2, timeout=10)
    gather({"a": both.wait, "b": both.wait}, Progress(quiet=True), jobs=2)


@JOBS
def test_a_failure_is_raised_and_what_waits_is_not_started(jobs):
    started = []

    def fail():
        raise ValueError("no")

    makers = {"bad": fail} | {name: lambda name=name: (started.append(name), time.sleep(0.1)) for name in range(20)}
    with pytest.raises(ValueError, match="no"):
        gather(makers, Progress(quiet=True), jobs)
    assert len(started) <= 2 * jobs


def test_ctrl_c_ends_work_in_threads_at_their_next_step():
    """The main thread gets the interrupt while two others work; both end long before they are done."""
    progress, steps = Progress(quiet=True), []

    def work():
        for step in range(1000):
            time.sleep(0.01)
            progress.advance(1)
            steps.append(step)

    def stopped():
        time.sleep(0.1)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        gather({"signal": stopped, "a": work, "b": work}, progress, jobs=3)
    assert 0 < len(steps) < 200


def test_the_time_of_an_artefact_counts_its_own_thread_alone(tmp_path):
    store = Store(tmp_path)
    slow, quick = Key("slow", {"a": 1}), Key("quick", {"a": 2})
    makers = {
        "slow": lambda: store.fetch(slow, lambda folder: time.sleep(0.5)),
        "quick": lambda: store.fetch(quick, lambda folder: time.sleep(0.2)),
    }
    gather(makers, Progress(quiet=True), jobs=2)
    assert store.used[slow.folder] == pytest.approx(0.5, abs=0.1)
    assert store.used[quick.folder] == pytest.approx(0.2, abs=0.1)
