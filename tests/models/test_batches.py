"""What attacks, attributions and measures say of images and labels that they cannot work with."""

import numpy as np
import pytest

from attacks import APGD, ProjectedGradientDescent
from attributions import explain
from measures import measure
from models.batches import checked_labels

PGD = ProjectedGradientDescent(norm="linf", eps=0.1, step_size=0.05, steps=2)
CALLS = {
    "pgd": lambda network, images, labels: PGD(network, images, labels),
    "apgd": lambda network, images, labels: APGD(norm="linf", eps=0.1, steps=2)(network, images, labels),
    "measure": lambda network, images, labels: measure(
        lambda given: given.labels + given.images.mean(axis=(1, 2, 3)), network, images, labels, 0 * images
    ),
    "explain": lambda network, images, labels: explain("gradient", network, images),
}
WITH_LABELS = [name for name in CALLS if name != "explain"]


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda x: (x + 1) * 127.5, r"images must lie within bounds, from -1 to 1; .* Received: .* to 255\."),
        (lambda x: x - 0.1, r"within bounds, from -1 to 1; .* Received: -1\.\d+ to"),
        (lambda x: np.where(x == 1, np.nan, x), "images must be finite numbers"),
        (lambda x: x[0], r"images must have the shape that the network takes, \(None, 8, 8, 1\)"),
        (lambda x: x[:, :5], r"images must have the shape that the network takes, \(None, 8, 8, 1\).*\(12, 5, 8, 1\)"),
        (lambda x: x[:0], "images must be a batch"),
    ],
)
def test_images_that_do_not_fit_are_refused(network, images, labels, call, change, sentence):
    with pytest.raises(ValueError, match=sentence):
        call(network, change(images), labels)


@pytest.mark.parametrize("call", [CALLS[name] for name in WITH_LABELS], ids=WITH_LABELS)
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda y: y + 1, r"labels must be 0 to 2\. Received: 1 to 3\."),
        (lambda y: y - 1, r"labels must be 0 to 2\. Received: -1 to 1\."),
        (lambda y: np.eye(3)[y], r"labels must be of shape \(12,\) or \(12, 1\)\. Received: \(12, 3\)\."),
        (lambda y: y[:5], r"labels must be of shape \(12,\) or \(12, 1\)\. Received: \(5,\)\."),
        (lambda y: y.astype(np.float32), r"labels must be integers\. Received: float32\."),
        (lambda y: y.astype(str), r"labels must be integers\."),
    ],
)
def test_labels_that_are_no_classes_are_refused(network, images, labels, call, change, sentence):
    with pytest.raises(ValueError, match=sentence):
        call(network, images, change(labels))


@pytest.mark.parametrize("kind", ["uint8", "int64", ">i4", "uint64"])
def test_integers_of_any_type_and_a_column_of_them_are_labels(kind):
    for labels in (np.array([0, 2, 1], kind), np.array([[0], [2], [1]], kind)):
        found = checked_labels(labels, 3, 3)
        assert found.dtype == np.int32
        np.testing.assert_array_equal(found, [0, 2, 1])


@pytest.mark.parametrize("call", [CALLS[name] for name in WITH_LABELS], ids=WITH_LABELS)
def test_what_keras_datasets_and_numpy_give_is_what_arrays_of_float32_and_int32_are(network, images, labels, call):
    expected = call(network, images, labels)
    found = call(network, images.astype("float64"), labels[:, None].astype("uint8"))
    np.testing.assert_array_equal(found, expected)


def test_bounds_are_the_caller_s(network, images, labels):
    bright = (images + 1) * 127.5
    attack = ProjectedGradientDescent(norm="linf", eps=8.0, step_size=2.0, steps=3, bounds=(0.0, 255.0))
    assert np.abs(attack(network, bright, labels) - bright).max() <= 8 + 1e-3
    assert np.isfinite(explain("gradient", network, bright, bounds=(0.0, 255.0))).all()
    with pytest.raises(ValueError, match="from 0 to 255"):
        attack(network, images, labels)
