"""What a section says: claims of all data sets judged together, anew each time, and without what was not measured."""

import dataclasses

import pytest

from experiments import SECTIONS
from reports.boundary.analysis import Boundaries
from reports.boundary.claims import registered
from reports.evidence.claim import CONTRADICTED, INCONCLUSIVE, NOT_TESTED, SUPPORTED, holm
from reports.section import judge, section_named
from tests.reports.as_values import as_values
from tests.reports.boundary.made_up import toy_values
from tests.reports.roar.made_up import LINF_STRONG, STUDY, made_up

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


def test_registered_claims_are_corrected_within_their_data_set():
    several = [toy_values(TILTED, dataset=name, seed=seed) for seed, name in enumerate(("first", "second"))]
    for values, judged in zip(several, judge("boundary", several), strict=True):
        expected = holm([claim.p for claim in registered(Boundaries(values))])
        found = [claim for claim in judged.claims if claim.primary]
        assert {claim.dataset for claim in found} == {values.dataset}
        assert [claim.p for claim in found] == pytest.approx(expected)


def at_looks(looks, trainings, **changed):
    """A study of scores with so many trainings, in which linf training gains 0.2 in every score."""
    study = dataclasses.replace(STUDY, training_seeds=trainings, looks=looks)
    return dataclasses.replace(as_values(made_up(study), "scores", "roar"), **changed)


def of_one(values, name="roar-linf-gradient"):
    (judged,) = judge("roar", [values])
    return next(claim for claim in judged.claims if claim.id == name)


def test_what_a_look_decides_has_the_p_of_its_trainings_and_the_effect_of_all():
    found = of_one(at_looks((3, 5), 5))
    alone = of_one(at_looks((3,), 3))  # the same first three trainings
    assert (found.verdict, found.look, found.n) == ("supported", 3, 5)
    assert (alone.look, alone.n) == (3, 3)
    assert found.p == pytest.approx(2 * alone.p, rel=1e-3)
    assert found.by_training[:3] == pytest.approx(alone.by_training)


def test_what_no_look_decides_says_the_last_one_and_what_it_would_need():
    found = of_one(at_looks((3, 5), 5), "roar-l2-gradient")
    assert (found.verdict, found.look) == ("inconclusive", 5)
    assert found.needed


def test_before_the_first_look_there_are_numbers_and_no_verdicts():
    (judged,) = judge("roar", [at_looks((4, 5), 3)])
    assert {claim.verdict for claim in judged.claims} == {NOT_TESTED}
    found = next(claim for claim in judged.claims if claim.id == "roar-linf-gradient")
    assert found.reason == "the first look is at 4 trainings, this run has 3: --training_seeds=4"
    assert (found.p, found.look, found.needed) == (None, None, "")
    assert found.measured == pytest.approx(0.9 * 0.2, abs=0.02)
    assert len(judged.tables["scores"].rows) > 0


def test_between_two_looks_the_verdict_is_the_last_one_s():
    found = of_one(at_looks((3, 5), 4))
    assert (found.verdict, found.look, found.n) == ("supported", 3, 4)


@pytest.mark.parametrize("looks", [(), (4,), (3, 4)])
def test_a_look_waits_for_what_is_still_to_come_and_not_for_what_has_failed(looks):
    measured = made_up(dataclasses.replace(STUDY, training_seeds=4, looks=looks))
    del measured.values["evaluation", LINF_STRONG, 3]
    values = as_values(measured, "scores", "roar")

    def missing(reason):
        return of_one(dataclasses.replace(values, missing=[{"artefact": "network-3", "reason": reason}]))

    failed, to_come = missing("out of memory"), missing("")
    assert (failed.verdict, failed.n) == ("supported", 3)
    assert failed.look == (looks or (4,))[0]
    if len(looks) == 2:  # the first look's trainings are whole
        assert (to_come.verdict, to_come.look) == ("supported", 3)
    else:
        assert to_come.verdict == "not tested"
        assert to_come.reason == "the first look is at 4 trainings, which are not all measured yet"


def test_every_section_says_that_a_design_was_changed():
    designs = [
        {"looks": [3], "seed": 0, "at": "2026-11-01 10:00 UTC", "commit": "a"},
        {"looks": [5], "seed": 1, "at": "2026-11-02 10:00 UTC", "commit": "b"},
    ]
    (judged,) = judge("roar", [at_looks((2,), 2, declared=designs)])
    assert judged.alerts[0] == (
        "More than one design was declared in this folder, so that the verdicts were not fixed before numbers could be "
        "seen (2026-11-01 10:00 UTC: judged at 3 trainings, --seed=0; 2026-11-02 10:00 UTC: judged at 5 trainings, "
        "--seed=1)."
    )
    (once,) = judge("roar", [at_looks((2,), 2, declared=designs[:1])])
    assert list(once.alerts) == list(judged.alerts[1:])


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
    monkeypatch.setattr("reports.evidence.claim.LEVEL", 0.0)
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
