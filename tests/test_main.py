"""The command line from end to end, at the smallest scale that still means something."""

import json
import re
import subprocess
import sys
from pathlib import Path

import html5lib
import pytest

ROOT = Path(__file__).parent.parent
TINY = [
    "--train_size=120",
    "--test_size=60",
    "--epochs=2",
    "--width=0.06",
    "--l2_eps=0.5",
    "--linf_eps=0.1",
    "--attack_steps=2",
    "--robust_steps=2",
    "--percentiles=30,70",
    "--repeats=2",
]


def run(*arguments, cwd=ROOT):
    command = [sys.executable, str(ROOT / "main.py"), *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=300, check=False)


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run") / "out"
    result = run("--experiment=roar", f"--output_dir={folder}", *TINY)
    assert result.returncode == 0, result.stderr
    return folder, result


@pytest.fixture(scope="module")
def manifold(finished):
    """Section 2.1 in the same folder: its networks are those of Section 3.2."""
    folder = finished[0]
    flags = ["--vae_gan_epochs=2", "--vae_gan_width=0.06", "--manifold_steps=3", "--manifold_eps=6"]
    result = run("--experiment=manifold", f"--output_dir={folder}", *TINY, *flags)
    assert result.returncode == 0, result.stderr
    return json.loads((folder / "results" / "manifold.json").read_text()), result


@pytest.fixture(scope="module")
def results(finished):
    return json.loads((finished[0] / "results" / "roar.json").read_text())


def table(results, kind):
    return next(table["rows"] for table in results["tables"] if table["kind"] == kind)


def test_it_ends_with_links_to_reports_that_exist(finished):
    _, result = finished
    links = re.findall(r"file://(\S+)", result.stdout)
    assert [Path(link).name for link in links] == ["roar.html", "index.html"]
    assert all(Path(link).exists() for link in links)
    assert "oneDNN" not in result.stderr


def test_scores_follow_from_the_accuracies_in_the_same_file(results):
    curves, scores = table(results, "curves"), table(results, "scores")

    def accuracy(row, metric, network, attribution):
        return next(
            r["accuracy"]
            for r in curves
            if (r["percent"], r["metric"], r["network"], r["attribution"], r["blurred"])
            == (row, metric, network, attribution, False)
        )

    for score in scores:
        if score["network"] is None or score["blurred"]:
            continue
        sign = 1 if score["metric"] == "roar" else -1
        gaps = [
            accuracy(p, score["metric"], None, "random")
            - accuracy(p, score["metric"], score["network"], score["attribution"])
            for p in (30, 70)
        ]
        # trapezoids over 0, 0.3, 0.7, 1
        assert score["score"] == pytest.approx(sign * 0.35 * sum(gaps), abs=1e-9)
        assert score["score_low"] <= score["score"] <= score["score_high"]


def test_every_network_and_control_is_there(results):
    assert [row["network"] for row in table(results, "networks")] == [
        "standard",
        "l2 eps 0.5 cross_entropy",
        "linf eps 0.1 cross_entropy",
    ]
    assert {row["metric"] for row in table(results, "curves")} == {"roar", "kar", "mask"}
    assert {row["network"] for row in table(results, "controls")} == {
        "l2 eps 0.5 cross_entropy",
        "linf eps 0.1 cross_entropy",
    }
    identifiers = [claim["id"] for claim in results["claims"]]
    assert len(set(identifiers)) == len(identifiers)
    assert {"mnist_5k/roar-l2-gradient", "mnist_5k/masks-leak", "mnist_5k/beyond-blur-linf-gradient"} <= set(
        identifiers
    )
    assert all(claim["verdict"] in ("supported", "contradicted", "inconclusive") for claim in results["claims"])


def test_two_random_arms_differ_by_noise_alone(results):
    """The null test: the second random baseline's score has an interval that covers 0."""
    second = next(row for row in table(results, "scores") if row["attribution"] == "random_2")
    assert second["score_low"] <= 0 <= second["score_high"]
    assert second["score_low"] < second["score_high"]


def test_provenance_names_command_commit_and_versions(results):
    provenance = results["provenance"]
    assert provenance["command"].startswith("python main.py --experiment=roar")
    assert provenance["tensorflow"]
    assert provenance["commit"]


def test_manifold_shares_the_networks_and_measures_every_arm(manifold):
    results, result = manifold
    assert "training standard" not in result.stderr
    assert "training the VAE-GAN" in result.stderr
    rows = table(results, "distances")
    assert [(row["attack_loss"], row["network"]) for row in rows[:3]] == [
        ("cross_entropy", "standard"),
        ("cross_entropy", "l2 eps 0.5 cross_entropy"),
        ("cross_entropy", "linf eps 0.1 cross_entropy"),
    ]
    assert len(rows) == 2 * 3 + 1
    for row in rows[:-1]:
        assert 2 < row["perturbation"] <= 6 + 1e-4  # three steps of length 2, clipped to ball and box
        assert 0 <= row["kept"] <= 60
        if row["closer"] is not None:
            assert row["closer_low"] <= row["closer"] <= row["closer_high"]
    quality = [row["distance"] for row in table(results, "quality")]
    assert quality[0] == pytest.approx(quality[1])  # the same images in another order
    grows = next(claim for claim in results["claims"] if claim["id"].endswith("noise-grows"))
    assert grows["measured"] == pytest.approx(quality[5] - quality[0], abs=1e-4)
    training = {row["metric"]: row["value"] for row in table(results, "training")}
    assert training["reconstruction_l2"] > 0
    assert 0 <= training["accuracy_real"] <= 1
    alignments = [row["alignment"] for row in table(results, "gradients")]
    assert all(0 < alignment < 1 for alignment in alignments)


def test_no_verdict_where_the_measure_fails_its_own_check(manifold):
    claims = manifold[0]["claims"]
    grows = next(claim for claim in claims if claim["id"].endswith("noise-grows"))
    if grows["verdict"] != "supported":
        assert {claim["verdict"] for claim in claims if claim is not grows} == {"inconclusive"}


@pytest.mark.usefixtures("manifold")
def test_pages_are_valid_self_contained_html_with_alternative_texts(finished):
    for page in (finished[0] / "reports").glob("*.html"):
        text = page.read_text()
        html5lib.HTMLParser(strict=True).parse(text)
        assert "http://" not in re.sub(r'xmlns(:\w+)?="[^"]*"', "", text)
        assert "https://" not in text
        assert re.search(r"\{\{|\}\}|\{%", text) is None
        assert all('alt="' in image for image in re.findall(r"<img[^>]*>", text))
        assert all('aria-label="' in drawing for drawing in re.findall(r"<svg[^>]*>", text))
        identifiers = re.findall(r'\bid="([^"]+)"', text)
        assert len(identifiers) == len(set(identifiers))
        links = re.findall(r'(?:href|xlink:href)="#([^"]+)"|url\(#([^)]+)\)', text)
        assert {a or b for a, b in links} <= set(identifiers)
        for link in re.findall(r'href="([^"#]+)"', text):
            assert (page.parent / link).exists(), link
        assert len(text) < 3_000_000


def test_the_page_shows_the_numbers_of_the_json(finished, results):
    text = (finished[0] / "reports" / "roar.html").read_text()
    for claim in results["claims"]:
        if claim["ci_low"] is not None:
            shown = f"{claim['ci_low']:.4f} to {claim['ci_high']:.4f}".replace("-", "\N{MINUS SIGN}")
            assert re.sub("\N{MINUS SIGN}(0.0000)", r"\1", shown) in text
    for row in table(results, "scores"):
        assert f"{abs(row['score']):.4f}" in text


def test_again_trains_nothing_and_an_eps_more_trains_only_what_is_new(finished):
    folder = finished[0]

    def artefacts():
        return {path.name: path.stat().st_mtime_ns for path in (folder / "artefacts").iterdir() if path.name[0] != "."}

    before = artefacts()
    plan = run("--experiment=roar", f"--output_dir={folder}", *TINY, "--plan").stdout
    assert re.search(r"3 networks \(3 stored\).*\b(\d+) retrainings \(\1 stored\)", plan, flags=re.DOTALL)
    again = run("--experiment=roar", f"--output_dir={folder}", *TINY)
    assert again.returncode == 0
    assert "training" not in again.stderr
    assert artefacts() == before

    more = [*TINY, "--l2_eps=0.25,0.5"]
    assert run("--experiment=roar", f"--output_dir={folder}", *more).returncode == 0
    after = artefacts()
    assert before.items() <= after.items()
    assert all("l2-eps-0.25" in name for name in set(after) - set(before))


def test_plan_trains_nothing_and_needs_no_tensorflow(tmp_path):
    code = (
        "import sys, runpy; sys.argv = ['main.py', '--preset=paper', '--plan', '--output_dir=out'];\n"
        "try: runpy.run_path({!r}, run_name='__main__')\n"
        "except SystemExit: pass\n"
        "assert 'tensorflow' not in sys.modules and 'keras' not in sys.modules"
    ).format(str(ROOT / "main.py"))
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stderr
    assert "81 networks (0 stored)" in result.stdout
    assert "\n    linf eps 0.04 cw\n" in result.stdout
    assert "10,000 optimiser steps each, 810,000 to do" in result.stdout
    assert "roar l2 eps 1.6 cw gradient_x_input: 10,30,50,70,90 % x 3 = 15 (0 stored)" in result.stdout


def test_flagfile(tmp_path):
    flagfile = tmp_path / "study.flags"
    flagfile.write_text("--percentiles=20,80\n--repeats=1\n--nocontrols\n")
    result = run(f"--flagfile={flagfile}", "--plan", f"--output_dir={tmp_path / 'out'}")
    assert "20,80 % x 1 = 2" in result.stdout
    assert "mask" not in result.stdout


@pytest.mark.parametrize(
    ("flag", "sentence"),
    [
        ("--experiment=moon", "--experiment: 'moon' is unknown"),
        ("--preset=huge", "--preset: 'huge' is unknown"),
        ("--datasets=svhn", "--datasets: 'svhn' is unknown"),
        ("--losses=hinge", "--losses: 'hinge' is not allowed"),
        ("--attributions=lime", "--attributions: 'lime' is unknown"),
        ("--l2_eps=0", "--l2_eps: 0.0 is not allowed"),
        ("--epochs=-1", "--epochs: -1 is not allowed"),
        ("--epochs=many", "--epochs: 'many' is not allowed; allowed: a whole number above 0."),
        ("--percentiles=0,50", "--percentiles: 0 is not allowed; allowed: whole numbers from 1 to 99"),
        ("--percentiles=10;50", "--percentiles: '10;50' is not allowed"),
        ("--linf_eps=0.1,,0.2", "--linf_eps: '' is not allowed; allowed: numbers above 0, separated by commas."),
        ("--train_size=4001", "--train_size: 4001 is more than the 4000 images there are"),
        ("--output_dir=/dev/null/out", "--output_dir: /dev/null/out cannot be written to"),
        ("--attributions=no.such:thing", "--attributions: 'no.such:thing' cannot be imported"),
        ("stray", "'stray' is not a flag"),
        ("--epoch=3", "Unknown command line flag 'epoch'"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_1(flag, sentence, tmp_path):
    result = run(flag, cwd=tmp_path)
    assert result.returncode == 1
    assert sentence in result.stderr
    assert "Traceback" not in result.stderr + result.stdout


def test_a_user_s_own_network_data_and_attribution(tmp_path):
    (tmp_path / "mine.py").write_text(
        """
import keras
import numpy as np
import tensorflow as tf
from experiments.data import Dataset

def network(width, seed, input_shape, classes):
    keras.utils.set_random_seed(seed)
    layers = [keras.Input(input_shape), keras.layers.Flatten(), keras.layers.Dense(classes)]
    return keras.Sequential(layers)

def data():
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 2, 160)
    images = rng.uniform(-0.5, 0.5, (160, 6, 5, 3)).astype("float32")
    images[:, :2] += np.where(labels, 0.4, -0.4)[:, None, None, None]
    return Dataset("<b>mine</b>", images[:100], labels[:100], images[100:], labels[100:], ("<i>low", "<i>high"))

def top_rows(model, images, rng):
    return tf.ones_like(images) * tf.reshape(tf.range(6, 0, -1.0), (1, 6, 1, 1))
"""
    )
    small = ["--l2_eps=0.3", "--linf_eps=", "--epochs=12", "--learning_rate=0.05", "--attack_steps=2", "--repeats=1"]
    result = run(
        "--datasets=mine:data",
        "--network=mine:network",
        "--attributions=gradient,mine:top_rows",
        "--percentiles=33,66",
        "--train_size=0",
        *small,
        cwd=tmp_path,
    )
    assert result.returncode == 0, result.stderr
    results = json.loads((tmp_path / "out" / "results" / "roar.json").read_text())
    scores = {
        (row["network"], row["attribution"], row["metric"]): row["score"]
        for row in table(results, "scores")
        if not row["blurred"]
    }
    # The two top rows alone carry the class: ranking them first is the best there is.
    assert scores["standard", "mine:top_rows", "roar"] > 0.1
    assert scores["standard", "mine:top_rows", "roar"] >= scores["standard", "gradient", "roar"] - 0.02
    text = (tmp_path / "out" / "reports" / "roar.html").read_text()
    assert "<i>" not in text
    assert "&lt;i&gt;" in text
