"""Every example of docs/extending.md does what the page says: its code is taken from there and run."""

import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from experiments.catalogue import SHELVES
from measures import Given
from tests.command_line import ROOT, TINY, found

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("extending")]

TEXT = (ROOT / "docs" / "extending.md").read_text()
FILES = dict(re.findall(r"```python\n(?=# (\S+\.py)\n)(.*?)```", TEXT, re.DOTALL))
COMMANDS = [
    line.partition("#")[0].strip()
    for block in re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL)
    for line in block.replace("\\\n", " ").splitlines()
]
OWN = {
    "network": "small_cnn:small_cnn",
    "training": "blended:Blended",
    "losses": "logit_gap:logit_gap",
    "robust_attacks": "restarts:Restarts",
    "attributions": "shifted:shifted",
    "measures": "centre_share:centre_share",
}
SMALL = [
    *TINY,
    *("--experiment=roar", "--nocontrols", "--training_seeds=1", "--percentiles=50"),
    *("--train_size=0", "--test_size=0", "--epochs=1", "--batch_size=20", "--learning_rate=0.01", "--width=0.25"),
]


def python(*arguments, cwd: Path) -> subprocess.CompletedProcess:
    command = [sys.executable, *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=300, check=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A user's own folder, with every example in it."""
    own = tmp_path_factory.mktemp("own")
    for path, code in FILES.items():
        (own / Path(path).name).write_text(code)
    return own


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """A copy of the project, with every example where the page puts it."""
    copy = tmp_path_factory.mktemp("copy") / "project"
    ignored = shutil.ignore_patterns(".*", "__pycache__", "out", "docs", "tests", "benchmarks")
    shutil.copytree(ROOT, copy, ignore=ignored)
    for path, code in FILES.items():
        (copy / path).write_text(code)
    return copy


@pytest.fixture(scope="module")
def results(folder):
    """Of one run with all the functions from outside."""
    named = [f"--{flag}={name}" for flag, name in {**OWN, "training": f"adversarial,{OWN['training']}"}.items()]
    named += ["--datasets=bars:bars", f"--measures=roar,{OWN['measures']}", "--output_dir=out"]
    run = python(ROOT / "main.py", *SMALL, *named, cwd=folder)
    assert run.returncode == 0, run.stderr
    return found(folder / "out", "roar")


@pytest.fixture(scope="module")
def in_the_tree(tree):
    """What a process in the copy prints: the names of all entries on all shelves, then what the pieces alone print."""
    names = f"import shelf; print(*(name for folder in {list(SHELVES.values())} for name in shelf.load(folder)))"
    run = python("-c", f"{names}; exec(open('pieces.py').read())", cwd=tree)
    assert run.returncode == 0, run.stderr
    return run.stdout.splitlines()


def test_every_shelf_has_an_example():
    assert {str(Path(path).parent) for path in FILES} >= set(SHELVES.values())


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_can_be_planned(command, folder, tree):
    program, main, *flags = shlex.split(command)
    assert (program, main) == ("python", "main.py")
    plan = python(tree / main, *flags, "--plan", "--output_dir=planned", cwd=folder)
    assert plan.returncode == 0, plan.stderr
    assert plan.stdout.startswith("roar (Section 3.2)")


def test_from_outside_each_does_its_part(results, folder):
    networks = results["tables"]["networks"]
    assert [row["network"] for row in networks] == [
        "standard",
        "l2 eps 0.5 logit_gap:logit_gap",
        "linf eps 0.1 logit_gap:logit_gap",
        "blended 0.1",
        "blended 0.3",
    ]
    scores = {(row["network"], row["attribution"], row["metric"]): row["score"] for row in results["tables"]["scores"]}
    assert 0 < scores["blended 0.3", OWN["attributions"], "centre_share"] < 1
    assert ("standard", OWN["attributions"], "roar") in scores
    assert {claim["id"] for claim in results["claims"]} > {"mean-centre_share-Blended-shifted:shifted"}
    keys = [json.loads(path.read_text())["key"] for path in (folder / "out" / "artefacts").glob("*/config.json")]
    assert {key["network"].partition("@")[0] for key in keys if "width" in key} == {OWN["network"]}
    (attack,) = {name for key in keys for name in key.get("attacks", {})}
    assert attack.startswith(f"{OWN['robust_attacks']}@")


def test_on_the_shelves_every_file_loads(in_the_tree):
    assert set(in_the_tree[0].split()) > {Path(path).stem for path in FILES if "/" in path}


def test_the_pieces_alone(in_the_tree):
    assert in_the_tree[1].split(maxsplit=1)[1] == "(20, 28, 28, 1) (20,)"


def test_on_the_shelves_files_bring_their_flags(tree):
    text = python("main.py", "--help", cwd=tree).stdout
    for flag in ("shifted_pixels=1", "centre_share_width=0.5", "blended_share=0.1,0.3", "restarts_starts=3"):
        assert f"--{flag}" in text


def test_the_measure_with_retrainings_takes_the_first_percentage():
    names: dict = {}
    exec(FILES["measures/first_cut.py"], names)
    right, wrong = np.ones((2, 3, 4), bool), np.zeros((2, 3, 4), bool)
    given = Given(retrained={"remove": wrong}, random={"remove": right}, percentiles=(10, 30, 50))
    np.testing.assert_array_equal(names["first_cut"](given)["first_cut"], np.ones((2, 4)))
