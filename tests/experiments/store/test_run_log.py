"""A line for whoever watches or adds up."""

import datetime
import json
import time

from experiments.store.artefacts import Key, Store


def test_the_log_has_a_line_for_each_piece_made(tmp_path):
    store = Store(tmp_path)
    for _ in range(2):
        store.fetch(Key("things", "thing", {}), lambda folder: None, images=lambda: 5000)
    (line,) = (json.loads(line) for log in (tmp_path / "logs").iterdir() for line in log.read_text().splitlines())
    assert line["piece"] == "thing"
    assert line["started"] <= line["ended"]
    assert line["seconds"] >= 0
    assert 0.01 < line["peak_memory_gib"] < 64
    assert line["host"]


def test_a_clock_that_falls_during_a_run_makes_nothing_end_before_it_began(tmp_path, monkeypatch):
    store = Store(tmp_path)

    def make(folder):
        earlier = time.time() - 3600
        monkeypatch.setattr(time, "time", lambda: earlier)

    store.fetch(Key("things", "thing", {}), make)
    (line,) = (json.loads(line) for log in (tmp_path / "logs").iterdir() for line in log.read_text().splitlines())
    started, ended = (datetime.datetime.fromisoformat(line[name]) for name in ("started", "ended"))
    assert 0 <= (ended - started).total_seconds() < 60
    assert 0 <= line["seconds"] < 60
