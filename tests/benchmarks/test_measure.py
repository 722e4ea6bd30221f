"""What the benchmarks' numbers are made of."""

import numpy as np
import pytest

from benchmarks.measure import Comparison, alternate, multiply_adds
from benchmarks.peers import attacks, missing
from models import cifar_cnn, mnist_cnn


def test_a_ratio_is_taken_round_by_round():
    pair = Comparison("case", "ours", "other", 10, "images", (1.0, 2.0, 4.0), (3.0, 2.0, 2.0))
    row = pair.as_dict()
    assert (row["ratio"], row["ratio_lowest"], row["ratio_highest"]) == (1.0, 0.5, 3.0)
    assert row["ours_per_second"] == 5.0
    assert pair.scaled(2).as_dict()["ratio"] == 2.0


def test_candidates_take_turns_after_a_call_that_is_not_counted():
    calls = []
    seconds = alternate({name: lambda name=name: calls.append(name) for name in "ab"}, rounds=3)
    assert "".join(calls) == "ab" + "ab" + "ba" + "ab"
    assert {name: len(values) for name, values in seconds.items()} == {"a": 3, "b": 3}


def test_multiply_adds_are_those_counted_by_hand():
    mnist = 28 * 28 * 25 * 32 + 28 * 28 * 25 * 32 * 64 + 14 * 14 * 64 * 1024 + 1024 * 10
    assert multiply_adds(mnist_cnn()) == mnist
    cifar = 32 * 32 * 9 * (3 * 32 + 32 * 32) + 16 * 16 * 9 * (32 * 64 + 64 * 64) + 8 * 8 * 64 * 512 + 512 * 10
    assert multiply_adds(cifar_cnn()) == cifar


@pytest.mark.parametrize("norm", ["l2", "linf"])
def test_the_other_libraries_do_the_same_attack(norm):
    """Those installed: what is timed side by side must be the same work."""
    from attacks import ProjectedGradientDescent

    rng = np.random.default_rng(0)
    network = cifar_cnn(width=0.1, seed=0)
    images = rng.uniform(-0.9, 0.9, (8, 32, 32, 3)).astype(np.float32)
    labels = rng.integers(10, size=8)
    ours = ProjectedGradientDescent(norm=norm, eps=0.5, step_size=0.1, steps=3)(network, images, labels).numpy()
    others = attacks(network, images, labels, norm, 0.5, 0.1, 3)
    assert "Foolbox" in missing() or "Foolbox (TensorFlow)" in others
    for name, attack in others.items():
        theirs = np.asarray(attack())
        theirs = np.moveaxis(theirs, 1, -1) if theirs.shape[1] == 3 else theirs
        assert np.mean(np.abs(theirs - ours) < 1e-3) > 0.98, name
