"""What pages say of the data and the work behind them."""

import csv
import dataclasses
import io
import json
import re

import pytest

from experiments.settings.presets import make_settings, protocol_study
from reports.common import (
    MOST_DRAWN,
    artefacts_of,
    claims_table,
    drawn_attributions,
    identifier,
    looks,
    of_attributions,
    other_makers,
    parameters_of,
    prefix_of,
    scale,
    settings_rows,
    slug_of,
    study_view,
    time_rows,
    verdict_counts,
)
from reports.section import Judged, judge
from reports.tables import to_csv
from tests.reports.boundary.made_up import toy_values

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


def judged_of(**changed) -> Judged:
    values = toy_values({0.0: 30.0, 0.25: 10.0, 0.5: 12.0}, dataset=changed.pop("dataset", "two_gaussians"))
    (judged,) = judge("boundary", [dataclasses.replace(values, **changed)])
    return judged


def test_where_data_are_not_the_published_ones_the_page_says_so_and_of_what_tables_are():
    plain, told = (study_view(judged_of(images=images), []) for images in ("", "photographs of a screen"))
    assert (plain["images"], plain["of"]) == ("", "")
    assert told["of"] == " (two_gaussians: photographs of a screen)"
    first, *others = told["alerts"]
    assert first == "two_gaussians is not the published data set here: photographs of a screen."
    assert others == plain["alerts"] == list(judged_of().alerts)


def test_attributions_that_all_left_out_are_told():
    values = toy_values({0.0: 30.0})
    values = dataclasses.replace(
        values, words={**values.words, "left_out": {"deeplift": "deeplift has no rule <for> x."}}
    )
    (judged,) = judge("boundary", [values])
    assert study_view(judged, [])["alerts"][0] == "Left out: deeplift has no rule <for> x."


def test_a_study_s_part_of_a_page_is_what_was_judged():
    missing = [{"artefact": "toy-1", "reason": ""}]
    arrays = judged_of().values.arrays.drop_vars("own_mahalanobis")
    judged = judged_of(dataset="Two:Moons", missing=missing, arrays=arrays)
    view = study_view(judged, [])
    assert (view["dataset"], view["slug"], view["prefix"]) == ("Two:Moons", slug_of(judged), prefix_of(judged))
    assert [entry.claim for entry in view["claims"]] == list(judged.claims)
    assert view["missing"] == missing
    assert view["tables"] == judged.tables
    assert view["tables"]["another"].rows == []
    assert view["study"] == judged.values.settings
    assert view["claims_table"].rows == claims_table(judged).rows


def test_names_of_files_and_anchors_have_no_strange_characters():
    judged = judged_of(dataset="mine:data set/1")
    assert re.fullmatch("mine-data-set-1-[0-9a-f]{6}", slug_of(judged))
    assert prefix_of(judged) == f"boundary-{slug_of(judged)}"
    assert identifier("roar", "l2 eps 0.5", "a/b") == "roar-l2-eps-0.5-a-b"


def test_names_of_users_that_differ_in_one_character_have_files_of_their_own():
    names = ["a_b:c", "a:b_c", "a:\N{GREEK SMALL LETTER ALPHA}", "a:\N{GREEK SMALL LETTER BETA}", "a:b", "a-b"]
    for files in ([identifier("x", name) for name in names], [slug_of(judged_of(dataset=name)) for name in names]):
        assert len(set(files)) == len(names)
        assert all(re.fullmatch("[A-Za-z0-9.-]+", file.replace("_", "-")) for file in files)


def test_the_table_of_claims_says_of_each_what_it_says():
    judged = judged_of()
    found = claims_table(judged)
    assert (found.kind, len(found.rows)) == ("claims", len(judged.claims))
    for claim, row in zip(judged.claims, found.rows, strict=True):
        assert (row["measured"], row["measured_low"], row["measured_high"]) == claim.estimate[:3]
        said = ("verdict", "statement", "paper", "n", "look", "needed", "reason", "id", "section", "check", "primary")
        said += ("p", "unit", "detectable", "positive", "premise", "image_error")
        assert {name: row[name] for name in said} == {name: getattr(claim, name) for name in said}
    tilt = found.cells[0]
    assert [column.heading for column in found.shown] == [
        "Verdict",
        "Claim",
        "Paper",
        "Measured",
        "Trainings",
        "Judged at",
        "Would need",
        "Why not tested",
    ]
    assert (tilt[0].text, tilt[3].text, tilt[4].text) == ("supported", "+30.00", "20")


def test_the_file_of_claims_has_a_line_for_each_with_its_number_in_each_training():
    judged = judged_of()
    lines = list(csv.DictReader(io.StringIO(to_csv(claims_table(judged)))))
    assert [line["id"] for line in lines] == [claim.id for claim in judged.claims]
    for line, claim in zip(lines, judged.claims, strict=True):
        assert tuple(float(number) for number in line["by_training"].split()) == claim.by_training
    assert len(judged.claims[0].by_training) == 20


def test_claims_are_counted_by_verdict():
    counts = verdict_counts(judged_of().claims)
    assert sum(counts.values()) == 10
    assert counts["contradicted"] == sum(claim.verdict == "contradicted" for claim in judged_of().claims) > 0
    assert "not tested" not in counts
    assert verdict_counts([]) == {}


def test_every_setting_stands_beside_the_protocol_s_and_deviations_are_marked():
    values = toy_values({0.0: 1.0}, seed=4, toy_eps=(0.1,))
    rows = {row["name"]: row for row in settings_rows([values])}
    assert "dataset" not in rows
    assert rows["seed"] == {"dataset": "two_gaussians", "name": "seed", "value": 4, "protocol": 0, "differs": True}
    assert rows["toy_eps"]["value"] == [0.1]
    assert rows["toy_eps"]["protocol"] == [0.1, 0.25, 0.4, 0.5, 0.6]
    assert {name for name, row in rows.items() if row["differs"]} == {"seed", "toy_eps"}
    stored = dataclasses.replace(values, settings=json.loads(json.dumps(values.settings)))  # as a file gives them back
    assert settings_rows([stored]) == settings_rows([values])
    assert len(settings_rows([values, stored])) == 2 * len(rows)


def test_artefacts_of_several_studies_count_once():
    one, other = (
        dataclasses.replace(toy_values({0.0: 1.0}), artefacts=artefacts)
        for artefacts in ({"a": artefact(1.0), "b": artefact(2.0)}, {"b": artefact(2.0), "c": artefact(4.0)})
    )
    assert artefacts_of([one, other]) == {"a": artefact(1.0), "b": artefact(2.0), "c": artefact(4.0)}


# Attributions


def test_lines_are_drawn_of_all_attributions_or_of_many_of_the_paper_s_two():
    few = ["gradient", "gradient_x_input", "smoothgrad", "deeplift"]
    assert len(few) == MOST_DRAWN
    assert drawn_attributions(few) == few
    assert drawn_attributions([*few, "lrp_epsilon"]) == ["gradient", "gradient_x_input"]
    others = ["a", "b", "c", "d", "e"]
    assert drawn_attributions(others) == others


def test_rows_of_attributions_come_with_the_random_baselines_and_masks():
    rows = [
        {"attribution": "gradient", "network": "standard"},
        {"attribution": "occlusion", "network": "standard"},
        {"attribution": "random", "network": None},
        {"attribution": "occlusion"},
    ]
    assert of_attributions(rows, ["gradient"]) == [rows[0], rows[2]]


def test_parameters_are_told_of_attributions_that_have_some():
    (study,) = make_settings("roar", "quick", {"attributions": ("gradient", "smoothgrad")}).studies
    text = parameters_of(study.as_dict())
    assert text.startswith("SmoothGrad (")
    assert "Gradient (" not in text
    assert "ROAD" not in text
    assert parameters_of({"attributions": ["gradient"], "measures": ["roar"]}) == ""


def test_parameters_are_told_of_measures_too():
    settings = {"attributions": ["gradient"], "measures": ["roar", "road"], "road_noise": 0.01, "road_order": "signed"}
    assert parameters_of(settings) == "ROAD (noise 0.01, order signed)"
    del settings["road_order"]  # as in a run before ROAD had one
    assert parameters_of(settings) == "ROAD (noise 0.01)"


def test_looks_are_told_in_words():
    assert looks(["gradient", "gradient_x_input"]) == (
        "solid and filled: Gradient; dashed and open: Gradient\N{MULTIPLICATION SIGN}Input"
    )


def test_the_scale_says_of_what_data_the_images_are():
    study = protocol_study("scores", "cifar10").as_dict() | {"train_size": 10000}
    assert scale(study, "a copy").startswith("10,000 training images of a copy, width 1 of the paper's")
    assert scale(study).startswith("10,000 training images, width 1")


def test_the_scale_of_the_toy_is_its_points_and_seeds():
    assert scale(toy_values({0.0: 1.0}).settings) == "3,000 points per class, 20 seeds, the paper's network"
