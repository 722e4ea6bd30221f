"""Tries every function of the user's own on a first small batch, before anything is trained."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from attacks import attack_in_batches
from experiments import catalogue
from experiments.data import Dataset
from experiments.errors import UsageError
from experiments.networks.building import build_network
from experiments.networks.grid import networks
from experiments.networks.networks import method_of
from experiments.networks.state import set_state, state_of
from experiments.own_code import own_code
from experiments.settings.studies import ImageStudy, arguments

BATCH = 8
EPS = 0.5


def check_own_functions(study: ImageStudy, data: Dataset, network: keras.Model, manifold: Any = None) -> None:
    """Runs each function that the study names as `module:function` twice on a few images.

    Args:
        study: names the functions.
        data: gives the images.
        network: untrained, of the study's architecture.
        manifold: an untrained one, where the study's measures need it.

    Raises:
        UsageError: a function fails, or gives something else than is expected, or something else the second time;
            the message names the flag, the function, what came and what is expected.
    """
    images, labels = data.test_images[:BATCH], data.test_labels[:BATCH]
    if not catalogue.is_built_in(study.network):
        _check_network(study, data, images)
    for flag, name in study.chosen():
        if not catalogue.is_built_in(name) and flag in _CHECKS:
            with own_code(flag, name):
                extra = (manifold,) if flag == "measures" else ()
                first, second = (_CHECKS[flag](study, name, network, images, labels, *extra) for _ in range(2))
            if not np.array_equal(first, second, equal_nan=True):
                raise UsageError(
                    f"--{flag}: {name} gave two different results for the same images, labels and seed; take random "
                    "numbers from what it is given alone."
                )


def _check_network(study: ImageStudy, data: Dataset, images: np.ndarray) -> None:
    """Whether two of one seed start alike, and whether one put back to its start answers as it did before.

    Random numbers of NumPy, of TensorFlow or of Keras's global generator would make a training another one whenever
    something else has drawn before it.
    """
    network, again = (build_network(study, data, study.seed) for _ in range(2))
    start, own = state_of(network), {id(variable) for variable in network.variables}
    if any(id(variable) in own for variable in again.variables):
        raise UsageError(
            f"--network: {study.network} gave two networks that share variables, so that what one learns changes the "
            "other; make every layer and seed generator anew in each call."
        )
    if not network.trainable_variables:
        raise UsageError(f"--network: {study.network} gave a network without weights to train.")
    if not all(map(np.array_equal, start, state_of(again))):
        raise UsageError(
            f"--network: {study.network} gave two different networks for the same seed; take random numbers from the "
            "seed alone."
        )
    answers = []
    for _ in range(2):
        set_state(network, start)
        with own_code("network", study.network):
            answers.append([np.asarray(network(images, training=mode)) for mode in (False, False, True, False)])
    if not _equal(answers[0][0], answers[0][1]):
        raise UsageError(
            f"--network: {study.network} gave two different answers to the same images with training=False; what is "
            "random in it must rest then."
        )
    if not all(map(_equal, *answers)):
        raise UsageError(
            f"--network: {study.network} gave two different answers from the same weights with training=True; give "
            "each random layer a keras.random.SeedGenerator as an attribute, and each variable by add_weight."
        )


def _equal(one: np.ndarray, other: np.ndarray) -> bool:
    """But for rounding: some of a GPU's kernels add in another order each time."""
    return np.allclose(one.astype(np.float32), other.astype(np.float32), rtol=1e-3, atol=1e-5, equal_nan=True)


def _attribution(study, name, network, images, labels) -> np.ndarray:
    from attributions import explain

    method = catalogue.find("attributions", name)
    return explain(method, network, images, seed=study.seed, **arguments(study, "attributions", name))


def try_measure(study, name, network, images, labels, manifold=None) -> np.ndarray:
    """What a measure gives for a few images; of one that needs retrainings, for made-up ones."""
    from attributions import explain
    from measures import measure

    if "RETRAININGS" in catalogue.entry("measures", name).declared:
        return _retrained_measure(study, name, images)

    function, by_gradient = catalogue.find("measures", name), partial(explain, "gradient")
    known = {**arguments(study, "measures", name), "explain": by_gradient, "manifold": manifold}
    values = measure(function, network, images, labels, by_gradient(network, images), seed=study.seed, **known)
    if not np.isfinite(values).any():
        raise ValueError(f"{name} gave no finite number for any of {len(images)} images")
    return values


def _retrained_measure(study, name, images) -> np.ndarray:
    """Its scores of made-up retrainings."""
    from measures import Given

    declared, rng = catalogue.entry("measures", name).declared, np.random.default_rng(study.seed)
    shape = (2, len(study.percentiles), len(images))
    series = [{kind: rng.random(shape) < 0.5 for kind in declared["RETRAININGS"]} for _ in range(2)]
    given = Given(retrained=series[0], random=series[1], percentiles=study.percentiles)
    found, titles = catalogue.find("measures", name)(given), declared.get("SCORES", [name.rpartition(":")[2]])
    if not isinstance(found, Mapping) or set(found) != set(titles):
        came = sorted(found) if isinstance(found, Mapping) else type(found).__name__
        raise ValueError(f"{came} came; expected is a value for each of its SCORES, {sorted(titles)}")
    for values in found.values():
        _expect(np.asarray(values), (2, len(images)), "one finite number per repetition and image")
    return np.stack([found[score] for score in titles])


def _loss(study, name, network, images, labels) -> np.ndarray:
    values = np.asarray(catalogue.find("losses", name)(network(images, training=False), tf.constant(labels)))
    _expect(values, (len(images),), "one finite number per image")
    return values


def _attack(study, name, network, images, labels) -> np.ndarray:
    known = arguments(study, "robust_attacks", name)
    attack = catalogue.find("robust_attacks", name)(norm="l2", eps=EPS, jit_compile=False, **known)
    adversarial = attack_in_batches(attack, network, images, labels)
    _expect(adversarial, images.shape, "finite images of the shape it was given")
    if np.abs(adversarial).max() > 1 + 1e-5:
        raise ValueError(f"pixels up to {np.abs(adversarial).max():.3g} came; they must stay in [-1, 1]")
    size = np.linalg.norm((adversarial - images).reshape(len(images), -1), axis=1).max()
    if size > EPS * 1.001:
        raise ValueError(f"a perturbation of l2 size {size:.3g} came; with eps {EPS:g} none may be larger")
    return adversarial


def _training(study, name, network, images, labels) -> np.ndarray:
    """Logits of one batch by the first network's method of that name; the network is left as it was."""
    spec = next(spec for spec in networks(study) if spec.method == name)
    method, seed, start = method_of(spec, teacher=network), tf.constant([study.seed, 0]), state_of(network)
    answers = []
    for _ in range(2):
        answers.append(_step(method, seed, network, tf.constant(images), tf.constant(labels)))
        set_state(network, start)
    if not np.array_equal(answers[0], answers[1]):
        raise ValueError(
            "it gave two different results for the same batch and seed; a method keeps nothing from one step to the "
            "next, since a resumed training would not have it"
        )
    return answers[0]


def _step(method, seed, network, images, labels) -> np.ndarray:
    """Logits of one step; the weights stay as they are."""
    prepared = tf.nest.map_structure(tf.stop_gradient, method.prepare(network, images, labels, seed))
    with tf.GradientTape() as tape:
        found = method.loss(network, images, labels, prepared, _cross_entropy())
        if not isinstance(found, tuple) or len(found) != 2:
            raise TypeError(f"loss must return (loss, logits), it returned {type(found).__name__}")
        loss, logits = found
    _expect(np.asarray(loss), (), "a finite number as its loss")
    _expect(np.asarray(logits), (len(images), network.output_shape[-1]), "finite logits beside its loss")
    gradients = tape.gradient(loss, network.trainable_variables)
    if all(gradient is None for gradient in gradients):
        raise ValueError("the loss does not depend on the network's weights")
    return np.asarray(logits)


def _cross_entropy() -> Callable:
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    return lambda images, labels, logits: loss(labels, logits)


def _expect(values: np.ndarray, shape: tuple[int, ...], what: str) -> None:
    if values.shape != shape or not np.issubdtype(values.dtype, np.number) or not np.isfinite(values).all():
        came = f"shape {values.shape} of {values.dtype}"
        finite = "" if values.shape != shape else ", not all finite"
        raise ValueError(f"{came}{finite} came; expected is {what}, shape {shape}")


_CHECKS: dict[str, Callable[..., np.ndarray]] = {
    "attributions": _attribution,
    "measures": try_measure,
    "losses": _loss,
    "robust_attacks": _attack,
    "training": _training,
}
