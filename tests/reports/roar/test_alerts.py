"""What is told of made-up retrainings in which something is wrong."""

import dataclasses

import numpy as np
import pytest

from experiments.networks.grid import STANDARD, networks
from experiments.scores.arms import Arm
from experiments.scores.study import ScoresStudy
from reports.evidence.overlap import overlap
from reports.roar.analysis import Scores
from reports.roar.section import SECTION
from tests.reports.as_values import as_values
from tests.reports.roar.made_up import LINF_STRONG, STUDY, N, draw_all, made_up, scores_of

RUNS = range(STUDY.training_seeds)
SHARED = "Every training uses all of the data set's training images: the intervals speak of these images."


def told_of(measured):
    found = scores_of(measured)
    return [sentence for part in SECTION.alerts for sentence in part(found)]


def test_a_sound_run_of_the_protocol_has_no_alert_but_the_step():
    study = ScoresStudy(dataset="cifar10", l2_eps=(2.5,), linf_eps=(0.04,))
    measured = made_up(study)
    measured.values["data"]["train_images"] = np.array(50000)
    assert told_of(measured) == [SHARED]
    (told,) = [text for text in told_of(made_up()) if "step exceeds its eps" in text]
    assert told.endswith("up to 2 times: l2 eps 1 cross_entropy.")


def test_a_precision_that_changes_robust_accuracy_is_told():
    study = dataclasses.replace(STUDY, precision="mixed_bfloat16")
    measured = made_up(study)
    for spec in networks(study):
        for run in RUNS:
            share = 0.5 if spec == STANDARD else 0.49
            measured.values["evaluation", spec, run]["pgd_float32"] = np.arange(N) < share * N
    told = [text for text in told_of(measured) if "--precision=float32" in text]
    assert len(told) == len(networks(study)) - 1
    assert told[0].endswith(
        "is 50.0% in mixed_bfloat16, but 49.0% when the attack runs in float32. Use --precision=float32."
    )


def test_what_is_wrong_is_said():
    study = dataclasses.replace(STUDY, training_seeds=1, training=("adversarial", "fast"))
    measured = made_up(study, other_random=0.1)
    robust = next(spec for spec in networks(study) if spec.method == "fast")
    measured.values["maps", Arm(robust, "gradient"), 0]["zero_images"] = np.array(0.25)
    measured.values["maps", Arm(STANDARD, "gradient_x_input"), 0]["likeness"] = np.full(N, 0.97)
    for spec in networks(study):  # another than one of one step withstands its own step and is no case of it
        measured.values["evaluation", spec, 0]["fgsm"] = np.arange(N) < 0.8 * N
    measured.values["evaluation", STANDARD, 0]["clean"] = np.arange(N) < 0.1 * N
    draw_all(measured.values, measured.study, Arm(LINF_STRONG, "gradient"), "mask", 0.95)
    text = "\n".join(told_of(measured))
    assert "Every network was trained once" in text
    assert f"{robust.name}: Gradient is exactly zero on 25.0%" in text
    assert f"{robust.name}: catastrophic overfitting, one step leaves 30 points more accuracy than PGD does" in text
    assert text.count("catastrophic overfitting") == sum(spec.method == "fast" for spec in networks(study))
    assert "standard: no better than chance" in text
    assert "Null test failed" in text
    assert "these are of mnist_5k, over 10, 50, 90 %. They are another quantity" in text
    assert "rank correlation 0.97; 50% of the pixels" in text
    assert f"{LINF_STRONG.name}, Gradient: with 10 % of the pixels the masks alone reach 9" in text


def test_a_partial_copy_of_a_data_set_is_named():
    measured = made_up(ScoresStudy(dataset="cifar10", l2_eps=(2.5,), linf_eps=(0.04,)))
    measured.values["data"]["train_images"] = np.array(20000)
    assert "This copy of cifar10 has 20,000 training images, the published one 50,000." in told_of(measured)


def test_one_training_that_failed_is_told():
    measured = made_up()
    measured.values["evaluation", LINF_STRONG, 1]["clean"] = np.arange(N) < 0.1 * N
    text = "\n".join(told_of(measured))
    assert f"{LINF_STRONG.name}: no better than chance on clean images in 1 of 3 trainings" in text
    assert "describe neither kind of training; the median clean accuracy is 90.0 %." in text
    assert "standard: no better than chance" not in text


@pytest.mark.parametrize(
    ("others", "size", "expected"),
    [
        (0.0, 2000, []),
        (0.25, 2000, ["Trainings share on average 25 % of their training images."]),
        (1.0, 0, [SHARED]),
        (1.0, 2000, [SHARED.replace("all of the data set's", "the same 2,000")]),
        (None, 2000, [SHARED.replace("all of the data set's", "the same 2,000")]),  # an older run's
    ],
)
def test_trainings_that_share_images_are_told(others, size, expected):
    values = as_values(made_up(dataclasses.replace(STUDY, train_size=size)), "scores", "roar")
    arrays = values.arrays.drop_vars("overlap", errors="ignore")
    if others is not None:
        shared = np.where(np.eye(3, dtype=bool), 1.0, others)
        arrays = arrays.assign(overlap=(("training", "other_training"), shared))
    assert list(overlap(Scores(dataclasses.replace(values, arrays=arrays)))) == expected


def test_one_training_shares_its_images_with_none():
    assert list(overlap(scores_of(made_up(dataclasses.replace(STUDY, training_seeds=1))))) == []
