"""The import rules, read from the source: which way imports go, and that nothing goes round in a circle."""

import ast
from pathlib import Path

import pytest

from experiments import MEASUREMENTS, SECTIONS
from tests.command_line import ROOT

PACKAGES = ("models", "attacks", "training", "attributions", "measures", "experiments", "reports")
MAY_IMPORT = {
    "models": {"models"},
    "attacks": {"attacks", "models"},
    "training": {"training", "attacks", "models"},
    "attributions": {"attributions", "attacks", "models"},
    "measures": {"measures", "attacks", "models"},
    "experiments": {"experiments", "measures", "attributions", "training", "attacks", "models"},
    "reports": {"reports", "experiments", "measures"},
}
"""Beside `shelf`, which all may."""


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {module_name(path): path for folder in PACKAGES for path in sorted((ROOT / folder).rglob("*.py"))}
FILES["shelf"] = ROOT / "shelf.py"


def imported_by(module: str, only_at_the_top: bool = False) -> set[str]:
    """Modules that a module imports, those of functions included unless told otherwise."""
    tree = ast.parse(FILES[module].read_text())
    names = set()
    for node in tree.body if only_at_the_top else ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively"
            submodules = {f"{node.module}.{alias.name}" for alias in node.names}
            inside = submodules & FILES.keys()
            names |= inside or {node.module}
    return names


def closure(module: str) -> set[str]:
    """Everything that importing a module imports with it, packages on the way included."""
    seen: set[str] = set()
    todo = {module}
    while todo:
        name = todo.pop()
        seen.add(name)
        parts = name.split(".")
        parents = {".".join(parts[:i]) for i in range(1, len(parts))}
        found = imported_by(name, only_at_the_top=True) if name in FILES else set()
        todo |= (found | parents) - seen
    return seen


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_go_one_way(package):
    for module in FILES:
        if module.split(".")[0] == package:
            for name in imported_by(module):
                top = name.split(".")[0]
                if top in PACKAGES or top == "main":
                    assert top in MAY_IMPORT[package], f"{module} imports {name}"


def test_there_is_no_circle():
    done: set[str] = set()

    def visit(module: str, way: tuple[str, ...]) -> None:
        assert module not in way, " -> ".join((*way[way.index(module) :], module))
        if module not in done:
            for name in sorted(imported_by(module) & FILES.keys()):
                visit(name, (*way, module))
            done.add(module)

    for module in FILES:
        visit(module, ())


def test_measurements_and_sections_do_not_import_each_other_s_folders_except_those_that_read_scores():
    """The survey measures what scores measures, and more; trade-off and survey start from ROAR's analysis."""
    allowed = {("experiments", "survey"): "scores", ("reports", "tradeoff"): "roar", ("reports", "survey"): "roar"}
    for module in FILES:
        package, folder, *_ = (*module.split("."), "", "")
        rooms = {"experiments": MEASUREMENTS, "reports": tuple(SECTIONS)}.get(package, ())
        if folder in rooms:
            for name in imported_by(module):
                other = name.split(".")[1] if name.startswith(f"{package}.") else ""
                if other in rooms and other != folder:
                    assert other == allowed.get((package, folder)), f"{module} imports {name}"


def test_reports_reach_no_runner_and_no_piece():
    for module in FILES:
        if module.startswith("reports"):
            reached = {name.rpartition(".")[2] for name in closure(module) if name.startswith("experiments.")}
            assert not reached & {"runner", "pieces", "keys"}, module


def test_what_judges_draws_nothing():
    """Claims of a run can be had without matplotlib and templates."""
    judging = {"reports.section", "reports.exports", *(f"reports.{name}.section" for name in SECTIONS)}
    for module in judging | {name for name in FILES if name.startswith("reports.evidence")}:
        assert not {name.split(".")[0] for name in closure(module)} & {"matplotlib", "jinja2", "PIL"}, module


@pytest.mark.parametrize("package", ["models", "attacks", "training", "attributions", "measures"])
def test_shelves_import_no_experiment(package):
    for module in FILES:
        if module.split(".")[0] == package:
            assert not {name for name in imported_by(module) if name.startswith("experiments")}


@pytest.mark.parametrize(
    "module",
    [
        *(
            name
            for name in FILES
            if name.startswith(("experiments.settings", "experiments.store", "experiments.compute"))
        ),
        *(name for name in FILES if name.startswith("reports")),
        "experiments.plan",
        "experiments.data",
        *(f"experiments.{name}.measurement" for name in MEASUREMENTS),
    ],
)
def test_what_plan_help_and_reports_need_loads_no_tensorflow(module):
    loaded = {name.split(".")[0] for name in closure(module)}
    assert not loaded & {"keras", "tensorflow"}


def test_every_measurement_and_every_section_has_its_files():
    for name in MEASUREMENTS:
        files = {path.stem for path in (ROOT / "experiments" / name).glob("*.py")}
        assert {"measurement", "study", "pieces", "keys", "runner", "values"} <= files
    for name in SECTIONS:
        files = {path.name for path in (ROOT / "reports" / name).iterdir()}
        assert {
            "analysis.py",
            "claims.py",
            "tables.py",
            "figures.py",
            "section.py",
            "page.py",
            "template.html",
        } <= files


@pytest.mark.xdist_group("kept")
def test_tests_of_a_group_run_on_one_worker(request):
    """Those of a cluster, or of one run that all wait for: pytest and xdist may be of versions that ignore groups."""
    if not getattr(request.config.option, "loadgroup", False):
        pytest.skip("without --dist loadgroup")
    assert request.node.nodeid.endswith("@kept")
