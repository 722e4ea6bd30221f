"""Pages are made of values and of nothing else, and drawn again only where those were written again."""

import csv
import dataclasses
import json
import re
from types import SimpleNamespace

import html5lib
import numpy as np
import pandas
import pytest
from markupsafe import escape

from experiments import SECTIONS
from experiments.errors import UsageError
from experiments.store.values import Values, load, save
from reports import render
from reports.evidence.claim import Claim, Estimate, judged
from reports.render import Page, page_of, render_reports
from reports.section import judge, section_named
from tests.reports.boundary.made_up import toy_values

TILTS = {0.0: 30.0, 0.25: 10.0, 0.5: 12.0}


def stored(folder, values: Values | None = None):
    """An output folder with values, of the toy unless told otherwise."""
    folder.mkdir(exist_ok=True)
    save(values or toy_values(TILTS), folder)
    return folder


def of_another(measurement: str, **changed) -> Values:
    """Values that claim to be of another measurement; nothing reads their arrays."""
    values = dataclasses.replace(toy_values(TILTS), measurement=measurement, dataset="mnist", sections=(measurement,))
    return dataclasses.replace(values, **changed)


@pytest.fixture(scope="module")
def rendered(tmp_path_factory):
    """A folder with the toy's values and everything that is made of them."""
    folder = stored(tmp_path_factory.mktemp("toy"))
    render_reports(folder, figure_files=("svg",))
    return folder


@pytest.fixture
def drawn(monkeypatch):
    """What is drawn, without drawing it: sections with the data sets of their values. Pages hold their names alone."""
    made = []

    def page(section, measured, compare=()):
        if not measured:
            return None
        made.append((section, *(values.dataset for values in measured)))
        return SimpleNamespace(judged=[], values=[], provenance={"finished": ""}, presets=set())

    def write_page(folder, page_name, *_, **__):
        folder.mkdir(exist_ok=True)
        (folder / f"{page_name}.html").write_text(page_name)

    render._page.cache_clear()
    monkeypatch.setattr(render, "page_of", page)
    monkeypatch.setattr(render, "_write_page", write_page)
    monkeypatch.setattr(render, "_write_files", lambda *_: set())
    yield made
    render._page.cache_clear()


@pytest.fixture
def without_figures(monkeypatch):
    """Drawing them takes most of a page's time."""
    monkeypatch.setattr("reports.boundary.page.panels", lambda judged: {"regions": list, "strength": list})


def pages(folder) -> set[str]:
    return {path.stem for path in (folder / "reports").glob("*.html")}


# What is drawn, and when


def test_a_page_is_drawn_again_only_where_its_values_were_written_again(tmp_path, drawn):
    stored(tmp_path)
    stored(tmp_path, of_another("survey"))
    for _ in range(2):
        render_reports(tmp_path)
    assert drawn == [("boundary", "two_gaussians"), ("survey", "mnist")]
    stored(tmp_path, of_another("survey"))
    render_reports(tmp_path)
    assert drawn[2:] == [("survey", "mnist")]
    stored(tmp_path, toy_values(TILTS, dataset="another"))
    render_reports(tmp_path)
    assert drawn[3:] == [("boundary", "another", "two_gaussians")]


def test_a_page_is_drawn_again_where_it_is_compared_with_others(tmp_path, drawn):
    stored(tmp_path)
    for compare in ((), ("elsewhere",), ("elsewhere",)):
        render_reports(tmp_path, compare)
    assert len(drawn) == 2


def test_a_page_whose_values_are_gone_is_removed(tmp_path, drawn):
    stored(tmp_path)
    survey = of_another("survey")
    stored(tmp_path, survey)
    render_reports(tmp_path)
    assert pages(tmp_path) == {"index", "boundary", "survey"}
    (tmp_path / survey.path).unlink()
    render_reports(tmp_path)
    assert pages(tmp_path) == {"index", "boundary"}


def test_two_sections_read_the_same_values_and_one_is_shown_that_was_not_asked_for_only_if_it_is(tmp_path, drawn):
    stored(tmp_path, of_another("scores", sections=("tradeoff",)))
    render_reports(tmp_path)
    assert pages(tmp_path) == {"index", "tradeoff"}
    render_reports(tmp_path, asked=("roar",))
    assert pages(tmp_path) == {"index", "roar", "tradeoff"}
    render_reports(tmp_path, asked=("boundary",))  # whose values are not there
    assert pages(tmp_path) == {"index", "tradeoff"}


def test_values_that_were_measured_for_several_sections_are_shown_in_each(tmp_path, drawn):
    for section in ("tradeoff", "roar"):
        stored(tmp_path, of_another("scores", sections=(section,)))
    render_reports(tmp_path)
    assert pages(tmp_path) == {"index", "roar", "tradeoff"}


def test_a_damaged_file_of_values_is_left_out_and_the_others_are_drawn(tmp_path, drawn):
    stored(tmp_path)
    survey = of_another("survey")
    stored(tmp_path, survey)
    whole = (tmp_path / survey.path).read_bytes()
    (tmp_path / survey.path).write_bytes(whole[:-100])
    render_reports(tmp_path)
    assert pages(tmp_path) == {"index", "boundary"}
    (tmp_path / survey.path).write_bytes(whole)
    render_reports(tmp_path)
    assert pages(tmp_path) == {"index", "boundary", "survey"}


@pytest.mark.parametrize("there", ["nothing", "damaged", "empty"])
def test_where_there_is_nothing_to_show_that_is_said(there, tmp_path):
    values = toy_values(TILTS)
    if there != "nothing":
        nothing = values.arrays.isel(strength=[], shown=[])
        stored(tmp_path, dataclasses.replace(values, arrays=nothing))
    if there == "damaged":
        (tmp_path / values.path).write_bytes(b"damaged")
    with pytest.raises(UsageError, match="holds too few values to say anything"):
        render_reports(tmp_path)
    assert not (tmp_path / "reports").exists()


# What is written


def test_a_page_an_index_files_and_results_are_written(rendered):
    assert {path.name for path in rendered.iterdir()} == {"values", "reports", "results"}
    assert pages(rendered) == {"index", "boundary"}
    assert {path.name for path in (rendered / "results").iterdir()} == {"claims.csv", "boundary.json"}
    tables = {path.name for path in (rendered / "reports" / "tables").iterdir()}
    assert tables == {
        f"boundary-two-gaussians-{kind}.{end}" for kind in ("claims", "strengths") for end in ("csv", "tex")
    }
    figures = {path.name for path in (rendered / "reports" / "figures").iterdir()}
    assert len(figures) == 8
    assert "boundary-two-gaussians-regions-weak.svg" in figures


def test_pages_are_valid_and_their_links_lead_somewhere(rendered):
    for path in (rendered / "reports").glob("*.html"):
        text = path.read_text()
        html5lib.HTMLParser(strict=True).parse(text)
        for link in re.findall(r'href="([^"#]+)', text):
            assert (path.parent / link).exists(), link


def test_what_no_page_shows_any_more_is_taken_away(tmp_path):
    stored(tmp_path)
    render_reports(tmp_path, figure_files=("svg", "png"))
    folder = tmp_path / "reports"
    shown = {path for kind in ("figures", "tables") for path in (folder / kind).iterdir()}
    stale = [
        folder / "figures" / "boundary-two-gaussians-regions-dropped-0.5.svg",
        folder / "figures" / "roar-dropped.pdf",
        folder / "tables" / "boundary-dropped-claims.csv",
    ]
    own = folder / "figures" / "drawn by hand.svg"
    for path in (*stale, own):
        path.write_text("")
    render_reports(tmp_path, figure_files=("svg", "png"))
    assert {path for kind in ("figures", "tables") for path in (folder / kind).iterdir()} == {*shown, own}
    render_reports(tmp_path, figure_files=("svg",))
    assert {path for path in shown if not path.exists()} == {path for path in shown if path.suffix == ".png"}


def test_every_published_table_is_read_by_other_programs(rendered):
    for path in (rendered / "reports" / "tables").glob("*.csv"):
        assert len(pandas.read_csv(path).columns) > 1


def test_the_page_shows_claims_tables_and_figures(rendered):
    text = (rendered / "reports" / "boundary.html").read_text()
    told = json.loads((rendered / "results" / "boundary.json").read_text())["studies"][0]
    for claim in told["claims"]:
        assert str(escape(claim["statement"])) in text
    assert "Every training strength, means over seeds" in text
    row = told["tables"]["strengths"][0]
    assert f'data-sort="{row["tilt"]}"' in text
    assert text.count("<figure>") == 2
    assert "<title>standard: 30.00 (" in text
    assert 'href="../values/boundary-two_gaussians.nc"' in text
    assert "3 points per class are drawn" in text


def test_results_are_written_and_never_read(tmp_path, without_figures):
    stored(tmp_path)
    render_reports(tmp_path)
    before = {path: path.read_text() for kind in ("results", "reports") for path in (tmp_path / kind).rglob("*.*")}
    assert len(before) > 5
    for name in ("claims.csv", "boundary.json"):
        (tmp_path / "results" / name).write_text("not what was found")
    render._page.cache_clear()
    render_reports(tmp_path)
    assert {path: path.read_text() for path in before} == before


def test_the_claims_of_all_pages_stand_in_one_file(rendered):
    lines = list(csv.DictReader((rendered / "results" / "claims.csv").open()))
    told = json.loads((rendered / "results" / "boundary.json").read_text())["studies"][0]["claims"]
    assert [(line["id"], line["verdict"]) for line in lines] == [(claim["id"], claim["verdict"]) for claim in told]


def test_verdicts_are_made_when_pages_are(tmp_path, monkeypatch, without_figures):
    """The same values under another rule: nothing that was judged is stored."""
    stored(tmp_path)
    render_reports(tmp_path)
    assert '<span class="chip supported">' in (tmp_path / "reports" / "boundary.html").read_text()
    assert ",supported," in (tmp_path / "results" / "claims.csv").read_text()
    monkeypatch.setattr("reports.evidence.claim.LEVEL", 0.0)
    render._page.cache_clear()
    render_reports(tmp_path)
    for page in ("boundary", "index"):
        text = (tmp_path / "reports" / f"{page}.html").read_text()
        assert '<span class="chip supported">' not in text
        assert '<span class="chip inconclusive">' in text
    assert ",supported," not in (tmp_path / "results" / "claims.csv").read_text()
    render._page.cache_clear()


def test_where_data_are_not_the_published_ones_every_table_and_figure_says_so(tmp_path):
    words = "photographs of a screen"
    stored(tmp_path, dataclasses.replace(toy_values(TILTS), images=words))
    render_reports(tmp_path)
    text = (tmp_path / "reports" / "boundary.html").read_text()
    of_tables = re.findall(r'<table class="sortable">\n<caption>(.*?)</caption>', text)
    shown = [caption for caption in of_tables if not caption.startswith("Every setting")]
    assert len(shown) == 1
    captions = re.findall(r"<figcaption>(.*?)</figcaption>", text, flags=re.DOTALL)
    assert len(captions) == 2
    assert all(f" (two_gaussians: {words})" in caption for caption in (*shown, *captions))
    for path in (tmp_path / "reports" / "tables").glob("*.tex"):
        assert path.read_text().splitlines()[0].endswith(f" (two_gaussians: {words})")
    assert f"two_gaussians is not the published data set here: {words}." in text


def test_what_an_older_run_did_not_measure_is_named_on_the_page(tmp_path, without_figures):
    values = toy_values(TILTS)
    stored(tmp_path, dataclasses.replace(values, arrays=values.arrays.drop_vars("own_mahalanobis")))
    render_reports(tmp_path)
    text = (tmp_path / "reports" / "boundary.html").read_text()
    assert "<li>Claims that need own_mahalanobis</li>" in text
    assert ": the column Class zero&#39;s own points</li>" in text
    assert "Attacked points of the standard network leave the data" not in text
    assert "boundary is tilted along the direction" in text


def test_what_is_missing_and_what_makes_it_stand_on_the_page(tmp_path, without_figures):
    missing = [{"artefact": "toy-1", "reason": "no <disk>"}]
    command = "python main.py --report_only --compare=x --toy_seeds=20"
    provenance = {**toy_values(TILTS).provenance, "command": command}
    stored(tmp_path, dataclasses.replace(toy_values(TILTS), missing=missing, provenance=provenance))
    render_reports(tmp_path)
    text = (tmp_path / "reports" / "boundary.html").read_text()
    assert "1 part of this run is missing" in text
    assert "<li>toy-1: failed, no &lt;disk&gt;</li>" in text
    assert "<code>python main.py --toy_seeds=20</code>" in text


def test_sections_still_to_be_measured_are_named_on_the_summary(rendered):
    assert "Not finished" not in (rendered / "reports" / "index.html").read_text()
    render_reports(rendered, figure_files=("svg",), waiting=("roar", "survey"))
    text = (rendered / "reports" / "index.html").read_text()
    assert "<li>Section 3.2, ROAR and KAR</li><li>Beyond the paper, " in text
    render_reports(rendered, figure_files=("svg",))


def test_a_data_set_of_which_too_little_is_there_is_named(tmp_path, without_figures):
    empty = toy_values(TILTS, dataset="empty")
    empty = dataclasses.replace(empty, arrays=empty.arrays.isel(strength=[], shown=[]))
    page = page_of("boundary", [toy_values(TILTS), empty])
    assert page.absent == {"empty": "too little of it is stored yet"}
    assert [study["dataset"] for study in page.studies] == ["two_gaussians"]
    assert page_of("boundary", [empty]) is None
    stored(tmp_path)
    stored(tmp_path, empty)
    render_reports(tmp_path)
    assert (
        "empty is not on this page: too little of it is stored yet."
        in (tmp_path / "reports" / "boundary.html").read_text()
    )


def test_another_run_s_numbers_stand_beside_this_one_s_and_pooled_ones_beside_both(tmp_path, without_figures):
    ours, theirs, other = (tmp_path / name for name in ("ours", "theirs", "other"))
    stored(ours)
    stored(theirs, toy_values({0.0: 36.0, 0.25: 10.0, 0.5: 12.0}, seed=1))
    stored(other, toy_values({0.0: 20.0, 0.25: 10.0, 0.5: 12.0}, toy_epochs=3))
    render_reports(ours, (str(theirs), str(other)))
    text = (ours / "reports" / "boundary.html").read_text()
    tilted = text.split('<th scope="row" class="wrap">The standard network&#39;s boundary')[1].split("</tr>")[0]
    cells = dict(re.findall(r'<td data-label="([^"]+)">(.*?)</td>', tilted))
    assert [cell.split()[0] for cell in cells.values()] == ["+30.00", "+36.00", "+20.00", "+33.00"]
    assert list(cells) == ["Measured", f"In {theirs}", f"In {other}", "Pooled"]
    assert "supported" in cells[f"In {theirs}"]
    assert "chip" not in cells["Pooled"]  # it was not planned: no verdict
    assert "40 trainings" in cells["Pooled"]
    assert "two_gaussians: --toy_epochs is 3 there, 10 here" in text


# Pages of several studies


def page(*figures) -> Page:
    return Page(section_named("boundary"), [], [{"figures": of_study} for of_study in figures], [], [])


def test_a_thumbnail_is_of_the_first_data_set_that_has_the_figure_else_of_any_figure():
    """The section's own is the second panel of its figure "regions"."""
    other = {"regions": [], "strength": ["s0", "s1"]}
    assert page(other, {"regions": ["r0", "r1", "r2"], "strength": []}).thumbnail == "r1"
    assert page(other, {"regions": ["r0"], "strength": []}).thumbnail == "r0"
    assert page(other).thumbnail == "s1"
    assert page({"regions": []}).thumbnail is None


def test_where_it_came_from_is_told_of_the_values_that_were_finished_last():
    times = ("2026-01-02 00:00 UTC", "2026-01-03 00:00 UTC", "2026-01-01 00:00 UTC")
    several = [
        dataclasses.replace(
            toy_values(TILTS, dataset=f"data-{place}"),
            provenance={**toy_values(TILTS).provenance, "finished": time, "command": f"python main.py --seed={place}"},
        )
        for place, time in enumerate(times)
    ]
    found = dataclasses.replace(page(), judged=judge("boundary", several))
    assert found.provenance["finished"] == times[1]
    assert found.command == "python main.py --seed=1"
    assert [values.dataset for values in found.values] == ["data-0", "data-1", "data-2"]
    assert len(found.settings) == 3 * (len(toy_values(TILTS).settings) - 1)


def test_the_command_that_makes_a_page_says_nothing_of_how_it_was_drawn():
    command = "python main.py --report_only --flagfile=docs/mnist.flags --figure_files=svg --compare=out-1 --seed=1"
    assert render.filling_command(command) == "python main.py --flagfile=docs/mnist.flags --seed=1"


@pytest.mark.parametrize("dash", ["-", "--"])
def test_a_value_behind_a_blank_goes_with_its_flag(dash):
    command = (
        f"python main.py --seed 1 {dash}compare --odd {dash}figure_files 'svg, pdf' {dash}report_only=true --eps 2"
    )
    assert render.filling_command(command) == "python main.py --seed 1 --eps 2"


# Claims on pages


def note(claim: Claim) -> str:
    return str(render._environment().get_template("macros.html").module.claim_note(claim, False))


def test_a_claim_says_its_p_and_what_would_have_been_found_unless_it_was_not_tested():
    about = {"dataset": "d", "id": "x", "statement": "s", "section": "2.2", "unit": "degrees", "primary": True}
    found = Estimate(0.1, 0.05, 0.2, 0.03, 0.2, (0.1, 0.1))
    assert "degrees; p 0.030 after correction; this run would have found an effect of 0.2000" in note(
        judged(found, **about)
    )
    assert "p 0.030; this run" in note(judged(found, **{**about, "primary": False}))
    untested = note(judged(found, **about, reason="there is no network"))
    assert "Not tested: there is no network." in untested
    assert "0.03" not in untested
    assert "would have found" not in untested
    assert "Premise: it costs." in note(judged(found, **about, premise="it costs"))


def test_every_section_has_a_template_and_headings():
    for section in SECTIONS:
        module = render._page_module(section)
        assert (render.ROOT / section / "template.html").exists()
        assert set(module.HEADINGS)
        assert isinstance(module.KEY_PANEL[0], str)


def test_values_on_disk_are_those_that_are_drawn(rendered):
    found = load(rendered / "values" / "boundary-two_gaussians.nc")
    assert np.array_equal(found.arrays.tilt, toy_values(TILTS).arrays.tilt)


def test_a_section_that_can_say_nothing_is_named_on_the_index(tmp_path, without_figures):
    stored(tmp_path)
    stored(tmp_path, of_another("manifold"))
    render_reports(tmp_path)
    text = (tmp_path / "reports" / "index.html").read_text()
    assert "<li>Section 2.1, mnist: its values lack noisy.</li>" in text


def test_where_nothing_can_be_said_and_something_failed_the_reason_is_given(tmp_path):
    stored(tmp_path, of_another("manifold", missing=[{"artefact": "network 1", "reason": "boom"}]))
    with pytest.raises(UsageError, match=r"holds too few values to say anything; network 1 failed: boom\."):
        render_reports(tmp_path)
