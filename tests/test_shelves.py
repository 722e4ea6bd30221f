"""A file put on a shelf is everywhere with no other file edited (tests/docs has functions from outside)."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command_line import ROOT, TINY, found

pytestmark = pytest.mark.slow

ATTRIBUTION = '''"""Distance to the image's mean."""

TITLE = "Contrast"
PARAMETERS = {"power": {"default": 1.0, "above": 0, "help": "Exponent of the contrast."}}


def contrast(model, images, rng, power):
    mean = images.numpy().mean(axis=(1, 2, 3), keepdims=True)
    return abs(images.numpy() - mean) ** power
'''

MEASURE = '''"""How much of a map lies in its upper half."""

TITLE = "Upper share"
UNIT = "share"
MORE_IS_BETTER = True


def upper_share(given):
    maps = abs(given.maps)
    return maps[:, : maps.shape[1] // 2].sum(axis=(1, 2, 3)) / maps.sum(axis=(1, 2, 3))
'''

METHOD = '''"""Images with Gaussian noise."""

import tensorflow as tf

from training.method import Method

TITLE = "noisy"
NAME = "noise {sigma:g}"
PARAMETERS = {"sigma": {"default": (0.1, 0.4), "above": 0, "help": "Standard deviations of the noise."}}
STRENGTH = "sigma"
UNIT = "pixels in [-1, 1]"
PASSES = {"update": 3}


class Noisy(Method):
    def __init__(self, sigma):
        self.sigma = sigma

    def prepare(self, network, images, labels, seed):
        return images + self.sigma * tf.random.stateless_normal(tf.shape(images), seed)
'''

SMALL = ["--experiment=roar,tradeoff", "--nocontrols", "--training_seeds=1", "--percentiles=50", "--epochs=1"]


def main(tree: Path, *arguments, cwd: Path | None = None) -> subprocess.CompletedProcess:
    command = [sys.executable, str(tree / "main.py"), *map(str, arguments)]
    return subprocess.run(command, cwd=cwd or tree, capture_output=True, text=True, timeout=300, check=False)


def run_main(tree: Path, folder: Path, names: dict[str, str], cwd: Path) -> Path:
    flags = [
        *TINY,
        *SMALL,
        f"--output_dir={folder}",
        f"--training=adversarial,{names['training']}",
        f"--attributions=gradient,{names['attributions']}",
        f"--measures=roar,{names['measures']}",
    ]
    result = main(tree, *flags, cwd=cwd)
    assert result.returncode == 0, result.stderr
    return folder


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """A copy of the project with one new file on each shelf."""
    copy = tmp_path_factory.mktemp("copy") / "project"
    ignored = shutil.ignore_patterns(".*", "__pycache__", "out", "docs", "tests", "benchmarks")
    shutil.copytree(ROOT, copy, ignore=ignored)
    (copy / "attributions" / "contrast.py").write_text(ATTRIBUTION)
    (copy / "measures" / "upper_share.py").write_text(MEASURE)
    (copy / "training" / "noisy.py").write_text(METHOD)
    return copy


ON_SHELVES = {"training": "noisy", "attributions": "contrast", "measures": "upper_share"}


@pytest.fixture(scope="module")
def on_shelves(tree, tmp_path_factory):
    return run_main(tree, tmp_path_factory.mktemp("shelves") / "out", ON_SHELVES, tree)


def test_help_lists_the_files_and_their_flags(tree):
    text = main(tree, "--help").stdout
    for name in ON_SHELVES.values():
        assert name in text
    assert "--contrast_power=1.0" in text
    assert "--noisy_sigma=0.1,0.4" in text
    assert "Standard deviations of the noise." in text


def test_the_plan_lists_what_they_add(tree):
    names = [f"--training={ON_SHELVES['training']}", "--noisy_sigma=0.3", "--measures=roar,upper_share"]
    plan = main(tree, "--plan", "--experiment=roar", *names, "--attributions=contrast").stdout
    assert "noise 0.3, 3 passes an image" in plan
    assert "upper_share noise 0.3 contrast" in plan
    assert "noise 0.4" not in plan


def test_a_value_that_a_file_does_not_allow_is_refused_in_a_sentence(tree):
    result = main(tree, "--training=noisy", "--noisy_sigma=0,1")
    assert result.returncode == 1
    assert "--noisy_sigma: 0.0 is not allowed; allowed: a number above 0." in result.stderr
    assert "Traceback" not in result.stderr


def test_results_tables_claims_pages_and_keys_have_them(on_shelves):
    folder, names = on_shelves, ON_SHELVES
    results = found(folder, "roar")
    networks = [row["network"] for row in results["tables"]["networks"]]
    assert networks[-2:] == ["noise 0.1", "noise 0.4"]
    scores = {(row["attribution"], row["metric"]) for row in results["tables"]["scores"]}
    measure = names["measures"].rpartition(":")[2]
    assert (names["attributions"], measure) in scores
    share = next(row for row in results["tables"]["scores"] if row["metric"] == measure)
    assert 0 < share["score_low"] < share["score"] < share["score_high"] < 1
    claims = {claim["id"]: claim for claim in results["claims"]}
    assert claims["mean-roar-noisy-gradient"]["check"]
    assert not claims["mean-roar-l2-gradient"]["check"]
    assert claims["roar-l2-gradient"]["primary"]
    assert f"mean-{measure}-linf-gradient" in claims
    page = (folder / "reports" / "roar.html").read_text()
    for word in ("noise 0.4", "ontrast", "Other measures"):
        assert word in page
    assert "The dotted line" not in page  # which is a control's
    figures = {path.name for path in (folder / "reports" / "figures").glob("*.svg")}
    assert f"roar-mnist-5k-strength-noisy-{measure}.svg" in figures
    assert "noise 0.1" in (folder / "reports" / "tradeoff.html").read_text()
    keys = [json.loads(path.read_text())["key"] for path in (folder / "artefacts").glob("*/config.json")]
    methods = {key["method"].partition("@")[0] for key in keys if "method" in key}
    assert {"standard", "adversarial", names["training"]} == methods
    assert [
        key["parameters"] for key in keys if key.get("method", "").endswith("noisy") or "@" in key.get("method", "")
    ]
