"""The command line from end to end, at the smallest scale that still means something."""

import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import html5lib
import pytest

from experiments import MEASUREMENTS, SECTIONS
from experiments.store.values import load, save
from reports import formats
from reports.evidence.claim import holm
from reports.evidence.registered import OF_THE_PAPER, PRIMARY
from reports.evidence.statistics import combined
from tests.command_line import ROOT, TINY, found, run

REGISTERED = [
    name
    for name, known in PRIMARY.items()
    if known.section == "3.2" and not name.endswith("gradient_x_input-this-image")  # of Gradient alone in this preset
]


@pytest.fixture(scope="module")
def manifold(tiny_run):
    return found(tiny_run[0], "manifold")


@pytest.fixture(scope="module")
def results(tiny_run):
    return found(tiny_run[0], "roar")


def test_it_ends_with_a_link_to_the_index(tiny_run):
    _, result = tiny_run
    (link,) = re.findall(r"file://(\S+)", result.stdout)
    assert Path(link).name == "index.html"
    assert Path(link).exists()
    assert "oneDNN" not in result.stderr


def test_scores_follow_from_the_accuracies_in_the_same_file(results):
    curves, scores = results["tables"]["curves"], results["tables"]["scores"]

    def accuracy(percent, occlusion, network, attribution):
        return next(
            r["accuracy"]
            for r in curves
            if (r["percent"], r["occlusion"], r["network"], r["attribution"], r["plain"])
            == (percent, occlusion, network, attribution, True)
        )

    for score in scores:
        if score["network"] is None or not score["plain"]:
            continue
        sign, occlusion = {"roar": (1, "remove"), "kar": (-1, "keep")}[score["metric"]]
        gaps = [
            accuracy(p, occlusion, None, "random") - accuracy(p, occlusion, score["network"], score["attribution"])
            for p in (30, 70)
        ]
        # trapezoids over 0, 0.3, 0.7, 1
        assert score["score"] == pytest.approx(sign * 0.35 * sum(gaps), abs=1e-9)
        assert score["score_low"] <= score["score"] <= score["score_high"]


def test_every_network_and_control_is_there(results):
    assert [row["network"] for row in results["tables"]["networks"]] == [
        "standard",
        "l2 eps 0.5 cross_entropy",
        "linf eps 0.1 cross_entropy",
    ]
    assert {row["occlusion"] for row in results["tables"]["curves"]} == {"remove", "keep", "mask"}
    assert {row["metric"] for row in results["tables"]["scores"]} == {"roar", "kar"}
    assert {row["network"] for row in results["tables"]["controls"]} == {
        "l2 eps 0.5 cross_entropy",
        "linf eps 0.1 cross_entropy",
    }
    identifiers = [claim["id"] for claim in results["claims"]]
    assert len(set(identifiers)) == len(identifiers)
    known = (
        "roar-l2-gradient",
        "masks-leak",
        "beyond-blur-linf-gradient",
        "chance-roar",
        "beyond-masks-kar-l2-gradient",
    )
    assert set(known) <= set(identifiers)
    assert {claim["id"] for claim in results["claims"] if claim["primary"]} == set(REGISTERED)
    verdicts = {claim["verdict"] for claim in results["claims"]}
    assert verdicts <= {"supported", "contradicted", "inconclusive", "not tested"}
    assert all((claim["verdict"] == "not tested") == bool(claim["reason"]) for claim in results["claims"])
    assert {row["trainings"] for row in results["tables"]["scores"]} == {2}
    assert {claim["n"] for claim in results["claims"] if claim["verdict"] != "not tested"} == {2}


def test_holm_s_correction_is_over_the_registered_claims_alone(results):
    primary = [claim for claim in results["claims"] if claim["primary"] and claim["verdict"] != "not tested"]
    elsewhere = [known for known in OF_THE_PAPER.values() if known.section not in ("2.2", "3.2")]
    again = holm([alone(claim) for claim in primary], family=len(REGISTERED) + len(elsewhere))
    assert [claim["p"] for claim in primary] == pytest.approx(again)
    others = [claim for claim in results["claims"] if not claim["primary"] and claim["p"] is not None]
    others = [claim for claim in others if not claim["own_test"]]
    assert others
    for claim in others:
        assert claim["p"] == pytest.approx(alone(claim))


def alone(claim):
    """The p of a claim before any correction."""
    return combined(tuple(claim["by_training"]), claim["image_error"]).p


def test_two_random_arms_differ_by_noise_alone(results):
    """The null test: the second random baseline's score has an interval that covers 0."""
    second = next(row for row in results["tables"]["scores"] if row["attribution"] == "random_2")
    assert [row["arm"] for row in results["tables"]["null"]] == ["random_2", "random_2"]
    assert second["score_low"] <= 0 <= second["score_high"]
    assert second["score_low"] < second["score_high"]


def test_provenance_names_command_commit_and_versions(results):
    provenance = results["provenance"]
    assert provenance["command"].startswith("python main.py --output_dir=")
    assert provenance["tensorflow"]
    assert provenance["commit"]


def test_experiments_share_their_networks(tiny_run):
    for trained in ("standard", "l2 eps 0.5 cross_entropy", "the VAE-GAN"):
        for number in (1, 2):
            assert tiny_run[1].stderr.count(f"mnist_5k: training {trained}, training {number}\n") == 1


def test_manifold_measures_every_arm(manifold):
    results = manifold
    rows = results["tables"]["distances"]
    assert [(row["attack_loss"], row["network"]) for row in rows[:3]] == [
        ("cross_entropy", "standard"),
        ("cross_entropy", "l2 eps 0.5 cross_entropy"),
        ("cross_entropy", "linf eps 0.1 cross_entropy"),
    ]
    assert len(rows) == 2 * 3 + 1
    for row in rows[:-1]:
        assert 2 < row["perturbation"] <= 6 + 1e-4  # three steps of length 2, clipped to ball and box
        assert 0 <= row["kept"] <= 1
        assert (row["trainings"], row["n_images"]) == (2, 60)
        if row["closer"] is not None:
            assert row["closer_low"] <= row["closer"] <= row["closer_high"]
    quality = [row["distance"] for row in results["tables"]["quality"]]
    assert len(quality) == 10  # clean, four sizes of noise, another image's projection, four controls
    grows = next(claim for claim in results["claims"] if claim["id"].endswith("noise-grows"))
    assert grows["measured"] == pytest.approx(quality[1] - quality[0], abs=1e-4)
    training = {row["metric"]: row["value"] for row in results["tables"]["training"]}
    assert training["reconstruction_l2"] > 0
    assert 0 <= training["accuracy_real"] <= 1
    alignments = [row["alignment"] for row in results["tables"]["gradients"]]
    assert all(0 < alignment < 1 for alignment in alignments)


def test_no_verdict_where_the_measure_fails_its_own_check(manifold):
    claims = manifold["claims"]
    grows = next(claim for claim in claims if claim["id"].endswith("noise-grows"))
    if grows["verdict"] != "supported":
        of_distances = [claim for claim in claims if claim is not grows and "gradients" not in claim["id"]]
        assert {claim["verdict"] for claim in of_distances} == {"not tested"}


def test_pages_are_valid_self_contained_html_with_alternative_texts(tiny_run):
    for page in (tiny_run[0] / "reports").glob("*.html"):
        text = page.read_text()
        html5lib.HTMLParser(strict=True).parse(text)
        assert "http://" not in text
        assert "https://" not in text
        assert re.search(r"\{\{|\}\}|\{%", text) is None
        assert all('alt="' in image for image in re.findall(r"<img[^>]*>", text))
        assert all('aria-label="' in drawing for drawing in re.findall(r"<svg[^>]*>", text))
        identifiers = re.findall(r'\bid="([^"]+)"', text)
        assert len(identifiers) == len(set(identifiers))
        links = re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', text)
        assert {a or b for a, b in links} <= set(identifiers)
        for link, anchor in re.findall(r'href="([^"#]+)#?([^"]*)"', text):
            assert (page.parent / link).exists(), link
            assert not anchor or f'id="{anchor}"' in (page.parent / link).read_text(), (link, anchor)
        assert len(text) < 3_000_000


def test_the_page_shows_the_numbers_of_the_json(tiny_run, results):
    text = (tiny_run[0] / "reports" / "roar.html").read_text()
    for claim in results["claims"]:
        if claim["ci_low"] is not None:
            digits = 4 if abs(claim["measured"]) < 1 else 2
            shown = f"{claim['ci_low']:.{digits}f} to {claim['ci_high']:.{digits}f}".replace("-", "\N{MINUS SIGN}")
            assert shown in text
    for row in results["tables"]["scores"]:
        assert f"{abs(row['score']):.4f}" in text
    assert "The dotted line" in text  # with controls


def all_values_but(*names):
    """What not to copy of an output folder, so that only the pages of these measurements are drawn."""
    return shutil.ignore_patterns(
        "reports", "results", *(f"{other}-*.nc" for other in MEASUREMENTS if other not in names)
    )


def test_again_trains_nothing_and_an_eps_more_trains_only_what_is_new(tiny_run, tmp_path):
    folder = shutil.copytree(tiny_run[0], tmp_path / "out", ignore=all_values_but("scores"))

    def artefacts():
        return {path.name: path.stat().st_mtime_ns for path in (folder / "artefacts").iterdir() if path.name[0] != "."}

    before = artefacts()
    plan = run("--experiment=roar", f"--output_dir={folder}", *TINY, "--plan").stdout
    counted = dict(re.findall(r"^    (\w.*): (\d+ \(\d+ stored\).*)$", plan, flags=re.MULTILINE))
    assert counted["networks"] == "6 (6 stored)"
    retrainings = [counts for kind, counts in counted.items() if kind.startswith("retrainings, ")]
    assert len(retrainings) == 3
    assert all(re.fullmatch(r"(\d+) \(\1 stored\)", counts) for counts in counted.values())
    again = run("--experiment=roar", f"--output_dir={folder}", *TINY)
    assert again.returncode == 0
    assert "training" not in again.stderr
    assert artefacts() == before

    more = [*TINY, "--l2_eps=0.25,0.5"]
    assert run("--experiment=roar", f"--output_dir={folder}", *more).returncode == 0
    after = artefacts()
    assert before.items() <= after.items()
    assert all("l2-eps-0.25" in name for name in set(after) - set(before))


def test_a_plan_says_that_it_cannot_tell_what_is_stored_of_images_not_read_yet(tiny_run, tmp_path):
    unread, tiny = "    (no run has loaded these images here yet", [*TINY, "--experiment=roar", "--plan"]
    assert unread not in run(f"--output_dir={tiny_run[0]}", *tiny).stdout
    assert unread in run(f"--output_dir={tiny_run[0]}", *tiny, "--test_size=30").stdout
    assert unread not in run(f"--output_dir={tmp_path}", *tiny).stdout


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
    # three trainings, 20 epochs of 50,000 images: 3 passes for the standard network, 83 for 80 attacked in 40 steps
    assert "\n    networks: 243 (0 stored), 19,929.0 million network passes to do\n" in result.stdout
    assert "\n      linf eps 0.04 cw, 83 passes an image x 3\n" in result.stdout
    removed = result.stdout.split("retrainings, pixels removed: ")[1].split("\n    retrainings, ")[0]
    # 81 networks and two attributions with their own ranks and two other images'; of the standard and both strongest
    # networks imputed pixels; three blurs of the standard one, one of both strongest; three random baselines, and one
    # with imputed pixels
    assert removed.startswith(f"{3 * 15 * (2 * (3 * 81 + 3 + 3 + 2) + 3 + 1)} (0 stored), ")
    assert "\n      l2 eps 1.6 cw gradient_x_input x 45\n" in removed


def test_flagfile(tmp_path):
    flagfile = tmp_path / "study.flags"
    flagfile.write_text("--percentiles=20,80\n--repeats=1\n--nocontrols\n")
    result = run(f"--flagfile={flagfile}", "--plan", f"--output_dir={tmp_path / 'out'}")
    assert result.returncode == 0, result.stderr
    assert "\n      standard gradient x 6\n" in result.stdout  # each percentage once in every training
    assert "mask" not in result.stdout
    assert "blurred" not in result.stdout


@pytest.mark.parametrize(
    ("flag", "sentence"),
    [
        ("--experiment=moon", "--experiment: 'moon' is unknown"),
        ("--preset=huge", "--preset: 'huge' is unknown"),
        ("--datasets=svhn", "--datasets: 'svhn' is unknown"),
        ("--losses=hinge", "--losses: 'hinge' is unknown"),
        ("--attributions=lime", "--attributions: 'lime' is unknown"),
        ("--l2_eps=0", "--l2_eps: 0.0 is not allowed"),
        ("--trades_eps=0,1", "--trades_eps: 0.0 is not allowed; allowed: a number above 0."),
        (
            "--training=interpretability_regulariser",
            "interpretability_regulariser learns from a network of adversarial",
        ),
        ("--epochs=-1", "--epochs: -1 is not allowed"),
        ("--epochs=many", "--epochs: 'many' is not allowed; allowed: a whole number above 0."),
        ("--percentiles=0,50", "--percentiles: 0 is not allowed; allowed: whole numbers from 1 to 99"),
        ("--percentiles=10;50", "--percentiles: '10;50' is not allowed"),
        ("--linf_eps=0.1,,0.2", "--linf_eps: '' is not allowed; allowed: a number above 0, separated by commas."),
        ("--train_size=4001", "--train_size: 4001 is more than the 4000 images there are"),
        ("--output_dir=/dev/null/out", "--output_dir: /dev/null/out cannot be written to"),
        ("--attributions=no.such:thing", "--attributions: 'no.such:thing' cannot be imported"),
        ("--jobs=0", "--jobs: 0 is not allowed; allowed: a whole number above 0."),
        ("--jobs=two", "--jobs: 'two' is not allowed; allowed: a whole number above 0."),
        ("--toy_seeds=1", "--toy_seeds: 1 is not allowed; allowed: a whole number, 2 or more."),
        ("--toy_eps=0.1,0.1", "--toy_eps: 0.1,0.1 names an entry twice."),
        ("--report_only", "--report_only: nothing is stored in out"),
        ("--compare=nowhere", "--compare: nowhere holds no values; name the --output_dir of a finished run."),
        ("stray", "'stray' is not a flag"),
        ("--epoch=3", "Unknown command line flag 'epoch'"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_1(flag, sentence, tmp_path):
    result = run("--experiment=roar", flag, cwd=tmp_path)
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
    small = ["--l2_eps=0.3", "--linf_eps=", "--epochs=12", "--learning_rate=0.05", "--attack_steps=2", "--apgd_steps=2"]
    small += ["--training_seeds=2", "--repeats=1"]
    result = run(
        "--experiment=roar",
        "--datasets=mine:data",
        "--network=mine:network",
        "--attributions=gradient,mine:top_rows",
        "--percentiles=33,66",
        "--train_size=0",
        "--tensorboard",
        *small,
        cwd=tmp_path,
    )
    assert result.returncode == 0, result.stderr
    results = found(tmp_path / "out", "roar")
    scores = {
        (row["network"], row["attribution"], row["metric"]): row["score"]
        for row in results["tables"]["scores"]
        if not row["blur"]
    }
    # The two top rows alone carry the class: ranking them first is the best there is.
    assert scores["standard", "mine:top_rows", "roar"] > 0.1
    assert scores["standard", "mine:top_rows", "roar"] >= scores["standard", "gradient", "roar"] - 0.02
    text = (tmp_path / "out" / "reports" / "roar.html").read_text()
    html5lib.HTMLParser(strict=True).parse(text)
    assert "<i>" not in text
    assert "&lt;i&gt;" in text
    logs = {path.relative_to(tmp_path / "out" / "tensorboard").parts[0] for path in tmp_path.glob("out/**/*tfevents*")}
    assert logs == {path.name for path in (tmp_path / "out" / "artefacts").glob("network-*")}


def test_boundary_and_trade_off_measure_every_network(tiny_run):
    strengths = found(tiny_run[0], "boundary")["tables"]["strengths"]
    assert [row["eps"] for row in strengths] == [0.0, 0.1, 0.25, 0.5]
    assert all(row["tilt_low"] <= row["tilt"] <= row["tilt_high"] for row in strengths)
    roar, tradeoff = (found(tiny_run[0], section) for section in ("roar", "tradeoff"))
    scores = {
        (row["network"], row["metric"], row["attribution"]): row["score"]
        for row in roar["tables"]["scores"]
        if row["network"] and row["plain"]
    }
    points = tradeoff["tables"]["points"]
    assert {(row["network"], row["metric"], row["attribution"]): row["score"] for row in points} == scores
    accuracies = {row["network"]: row["clean_accuracy"] for row in roar["tables"]["networks"]}
    assert {row["network"]: row["accuracy"] for row in points} == accuracies


def test_figures_and_tables_are_there_as_files(tiny_run):
    reports = tiny_run[0] / "reports"
    drawings = list((reports / "figures").iterdir())
    assert len(drawings) > 20
    assert {drawing.suffix for drawing in drawings} == {".svg"}
    assert not any("var(--" in drawing.read_text() for drawing in drawings)
    tables = {path.name for path in (reports / "tables").iterdir()}
    assert {"roar-mnist-5k-scores.csv", "roar-mnist-5k-scores.tex", "manifold-mnist-5k-densities.csv"} <= tables
    rows = (reports / "tables" / "tradeoff-mnist-5k-points.csv").read_text().splitlines()
    assert len(rows) == 1 + len(found(tiny_run[0], "tradeoff")["tables"]["points"])


def test_report_only_computes_nothing(tiny_run):
    folder = tiny_run[0]
    before = {path: path.stat().st_mtime_ns for path in (folder / "values").iterdir()}
    (folder / "reports" / "index.html").unlink()
    result = run("--report_only", "--figure_files=svg", f"--output_dir={folder}")  # no other flag of the run is needed
    assert result.returncode == 0, result.stderr
    assert (folder / "reports" / "index.html").exists()
    assert {path: path.stat().st_mtime_ns for path in (folder / "values").iterdir()} == before


def test_values_alone_give_the_same_claims_and_pages(tiny_run, tmp_path):
    """What is published can be judged and drawn again by anybody: no artefact, no image, no network is needed."""
    shutil.copytree(tiny_run[0] / "values", tmp_path / "values")
    result = run("--report_only", "--figure_files=svg", f"--output_dir={tmp_path}", *TINY)
    assert result.returncode == 0, result.stderr
    for name in ("results/claims.csv", *(f"reports/{section}.html" for section in SECTIONS)):
        assert (tmp_path / name).read_text() == (tiny_run[0] / name).read_text(), name


def test_values_of_other_settings_are_refused(tiny_run):
    result = run("--report_only", f"--output_dir={tiny_run[0]}", "--epochs=7")
    assert result.returncode == 1
    assert f"--epochs: {tiny_run[0]}/values/scores-mnist_5k.nc was measured with 2, not 7; leave the" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_damaged_file_of_values_is_named_and_the_other_pages_are_drawn(tiny_run, tmp_path):
    shutil.copytree(tiny_run[0] / "values", tmp_path / "values")
    damaged = tmp_path / "values" / "manifold-mnist_5k.nc"
    damaged.write_bytes(damaged.read_bytes()[:-100])
    result = run("--report_only", "--figure_files=", f"--output_dir={tmp_path}")
    assert result.returncode == 1
    assert result.stderr.startswith(f"{damaged} cannot be used (it is not as it was written")
    assert len(result.stderr.splitlines()) == 1
    assert {page.stem for page in (tmp_path / "reports").glob("*.html")} == {*SECTIONS, "index"} - {"manifold"}


def test_a_run_without_some_cells_says_what_is_missing(tiny_run, tmp_path):
    """As after an interruption: no values yet, some artefacts."""
    folder = tmp_path / "out"
    shutil.copytree(tiny_run[0], folder, ignore=shutil.ignore_patterns("reports", "results", "values"))
    for lost in (
        "remove-mnist_5k-linf-eps-0.1-cross_entropy-gradient-30*",
        "boundary-two_gaussians-eps-0.5*",
        "attack-mnist_5k-l2*cw*",
    ):
        for artefact in (folder / "artefacts").glob(lost):
            shutil.rmtree(artefact)
    result = run("--report_only", f"--output_dir={folder}", *TINY)
    assert result.returncode == 0, result.stderr
    results = {section: found(folder, section) for section in SECTIONS}
    assert len(results["roar"]["missing"]) == 2
    networks = [row["network"] for row in results["roar"]["tables"]["networks"]]
    assert networks == ["standard", "l2 eps 0.5 cross_entropy"]
    assert [row["eps"] for row in results["boundary"]["tables"]["strengths"]] == [0.0, 0.1, 0.25]
    verdicts = {claim["id"]: claim["verdict"] for claim in results["boundary"]["claims"]}
    assert (verdicts["tilt-further-removed"], verdicts["lands"]) == ("not tested", "not tested")
    assert "boundary-no-tilt-left" not in verdicts
    assert {row["network"] for row in results["manifold"]["tables"]["gradients"]} == {
        "standard",
        "linf eps 0.1 cross_entropy",
    }
    page = (folder / "reports" / "roar.html").read_text()
    assert "2 parts of this run are missing" in page
    assert "remove-mnist_5k-linf-eps-0.1-cross_entropy-gradient-30-t1-r0" in page
    assert f"--output_dir={folder} --train_size=120" in page
    assert "--report_only" not in page.split("This command makes them")[1].split("</p>")[0]


def test_comparing_puts_another_run_s_numbers_beside_this_one_s(tiny_run, tmp_path):
    other = tmp_path / "<b>other</b>"
    other.mkdir(parents=True)
    theirs = load(tiny_run[0] / "values" / "boundary-two_gaussians.nc")
    farther = theirs.arrays.assign(tilt=theirs.arrays.tilt + 1)
    save(replace(theirs, settings={**theirs.settings, "seed": 7}, arrays=farther), other)
    shutil.copytree(tiny_run[0] / "values", tmp_path / "values", ignore=all_values_but("boundary", "scores"))
    result = run("--report_only", "--figure_files=", f"--output_dir={tmp_path}", f"--compare={other}")
    assert result.returncode == 0, result.stderr
    page = (tmp_path / "reports" / "boundary.html").read_text()
    tilt = next(claim for claim in found(tmp_path, "boundary")["claims"] if claim["id"] == "tilt")["measured"]
    for measured in (tilt, tilt + 1):
        assert formats.signed(measured, formats.effect_digits(measured)) in page
    assert "two_gaussians: --seed is 7 there, 0 here" in page
    assert "6 trainings" in page  # pooled: three seeds each
    assert "<b>other" not in page
    assert "It holds no values of this section." in (tmp_path / "reports" / "roar.html").read_text()
