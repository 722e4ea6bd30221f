"""A network's key: everything that makes it, and nothing else."""

import dataclasses

import pytest

from experiments.data import Fingerprint, fingerprint, load_dataset
from experiments.networks.grid import STANDARD, networks
from experiments.networks.keys import network_key, retraining_seed, training_seed
from experiments.settings.presets import make_settings
from experiments.settings.studies import MOST_REPEATS

(STUDY,) = make_settings("roar", "quick").studies


def robust(study):
    """Trained at l2 eps 1."""
    return next(spec for spec in networks(study) if (spec.norm, spec.strength) == ("l2", 1.0))


def key_of(study, spec=None, run=0):
    data = fingerprint(study.dataset, study.train_size, study.test_size, study.seed, None, study.training_seeds)
    return network_key(study, data, spec or robust(study), run)


def negatives():
    data = load_dataset("mnist_5k")
    return dataclasses.replace(data, train_images=-data.train_images, test_images=-data.test_images)


CHANGES = {
    "width": 0.5,
    "epochs": 9,
    "batch_size": 50,
    "learning_rate": 0.1,
    "precision": "mixed_bfloat16",
    "seed": 5,
    "attack_steps": 3,
    "l2_step_size": 0.7,
    "train_size": 100,
    "network": "cifar_cnn",
    "dataset": "tests.experiments.networks.test_keys:negatives",
}


@pytest.mark.parametrize(("field", "value"), CHANGES.items(), ids=CHANGES)
def test_a_network_s_key_changes_with_everything_that_makes_it(field, value):
    changed = dataclasses.replace(STUDY, **{field: value})
    assert key_of(changed).folder != key_of(STUDY).folder
    assert key_of(changed).content != key_of(STUDY).content  # not by its name alone


def test_a_network_s_key_does_not_change_with_what_does_not_make_it():
    changed = dataclasses.replace(
        STUDY, l2_eps=(1.0, 3.0), percentiles=(20,), repeats=9, controls=False, robust_eps=2.0, test_size=100
    )
    assert key_of(changed) == key_of(STUDY)
    attack = dataclasses.replace(STUDY, attack_steps=99)
    assert key_of(attack, STANDARD) == key_of(STUDY, STANDARD)


@pytest.mark.parametrize("name", ["../../escape", "a/b", "-", "..", "<script>"])
def test_names_cannot_leave_the_folder(tmp_path, name):
    study = dataclasses.replace(STUDY, dataset=name)
    folder = network_key(study, Fingerprint(), STANDARD, 0).folder
    assert (tmp_path / folder).resolve().parent == tmp_path.resolve()


def test_trainings_repetitions_and_seeds_of_a_study_have_seeds_of_their_own():
    studies = [dataclasses.replace(STUDY, seed=seed) for seed in range(5)]
    retrainings = [
        retraining_seed(study, run, repeat) for study in studies for run in range(50) for repeat in range(MOST_REPEATS)
    ]
    trainings = [training_seed(study, run) for study in studies for run in range(50)]
    assert len(set(retrainings)) == len(retrainings)
    assert len(set(trainings)) == len(trainings)
    assert not set(retrainings) & set(trainings)


def test_a_training_has_a_key_of_its_own_and_the_first_one_the_study_s_seed():
    assert key_of(STUDY, run=1).folder != key_of(STUDY).folder
    assert key_of(STUDY, run=1).content != key_of(STUDY).content
    assert training_seed(STUDY, 0) == STUDY.seed
    more = dataclasses.replace(STUDY, training_seeds=9)
    assert key_of(more) == key_of(STUDY)


def test_stored_networks_keep_their_names():
    """A change to what they compute raises the format, and these with it."""
    assert [key_of(STUDY, spec).folder for spec in networks(STUDY)] == [
        "network-mnist_5k-standard-t0-fa42da43b48c",
        "network-mnist_5k-l2-eps-1-cross_entropy-t0-3c0fe13049ad",
        "network-mnist_5k-l2-eps-4-cross_entropy-t0-33dbde9a2e25",
        "network-mnist_5k-linf-eps-0.05-cross_entropy-t0-462086dd7474",
        "network-mnist_5k-linf-eps-0.2-cross_entropy-t0-640ba41807da",
    ]


def test_a_switch_is_part_of_the_key_once_it_is_on():
    (on,) = make_settings("roar", "quick", {"adversarial_random_start": True}).studies
    assert key_of(on).content != key_of(STUDY).content
    assert key_of(on).content["parameters"]["random_start"] is True


def test_the_teacher_is_part_of_the_student_s_key():
    def student(**options):
        training = ("adversarial", "interpretability_regulariser")
        (study,) = make_settings("roar", "quick", {"training": training, **options}).studies
        return key_of(study, next(spec for spec in networks(study) if spec.teacher))

    teacher = student().content["parameters"]["teacher"]
    assert (teacher["method"], teacher["parameters"]["eps"]) == ("adversarial", 4.0)
    assert student(l2_eps=(3.0,)).content != student().content
    assert student(attack_steps=3).content != student().content
    assert student(l2_eps=(2.0, 4.0)) == student()
