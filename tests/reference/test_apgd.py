"""APGD beside that of the Adversarial Robustness Toolbox, on one network and the same images."""

import keras
import numpy as np
import pytest

from attacks import APGD, attack_in_batches
from experiments.data import load_dataset
from models.classifiers import mnist_cnn
from tests.reference.library import library

estimators = library("art.estimators.classification")
evasion = library("art.attacks.evasion")

STEPS = 20
LOSSES = {"cross_entropy": "cross_entropy", "dlr": "difference_logits_ratio"}
"""Ours by theirs."""


@pytest.fixture(scope="module")
def digits():
    return load_dataset("mnist_5k", 2000, 300)


@pytest.fixture(scope="module")
def network(digits):
    model = mnist_cnn(width=0.125, seed=0)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("adam", loss)
    model.fit(digits.train_images, digits.train_labels, batch_size=50, epochs=4, verbose=0)
    return model


@pytest.mark.parametrize(("norm", "eps"), [("l2", 1.5), ("l2", 3.0), ("linf", 0.1), ("linf", 0.2)])
@pytest.mark.parametrize("loss", LOSSES)
def test_as_many_images_stand(network, digits, norm, eps, loss):
    """Random starts differ, so a few images may: within 3 points of each other, and ours not the weaker by more."""
    images, labels = digits.test_images, digits.test_labels
    classifier = estimators.TensorFlowV2Classifier(
        model=lambda x, training=False: network(x, training=False),
        nb_classes=10,
        input_shape=images.shape[1:],
        loss_object=keras.losses.SparseCategoricalCrossentropy(from_logits=True, reduction="sum"),
        clip_values=(-1.0, 1.0),
    )
    theirs = evasion.AutoProjectedGradientDescent(
        classifier,
        norm=2 if norm == "l2" else np.inf,
        eps=eps,
        eps_step=2 * eps,
        max_iter=STEPS,
        nb_random_init=1,
        batch_size=len(images),
        loss_type=LOSSES[loss],
        verbose=False,
    ).generate(images, labels)
    ours = attack_in_batches(APGD(norm=norm, eps=eps, steps=STEPS, losses=(loss,)), network, images, labels)
    standing = {
        name: float(np.mean(network.predict(adversarial, verbose=0).argmax(axis=-1) == labels))
        for name, adversarial in (("clean", images), ("theirs", theirs), ("ours", ours))
    }
    assert 0.05 < standing["theirs"] < standing["clean"] - 0.05  # a radius at which the attacks can be told apart
    assert standing["ours"] == pytest.approx(standing["theirs"], abs=0.03)
