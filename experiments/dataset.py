"""A classification data set, checked and brought into one form when it is made."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from experiments.errors import UsageError

UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML and HDF5, which pages and values are written as, cannot hold."""


@dataclass(frozen=True)
class Dataset:
    """A classification data set.

    It takes images of any integer or float type, and labels of any integer type, as a vector, as one column, or
    one-hot. What it then holds has the forms below.

    Attributes:
        name: as on the command line.
        train_images, test_images: (N, H, W, C) float32 in [-1, 1].
        train_labels, test_labels: (N,) int32 in 0..classes-1.
        class_names: one per class.

    Raises:
        UsageError: something has another form; the message says what came and what is allowed.
    """

    name: str
    train_images: np.ndarray
    train_labels: np.ndarray
    test_images: np.ndarray
    test_labels: np.ndarray
    class_names: tuple[str, ...]

    def __post_init__(self) -> None:
        self._become("class_names", self._names())
        for split in ("train", "test"):
            images, labels = self._images(split), self._labels(split)
            if len(images) != len(labels) or not len(labels):
                raise self._refused(
                    f"there must be as many {split} labels as images, at least one; "
                    f"it gives {len(labels)} labels and {len(images)} images"
                )
            self._become(f"{split}_images", images)
            self._become(f"{split}_labels", labels)
        shapes = [images.shape[1:] for images in (self.train_images, self.test_images)]
        if shapes[0] != shapes[1]:
            raise self._refused(
                f"all images must have one shape; train images have {shapes[0]}, test images {shapes[1]}"
            )

    def _names(self) -> tuple[str, ...]:
        given: Any = self.class_names
        ordered = isinstance(given, Iterable) and not isinstance(given, str | set | frozenset)  # "abc" is one text
        names = tuple(given) if ordered else ()
        if len(names) < 2 or not all(isinstance(name, str) for name in names):
            raise self._refused(f"class_names must be two texts or more, one per class; it gives {given!r}")
        for name in names:
            if UNWRITABLE.search(name):
                raise self._refused(f"class_names must be texts that files can hold; it gives {name!r}")
        return names

    def _array(self, field: str) -> np.ndarray:
        """What a field holds, as an array; NumPy would drop a mask."""
        given = getattr(self, field)
        words = field.replace("_", " ")
        if np.ma.is_masked(given):
            raise self._refused(f"{words} must not be masked; {np.ma.count_masked(given)} numbers are")
        try:
            return np.asarray(given)
        except ValueError as error:
            raise self._refused(f"{words} must be an array; its parts have several shapes") from error

    def _images(self, split: str) -> np.ndarray:
        given = self._array(f"{split}_images")
        if given.dtype.kind not in "iuf" or given.ndim != 4 or 0 in given.shape:
            raise self._refused(
                f"{split} images must be (N, H, W, C) numbers, none of them 0; it gives {given.shape} of {given.dtype}"
            )
        images = np.asarray(given, np.float32)
        low, high = images.min(), images.max()
        if np.isnan(low):  # of several numbers with one that is none the least is none
            raise self._refused(f"{split} images must be numbers; {np.isnan(images).sum()} pixels are NaN")
        if not -1 <= low <= high <= 1:
            scaling = "; pixels 0..255 become so by images / 127.5 - 1" if 0 <= low <= high <= 255 else ""
            raise self._refused(f"{split} images must lie in [-1, 1], they span [{low:g}, {high:g}]{scaling}")
        return images

    def _labels(self, split: str) -> np.ndarray:
        given, classes = self._array(f"{split}_labels"), len(self.class_names)
        labels = given[:, 0] if given.ndim == 2 and given.shape[1] == 1 else given
        if _is_one_hot(labels, classes):
            labels = labels.argmax(axis=1)
        if labels.dtype.kind not in "iu" or labels.ndim != 1:
            raise self._refused(
                f"{split} labels must be N integers, or one-hot of the {classes} class_names; "
                f"it gives {given.shape} of {given.dtype}"
            )
        if labels.size and not 0 <= labels.min() <= labels.max() < classes:
            raise self._refused(
                f"{split} labels must lie in 0..{classes - 1}, as there are {classes} class_names; "
                f"they span {labels.min()}..{labels.max()}"
            )
        return labels.astype(np.int32)

    def _refused(self, sentence: str) -> UsageError:
        return UsageError(f"--datasets: {self.name}: {sentence}.")

    def _become(self, field: str, value: Any) -> None:
        object.__setattr__(self, field, value)  # nobody else changes a frozen one


def _is_one_hot(labels: np.ndarray, classes: int) -> bool:
    """Whether every row is of zeros but for a one, a column per class."""
    if labels.ndim != 2 or labels.shape[1] != classes or labels.dtype.kind not in "iufb":
        return False
    return bool(np.isin(labels, (0, 1)).all() and (np.count_nonzero(labels, axis=1) == 1).all())
