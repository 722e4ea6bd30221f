"""What pages say of the work behind them."""

import pytest

from reports.pages.common import other_makers, time_rows

NOW = {"commit": "abc", "tensorflow": "2.21.0"}


def artefact(seconds, kind="networks", **made_by):
    return {"kind": kind, "seconds": seconds, "made_by": {**NOW, **made_by}}


def test_time_is_summed_by_kind_of_work_longest_first():
    removed, kept = "retrainings, pixels removed", "retrainings, pixels kept"
    artefacts = {"keep-1": artefact(1.0, kept), "remove-1": artefact(2.0, removed), "remove-2": artefact(5.0, removed)}
    first, second = time_rows(artefacts)
    assert (first["kind"], first["count"], first["seconds"]) == (removed, 2, 7.0)
    assert (second["kind"], second["count"], second["seconds"]) == (kept, 1, 1.0)
    assert first["share"] + second["share"] == pytest.approx(1)


def test_what_other_versions_made_is_counted_and_named():
    artefacts = {"a": artefact(1.0), "b": artefact(1.0, tensorflow="2.20.0"), "c": artefact(1.0, tensorflow="2.20.0")}
    provenance = {**NOW, "machine": "any"}
    assert other_makers(artefacts, provenance) == ["2 of 3 artefacts were made by commit abc, tensorflow 2.20.0"]
    assert other_makers({"a": artefact(1.0)}, provenance) == []
