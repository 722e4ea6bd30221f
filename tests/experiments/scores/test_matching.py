"""Whose ranks tell a retrained network more than an image's own: where masks code the predicted class and nothing else.

Images stay intact here, so that all that an own mask says, the prediction, can be had from the image too.
"""

import keras
import numpy as np
import pytest

from experiments.partners import partners
from measures.occlusion import pixel_scores, rank_pixels, removed_pixels

CLASSES, COUNT, SIDE, PERCENT = 4, 4000, 6, 15
QUARTERS = np.kron(np.eye(CLASSES).reshape(CLASSES, 2, 2), np.ones((SIDE // 2, SIDE // 2)))
"""(4, 6, 6): a class's quarter of the image."""


def images_and_labels(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """(N, 4) points round the corners of a simplex, so near to each other that no network can tell all of them."""
    labels = rng.integers(CLASSES, size=COUNT)
    return np.eye(CLASSES)[labels] + 0.7 * rng.normal(size=(COUNT, CLASSES)), labels


def ranks_of(predicted: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The quarter of the predicted class first; random within it, and outside of it."""
    maps = QUARTERS[predicted] + 0.1 * rng.random((COUNT, SIDE, SIDE))
    return rank_pixels(pixel_scores(maps[..., None]))


def right(images: list[np.ndarray], masks: list[np.ndarray], labels: list[np.ndarray]) -> np.ndarray:
    """(N,) of the test images: is a network right that was trained on images and masks?"""
    train, test = (np.hstack([x, mask.reshape(COUNT, -1)]) for x, mask in zip(images, masks, strict=True))
    network = keras.Sequential([keras.layers.Dense(CLASSES, kernel_initializer=keras.initializers.GlorotUniform(0))])
    network.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    network.fit(train, labels[0], batch_size=200, epochs=8, shuffle=False, verbose=0)
    return network.predict(test, verbose=0).argmax(axis=1) == labels[1]


@pytest.fixture(scope="module")
def answers() -> dict[str, np.ndarray]:
    """Whether a network is right on each test image, by whose masks it was trained and tested with."""
    rng = np.random.default_rng(0)
    images, labels = zip(*(images_and_labels(rng) for _ in range(2)), strict=True)
    predicted = [points.argmax(axis=1) for points in images]  # right as often as anybody can be of these points
    ranks = [ranks_of(classes, rng) for classes in predicted]
    whose = {
        "own": [np.arange(COUNT)] * 2,
        "predicted class": [partners(classes, rng) for classes in predicted],
        "true label": [partners(classes, rng) for classes in labels],
    }
    masks = {
        name: [removed_pixels(own[others], PERCENT, keep=False) for own, others in zip(ranks, both, strict=True)]
        for name, both in whose.items()
    }
    return {name: right(images, both, labels) for name, both in masks.items()}


def gain(first: np.ndarray, second: np.ndarray) -> tuple[float, float]:
    """How much more often the first are right than the second, of the same images, and its standard error."""
    shares = first.astype(float) - second
    return shares.mean(), shares.std() / np.sqrt(len(shares))


def test_masks_of_the_same_predicted_class_tell_as_much_as_own_ones(answers):
    effect, error = gain(answers["predicted class"], answers["own"])
    assert 0 < error < 0.005  # masks do differ
    assert abs(effect) < 3 * error


def test_masks_of_the_same_true_label_tell_what_no_own_mask_can(answers):
    effect, error = gain(answers["true label"], answers["own"])
    assert effect - 3 * error > 0.05
