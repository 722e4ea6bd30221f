"""What other programs read: every claim in one CSV, and each section's claims and tables in JSON."""

import dataclasses
import json

import numpy as np
import pandas
import pytest

from reports.exports import COLUMNS, claims_frame, export
from reports.section import judge
from tests.reports.boundary.made_up import toy_values

MISSING = {"measured", "ci_low", "ci_high", "p", "look"}
"""What a claim may lack."""


@pytest.fixture(scope="module")
def judged():
    """Claims of every verdict, on two data sets."""
    several = [
        toy_values({0.0: 30.0, 0.25: 10.0, 0.5: 12.0}),
        toy_values({0.25: 10.0, 0.5: 0.1}, distance=3.0, dataset="another"),
    ]
    return judge("boundary", several)


@pytest.fixture(scope="module")
def folder(judged, tmp_path_factory):
    folder = tmp_path_factory.mktemp("exported")
    export(folder, {"boundary": judged})
    return folder / "results"


def claims_of(judged):
    return [claim for study in judged for claim in study.claims]


def same(claim, row) -> bool:
    """Whether a row says what a claim says, in the digits that the file has."""
    for name in COLUMNS:
        value, read = getattr(claim, "primary" if name == "registered" else name), row[name]
        if value is None:
            assert pandas.isna(read), name
        elif isinstance(value, float):
            assert read == pytest.approx(value, rel=1e-5), name
        else:
            assert read == value, name
    return True


def test_the_table_of_claims_has_a_row_for_each_with_numbers_as_numbers(judged):
    claims = claims_of(judged)
    frame = claims_frame(claims)
    assert list(frame) == list(COLUMNS)
    assert len(frame) == len(claims) == 19
    assert set(frame.verdict) == {"supported", "contradicted", "inconclusive", "not tested"}
    for name in MISSING:
        assert pandas.api.types.is_numeric_dtype(frame[name]), name
    assert (frame.n.dtype, frame.registered.dtype) == (np.int64, np.bool_)
    assert frame[frame.registered].groupby("dataset").size().tolist() == [4, 4]
    assert all(map(same, claims, frame.to_dict("records")))


def test_numbers_stay_numbers_where_no_claim_has_any():
    frame = claims_frame(claims_of(judge("boundary", [toy_values({0.1: 1.0})])))
    assert frame.measured.isna().all()
    assert all(pandas.api.types.is_numeric_dtype(frame[name]) for name in MISSING)
    assert (frame.p < 0.05).sum() == 0


def test_the_file_of_claims_read_back_is_the_claims(judged, folder):
    read = pandas.read_csv(folder / "claims.csv", keep_default_na=False, na_values={name: [""] for name in MISSING})
    read["section"] = read["section"].astype(str)
    claims = claims_of(judged)
    assert list(read) == list(COLUMNS)
    assert all(map(same, claims, read.to_dict("records")))
    assert len(read) == len(claims)
    assert not read.duplicated(["dataset", "id"]).any()


def test_pandas_reads_the_file_as_it_is(folder):
    read = pandas.read_csv(folder / "claims.csv")
    assert read.groupby("dataset").size().to_dict() == {"two_gaussians": 10, "another": 9}
    assert read.measured.dtype == read.p.dtype == np.float64
    assert read.loc[read.id == "tilt", "measured"].round(3).tolist()[:1] == [30.0]


def test_what_is_before_the_correction_is_not_exported(judged, folder):
    """p of a registered claim is the corrected one, by which it is judged."""
    read = pandas.read_csv(folder / "claims.csv").set_index(["dataset", "id"])
    (claim,) = [
        claim for claim in claims_of(judged) if (claim.dataset, claim.id) == ("another", "tilt-further-removed")
    ]
    assert read.loc["another", "tilt-further-removed"].p == pytest.approx(claim.p, rel=1e-5)


def test_json_has_what_the_page_says_and_where_it_came_from(judged, folder):
    told = json.loads((folder / "boundary.json").read_text())
    assert told["section"] == "boundary"
    assert [study["dataset"] for study in told["studies"]] == ["two_gaussians", "another"]
    for study, known in zip(told["studies"], judged, strict=True):
        assert study["claims"] == [claim.as_dict() for claim in known.claims]
        assert study["tables"] == {"strengths": known.tables["strengths"].rows}
        assert study["provenance"] == known.values.provenance
        assert study["settings"] == json.loads(json.dumps(known.values.settings))
        assert study["alerts"] == list(known.alerts)
        assert (study["missing"], study["images"], study["left_out"]) == ([], "", [])


def test_json_says_what_is_missing_left_out_or_not_as_published(tmp_path):
    values = toy_values({0.0: 1.0})
    values = dataclasses.replace(
        values,
        arrays=values.arrays.drop_vars("own_mahalanobis"),
        images="photographs of a screen",
        missing=[{"artefact": "toy-1", "reason": "no disk"}],
    )
    export(tmp_path, {"boundary": judge("boundary", [values])})
    (study,) = json.loads((tmp_path / "results" / "boundary.json").read_text())["studies"]
    assert study["images"] == "photographs of a screen"
    assert study["missing"] == [{"artefact": "toy-1", "reason": "no disk"}]
    assert "own_mahalanobis" in study["left_out"][0]


def test_numbers_that_do_not_exist_are_null_and_nothing_else_that_json_does_not_know(tmp_path):
    values = toy_values({0.0: 30.0})
    values.arrays.tilt[:] = np.nan
    export(tmp_path, {"boundary": judge("boundary", [values])})
    text = (tmp_path / "results" / "boundary.json").read_text()
    assert "NaN" not in text
    (study,) = json.loads(text)["studies"]
    assert study["tables"]["strengths"][0]["tilt"] is None
    assert study["claims"][0]["measured"] is None


def test_claims_of_all_sections_stand_in_one_file_and_each_section_has_its_own(judged, tmp_path):
    export(tmp_path, {"boundary": judged[:1], "other": judged[1:]})
    read = pandas.read_csv(tmp_path / "results" / "claims.csv")
    assert read.dataset.tolist() == ["two_gaussians"] * 10 + ["another"] * 9
    assert sorted(path.name for path in (tmp_path / "results").iterdir()) == [
        "boundary.json",
        "claims.csv",
        "other.json",
    ]
    (study,) = json.loads((tmp_path / "results" / "other.json").read_text())["studies"]
    assert study["dataset"] == "another"


def test_where_nothing_is_claimed_the_file_has_its_header_alone(tmp_path):
    assert list(claims_frame([])) == list(COLUMNS)
    export(tmp_path, {})
    assert (tmp_path / "results" / "claims.csv").read_text() == ",".join(COLUMNS) + "\n"
