"""The page of the survey, from made-up results through the real code."""

import csv
import re

import pytest

from reports.pages.survey import _occlusions, _shared, _with_seconds, agreement, null_block, replacements
from tests.reports.survey_results import CONCLUSIONS, MEASURES, NETWORKS


@pytest.fixture(scope="module")
def page(made_up_survey):
    return (made_up_survey / "reports" / "survey.html").read_text()


def test_the_matrix_is_a_table_with_a_word_in_every_cell(page):
    matrix = page[page.index('class="scroll matrix"') :].partition("</table>")[0]
    assert matrix.count('<th scope="row">') == len(CONCLUSIONS)
    assert matrix.count('<th scope="col"') == len(MEASURES) + 1
    cells = re.findall(r'<td class="judged ([a-z-]+)".*?<b>([a-z ]+)</b>', matrix, re.DOTALL)
    assert len(cells) == len(CONCLUSIONS) * len(MEASURES)
    assert all(colour == word.replace(" ", "-") for colour, word in cells)
    assert matrix.count('title="its scores lie no farther') == sum(word == "not tested" for _, word in cells)


def test_the_answer_is_on_top_and_on_the_summary_page(page, made_up_survey):
    answer = (
        "Of 7 conclusions, 2 hold on every measure that decides, 1 holds on ROAR alone, 2 hold on some measures and "
        "fail on others, 1 fails on every measure that decides and 1 is decided by no measure."
    )
    assert page.index(answer) < page.index("Before you believe the numbers")
    assert answer in (made_up_survey / "reports" / "index.html").read_text()


def test_a_page_without_registered_claims_says_so_on_the_summary_page(made_up_survey):
    summary = (made_up_survey / "reports" / "index.html").read_text()
    assert "No registered claims; of 21 others: 9 supported, 8 inconclusive, 4 contradicted" in summary
    assert "Section Beyond" not in summary


def test_sections_without_results_are_left_out(page):
    shown = re.findall(r'<h2 id="(mnist-5k|block-mnist)-(\w+)"', page)
    assert shown == [
        *(("mnist-5k", section) for section in ("claims", "matrix", "agreement", "leaderboard", "cost")),
        ("block-mnist", "null_block"),
    ]
    linked = re.findall(r'<li><a href="#(mnist-5k|block-mnist)-(\w+)"', page)
    assert sorted(linked) == sorted(shown)


def test_the_null_block_is_outlined_where_it_is_and_in_no_other_picture(page):
    samples = page[page.index('<h2 id="block-mnist-null_block"') :].split("<section>")[1:]
    halves = [set(re.findall(r'data-outlined="(\w+)"', sample)) for sample in samples]
    assert halves == [{"upper"}, {"lower"}, {"upper"}]
    assert page.count('data-outlined="') == page.count('class="tile"')


def test_everything_shown_is_in_files(made_up_survey):
    folder = made_up_survey / "reports"
    page = (folder / "survey.html").read_text()
    for linked in set(re.findall(r'href="((?:tables|figures)/[^"]+)"', page)):
        assert (folder / linked).exists(), linked
    with (folder / "tables" / "survey-mnist-5k-leaderboard.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(MEASURES) * len(NETWORKS) * 4
    assert [int(row["rank"]) for row in rows[:24]] == list(range(1, 25))


# Cost

SECONDS = {
    "measure-road-mnist-standard-t0-x": 1.0,
    "measure-road-mnist-linf-t0-x": 2.0,
    "measure-road-mnist_5k-standard-t0-x": 50.0,
    "remove-mnist-standard-gradient-50-t0-r0-x": 100.0,
    "keep-mnist-standard-gradient-50-t0-r0-x": 200.0,
    "remove-mnist-random_2-50-t0-r0-x": 800.0,  # a control
    "mask-mnist-standard-gradient-50-t0-r0-x": 400.0,
}
ARTEFACTS = {folder: {"seconds": seconds} for folder, seconds in SECONDS.items()}


@pytest.mark.parametrize(
    ("metric", "measure", "retrainings", "seconds"),
    [
        ("road", "road", 0, 3.0),  # of this data set, not of mnist_5k
        ("roar", "roar", 5, 100.0),
        ("kar", "roar", 5, 200.0),
        ("diffroar", "diffroar", 10, 300.0),
        ("mine:own", "mine:own", 10, 300.0),
        ("sparseness", "sparseness", 0, None),
    ],
)
def test_seconds_are_those_of_the_measurements_behind_a_score(metric, measure, retrainings, seconds):
    row = {"metric": metric, "measure": measure, "retrainings": retrainings}
    tau = {"tau_with_roar": 0.5, "tau_low": 0.2, "tau_high": 0.8}
    found = _with_seconds({**row, **tau}, "mnist", ARTEFACTS)
    assert found == {**row, "seconds": seconds, "tau": 0.5, "tau_low": 0.2, "tau_high": 0.8}


def test_own_measures_that_retrain_may_take_both_kinds():
    assert _occlusions("mine:own", "mine:own") == ["remove", "keep"]


# Sentences


def tau(value, low, high, **about):
    return {"tau": value, "tau_low": low, "tau_high": high, **about}


def test_agreement_counts_pairs_by_their_intervals():
    rows = [
        tau(0.5, 0.1, 0.8, metric_a="roar", metric_b="kar"),
        tau(-0.5, -0.8, -0.1, metric_a="road", metric_b="roar"),
        tau(0.1, -0.2, 0.4, metric_a="kar", metric_b="road"),
        tau(0.9, None, None, metric_a="kar", metric_b="diffroar"),
    ]
    assert agreement(rows) == (
        "Of 4 pairs of measures, 1 ranks alike (the interval of tau lies above 0), 1 ranks the other way round and "
        "2 are open. Closest to ROAR is KAR (0.50), farthest ROAD (\N{MINUS SIGN}0.50)."
    )
    assert agreement([]) == ""


def test_what_can_replace_retraining_is_told_by_intervals_of_measures_that_retrain_nothing():
    rows = [
        tau(1.0, 1.0, 1.0, metric="roar", retrainings=5, seconds=900.0),
        tau(0.9, 0.8, 1.0, metric="kar", retrainings=5, seconds=900.0),
        tau(0.6, 0.2, 0.9, metric="road", retrainings=0, seconds=2.25),
        tau(0.1, -0.3, 0.4, metric="sparseness", retrainings=0, seconds=None),
        tau(None, None, None, metric="deletion", retrainings=0, seconds=1.0),
    ]
    assert replacements(rows) == (
        "Of 2 measures without retraining, by the interval of tau, 1 ranks as ROAR does: ROAD (0.60, 2.2 s); 1 is "
        "open: Sparseness (0.10). ROAR itself took 15 min 00 s."
    )
    assert replacements(rows[:2]) == ""


def share(value, low, high, attribution="gradient"):
    network = {"network": "standard", "method": "standard", "family": None, "group": None, "eps": None}
    return {**network, "attribution": attribution, "value": value, "value_low": low, "value_high": high, "chance": 0.5}


def test_maps_keep_off_the_null_block_where_their_intervals_do():
    rows = [share(0.3, 0.2, 0.4), share(0.2, 0.1, 0.3, "smoothgrad"), share(0.7, 0.6, 0.8), share(0.6, None, None)]
    assert null_block(rows) == (
        "Of 4 pairs of network and attribution, by their intervals, 2 put less into it than chance, 1 puts more into "
        "it and 1 is open. Least has standard, SmoothGrad: 20.0 % (chance 50 %)."
    )
    assert null_block([share(None, None, None)]) == ""


def test_what_is_first_on_several_networks_alike_has_one_row():
    edges = [{**network, "metric": "max_sensitivity", "attribution": "sobel"} for network in NETWORKS]
    alone = {**NETWORKS[1], "metric": "road", "attribution": "gradient"}
    shared, other = _shared([*edges, alone])
    assert (shared["network"], shared["attribution"]) == ("several alike", "sobel")
    assert other == alone
