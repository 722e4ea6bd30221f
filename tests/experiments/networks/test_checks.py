"""What is wrong with a user's own function is said in a sentence, before anything is trained."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from attacks import ProjectedGradientDescent
from experiments.data import load_dataset
from experiments.errors import UsageError
from experiments.networks.building import build_network
from experiments.networks.checks import check_own_functions
from experiments.settings.presets import make_settings
from tests.command_line import TINY, run
from tests.experiments.networks import own_networks
from training import Method

OWN = __name__


# Functions as a user may write them.


def good(model, images, rng):
    return rng.normal(size=images.shape)


def not_finite(model, images, rng):
    maps = np.ones(images.shape)
    maps[:, 0, 0] = np.nan
    return maps


def of_another_shape(model, images, rng):
    return np.ones(images.shape[:-1])


def words(model, images, rng):
    return "a map"


def from_the_clock(model, images, rng):
    return np.random.default_rng().normal(size=images.shape)


def broken(model, images, rng):
    return images[:, 40]


def one_number(given):
    return 0.5


def infinite(given):
    return np.full(len(given.images), np.inf)


def nothing_known(given):
    return np.full(len(given.images), np.nan)


def made_anew(given):
    return np.abs(given.explain(-given.images) - given.maps).mean(axis=(1, 2, 3))


class retrained:  # noqa: N801  as its flag names it
    """A measure of retrained networks, with what it declares."""

    RETRAININGS = ("remove",)
    SCORES = {"drop": "Drop"}  # noqa: RUF012

    def __new__(cls, given):
        return {"drop": given.random["remove"].mean(axis=1) - given.retrained["remove"].mean(axis=1)}


class without_scores(retrained):  # noqa: N801
    RETRAININGS = ("remove",)

    def __new__(cls, given):
        return given.retrained["remove"].mean(axis=1)


def mean_loss(logits, labels):
    return tf.reduce_mean(logits)


class StrongerThanAllowed(ProjectedGradientDescent):
    PARAMETERS = {"step_size": {"default": 0.5}, "steps": {"default": 2}}  # noqa: RUF012

    def __call__(self, model, images, labels, seed=(0, 0)):
        return tf.clip_by_value(tf.convert_to_tensor(images) + 0.5, -1, 1)


class OutOfRange(ProjectedGradientDescent):
    PARAMETERS = {"step_size": {"default": 0.5}, "steps": {"default": 2}}  # noqa: RUF012

    def __call__(self, model, images, labels, seed=(0, 0)):
        return tf.convert_to_tensor(images) * 1.01


class AsItIs(Method):
    """Standard training."""


class Remembering(Method):
    """Adds noise of a generator that a backup does not hold."""

    def __init__(self):
        self.generator = keras.random.SeedGenerator(0)

    def prepare(self, network, images, labels, seed):
        return images + keras.random.normal(images.shape, seed=self.generator)


class LossAlone(Method):
    def loss(self, network, images, labels, prepared, objective):
        return objective(images, labels, network(images, training=True))


class Unmoved(Method):
    def loss(self, network, images, labels, prepared, objective):
        return tf.constant(1.0), network(images, training=True)


class Divergent(Method):
    def loss(self, network, images, labels, prepared, objective):
        logits = network(images, training=True)
        return tf.math.log(-objective(images, labels, logits)), logits


@pytest.fixture(scope="module")
def data():
    return load_dataset("mnist_5k", 20, 20)


def check(data, **options):
    study = make_settings("roar", "quick", {"width": 0.06, **options}).studies[0]
    check_own_functions(study, data, build_network(study, data, 0))


def test_a_good_function_passes(data):
    check(data, attributions=("gradient", f"{OWN}:good"))


def test_a_measure_of_retrained_networks_is_tried_on_made_up_ones(data):
    check(data, measures=("roar", f"{OWN}:retrained"))


def test_a_measure_may_make_maps_anew(data):
    check(data, measures=("roar", f"{OWN}:made_anew"))


@pytest.mark.parametrize(
    ("flag", "function", "told"),
    [
        ("attributions", "not_finite", r"finite numbers\. Received: \d+ of \d+ that are not"),
        ("attributions", "of_another_shape", r"shape \(8, 28, 28, 1\)\. Received: \(8, 28, 28\)"),
        ("attributions", "words", r"shape \(8, 28, 28, 1\)\. Received: str"),
        ("attributions", "from_the_clock", "two different results"),
        ("attributions", "broken", r"failed with InvalidArgumentError[^\n]*\n  .*test_checks\.py, line \d+, in broken"),
        ("measures", "one_number", r"shape \(8,\)\. Received: \(\)"),
        ("measures", "infinite", r"finite numbers, or NaN"),
        ("measures", "nothing_known", "no finite number for any of 8 images"),
        (
            "measures",
            "without_scores",
            r"ndarray came; expected is a value for each of its SCORES, \['without_scores'\]",
        ),
        ("losses", "mean_loss", r"shape \(\) of float32 came; expected is one finite number per image"),
        ("robust_attacks", "StrongerThanAllowed", r"a perturbation of l2 size .* came; with eps 0\.5"),
        ("robust_attacks", "OutOfRange", r"pixels up to 1\.01 came; they must stay in \[-1, 1\]"),
        ("training", "LossAlone", r"must return \(loss, logits\)"),
        ("training", "Unmoved", "does not depend on the network's weights"),
        ("training", "Remembering", "a method keeps nothing from one step to the next"),
        ("training", "Divergent", "a finite number as its loss"),
    ],
)
def test_a_bad_function_is_named_with_what_came(data, flag, function, told):
    listed = ("roar",) if flag == "measures" else ()
    with pytest.raises(UsageError, match=told) as raised:
        check(data, **{flag: (*listed, f"{OWN}:{function}")})
    assert str(raised.value).startswith(f"--{flag}: {OWN}:{function} ")


@pytest.mark.parametrize("name", own_networks.WITH_STATE)
def test_a_network_with_state_passes_and_so_does_a_method_that_trains_it(data, name):
    check(data, network=f"{own_networks.__name__}:{name}", training=("adversarial", f"{OWN}:AsItIs"))


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("from_the_clock", "two different networks for the same seed"),
        ("shared_body", "networks that share variables, .*; make every layer and seed generator anew in each call"),
        ("kept", "networks that share variables"),
        ("frozen", "a network without weights to train"),
        (
            "keras_s_own_generator",
            "two different answers from the same weights with training=True; give each random layer a keras.random",
        ),
        ("tensorflow_s", "two different answers from the same weights with training=True"),
        ("numpy_s", "two different answers from the same weights with training=True"),
        ("never_at_rest", "two different answers to the same images with training=False"),
    ],
)
def test_a_network_whose_training_cannot_be_repeated_is_refused(data, name, told):
    with pytest.raises(UsageError, match=f"^--network: {own_networks.__name__}:{name} gave .*{told}"):
        check(data, network=f"{own_networks.__name__}:{name}")


def test_the_command_ends_before_anything_is_trained(tmp_path):
    (tmp_path / "mine.py").write_text("def maps(model, images, rng):\n    return images * float('nan')\n")
    result = run(f"--output_dir={tmp_path}/out", *TINY, "--experiment=roar", "--attributions=mine:maps", cwd=tmp_path)
    assert result.returncode == 1
    assert "--attributions: mine:maps does not give what is expected: maps must return finite numbers" in result.stderr
    assert "Traceback" not in result.stderr
    assert "training" not in result.stderr
    assert not list((tmp_path / "out" / "artefacts").glob("network*"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "def data():\n    return 3\n",
            "--datasets: mine:data must return an experiments.data.Dataset, it returned int.",
        ),
        ("def data():\n    return [][1]\n", "--datasets: mine:data failed with IndexError: list index out of range"),
        ("def data(:\n", "--datasets: mine:data failed with SyntaxError: invalid syntax"),
        ("nothing\n", "--datasets: mine:data failed with NameError: name 'nothing' is not defined"),
        ("def other():\n    pass\n", "--datasets: 'mine:data' cannot be imported"),
    ],
)
def test_a_data_function_that_gives_no_data_set(tmp_path, text, told):
    (tmp_path / "mine.py").write_text(text)
    result = run(f"--output_dir={tmp_path}/out", "--experiment=roar", "--datasets=mine:data", cwd=tmp_path)
    assert result.returncode == 1
    assert told in result.stderr
    assert "Traceback" not in result.stderr
