"""Contracts of projected gradient descent: inside ball and box, strong, deterministic, one trace."""

import gc
import itertools
import weakref

import keras
import numpy as np
import pytest
import tensorflow as tf

from attacks import LOSSES, NORMS, ProjectedGradientDescent, attack_in_batches
from models.isolated import dtype_policy
from tests.attacks.test_norms import size

VARIANTS = list(itertools.product(NORMS, LOSSES, [False, True]))


def accuracy(model, x, y):
    return np.mean(model(x).numpy().argmax(axis=-1) == y)


@pytest.mark.parametrize(("norm", "loss", "random_start"), VARIANTS)
@pytest.mark.parametrize("eps", [0.2, 1.7])
def test_stays_in_ball_and_box_and_raises_the_loss(network, images, labels, norm, loss, random_start, eps):
    attack = ProjectedGradientDescent(
        norm=norm, eps=eps, step_size=eps / 4, steps=5, loss=loss, random_start=random_start
    )
    adversarial = attack(network, images, labels).numpy()
    assert (size(norm, adversarial - images) <= eps * (1 + 1e-5)).all()
    assert adversarial.min() >= -1
    assert adversarial.max() <= 1
    gain = LOSSES[loss](network(adversarial), labels) - LOSSES[loss](network(images), labels)
    assert np.mean(gain) > 0.01


def test_first_step_on_a_linear_network_is_known(linear_network):
    """Both logits are linear, so the steepest direction is the difference of the weight columns."""
    x = np.zeros((1, 4, 4, 1), np.float32)
    attack = ProjectedGradientDescent(norm="l2", eps=0.5, step_size=2.0, steps=1)
    weights = linear_network.get_weights()[0]
    direction = weights[:, 1] - weights[:, 0]
    expected = 0.5 * direction / np.linalg.norm(direction)
    np.testing.assert_allclose(attack(linear_network, x, [0]).numpy().ravel(), expected, atol=1e-6)


@pytest.mark.parametrize("norm", NORMS)
def test_strongest_perturbation_of_a_binary_linear_network(linear_network, norm):
    """-eps y sign(w) in linf, along w in l2, the largest coordinate alone in l1; the loss is known with it."""
    x, eps = np.full((1, 4, 4, 1), 0.1, np.float32), 0.4
    attack = ProjectedGradientDescent(norm=norm, eps=eps, step_size=0.1, steps=30)
    weights = linear_network.get_weights()[0]
    w = weights[:, 0] - weights[:, 1]  # the margin of class 0 is x . w
    found = (attack(linear_network, x, [0]) - x).numpy().ravel()
    largest = np.abs(w) == np.abs(w).max()
    expected, dual = {
        "linf": (-eps * np.sign(w), np.abs(w).sum()),
        "l2": (-eps * w / np.linalg.norm(w), np.linalg.norm(w)),
        "l1": (np.where(largest, -eps * np.sign(w), 0.0), np.abs(w).max()),
    }[norm]
    np.testing.assert_allclose(found, expected, atol=1e-5)
    loss = LOSSES["cross_entropy"](linear_network(x + found.reshape(x.shape)), [0])
    assert float(loss[0]) == pytest.approx(np.log1p(np.exp(-(x.ravel() @ w) + eps * dual)), rel=1e-5)


def test_l1_gives_what_bounds_leave_no_room_for_to_the_next_pixels(linear_network):
    """The ball is larger than the way of the largest pixel to its bound: as much goes to the next one."""
    x = np.zeros((1, 4, 4, 1), np.float32)
    weights = linear_network.get_weights()[0]
    w = weights[:, 0] - weights[:, 1]
    attack = ProjectedGradientDescent(norm="l1", eps=2.5, step_size=0.1, steps=60)
    found = attack(linear_network, x, [0]).numpy().ravel()
    first, second, third = np.argsort(-np.abs(w))[:3]
    expected = np.zeros(16)
    expected[[first, second, third]] = 1.0, 1.0, 0.5
    np.testing.assert_allclose(found, -np.sign(w) * expected, atol=1e-3)


def test_it_begins_with_the_perturbation_given(network, images, labels):
    """One step on a constant network, whose gradient is zero, moves nothing else."""
    constant = keras.models.clone_model(network)
    constant.set_weights([np.zeros_like(weight) for weight in network.get_weights()])
    attack = ProjectedGradientDescent(norm="linf", eps=0.5, step_size=0.1, steps=2, random_start=True)
    start = np.full_like(images, -0.01)
    np.testing.assert_allclose(attack(constant, images, labels, start=start), np.clip(images + start, -1, 1), atol=1e-6)
    assert np.abs(attack(constant, images, labels, seed=(1, 2)) - images).max() > 0.3


def test_a_given_start_is_where_the_first_gradient_is_taken_even_outside_of_the_box():
    """-(x + 1.05)^2 rises from the start, -1.1, and falls from the edge of the box: one step of 0.3 ends at -0.8."""
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(2, use_bias=False)])
    model.set_weights([np.array([[1.0, -1.0]])])
    attack = ProjectedGradientDescent(
        norm="linf", eps=1.0, step_size=0.3, steps=1, loss=lambda logits, _: -((logits[:, 0] + 1.05) ** 2)
    )
    np.testing.assert_allclose(attack(model, [[-1.0]], [0], start=[[-0.1]]), [[-0.8]], atol=1e-6)


@pytest.mark.parametrize("norm", ["l2", "linf"])
def test_in_float16_a_confident_network_is_attacked_as_in_float32(norm):
    """At a margin of 40 the cross-entropy's slope is 4e-18, which float16 rounds to 0."""

    def network(precision):
        with dtype_policy(precision):
            model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, use_bias=False)])
        model.set_weights([np.array([[40.0, 0, 0], [20.0, -20, 0], [-8.0, 8, 0], [1, 1, -1]], np.float32)])
        return model

    x, y = np.array([[0.5, 0.5, 0.25, 0.5], [1, 0, 0, 0]], np.float32), [0, 0]
    attack = ProjectedGradientDescent(norm=norm, eps=0.3, step_size=0.1, steps=5)
    exact, half = (attack(network(precision), x, y).numpy() for precision in ("float32", "mixed_float16"))
    assert (np.abs(exact - x).max(axis=1) > 0.05).all()
    np.testing.assert_allclose(half, exact, atol=5e-3)


@pytest.mark.parametrize("norm", NORMS)
def test_strength_orders(network, images, norm):
    """PGD is at least as strong as one step, one step as noise; a huge eps leaves nothing standing."""
    y = network(images).numpy().argmax(axis=-1)  # every image is classified "correctly" to start with

    def after(eps, steps):
        attack = ProjectedGradientDescent(norm=norm, eps=eps, step_size=2 * eps / steps, steps=steps)
        return accuracy(network, attack(network, images, y), y)

    eps = {"l2": 0.5, "linf": 0.08, "l1": 2.5}[norm]
    each = {"l2": eps / np.sqrt(64), "linf": eps, "l1": eps / 64}[norm]
    noise = np.clip(images + each * np.sign(np.random.default_rng(0).normal(size=images.shape)), -1, 1)
    assert after(eps, 20) <= after(eps, 1) <= accuracy(network, noise, y)
    assert after(2 * eps, 20) <= after(eps, 20)
    assert after(100.0, 40) == 0


def test_zero_gradient_leaves_the_image_alone(images, labels):
    constant = keras.Sequential([keras.Input((8, 8, 1)), keras.layers.Flatten(), keras.layers.Dense(3, "linear")])
    constant.set_weights([np.zeros((64, 3)), np.zeros(3)])
    for norm in NORMS:
        attack = ProjectedGradientDescent(norm=norm, eps=1.0, step_size=0.5, steps=3)
        np.testing.assert_array_equal(attack(constant, images, labels), images)


def test_attacks_share_one_trace_and_it_dies_with_the_network(network, images, labels):
    traces = 0
    inner = network.call

    def counted(*arguments, **options):
        nonlocal traces
        traces += not tf.executing_eagerly()
        return inner(*arguments, **options)

    network.call = counted
    for eps, steps in [(0.1, 2), (0.2, 3), (0.5, 7), (1.0, 4)]:
        attack = ProjectedGradientDescent(norm="l2", eps=eps, step_size=eps, steps=steps)
        attack(network, images[:12], labels[:12])
    assert traces == 1

    other = keras.models.clone_model(network)
    attack(other, images, labels)
    reference = weakref.ref(other)
    del other
    gc.collect()
    assert reference() is None


def test_moving_statistics_do_not_move(images, labels):
    model = keras.Sequential(
        [keras.Input((8, 8, 1)), keras.layers.BatchNormalization(), keras.layers.Flatten(), keras.layers.Dense(3)]
    )
    before = [variable.numpy() for variable in model.variables]
    ProjectedGradientDescent(norm="linf", eps=0.1, step_size=0.1, steps=3)(model, images, labels)
    for old, variable in zip(before, model.variables, strict=True):
        np.testing.assert_array_equal(variable, old)


def test_batches_give_what_the_whole_gives(network, images, labels):
    attack = ProjectedGradientDescent(norm="l2", eps=1.0, step_size=0.3, steps=5)
    whole = attack(network, images, labels)
    np.testing.assert_allclose(attack_in_batches(attack, network, images, labels, batch_size=5), whole, atol=1e-5)


def test_xla_gives_the_same_examples(network, images, labels):
    options = {"norm": "linf", "eps": 0.1, "step_size": 0.02, "steps": 5}
    plain = ProjectedGradientDescent(**options)(network, images, labels)
    compiled = ProjectedGradientDescent(**options, jit_compile=True)(network, images, labels)
    np.testing.assert_allclose(compiled, plain, atol=1e-5)


def test_no_step_computes_the_gradient_of_a_weight(network, images, labels):
    """A convolution's weights have a gradient operation of their own; nothing that is run may lead to it."""
    attack = ProjectedGradientDescent(norm="l2", eps=1.0, step_size=0.3, steps=2)
    graph = tf.function(lambda x, y: attack(network, x, y)).get_concrete_function(images, labels).graph
    (ascend,) = (f for f in graph.as_graph_def().library.function if "_inference_ascend" in f.signature.name)
    nodes = {node.name: node for node in ascend.node_def}
    wanted, operations = [*ascend.ret.values(), *ascend.control_ret.values()], set()
    while wanted:
        node = nodes.pop(wanted.pop().lstrip("^").split(":")[0], None)
        if node is not None:
            operations.add(node.op)
            wanted.extend(node.input)
    assert "Conv2DBackpropInput" in operations
    assert "Conv2DBackpropFilter" not in operations


def test_toy_data_without_bounds_may_leave_the_pixel_range():
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)])
    attack = ProjectedGradientDescent(norm="l2", eps=5.0, step_size=2.0, steps=5, bounds=None)
    points = attack(model, np.zeros((3, 2), np.float32), [0, 1, 0])
    np.testing.assert_allclose(size("l2", points), 5.0, rtol=1e-5)


def test_probabilities_are_refused(images, labels):
    layers = [keras.Input((8, 8, 1)), keras.layers.Flatten(), keras.layers.Dense(3, "softmax")]
    attack = ProjectedGradientDescent(norm="l2", eps=1.0, step_size=1.0, steps=1)
    with pytest.raises(ValueError, match="must return logits"):
        attack(keras.Sequential(layers), images, labels)


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("norm", "l0", "l2, linf, l1"),
        ("loss", "hinge", "cross_entropy, cw"),
        ("eps", 0.0, "above 0"),
        ("eps", float("nan"), "above 0"),
        ("step_size", -1.0, "above 0"),
        ("steps", 0, "at least 1"),
        ("bounds", (1.0, -1.0), "lowest < highest"),
    ],
)
def test_arguments_are_checked(name, value, allowed):
    arguments = {"norm": "l2", "eps": 1.0, "step_size": 1.0, "steps": 1, name: value}
    with pytest.raises(ValueError, match=f"{name} must be .*{allowed}"):
        ProjectedGradientDescent(**arguments)
