"""Contracts of APGD: inside ball and box, at least as strong as PGD, and what an independent implementation finds."""

import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf

from attacks import APGD, LOSSES, NORMS, ProjectedGradientDescent, dlr
from attacks.apgd import checkpoints_of
from tests.attacks.test_norms import size

EPS = {"l2": 0.8, "linf": 0.1}


def values(network, loss, images, labels):
    return LOSSES[loss](network(images), labels).numpy()


@pytest.mark.parametrize(("norm", "loss"), itertools.product(EPS, ("cross_entropy", "dlr", "cw")))
@pytest.mark.parametrize("eps", [0.2, 1.7])
def test_stays_in_ball_and_box_and_raises_the_loss(network, images, labels, norm, loss, eps):
    adversarial = APGD(norm=norm, eps=eps, steps=8, losses=(loss,))(network, images, labels).numpy()
    assert (size(norm, adversarial - images) <= eps * (1 + 1e-5)).all()
    assert adversarial.min() >= -1
    assert adversarial.max() <= 1
    gain = values(network, loss, adversarial, labels) - values(network, loss, images, labels)
    assert np.mean(gain) > 0.01


@pytest.mark.parametrize("norm", EPS)
@pytest.mark.parametrize("steps", [5, 20])
def test_never_fools_less_than_pgd_of_as_many_steps(network, images, norm, steps):
    y = network(images).numpy().argmax(axis=-1)  # every image is classified "correctly" to start with
    for eps in (0.3 * EPS[norm], 0.6 * EPS[norm], EPS[norm]):
        pgd = ProjectedGradientDescent(norm=norm, eps=eps, step_size=2 * eps / steps, steps=steps)
        standing, ours = (
            (network(attack(network, images, y)).numpy().argmax(axis=-1) == y).sum()
            for attack in (pgd, APGD(norm=norm, eps=eps, steps=steps))
        )
        assert ours <= standing


@pytest.mark.parametrize("norm", EPS)
def test_its_loss_is_at_least_pgd_s_after_many_steps(network, images, labels, norm):
    wrong_already = network(images).numpy().argmax(axis=-1) != labels  # such an image is not attacked to the end
    eps = 0.3 * EPS[norm]
    pgd = ProjectedGradientDescent(norm=norm, eps=eps, step_size=eps / 10, steps=50)(network, images, labels)
    ours = APGD(norm=norm, eps=eps, steps=50, losses=("cross_entropy",))(network, images, labels)
    standing = ~wrong_already & (network(ours).numpy().argmax(axis=-1) == labels)
    assert standing.any()
    gap = values(network, "cross_entropy", ours, labels) - values(network, "cross_entropy", pgd, labels)
    assert gap[standing].min() > -1e-3


def test_more_losses_and_restarts_never_fool_less(network, images):
    y = network(images).numpy().argmax(axis=-1)

    def standing(**options):
        adversarial = APGD(norm="linf", eps=0.03, steps=4, **options)(network, images, y)
        return network(adversarial).numpy().argmax(axis=-1) == y

    one = standing(losses=("cross_entropy",))
    assert not (standing(losses=("cross_entropy", "dlr")) & ~one).any()
    assert not (standing(losses=("cross_entropy",), restarts=3) & ~one).any()


def test_a_wrong_image_that_was_seen_is_returned_whatever_its_loss(network, images, labels):
    """An image that is misclassified to start with must come back misclassified."""
    wrong = network(images).numpy().argmax(axis=-1) != labels
    assert wrong.any()
    for norm in EPS:
        adversarial = APGD(norm=norm, eps=0.01, steps=3)(network, images, labels)
        assert (network(adversarial).numpy().argmax(axis=-1) != labels)[wrong].all()


def test_what_is_wrong_already_comes_back_as_it_is(network, images, labels):
    """So that no network is more accurate under attack than without it, whatever the start."""
    wrong = network(images).numpy().argmax(axis=-1) != labels
    adversarial = APGD(norm="linf", eps=0.5, steps=3)(network, images, labels).numpy()
    np.testing.assert_array_equal(adversarial[wrong], images[wrong])
    assert (np.abs(adversarial - images).max(axis=(1, 2, 3)) > 0.01)[~wrong].all()
    others = (network(images).numpy().argmax(axis=-1) + 1) % 3
    np.testing.assert_array_equal(APGD(norm="l2", eps=0.5, steps=3)(network, images, others), images)


@pytest.mark.parametrize("jit", [False, True])
def test_only_those_that_stand_are_attacked_and_each_as_if_all_did(network, images, jit):
    """An image's start and end do not depend on which others are wrong already."""
    y = network(images).numpy().argmax(axis=-1)
    some = np.where(np.arange(12) % 3 == 0, (y + 1) % 3, y)
    attack = APGD(norm="linf", eps=0.02, steps=4, jit_compile=jit)
    together, alone = attack(network, images, y).numpy(), attack(network, images, some).numpy()
    np.testing.assert_allclose(alone[some == y], together[some == y], atol=1e-5)
    np.testing.assert_array_equal(alone[some != y], images[some != y])


def test_checkpoints_are_the_paper_s():
    assert checkpoints_of(100) == [22, 41, 57, 70, 80, 87, 93, 99]
    assert checkpoints_of(1000) == [220, 410, 570, 700, 800, 870, 930, 990]
    assert checkpoints_of(1) == [1]
    for steps in (1, 2, 3, 10, 50):
        found = checkpoints_of(steps)
        assert found == sorted(set(found))
        assert found[0] >= 1
        assert found[-1] <= steps


def test_equal_seeds_give_equal_examples_and_others_do_not(network, images, labels):
    for norm in EPS:
        attack = APGD(norm=norm, eps=EPS[norm], steps=2)
        first = attack(network, images, labels, seed=(3, 4))
        np.testing.assert_array_equal(first, attack(network, images, labels, seed=(3, 4)))
        assert np.abs(first - attack(network, images, labels, seed=(5, 4))).max() > 1e-4


def test_xla_gives_examples_as_strong(network, images, labels):
    found = [
        APGD(norm="linf", eps=0.05, steps=6, jit_compile=jit)(network, images, labels).numpy() for jit in (False, True)
    ]
    plain, compiled = (values(network, "cross_entropy", adversarial, labels).mean() for adversarial in found)
    assert compiled == pytest.approx(plain, rel=0.01)


def test_two_classes_are_attacked_without_dlr(linear_network):
    x, y = np.zeros((2, 4, 4, 1), np.float32), np.array([0, 1])
    both, one = (
        APGD(norm="l2", eps=0.5, steps=4, losses=losses)(linear_network, x, y)
        for losses in (("cross_entropy", "dlr"), ("cross_entropy",))
    )
    np.testing.assert_array_equal(both, one)
    with pytest.raises(ValueError, match="dlr needs at least three classes"):
        APGD(norm="l2", eps=0.5, losses=("dlr",))(linear_network, x, y)


def test_on_a_linear_network_it_finds_the_optimum(linear_network):
    x, y = np.zeros((1, 4, 4, 1), np.float32), np.array([0])
    weights = linear_network.get_weights()[0]
    direction = weights[:, 1] - weights[:, 0]
    found = APGD(norm="l2", eps=0.5, steps=40)(linear_network, x, y).numpy().ravel()
    # it is fooled on the way, so that the last wrong point is returned, not the best
    assert found @ direction > 0.98 * 0.5 * np.linalg.norm(direction)


def test_probabilities_are_refused(images, labels):
    layers = [keras.Input((8, 8, 1)), keras.layers.Flatten(), keras.layers.Dense(3, "softmax")]
    with pytest.raises(ValueError, match="must return logits"):
        APGD(norm="l2", eps=1.0, steps=1)(keras.Sequential(layers), images, labels)


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("norm", "l1", "l2, linf"),
        ("eps", 0.0, "above 0"),
        ("eps", float("nan"), "above 0"),
        ("eps", float("inf"), "above 0"),
        ("steps", 0, "at least 1"),
        ("steps", 2.5, "at least 1"),
        ("restarts", 0, "at least 1"),
        ("losses", ("hinge",), "cross_entropy"),
        ("losses", (), "cross_entropy"),
    ],
)
def test_arguments_are_checked(name, value, allowed):
    with pytest.raises(ValueError, match=f"{name} must be .*{allowed}"):
        APGD(**{"norm": "l2", "eps": 1.0, name: value})


# The loss that it adds


def test_dlr_by_hand():
    logits = tf.constant([[5.0, 2.0, 1.0, -3.0], [5.0, 2.0, 1.0, -3.0], [5.0, 2.0, 1.0, -3.0]])
    # right: -(5 - 2) / (5 - 1); wrong: -(2 - 5) / 4; wrong and last: -(-3 - 5) / 4
    np.testing.assert_allclose(dlr(logits, tf.constant([0, 1, 3])), [-0.75, 0.75, 2.0])


def test_dlr_does_not_see_scale_and_shift_and_its_sign_is_the_verdict():
    rng = np.random.default_rng(0)
    logits, labels = rng.normal(size=(200, 7)).astype(np.float32), rng.integers(0, 7, 200)
    found = dlr(logits, labels).numpy()
    np.testing.assert_allclose(dlr(1000 * logits, labels), found, rtol=1e-4)
    np.testing.assert_allclose(dlr(logits + 3, labels), found, rtol=1e-3, atol=1e-4)
    np.testing.assert_array_equal(found > 0, logits.argmax(axis=1) != labels)
    assert found.min() >= -1


# The same from the definition


def reference(network, loss, images, labels, eps, norm, steps, start):
    """Algorithm 1 of Croce and Hein (2020), image by image in NumPy, maximising over the ball and the box.

    Returns:
        The highest loss seen of each image.
    """

    @tf.function
    def traced(x, label):
        with tf.GradientTape() as tape:
            tape.watch(x)
            value = LOSSES[loss](network(x, training=False), label)
        return value, tape.gradient(value, x)

    def value_and_gradient(x):
        value, gradient = traced(tf.constant(x[None], tf.float32), tf.constant(labels[place : place + 1]))
        return float(value[0]), gradient.numpy()[0].astype(np.float64)

    def project(x):
        image = images[place].astype(np.float64)
        delta = x - image
        inside = {"linf": np.clip(delta, -eps, eps), "l2": delta * min(1, eps / max(np.linalg.norm(delta), 1e-12))}
        return np.clip(image + inside[norm], -1, 1)

    def direction(gradient):
        return np.sign(gradient) if norm == "linf" else gradient / max(np.linalg.norm(gradient), 1e-12)

    # w_0 = 0, then p_j of the iterations: p_1 = 0.22, steps that shrink by 0.03 down to 0.06
    shares = [0, 0.22, 0.41, 0.57, 0.70, 0.80, 0.87, 0.93, 0.99]
    checkpoints = [int(np.ceil(share * steps - 1e-9)) for share in shares]
    highest = []
    for place in range(len(images)):
        eta, x = 2 * eps, project(start[place].astype(np.float64))
        value, gradient = value_and_gradient(x)
        f = [value]
        ahead = project(x + eta * direction(gradient))
        before, x = x, ahead
        value, gradient = value_and_gradient(x)
        f.append(value)
        best, best_x, best_gradient = (f[1], x, gradient) if f[1] > f[0] else (f[0], before, None)
        if best_gradient is None:
            best_gradient = value_and_gradient(before)[1]
        at_checkpoint = [(eta, f[0])]
        rises = [f[1] > f[0]]
        for k in range(1, steps):
            ahead = project(x + eta * direction(gradient))
            moved = project(x + 0.75 * (ahead - x) + 0.25 * (x - before))
            before, x, last = x, moved, value
            value, gradient = value_and_gradient(x)
            rises.append(value > last)
            if value > best:
                best, best_x, best_gradient = value, x, gradient
            if k + 1 in checkpoints:
                previous = checkpoints[checkpoints.index(k + 1) - 1]
                few = sum(rises[previous : k + 1]) < 0.75 * (k + 1 - previous)
                stuck = at_checkpoint[-1][0] == eta and at_checkpoint[-1][1] == best
                at_checkpoint.append((eta, best))
                if few or stuck:
                    eta, x, gradient, value = eta / 2, best_x, best_gradient, best
        highest.append(best)
    return np.array(highest)


@pytest.mark.parametrize("norm", EPS)
def test_an_independent_implementation_reaches_the_same_loss(network, images, norm):
    """On labels and balls that leave every image right, so that the best point is what comes back."""
    y = network(images).numpy().argmax(axis=-1)
    eps, steps, key = 0.1 * EPS[norm], 100, (1, 2)
    start = images + NORMS[norm].random_start(tf.shape(images), tf.constant(eps), tf.constant(key)).numpy()
    adversarial = APGD(norm=norm, eps=eps, steps=steps, losses=("cross_entropy",))(network, images, y, seed=key)
    right = network(adversarial).numpy().argmax(axis=-1) == y
    assert right.sum() >= 8
    ours = values(network, "cross_entropy", adversarial, y)[right]
    theirs = reference(network, "cross_entropy", images, y, eps, norm, steps, start)[right]
    assert np.mean(ours) == pytest.approx(np.mean(theirs), rel=0.01)
    assert np.abs(ours / theirs - 1).max() < 0.03
