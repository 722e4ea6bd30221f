"""Our attack against Foolbox's, an independent implementation: same network, same loss reached."""

import numpy as np
import pytest
import tensorflow as tf

from attacks import ProjectedGradientDescent, cross_entropy
from tests.attacks.test_norms import size
from tests.reference.library import library

foolbox = library("foolbox")


@pytest.mark.parametrize(
    ("norm", "eps", "peer"),
    [
        ("l2", 0.8, "L2ProjectedGradientDescentAttack"),
        ("linf", 0.05, "LinfProjectedGradientDescentAttack"),
    ],
)
def test_same_adversarial_loss(network, images, labels, norm, eps, peer, monkeypatch):
    # eagerpy, which foolbox stands on, still calls what NumPy 2 renamed.
    monkeypatch.setattr(np, "find_common_type", lambda arrays, scalars: np.result_type(*arrays), raising=False)
    images = images[1:] * 0.99  # off the box's faces, where rounding alone decides the clipping
    labels = labels[1:]
    ours = ProjectedGradientDescent(norm=norm, eps=eps, step_size=0.3 * eps, steps=15)(network, images, labels)
    model = foolbox.TensorFlowModel(network, bounds=(-1, 1))
    attack = getattr(foolbox.attacks, peer)(abs_stepsize=0.3 * eps, steps=15, random_start=False)
    _, theirs, _ = attack(model, tf.constant(images), tf.constant(labels), epsilons=eps)

    def loss(x):
        return float(tf.reduce_sum(cross_entropy(network(x), labels)))

    assert loss(ours) == pytest.approx(loss(theirs), rel=1e-4)
    assert loss(ours) > loss(images) + 1
    assert (size(norm, ours - images) <= eps + 1e-5).all()
    assert np.abs(ours).max() <= 1 + 1e-5
