"""What is published is judged by today's rules: a rule that changes shows here, claim by claim."""

import pandas
import pytest

from experiments import SECTIONS
from experiments.store.values import in_order, load, stored
from reports.exports import claims_frame
from reports.section import judge
from tests.command_line import ROOT

PUBLISHED = sorted(folder.parent.relative_to(ROOT) for folder in (ROOT / "docs").glob("**/values"))
MOST_BYTES = 2_000_000
"""Of a run's values."""


def judged_again(folder) -> pandas.DataFrame:
    values = in_order(map(load, stored(folder)))
    sections = {name: [one for one in values if name in one.sections] for name in SECTIONS}
    studies = [study for name, measured in sections.items() if measured for study in judge(name, measured)]
    return claims_frame(claim for study in studies for claim in study.claims)


def test_there_is_something_published():
    assert (ROOT / "docs" / "examples").relative_to(ROOT) in PUBLISHED


@pytest.mark.parametrize("run", PUBLISHED, ids=str)
def test_published_values_judged_again_give_the_published_claims(run):
    golden = pandas.read_csv(ROOT / run / "results" / "claims.csv", dtype={"section": str})
    found = judged_again(ROOT / run)
    assert list(found.columns) == list(golden.columns)
    keys = ["dataset", "id"]
    assert found[keys].to_numpy().tolist() == golden[keys].to_numpy().tolist(), "claims came or went: make pages"
    verdicts = {
        "/".join(key): (before, now)
        for key, before, now in zip(golden[keys].to_numpy(), golden.verdict, found.verdict, strict=True)
        if before != now
    }
    assert verdicts == {}, "verdicts changed (before, now): if that is meant, make pages"
    for column in ("measured", "ci_low", "ci_high", "p"):
        pandas.testing.assert_series_equal(found[column].astype(float), golden[column], rtol=1e-4, atol=1e-9)
    for column in ("section", "registered", "n", "unit", "premise", "reason"):
        assert found[column].tolist() == golden[column].fillna("").tolist(), column


@pytest.mark.parametrize("run", PUBLISHED, ids=str)
def test_published_values_are_small(run):
    assert sum(path.stat().st_size for path in stored(ROOT / run)) < MOST_BYTES
