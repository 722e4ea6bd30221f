"""The page of the survey, from made-up values through the real code."""

import csv
import re
from dataclasses import replace

import html5lib
import numpy as np
import pytest

from experiments.networks.grid import networks
from reports.gallery import heat
from reports.render import view_of
from reports.section import judge
from reports.styles import name
from reports.survey.page import HEADINGS, agreement, null_block, replacements
from tests.reports.as_values import as_values
from tests.reports.parts import panels_of, shows_of
from tests.reports.survey.exact import PATTERNS, SCORES, STUDY, blocks, judged
from tests.reports.survey.made_up import STUDY as LAWFUL
from tests.reports.survey.made_up import made_up

MINUS, DASH = "\N{MINUS SIGN}", "\N{EN DASH}"
INPUT = "Gradient\N{MULTIPLICATION SIGN}Input"


@pytest.fixture(scope="module")
def page(made_up_survey):
    return (made_up_survey / "reports" / "survey.html").read_text()


@pytest.fixture(scope="module")
def matrix(page):
    """The first data set's, by statement and score the text of each cell."""
    table = page[page.index('class="scroll matrix"') :].partition("</table>")[0]
    rows = re.findall(r'<tr><th scope="row">(.*?)<small>(.*?)</small></th>(.*?)</tr>', table, re.DOTALL)
    return {statement: (tally, cells_of(cells)) for statement, tally, cells in rows}


def cells_of(text: str) -> dict:
    """By its label each cell's class, title and texts."""
    found = {}
    for opening, inside in re.findall(r"<td (.*?)>(.*?)</td>", text, re.DOTALL):
        attributes = dict(re.findall(r'([\w-]+)="(.*?)"', opening))
        texts = [part.strip() for part in re.split(r"<.*?>", inside) if part.strip()]
        found[attributes["data-label"]] = (attributes["class"], attributes.get("title", ""), texts)
    return found


def judged_of(values):
    (found,) = judge("survey", [values])
    return found


# The matrix


def test_the_matrix_is_a_table_with_a_word_in_every_cell(page, matrix):
    table = page[page.index('class="scroll matrix"') :].partition("</table>")[0]
    assert table.count('<th scope="row">') == len(PATTERNS)
    assert table.count('<th scope="col"') == len(SCORES) + 1
    cells = [cell for _, of_statement in matrix.values() for cell in of_statement.values()]
    assert len(cells) == len(PATTERNS) * len(SCORES)
    assert all(colour == f"judged {texts[1].replace(' ', '-')}" for colour, _, texts in cells)
    assert all(bool(title) == (texts[1] == "not tested") for _, title, texts in cells)


def test_a_cell_says_sign_verdict_effect_interval_and_standardised_effect(matrix):
    tally, cells = matrix["The strongest l2 adversarial training makes Gradient better"]
    assert tally == "6 supported, 4 inconclusive"
    assert list(cells)[:4] == ["ROAR", "KAR", "ROAD (signed)", "DiffROAR"]
    assert cells["ROAD (signed)"] == (
        "judged supported",
        "",
        ["✓", "supported", "+0.0400", "0.0380 to\u00a00.0420", "std. +0.37"],
    )
    assert cells["closeness"][2][-1] == "leans to better"
    _, cells = matrix["The strongest linf adversarial training makes Gradient better"]
    interval = f"{MINUS}0.0504 to\u00a0{MINUS}0.0456"
    assert cells["ROAD (signed)"][2] == ["✗", "contradicted", f"{MINUS}0.0480", interval, f"std. {MINUS}0.44"]
    _, cells = matrix[f"The strongest l2 adversarial training makes {INPUT} better"]
    assert (cells["Deletion (signed)"][2][-1], cells["closeness"][2][-1]) == ("leans to better", "leans to worse")
    _, cells = matrix["The strongest TRADES training makes Gradient better"]
    reason = "TRADES linf eps 0.2 beta 1 gradient has a value on 0% of the images"
    assert cells["Max-sensitivity"] == ("judged not-tested", reason, [DASH, "not tested"])


def test_what_leans_and_why_some_were_not_tested_is_told(page):
    assert (
        f"The strongest l2 adversarial training makes {INPUT} better <span>(1 supported, 9 inconclusive; leans "
        "to better by Deletion (signed); leans to worse by closeness)</span>"
    ) in page
    assert (
        "Not tested: linf eps 0.2 cross_entropy gradient_x_input has a value on 40% of the images (Randomisation"
        in page
    )


def test_the_answer_is_on_top_and_on_the_summary_page(page, made_up_survey):
    answer = (
        "Of 8 conclusions, 3 hold on every measure that decides, 1 holds on ROAR alone, 2 hold on some measures and "
        "fail on others, 1 fails on every measure that decides and 1 is decided by no measure."
    )
    assert page.index(answer) < page.index("Before you believe the numbers")
    assert answer in (made_up_survey / "reports" / "index.html").read_text()


def test_a_page_without_registered_claims_says_so_on_the_summary_page(made_up_survey):
    summary = (made_up_survey / "reports" / "index.html").read_text()
    letters = "".join(PATTERNS.values())
    # Three of DiffROAR's, and of BlockMNIST's five conclusions four; of the fifth two networks make no trend.
    supported, contradicted, untested = letters.count("s") + 3 + 4, letters.count("c"), letters.count("n") + 1
    inconclusive = 85 - supported - contradicted - untested
    counts = f"{supported} supported, {inconclusive} inconclusive, {contradicted} contradicted, {untested} not tested"
    assert f"No registered claims; of 85 others: {counts}" in summary
    assert "Section Beyond" not in summary


# Sections


def test_sections_of_which_there_is_nothing_are_left_out(page):
    shown = re.findall(r'<h2 id="(mnist-5k|block-mnist)-(\w+)"', page)
    assert shown == [
        *(("mnist-5k", section) for section in ("claims", "matrix", "agreement", "leaderboard", "cost")),
        *(("block-mnist", section) for section in ("claims", "matrix", "null_block", "cost")),
    ]
    linked = re.findall(r'<li><a href="#(mnist-5k|block-mnist)-(\w+)"', page)
    assert sorted(linked) == sorted(shown)


def test_the_page_is_html(page):
    html5lib.HTMLParser(strict=True).parse(page)


def test_everything_shown_is_in_files(made_up_survey, page):
    folder = made_up_survey / "reports"
    for linked in set(re.findall(r'href="((?:tables|figures)/[^"]+)"', page)):
        assert (folder / linked).exists(), linked
    with (folder / "tables" / "survey-mnist-5k-leaderboard.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(SCORES) * 7 * 4
    assert [int(row["rank"]) for row in rows[:28]] == sorted(int(row["rank"]) for row in rows[:28])
    assert rows[0]["rank"] == "1"


def test_a_section_of_which_nothing_is_there_is_left_out_and_told_of():
    made = judged_of(as_values(blocks(), "survey", "survey"))
    empty = {kind: replace(table, values=[]) for kind, table in made.tables.items()}
    bare = replace(made, claims=[], alerts=[], tables=empty)
    bare.found.__dict__["cells"] = []
    assert view_of(bare)["left_out"] == list(HEADINGS)
    assert shows_of(bare, 10_000)["answer"] == ""
    assert panels_of(bare) == {"agreement": [], "leaderboard": [], "null_block": [], "cost": []}
    missing = replace(bare, values=replace(bare.values, missing=[{"artefact": "x", "reason": ""}]))
    assert "claims" not in view_of(missing)["left_out"]
    copied = replace(bare, values=replace(bare.values, images="a re-encoded subset"))
    assert "claims" not in view_of(copied)["left_out"]


# Figures


@pytest.fixture(scope="module")
def drawn():
    return panels_of(judged()["mnist_5k"])


def test_every_score_has_a_board_under_its_own_name(drawn):
    boards = {panel.name: panel.drawing.axes[0].get_title(loc="left") for panel in drawn["leaderboard"]}
    assert len(boards) == len(SCORES)
    assert boards["survey-mnist-5k-leaderboard-deletion"] == "Deletion (signed)"
    assert boards["survey-mnist-5k-leaderboard-closeness"] == "closeness"
    assert [len(drawn[kind]) for kind in ("agreement", "null_block", "cost")] == [1, 0, 1]


def test_boards_keep_the_order_of_networks_and_attributions(drawn):
    axis = drawn["leaderboard"][list(SCORES).index("insertion")].drawing.axes[0]
    places = [container.lines[0].get_ydata()[0] for container in axis.containers]
    assert places == [8 * attribution + network for network in range(7) for attribution in range(4)]
    assert [label.get_text() for label in axis.get_yticklabels()][:2] == ["Gradient", INPUT]
    named = [container.get_label() for container in axis.containers if not container.get_label().startswith("_")]
    assert named[0] == "standard"
    assert named[-1] == networks(STUDY)[-1].name
    values = [container.lines[0].get_xdata()[0] for container in axis.containers]
    assert values[:4] == pytest.approx([0.5, 0.515, 0.505, 0.497], abs=1e-4)  # the standard network's


def test_a_page_with_many_networks_draws_a_selection():
    study = replace(LAWFUL, l2_eps=tuple(range(1, 6)), linf_eps=(0.05, 0.1, 0.15, 0.2, 0.25))
    figures = panels_of(judged_of(as_values(made_up(study), "survey", "survey")))
    for panel in figures["leaderboard"]:
        labels = [container.get_label() for container in panel.drawing.axes[0].containers]
        assert [label for label in labels if not label.startswith("_")] == [
            "standard",
            "l\N{SUBSCRIPT TWO} eps 1, cross-entropy",
            "l\N{SUBSCRIPT TWO} eps 5, cross-entropy",
            "l\N{INFINITY} eps 0.05, cross-entropy",
            "l\N{INFINITY} eps 0.25, cross-entropy",
        ]


# Pictures


def test_the_null_block_is_outlined_where_it_is_and_in_no_other_picture(page):
    samples = page[page.index('<h2 id="block-mnist-null_block"') :].split("<section>")[1:]
    halves = [set(re.findall(r'data-outlined="(\w+)"', sample)) for sample in samples]
    assert halves == [{"upper"}, {"lower"}, {"upper"}]
    assert page.count('data-outlined="') == page.count('class="tile"')


def test_every_map_is_under_its_network_and_attribution():
    made = judged_of(as_values(blocks(), "survey", "survey"))
    (first, *_) = samples = shows_of(made, 1_000_000)["samples"]
    assert [sample.corner.alt for sample in samples] == [
        "Test image 4, labelled 7",
        "Test image 9, labelled 0",
        "Test image 16, labelled 3",
    ]
    rows = dict(first.rows)
    assert list(rows) == ["Gradient", INPUT, "Integrated Gradients", "SmoothGrad"]
    for attribution, tiles in enumerate(rows.values()):
        for network, tile in enumerate(tiles):
            line = np.zeros((56, 28))
            line[(4 * network + attribution) % 28] = 1
            assert tile.src == heat(line, "").src


def test_images_of_which_some_have_no_null_block_are_not_shown():
    values = as_values(blocks(), "survey", "survey")
    made = judged_of(replace(values, arrays=values.arrays.drop_vars("sample_null_on_top")))
    assert shows_of(made, 1_000_000)["samples"] == []


# Sentences


def tau(value, low, high, **about):
    return {"tau": value, "tau_low": low, "tau_high": high, **about}


def named(*metrics):
    """Two measures of a row, with how they are written."""
    ends = dict(zip(("metric_a", "metric_b"), metrics, strict=True))
    return {**ends, **{f"{end}_name": name(metric) for end, metric in ends.items()}}


def test_agreement_counts_pairs_by_their_intervals():
    rows = [
        tau(0.5, 0.1, 0.8, **named("roar", "kar")),
        tau(-0.5, -0.8, -0.1, **named("road", "roar")),
        tau(0.1, -0.2, 0.4, **named("kar", "road")),
        tau(0.9, None, None, **named("kar", "diffroar")),
    ]
    assert agreement(rows) == (
        "Of 4 pairs of measures, 1 ranks alike (the interval of tau lies above 0), 1 ranks the other way round and "
        f"2 are open. Closest to ROAR is KAR (0.50), farthest ROAD ({MINUS}0.50)."
    )
    assert agreement(rows[2:]) == "Of 2 pairs of measures, 2 are open."
    assert agreement([]) == ""


def test_what_can_replace_retraining_is_told_by_intervals_of_measures_that_retrain_nothing():
    rows = [
        tau(1.0, 1.0, 1.0, metric="roar", retrainings=5, seconds=900.0),
        tau(0.9, 0.8, 1.0, metric="kar", retrainings=5, seconds=900.0),
        tau(0.6, 0.2, 0.9, metric="road", retrainings=0, seconds=2.25),
        tau(-0.7, -0.9, -0.2, metric="insertion", retrainings=0, seconds=75.0),
        tau(0.1, -0.3, 0.4, metric="sparseness", retrainings=0, seconds=None),
        tau(None, None, None, metric="deletion", retrainings=0, seconds=1.0),
    ]
    rows = [{**row, "metric_name": name(row["metric"])} for row in rows]
    assert replacements(rows) == (
        "Of 3 measures without retraining, by the interval of tau, 1 ranks as ROAR does: ROAD (0.60, 2.2 s); 1 ranks "
        f"the other way round: Insertion ({MINUS}0.70, 1 min 15 s); 1 is open: Sparseness (0.10). ROAR itself took "
        "15 min 00 s."
    )
    assert replacements(rows[:2]) == ""


def test_the_page_says_what_can_replace_retraining(page):
    alike = "Randomisation test (0.74, 7 min 00 s), Sparseness (0.64, 6.7 s) and Deletion (signed) (0."
    assert f"3 rank as ROAR does: {alike}" in page
    assert "ROAR itself took 4 min 21 s." in page


def share(value, low, high, attribution="gradient"):
    known = {"network_name": "standard", "attribution": attribution, "chance": 0.5}
    return {**known, "value": value, "value_low": low, "value_high": high}


def test_maps_keep_off_the_null_block_where_their_intervals_do():
    rows = [share(0.3, 0.2, 0.4), share(0.2, 0.1, 0.3, "smoothgrad"), share(0.7, 0.6, 0.8), share(0.6, None, None)]
    assert null_block(rows) == (
        "Of 4 pairs of network and attribution, by their intervals, 2 put less into it than chance, 1 puts more into "
        "it and 1 is open. Least has standard, SmoothGrad: 20.0 % (chance 50 %)."
    )
    assert null_block([share(None, None, None)]) == ""


def test_the_page_says_which_map_keeps_off_most(page):
    assert (
        "Of 16 pairs of network and attribution, by their intervals, 11 put less into it than chance, 4 put more into "
        "it and 1 is open. Least has TRADES linf eps 0.2 beta 1, Integrated Gradients: 32.0 % (chance 50 %)."
    ) in page
