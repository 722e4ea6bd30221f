"""Data sets in the forms in which libraries and files give them: brought into one form, or refused in one sentence."""

import numpy as np
import pandas
import pytest

from experiments.dataset import Dataset
from experiments.errors import UsageError

IMAGES = np.linspace(-1, 1, 6 * 12).astype(np.float32).reshape(6, 2, 2, 3)
LABELS = np.array([0, 2, 1, 1, 0, 2], np.int32)
NAMES = ("zero", "one", "two")


def made(train=LABELS, test=LABELS, train_images=IMAGES, test_images=IMAGES, names=NAMES) -> Dataset:
    return Dataset("mine", train_images, train, test_images, test, names)


@pytest.mark.parametrize("kind", ["u1", "i1", "<u2", ">i2", ">i4", "<i8", ">u8"])
@pytest.mark.parametrize("form", [lambda labels: labels, lambda labels: labels[:, None], list])
def test_integers_of_every_width_and_byte_order_are_labels(kind, form):
    found = made(train=form(LABELS.astype(kind)))
    assert found.train_labels.dtype == np.int32
    assert found.train_labels.dtype.isnative
    np.testing.assert_array_equal(found.train_labels, [0, 2, 1, 1, 0, 2])


@pytest.mark.parametrize("kind", ["u1", "f4", "f8", "?"])
def test_one_hot_labels_are_the_places_of_their_ones(kind):
    found = made(test=np.eye(3, dtype=kind)[LABELS])
    np.testing.assert_array_equal(found.test_labels, [0, 2, 1, 1, 0, 2])
    assert found.test_labels.dtype == np.int32


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        (LABELS + 1, "labels must lie in 0..2, as there are 3 class_names; they span 1..3."),
        (LABELS - 1, "labels must lie in 0..2, as there are 3 class_names; they span -1..1."),
        (np.array([0, 1, 2, 1, 0, 2**63], np.uint64), "they span 0..9223372036854775808."),
        (LABELS.astype(float), "labels must be N integers, or one-hot of the 3 class_names; it gives (6,) of float64."),
        (LABELS[:, None].astype(float), "it gives (6, 1) of float64."),
        (np.eye(3)[LABELS] * 0.9 + 0.03, "it gives (6, 3) of float64."),  # smoothed
        (np.eye(4, dtype=int)[LABELS], "it gives (6, 4) of int64."),
        (np.ones((6, 3), int), "it gives (6, 3) of int64."),
        (np.zeros((6, 3), int), "it gives (6, 3) of int64."),
        (LABELS > 0, "it gives (6,) of bool."),
        (np.array(list("abccab")), "it gives (6,) of <U1."),
        (np.array(3), "it gives () of int64."),
        (LABELS[:5], "labels as images, at least one; it gives 5 labels and 6 images."),
    ],
)
@pytest.mark.parametrize("split", ["train", "test"])
def test_other_labels_are_refused_in_either_split(split, labels, words):
    with pytest.raises(UsageError) as error:
        made(**{split: labels})
    assert str(error.value).startswith("--datasets: mine: ")
    assert f" {split} labels" in str(error.value)
    assert str(error.value).endswith(words)


@pytest.mark.parametrize("kind", ["f2", ">f4", "f8", "longdouble"])
def test_images_of_every_float_become_float32(kind):
    found = made(train_images=(np.round(4 * IMAGES) / 4).astype(kind))
    assert found.train_images.dtype == np.float32
    assert found.train_images.dtype.isnative
    np.testing.assert_array_equal(found.train_images, np.round(4 * IMAGES) / 4)


def test_integer_images_in_the_range_become_float32():
    found = made(test_images=np.sign(IMAGES).astype("int8"))
    assert found.test_images.dtype == np.float32
    np.testing.assert_array_equal(found.test_images, np.sign(IMAGES))


def test_images_that_are_as_they_should_be_are_not_copied():
    assert made().train_images is IMAGES


SCALED = "; pixels 0..255 become so by images / 127.5 - 1."


@pytest.mark.parametrize(
    ("images", "words"),
    [
        (np.arange(72).reshape(IMAGES.shape).astype(np.uint8), f"must lie in [-1, 1], they span [0, 71]{SCALED}"),
        (127.5 * IMAGES + 127.5, f"must lie in [-1, 1], they span [0, 255]{SCALED}"),
        (1.01 * IMAGES, "must lie in [-1, 1], they span [-1.01, 1.01]."),
        (np.where(IMAGES == 1, np.inf, IMAGES), "must lie in [-1, 1], they span [-1, inf]."),
        (np.where(IMAGES == 1, np.nan, IMAGES), "must be numbers; 1 pixels are NaN."),
        (IMAGES[..., 0], "must be (N, H, W, C) numbers, none of them 0; it gives (6, 2, 2) of float32."),
        (IMAGES[:0], "it gives (0, 2, 2, 3) of float32."),
        (IMAGES[..., :0], "it gives (6, 2, 2, 0) of float32."),
        (IMAGES > 0, "it gives (6, 2, 2, 3) of bool."),
        (IMAGES.astype(complex), "it gives (6, 2, 2, 3) of complex128."),
        (IMAGES.astype(object), "it gives (6, 2, 2, 3) of object."),
    ],
)
@pytest.mark.parametrize("split", ["train", "test"])
def test_other_images_are_refused_in_either_split(split, images, words):
    with pytest.raises(UsageError) as error:
        made(**{f"{split}_images": images})
    assert str(error.value).startswith(f"--datasets: mine: {split} images ")
    assert str(error.value).endswith(words)


def test_images_of_two_shapes_are_refused():
    with pytest.raises(UsageError, match=r"train images have \(2, 2, 3\), test images \(2, 2, 1\)\.$"):
        made(test_images=IMAGES[..., :1])


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (("zero", "one"), r"must lie in 0..1, as there are 2 class_names; they span 0..2\.$"),
        (range(3), r"class_names must be two texts or more, one per class; it gives range\(0, 3\)\.$"),
        ((b"a", b"b", b"c"), "class_names must be two texts or more"),
        (("all",), "class_names must be two texts or more"),
        ("abc", "class_names must be two texts or more"),
        ({"a", "b", "c"}, "class_names must be two texts or more"),  # in another order in every process
        (None, r"class_names must be two texts or more, one per class; it gives None\.$"),
        (("a", "b\0", "c"), r"class_names must be texts that files can hold; it gives 'b\\x00'\.$"),
        (("a", "\x1b[1m", "c"), "class_names must be texts that files can hold"),
        (("a", "\ud800", "c"), "class_names must be texts that files can hold"),
    ],
)
def test_names_must_be_texts_and_enough(names, words):
    with pytest.raises(UsageError, match=words):
        made(names=names)


def test_names_may_come_as_a_list_or_an_array():
    assert made(names=list(NAMES)).class_names == NAMES
    assert made(names=np.array(NAMES)).class_names == NAMES


def test_odd_names_are_kept_as_they_are():
    odd = ("two\nlines", "-dash", "\u202eright to left")
    assert made(names=odd).class_names == odd


@pytest.mark.parametrize("form", [np.asfortranarray, lambda x: x[::-1].copy()[::-1], np.ndarray.tolist])
def test_images_of_any_layout_are_the_same_numbers(form):
    np.testing.assert_array_equal(made(train_images=form(IMAGES)).train_images, IMAGES)


@pytest.mark.parametrize("kind", ["int32", "Int64", "category"])
def test_a_column_of_a_table_is_labels(kind):
    labels = pandas.Series(LABELS, index=range(6, 12), dtype=kind)
    np.testing.assert_array_equal(made(train=labels).train_labels, [0, 2, 1, 1, 0, 2])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"train": np.ma.array(LABELS, mask=LABELS == 0)}, r"train labels must not be masked; 2 numbers are\.$"),
        ({"test_images": np.ma.array(IMAGES, mask=IMAGES == 1)}, r"test images must not be masked; 1 numbers are\.$"),
        ({"test": [[1], [1, 2]]}, r"test labels must be an array; its parts have several shapes\.$"),
    ],
)
def test_arrays_with_holes_are_refused(change, words):
    with pytest.raises(UsageError, match=words):
        made(**change)
