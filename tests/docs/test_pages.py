"""What the README and docs/ point to is there: files, headings, flags, targets of make."""

import re

import pandas
import pytest
import yaml

from experiments.settings.flags import every_option
from reports.evidence.claim import VERDICTS
from tests.command_line import ROOT

PAGES = [
    *("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/method.md", "docs/extending.md", "docs/benchmarks.md"),
    *("docs/values.md", "docs/report.md", "docs/results/README.md"),
]
OTHERS = {"help", "helpshort", "flagfile", "verbosity"}
"""absl's own flags."""
EXAMPLES = {"shifted_pixels", "centre_share_width", "blended_share", "restarts_starts"}
"""Flags of the examples in docs/extending.md."""
NOT_OURS = {"head", "port", "address", "block"}
"""Flags of Ray."""


def text(page: str) -> str:
    return (ROOT / page).read_text()


def prose(page: str) -> str:
    return re.sub(r"```python\n.*?```", "", text(page), flags=re.DOTALL)


def anchors(page: str) -> set[str]:
    """Of headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", text(page), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)\s]+)\)", text(page)):
        if not target.startswith("http"):
            name, _, anchor = target.partition("#")
            path = (ROOT / page).parent / name if name else ROOT / page
            assert path.exists(), target
            if anchor:
                assert anchor in anchors(str(path.resolve().relative_to(ROOT))), target


@pytest.mark.parametrize("page", PAGES)
def test_files_that_are_named_exist(page):
    saved = set(re.findall(r"^# (\S+\.py)$", text("docs/extending.md"), re.MULTILINE))
    for name in re.findall(r"`([\w./]+/[\w.]*)`", prose(page)):
        made_by_a_run = name.startswith(
            ("out/", "artefacts/", "reports/tables/", "reports/figures/", "results/", "values/")
        )
        assert (ROOT / name).exists() or name in saved or made_by_a_run, name


@pytest.mark.parametrize("page", PAGES)
def test_flags_that_are_named_exist(page):
    known = {option.name for option in every_option()} | OTHERS | EXAMPLES | NOT_OURS
    shell = re.sub(r"^(pip|git|npm|\.venv/bin).*$", "", prose(page), flags=re.MULTILINE)
    for flag in re.findall(r"(?<![\w-])--([a-z]\w*)", shell):
        assert flag in known or flag.removeprefix("no") in known, flag


@pytest.mark.parametrize("section", ["2.1", "2.2", "3.2", "3.3"])
def test_the_readme_counts_the_verdicts_of_the_shipped_example(section):
    claims = pandas.read_csv(ROOT / "docs/examples/results/claims.csv", dtype={"section": str})
    found = claims[claims.registered & (claims.section == section)].verdict
    counts = " | ".join(str((found == verdict).sum()) for verdict in VERDICTS)
    assert len(found) > 0
    assert re.search(rf"^\| {re.escape(section)} [^|]*\| {re.escape(counts)} \|", text("README.md"), re.M)


@pytest.mark.parametrize("page", PAGES)
def test_targets_of_make_exist(page):
    targets = re.findall(r"^(\w+):", text("Makefile"), re.MULTILINE)
    for line in re.findall(r"`make ([\w ]+)`", text(page)):
        assert set(line.split()) <= set(targets), line


def test_the_citation_and_the_workflow_are_yaml_with_what_their_readers_need():
    citation = yaml.safe_load(text("CITATION.cff"))
    assert citation["cff-version"] == "1.2.0"
    assert citation["references"][0]["identifiers"][0]["value"] == "arXiv:1903.11626"
    jobs = yaml.safe_load(text(".github/workflows/ci.yml"))["jobs"]
    assert {"run": "make lint test"} in jobs["checks"]["steps"]
    assert jobs["publish"]["needs"] == "checks"
