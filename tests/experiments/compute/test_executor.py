"""Pieces computed side by side: what is missing, what fails, and Ctrl-C."""

import threading
import time

import pytest

from experiments.compute.executor import gather_here
from experiments.compute.progress import Progress
from experiments.store.artefacts import Key, Store


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path)


JOBS = pytest.mark.parametrize("jobs", [1, 2, 3])


@JOBS
def test_a_store_that_makes_nothing_names_what_is_not_there(tmp_path, jobs):
    made, absent = Key("things", "made", {}), Key("things", "absent", {"a": 1})
    Store(tmp_path).fetch(made, lambda folder: None)
    store = Store(tmp_path, stored_only=True)
    makers = {"a": lambda: store.fetch(made, None), "b": lambda: store.fetch(absent, None)}
    found, missing = gather_here(makers, store, Progress(quiet=True), jobs)
    assert list(found) == ["a"]
    assert [(absence.artefact, absence.reason) for absence in missing] == [("absent", "")]


@JOBS
def test_results_come_in_the_makers_order(store, jobs):
    makers = {name: lambda name=name: time.sleep(0.02 * (name % 3)) or name**2 for name in range(7)}
    found, _ = gather_here(makers, store, Progress(quiet=True), jobs)
    assert list(found.items()) == [(name, name**2) for name in range(7)]


def test_two_jobs_run_at_the_same_time(store):
    both = threading.Barrier(2, timeout=60)
    gather_here({"a": both.wait, "b": both.wait}, store, Progress(quiet=True), jobs=2)


@JOBS
def test_a_failure_is_raised_and_what_waits_is_not_started(store, jobs):
    """Half of what waits may start before the calling thread gets its turn, on a machine as busy as it likes."""
    started, others = [], 200

    def fail():
        raise ValueError("no")

    makers = {"bad": fail} | {name: lambda name=name: (started.append(name), time.sleep(0.1)) for name in range(others)}
    with pytest.raises(ValueError, match="no"):
        gather_here(makers, store, Progress(quiet=True), jobs)
    assert len(started) < others / 2


def test_ctrl_c_ends_work_in_threads_at_their_next_step(store):
    """The main thread gets the interrupt while two others work; both end long before they are done."""
    progress, steps, working = Progress(quiet=True), [], threading.Barrier(3, timeout=60)

    def work():
        working.wait()
        for step in range(1000):
            time.sleep(0.01)
            progress.advance(1)
            steps.append(step)

    def stopped():
        working.wait()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        gather_here({"signal": stopped, "a": work, "b": work}, store, progress, jobs=3)
    assert len(steps) < 1000


def test_the_time_of_an_artefact_counts_its_own_thread_alone(store):
    slow, quick = Key("things", "slow", {"a": 1}), Key("things", "quick", {"a": 2})
    makers = {
        "slow": lambda: store.fetch(slow, lambda folder: time.sleep(0.5)),
        "quick": lambda: store.fetch(quick, lambda folder: time.sleep(0.2)),
    }
    gather_here(makers, store, Progress(quiet=True), jobs=2)
    assert store.used[slow.folder]["seconds"] >= 0.5
    assert 0.2 <= store.used[quick.folder]["seconds"] < 0.5
