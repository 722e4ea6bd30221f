"""What a section says: claims of all data sets judged together, anew each time, and without what was not measured."""

import dataclasses

import pytest

from experiments import SECTIONS
from reports.boundary.analysis import Boundaries
from reports.boundary.claims import registered
from reports.evidence.claim import CONTRADICTED, INCONCLUSIVE, NOT_TESTED, SUPPORTED, holm
from reports.evidence.registered import OF_THE_PAPER
from reports.section import judge, section_named
from tests.reports.boundary.made_up import toy_values

TILTED = {0.0: 0.2, 0.25: 0.05, 0.5: 5.0}
"""The first is found in some data sets and the others are not: p that Holm's correction changes."""


def without(values, *names):
    """Values of an older run, which did not measure those."""
    return dataclasses.replace(values, arrays=values.arrays.drop_vars(list(names)))


def verdicts(judged) -> set[str]:
    return {claim.verdict for one in judged for claim in one.claims}


@pytest.mark.parametrize("name", SECTIONS)
def test_every_section_is_a_folder_that_declares_itself(name):
    section = section_named(name)
    assert section.name == name
    assert section.number == SECTIONS[name].number
    assert section.title.startswith(section.short_title)
    assert ":" not in section.short_title
    assert section.claims
    assert section.tables


def test_registered_claims_of_all_data_sets_are_corrected_together():
    several = [toy_values(TILTED, dataset=name, seed=seed) for seed, name in enumerate(("first", "second"))]
    alone = [list(registered(Boundaries(values))) for values in several]
    p = [claim.p for claims in alone for claim in claims]
    expected = holm(p, 2 * len(OF_THE_PAPER))
    found = [claim for judged in judge("boundary", several) for claim in judged.claims if claim.primary]
    assert [claim.dataset for claim in found] == ["first"] * 4 + ["second"] * 4
    assert [claim.p for claim in found] == pytest.approx(expected)
    # which is more than each data set's own correction
    apart = [claim for values in several for claim in judge("boundary", [values])[0].claims if claim.primary]
    assert sum(one.p > other.p for one, other in zip(found, apart, strict=True)) > 2
    assert all(one.p >= other.p for one, other in zip(found, apart, strict=True))


def test_each_data_set_has_its_own_claims_tables_and_values():
    several = [toy_values({0.0: tilt}, dataset=name) for name, tilt in (("first", 30.0), ("second", -30.0))]
    first, second = judge("boundary", several)
    assert (first.dataset, second.dataset) == ("first", "second")
    assert (first.values, second.values) == tuple(several)
    for judged, tilt in ((first, 30.0), (second, -30.0)):
        assert {claim.dataset for claim in judged.claims} == {judged.dataset}
        (claim,) = [claim for claim in judged.claims if claim.id == "tilt"]
        assert claim.measured == pytest.approx(tilt)
        assert judged.tables["strengths"].rows[0]["tilt"] == pytest.approx(tilt)
        assert judged.section == section_named("boundary")
    assert len(first.claims) == len(second.claims)


def test_verdicts_are_made_at_every_render(monkeypatch):
    """Values hold none: with another level, or other rules, what is stored says something else."""
    values = [toy_values({0.0: 30.0, 0.25: 10.0, 0.5: 12.0})]
    assert {SUPPORTED, CONTRADICTED} < verdicts(judge("boundary", values))
    monkeypatch.setattr("reports.evidence.claim.LEVEL", 1e-12)
    assert verdicts(judge("boundary", values)) == {INCONCLUSIVE}


def test_claims_of_what_was_not_measured_are_left_out_with_a_sentence_and_the_others_stay():
    (whole,) = judge("boundary", [toy_values(TILTED)])
    (judged,) = judge("boundary", [without(toy_values(TILTED), "own_mahalanobis")])
    assert [claim.id for claim in judged.claims] == ["tilt", "tilt-removed", "tilt-further-removed", "lands"]
    assert judged.claims == [claim for claim in whole.claims if claim.primary]
    assert judged.left_out == [
        "Claims that need own_mahalanobis",
        "Every training strength, means over seeds: the column Class zero's own points",
    ]
    assert judged.alerts == whole.alerts
    assert whole.left_out == []


def test_a_table_and_alerts_of_what_was_not_measured_are_left_out_too():
    (judged,) = judge("boundary", [without(toy_values(TILTED), "clean", "tilt")])
    assert judged.alerts == []
    assert judged.claims == []
    assert judged.left_out[:2] == ["Claims that need tilt", "Warnings that need clean"]
    assert "tilt" not in judged.tables["strengths"].keys
    assert "mahalanobis" in judged.tables["strengths"].keys


def test_an_error_in_a_section_is_no_missing_array(monkeypatch):
    monkeypatch.setattr(Boundaries, "mean", lambda *_: {}["a mistake"])
    with pytest.raises(KeyError, match="a mistake"):
        judge("boundary", [toy_values(TILTED)])


def test_a_data_set_of_which_too_little_is_there_says_nothing_and_does_not_count():
    empty = toy_values({0.0: 1.0}, dataset="empty")
    empty = dataclasses.replace(empty, arrays=empty.arrays.isel(strength=[], shown=[]))
    whole = toy_values(TILTED)
    (judged,) = judge("boundary", [empty, whole])
    assert judged.dataset == whole.dataset
    assert [claim.p for claim in judged.claims] == [claim.p for claim in judge("boundary", [whole])[0].claims]
    assert judge("boundary", [empty]) == []


def test_registered_claims_that_are_not_tested_keep_their_reason():
    (judged,) = judge("boundary", [toy_values({0.25: 1.0})])
    untested = [claim for claim in judged.claims if claim.primary]
    assert {claim.verdict for claim in untested} == {NOT_TESTED}
    assert {claim.reason for claim in untested} == {"the effect does not exist in this run"}
