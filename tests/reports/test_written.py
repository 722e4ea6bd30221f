"""What is written about the published runs is what they found."""

import jinja2
import pytest

from reports import written
from reports.evidence.claim import VERDICTS


@pytest.mark.parametrize("template", written.TEMPLATES)
def test_texts_and_results_have_not_drifted_apart(template):
    assert written.target(template).read_text() == written.written(template), "run make report"


def test_a_number_is_its_claim_s():
    claim = written._run("examples").claims["two_gaussians/tilt"]
    assert written.effect("examples", "two_gaussians/tilt", 1).startswith(f"+{claim['measured']:.1f} (")
    assert written.effect("examples", "two_gaussians/tilt", 0, 10).startswith(f"+{10 * claim['measured']:.0f} (")
    assert written.verdict("examples", "two_gaussians/tilt") == claim["verdict"]
    assert written.because("examples", "two_gaussians/tilt") == ""
    untested = written._run("examples").claims["mnist_5k/closer"]
    assert written.because("examples", "mnist_5k/closer") == f": {untested['reason']}" != ": "
    assert set(written.counts("examples", "2.2")) == set(VERDICTS)
    assert sum(written.counts("examples", "2.2").values()) == 4


@pytest.mark.parametrize(
    "wrong", ['effect("examples", "x/y")', 'cell("examples", "roar", "scores", "score")', "nothing"]
)
def test_what_does_not_exist_is_an_error(wrong, tmp_path, monkeypatch):
    (tmp_path / "text.template.md").write_text("{{ " + wrong + " }}")
    monkeypatch.setattr(written, "runs", dict)
    monkeypatch.setattr(jinja2, "FileSystemLoader", lambda folder, load=jinja2.FileSystemLoader: load(tmp_path))
    with pytest.raises((KeyError, ValueError, jinja2.UndefinedError)):
        written.written("text.template.md")


def test_a_text_replaces_what_stands_between_its_marks_alone():
    page = "before\n<a>\nold\n<b>\nafter"
    assert written.between(page, "<a>", "<b>", "new\n") == "before\n<a>\nnew\n<b>\nafter"
    with pytest.raises(ValueError, match="unpack"):
        written.between("no marks", "<a>", "<b>", "new")
