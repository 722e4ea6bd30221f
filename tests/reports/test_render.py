"""What stands for a page on the summary, and what is drawn again."""

from experiments.store.artefacts import Store
from experiments.store.results import load, save
from reports import render
from reports.render import _thumbnail


def test_a_thumbnail_is_of_the_first_data_set_that_has_the_figure_else_of_any_figure():
    studies = [{"figures": {"key": [], "other": ["o0"]}}, {"figures": {"key": ["k0", "k1"], "other": []}}]
    assert _thumbnail(studies, "key", 0) == "k0"
    assert _thumbnail(studies, "key", 5) == "k1"
    assert _thumbnail(studies[:1], "key", 0) == "o0"


def test_a_page_is_drawn_again_only_where_its_results_were_written_again(made_up_survey, tmp_path, monkeypatch):
    drawn, store = [], Store(tmp_path)

    def page_of(results, pictures, compare):
        drawn.append(results.provenance["seconds"])
        return {"results": results}

    for name in ("_write_page", "_export"):
        monkeypatch.setattr(render, name, lambda *_, **__: None)
    monkeypatch.setattr(render, "time_rows", lambda artefacts: [])
    monkeypatch.setattr(render, "page_of", page_of)
    results = load(made_up_survey, "survey")
    for seconds in (1.0, 2.0):
        results.provenance["seconds"] = seconds
        save(results, store)
        for _ in range(2):
            render.render_reports(store, [], ["svg"])
    assert drawn == [1.0, 2.0]


def test_a_claim_that_was_not_tested_has_no_p():
    note = render._environment().get_template("macros.html").module.claim_note
    claim = {"unit": "degrees", "premise": "", "primary": True, "p": 0.03, "detectable": 0.2, "reason": ""}
    assert "; p 0.030 after correction; this run would have found an effect of 0.2" in note(claim, False)
    untested = note({**claim, "reason": "there is no network"}, False)
    assert "Not tested: there is no network." in untested
    assert "0.03" not in untested
    assert "would have found" not in untested


def test_the_command_that_makes_a_page_says_nothing_of_how_it_was_drawn():
    command = "python main.py --report_only --flagfile=docs/mnist.flags --figure_files=svg --compare=out-1 --seed=1"
    assert render.filling_command(command) == "python main.py --flagfile=docs/mnist.flags --seed=1"
