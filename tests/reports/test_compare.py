"""Runs that differ in their seed alone are pooled over all their trainings, and no others."""

import dataclasses

import pytest

from experiments.errors import UsageError
from experiments.store.values import save
from reports.common import study_view
from reports.compare import Compared, OtherRun, check_comparisons, compared, other_runs, pooled, values_of
from reports.evidence.claim import Estimate, judged
from reports.evidence.statistics import combined
from reports.section import judge
from tests.reports.boundary.made_up import toy_values

ABOUT = {"dataset": "mnist", "id": "x", "statement": "s", "section": "3.2", "unit": "images; 3 trainings", "paper": "p"}
TILTS = {0.0: 30.0, 0.25: 10.0, 0.5: 10.05}


def claim(by_training, image_error=0.01, **about):
    return judged(combined(tuple(by_training), image_error), **{**ABOUT, **about})


@pytest.fixture
def run(tmp_path):
    """Stores the values of a run of the toy, and gives its folder as on the command line."""

    def stored(name, tilts=TILTS, **options):
        (tmp_path / name).mkdir(exist_ok=True)
        save(toy_values(tilts, **options), tmp_path / name)
        return str(tmp_path / name)

    (tmp_path / "empty").mkdir()
    return stored


def ours(tilts=TILTS, **options):
    return judge("boundary", [toy_values(tilts, **options)])


def shown(folders, studies) -> dict[str, Compared]:
    """The claims of a page beside those of other runs, by id."""
    (judged,) = studies
    entries = study_view(judged, other_runs(folders, "boundary", studies))["claims"]
    assert [entry.claim for entry in entries] == list(judged.claims)
    return {entry.claim.id: entry for entry in entries}


# Pooling


def test_pooled_is_the_estimate_over_all_trainings_and_no_verdict():
    found = pooled([claim((0.1, 0.2, 0.3), 0.01), claim((0.0, 0.25), 0.03)])
    assert isinstance(found, Estimate)
    assert found == combined((0.1, 0.2, 0.3, 0.0, 0.25), 0.02)
    assert len(found.by_training) == 5


def test_trainings_that_decide_nothing_alone_may_decide_together():
    first, second = claim((0.1, 0.35, 0.2)), claim((0.3, 0.12, 0.22))
    assert (first.verdict, second.verdict) == ("inconclusive", "inconclusive")
    assert pooled([first, second]).low > 0


def test_a_claim_that_was_not_tested_in_one_run_is_not_pooled():
    tested, not_tested = claim((0.1, 0.2, 0.3)), claim((0.1, 0.2, 0.3), reason="it cost nothing")
    assert pooled([tested, not_tested]) is None
    assert pooled([not_tested, tested]) is None


def test_another_test_than_student_s_is_not_pooled():
    counted = judged(combined((0.5, 0.5, -0.5), 0.0)._replace(own_test=True), **ABOUT)
    assert counted.verdict != "not tested"
    assert pooled([counted, counted]) is None


# Runs, from their values


def test_other_runs_are_judged_from_their_values(run):
    (other,) = other_runs([run("second", {0.0: -30.0, 0.25: 10.0, 0.5: 12.0}, seed=1)], "boundary", ours())
    (judged,) = other.studies
    assert judged.values.settings["seed"] == 1
    found = {claim.id: (round(claim.measured), claim.verdict) for claim in judged.claims if claim.id.startswith("tilt")}
    assert found == {
        "tilt": (-30, "contradicted"),
        "tilt-removed": (20, "supported"),
        "tilt-further-removed": (-2, "contradicted"),
    }
    assert other.seeds == (1,)


def test_what_another_run_says_follows_today_s_rules(run, monkeypatch):
    folder = run("second", seed=1)
    monkeypatch.setattr("reports.evidence.claim.LEVEL", 0.0)
    (other,) = other_runs([folder], "boundary", ours())
    assert {claim.verdict for claim in other.studies[0].claims} == {"inconclusive"}


def test_runs_that_differ_in_their_seed_alone_are_pooled(run):
    folders = [run("second", {**TILTS, 0.0: 31.0}, seed=1), run("third", {**TILTS, 0.0: 32.0}, seed=2)]
    studies = ours()
    (others,) = zip(*(other.studies for other in other_runs(folders, "boundary", studies)), strict=True)
    trainings = [
        next(claim for claim in judged.claims if claim.id == "tilt").by_training for judged in (*studies, *others)
    ]
    entry = shown(folders, studies)["tilt"]
    assert entry.pooled == combined(sum(trainings, ()), 0.0)
    assert len(entry.pooled.by_training) == 3 * 20
    assert entry.pooled.value == pytest.approx((30 + 31 + 32) / 3)
    assert [round(same.measured) for same in entry.others] == [31, 32]


def test_claims_of_counts_stand_beside_each_other_and_are_not_pooled(run):
    entry = shown([run("second", seed=1)], ours())["lands"]
    assert entry.claim.own_test
    assert entry.others[0].verdict == "supported"
    assert entry.pooled is None


@pytest.mark.parametrize(
    "options", [{"seed": 0}, {"seed": 1, "toy_epochs": 5}, {"seed": 1, "toy_eps": (0.1,)}], ids=str
)
def test_a_run_with_the_same_seed_or_another_setting_stands_beside_and_is_not_pooled(run, options):
    entry = shown([run("other", **options)], ours())["tilt"]
    assert entry.pooled is None
    assert entry.others[0].n == 20


def test_a_run_on_another_data_set_has_no_such_claim(run):
    entry = shown([run("other", seed=1, dataset="another")], ours())["tilt"]
    assert entry == Compared(entry.claim, [None], None)


def test_a_run_named_twice_counts_once_and_one_without_the_claim_not_at_all(run):
    second = run("second", seed=1)
    without = run("without", {0.1: 5.0, 0.25: 10.0}, seed=2)
    found = shown([second, second, without], ours())
    assert found["tilt"].others[2].verdict == "not tested"
    assert found["tilt"].pooled is None
    leaves = found["boundary-leaves-the-data"]  # which the third does not claim at all
    assert leaves.others[2] is None
    assert len(leaves.pooled.by_training) == 40


def test_seeds_are_of_all_data_sets_of_a_run(tmp_path):
    """Two runs on two data sets are pooled only if both of them have other seeds."""
    both = [toy_values(TILTS, dataset=name) for name in ("first", "second")]
    studies = judge("boundary", both)
    for name, seeds in (("all", (1, 2)), ("one", (1, 0))):
        (tmp_path / name).mkdir()
        for values, seed in zip(both, seeds, strict=True):
            save(dataclasses.replace(values, settings={**values.settings, "seed": seed}), tmp_path / name)
    first, second = other_runs([str(tmp_path / "all"), str(tmp_path / "one")], "boundary", studies)
    assert (first.seeds, first.pools) == ((1, 2), True)
    assert (second.seeds, second.pools) == ((1, 0), False)


def test_a_run_of_fewer_data_sets_is_not_pooled(run):
    folder = run("one", dataset="first", seed=1)
    studies = judge("boundary", [toy_values(TILTS, dataset=name) for name in ("first", "second")])
    (other,) = other_runs([folder], "boundary", studies)
    assert not other.pools
    assert "has no second" in other.differences


def test_differences_are_named_with_both_settings(run):
    (other,) = other_runs([run("other", seed=3, toy_eps=(0.1,))], "boundary", ours())
    assert other.differences == [
        "two_gaussians: --seed is 3 there, 0 here",
        "two_gaussians: --toy_eps is [0.1] there, [0.1, 0.25, 0.4, 0.5, 0.6] here",
    ]
    (same,) = other_runs([run("same")], "boundary", ours())
    assert same.differences == []


def test_a_run_that_did_not_measure_the_section_appears_with_nothing(run, tmp_path):
    folder = str(tmp_path / "empty")
    run("any")
    assert other_runs([folder], "boundary", ours()) == [OtherRun(folder, [], [], False)]
    entry = shown([folder], ours())["tilt"]
    assert (entry.pooled, entry.others) == (None, [None])


def test_without_other_runs_nothing_is_compared():
    (found,) = [entry for entry in (compared(one, []) for one in ours()[0].claims) if entry.claim.id == "tilt"]
    assert (found.others, found.pooled) == ([], None)


# What is refused


def test_folders_without_values_or_with_damaged_ones_are_refused(run, tmp_path):
    folder = run("second")
    check_comparisons([folder])
    assert [values.dataset for values in values_of(tmp_path / "second")] == ["two_gaussians"]
    with pytest.raises(UsageError, match=r"--compare: \S+/empty holds no values; name the --output_dir"):
        check_comparisons([folder, str(tmp_path / "empty")])
    with pytest.raises(UsageError, match="holds no values"):
        check_comparisons([str(tmp_path / "nowhere")])
    (tmp_path / "second" / "values" / "boundary-two_gaussians.nc").write_bytes(b"damaged")
    with pytest.raises(UsageError, match="cannot be used"):
        check_comparisons([folder])
