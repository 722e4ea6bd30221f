"""Maps inside, outside and across a tangent space that is known."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from measures import measure

BASIS = np.linalg.qr(np.random.default_rng(0).normal(size=(64, 64)))[0].T.astype(np.float32)
IMAGES = np.random.default_rng(1).uniform(-1, 1, (30, 8, 8, 1)).astype(np.float32)


class Plane(keras.Model):
    """A manifold whose tangent space is everywhere that of the first few rows of a basis."""

    def __init__(self, dimensions: int):
        super().__init__()
        self.matrix = tf.constant(BASIS[:dimensions])

    def posterior(self, images, training=False):
        mean = tf.reshape(images, (-1, 64)) @ tf.transpose(self.matrix)
        return mean, mean

    def decoder(self, z, training=False):
        return tf.reshape(z @ self.matrix, (-1, 8, 8, 1))


def alignment(maps, manifold, images=IMAGES):
    return measure("tangent_alignment", None, images, np.zeros(len(images), int), maps, manifold=manifold)


def along(*coefficients):
    """A map for every image: a sum of the basis's first rows."""
    one = np.array(coefficients, np.float32) @ BASIS[: len(coefficients)]
    return np.tile(one.reshape(1, 8, 8, 1), (len(IMAGES), 1, 1, 1))


@pytest.mark.parametrize(
    ("maps", "share"),
    [(along(1, -2, 3), 1.0), (along(0, 0, 0, 1), 0.0), (along(0, 3, 0, 4), 0.6), (along(0, 3e-20, 0, -4e-20), 0.6)],
    ids=["inside", "outside", "across", "of a confident network"],
)
def test_the_share_inside_the_tangent_space(maps, share):
    np.testing.assert_allclose(alignment(maps, Plane(3)), share, atol=1e-5)


def test_the_share_depends_on_neither_size_nor_sign():
    maps = np.random.default_rng(2).normal(size=IMAGES.shape).astype(np.float32)
    np.testing.assert_allclose(alignment(-7 * maps, Plane(5)), alignment(maps, Plane(5)), atol=1e-5)


def test_random_maps_score_the_root_of_the_share_of_dimensions():
    maps = np.random.default_rng(3).normal(size=(2000, 8, 8, 1)).astype(np.float32)
    images = np.zeros_like(maps)
    assert np.mean(alignment(maps, Plane(16), images) ** 2) == pytest.approx(16 / 64, abs=0.005)
    assert alignment(maps, Plane(16), images).mean() == pytest.approx(np.sqrt(16 / 64), abs=0.01)


def test_a_map_of_zeros_has_no_value():
    maps = along(1.0)
    maps[3] = 0
    assert np.flatnonzero(np.isnan(alignment(maps, Plane(2)))).tolist() == [3]


def test_without_a_manifold_it_says_so():
    with pytest.raises(ValueError, match="manifold must be given to tangent_alignment: a trained VAE-GAN. Received"):
        alignment(along(1), None)
