"""What attacks, attributions and measures say of images and labels that they cannot work with."""

import numpy as np
import pandas
import pytest
import tensorflow as tf

from attacks import APGD, ProjectedGradientDescent, attack_in_batches
from attributions import explain
from measures import measure
from models.batches import checked_labels

PGD = ProjectedGradientDescent(norm="linf", eps=0.1, step_size=0.05, steps=2)
CALLS = {
    "pgd": lambda network, images, labels: PGD(network, images, labels),
    "apgd": lambda network, images, labels: APGD(norm="linf", eps=0.1, steps=2)(network, images, labels),
    "measure": lambda network, images, labels: measure(
        lambda given: given.labels + given.images.mean(axis=(1, 2, 3)),
        network,
        images,
        labels,
        np.zeros(np.shape(images)),
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
        (lambda x: np.ma.array(x, mask=x == 1), r"images must not be masked\. Received: \d+ masked numbers\."),
        (lambda x: x + 1j, r"images must be whole or real numbers\. Received: complex64\."),
        (lambda x: x.astype(str), r"images must be whole or real numbers\. Received: <U32\."),
        (lambda x: x > 0, r"images must be whole or real numbers\. Received: bool\."),
        (lambda x: None, r"images must be whole or real numbers\. Received: object\."),
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
        (lambda y: y[None], r"labels must be of shape \(12,\) or \(12, 1\)\. Received: \(1, 12\)\."),
        (lambda y: np.ma.array(y, mask=y == 0), r"labels must not be masked\. Received: 4 masked ones\."),
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


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize(
    "form",
    [
        lambda values: values.tolist(),
        lambda values: np.asfortranarray(values),
        lambda values: values[::-1].copy()[::-1],
        lambda values: pandas.Series(values, index=range(12, 24)) if values.ndim == 1 else values,
        tf.constant,
        tf.Variable,
    ],
    ids=["list", "fortran", "negative strides", "series", "tensor", "variable"],
)
def test_other_forms_of_the_same_numbers_change_nothing(network, images, labels, call, form):
    np.testing.assert_allclose(call(network, form(images), form(labels)), call(network, images, labels), atol=1e-6)


@pytest.mark.parametrize("bounds", [[-1, 1], np.array([-1.0, 1.0])])
def test_bounds_may_be_any_pair(network, images, labels, bounds):
    attacks = [
        lambda b: ProjectedGradientDescent(norm="l2", eps=1, step_size=1, steps=1, bounds=b),
        lambda b: APGD(norm="l2", eps=1, steps=1, bounds=b),
    ]
    for attack in attacks:
        found, expected = (attack(b)(network, images, labels) for b in (bounds, (-1.0, 1.0)))
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("bounds", [(np.nan, 1), (1, -1), (-1, np.inf), (-1,), "ab", 0])
def test_bounds_that_are_no_range_are_refused(network, images, labels, bounds):
    calls = [
        lambda: ProjectedGradientDescent(norm="l2", eps=1, step_size=1, steps=1, bounds=bounds),
        lambda: APGD(norm="l2", eps=1, bounds=bounds),
        lambda: explain("gradient", network, images, bounds=bounds),
        lambda: measure("sparseness", network, images, labels, images, bounds=bounds),
    ]
    for call in calls:
        with pytest.raises(ValueError, match=r"bounds must be \(lowest, highest\), two finite numbers"):
            call()


@pytest.mark.parametrize("value", [np.nan, -np.inf])
def test_maps_that_are_not_finite_are_refused(network, images, labels, value):
    maps = images.copy()
    maps[3, 2, 1, 0] = value
    with pytest.raises(ValueError, match=r"maps must be finite numbers\. Received: 1 that are not\."):
        measure("deletion", network, images, labels, maps)


def test_seeds_starts_and_batches_of_another_form_are_refused(network, images, labels):
    random = ProjectedGradientDescent(norm="linf", eps=0.1, step_size=0.05, steps=2, random_start=True)
    for attack in (random, APGD(norm="l2", eps=1, steps=1)):
        with pytest.raises(ValueError, match=r"seed must be two integers\. Received: 3\."):
            attack(network, images, labels, seed=3)
    with pytest.raises(ValueError, match=r"start must be of the images' shape \(12, 8, 8, 1\)\. Received: \(12,\)\."):
        PGD(network, images, labels, start=np.zeros(12))
    with pytest.raises(ValueError, match="start must be finite numbers"):
        PGD(network, images, labels, start=np.full(images.shape, np.nan))
    for few, many in ((images[:0], labels[:0]), (images, np.tile(labels, 2))):
        with pytest.raises(ValueError, match="there must be as many labels as images, at least one"):
            attack_in_batches(PGD, network, few, many, batch_size=6)
    for size in (0, -1, 2.5):
        with pytest.raises(ValueError, match="batch_size must be a whole number of at least 1"):
            attack_in_batches(PGD, network, images, labels, batch_size=size)
        with pytest.raises(ValueError, match="batch_size must be a whole number of at least 1"):
            explain("gradient", network, images, batch_size=size)
