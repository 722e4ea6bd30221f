"""What pages say of the data and the work behind them."""

import csv
import io

import pytest

from experiments.settings.presets import protocol_study
from reports.pages.common import other_makers, scale, study_view, tables, time_rows
from reports.tables import to_csv
from tests.reports.survey_results import results

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


def test_a_gpu_that_computed_is_named_by_who_only_judges():
    judged = {**NOW, "accelerators": "not looked for: everything was stored"}
    artefacts = {"a": artefact(1.0, accelerators="NVIDIA H100"), "b": artefact(1.0, accelerators="none")}
    (told,) = other_makers(artefacts, judged)
    assert told.startswith("1 of 2")
    assert "made by NVIDIA H100, commit abc" in told
    assert other_makers({"b": artefacts["b"]}, judged) == []
    assert other_makers({"b": artefacts["b"]}, {**NOW, "accelerators": "NVIDIA H100"})


def test_where_data_are_not_the_published_ones_the_page_and_every_table_say_so():
    stored = results()
    study = stored.settings["studies"][0]
    name, words = study["dataset"], "photographs of a screen"
    for told in (False, True):
        if told:
            stored.provenance[f"images of {name}"] = words
        view = study_view(study, stored, [])
        shown = [*tables(view, {kind: ("Caption", []) for kind in view["rows"]}).values(), view["claims_table"]]
        assert all((words in table.caption) == told for table in shown)
        assert any(words in alert for alert in view["alerts"]) == told


def test_the_file_of_claims_has_a_line_for_each():
    stored = results()
    view = study_view(stored.settings["studies"][0], stored, [])
    lines = list(csv.DictReader(io.StringIO(to_csv(view["claims_table"].rows))))
    assert [line["id"] for line in lines] == [claim["id"] for claim in view["claims"]]
    (several,) = [claim for claim in view["claims"] if len(claim["by_training"]) > 1][:1]
    line = next(line for line in lines if line["id"] == several["id"])
    assert [float(number) for number in line["by_training"].split()] == list(several["by_training"])


def test_the_scale_says_of_what_data_the_images_are():
    study = protocol_study("roar", "cifar10").as_dict() | {"train_size": 10000}
    assert scale(study, "a copy").startswith("10,000 training images of a copy, width 1 of the paper's")
    assert scale(study).startswith("10,000 training images, width 1")
