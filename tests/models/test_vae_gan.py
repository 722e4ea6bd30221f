"""The protocol's shapes, losses against NumPy, and which loss moves which part."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from experiments.networks.batches import training_batches
from models import VAEGAN
from models.projection import _orthonormal, optimise_projection, tangent_alignments
from models.vae_gan import RECIPES, Recipe

RECIPE = Recipe(0.01, 4, 1e-3, 0.5, 0.9)
IMAGES = np.tanh(np.random.default_rng(0).normal(0, 2, (16, 28, 28, 1))).astype(np.float32)


@pytest.fixture
def vae_gan():
    model = VAEGAN((28, 28, 1), RECIPE, width=0.06, seed=3)
    model.compile()
    return model


def norms(*channels):
    return sum(4 * count for count in channels)  # scale, shift and two moving statistics


MNIST_PARAMETERS = {
    "encoder": (16 * 64 + 64)
    + (16 * 64 * 128 + 128)
    + (16 * 128 * 256 + 256)
    + (4 * 4 * 256 * 20 + 20)
    + norms(64, 128, 256, 20),
    "decoder": (10 * 1024 + 1024)
    + (16 * 256 * 256 + 256)
    + (16 * 256 * 128 + 128)
    + (16 * 128 * 32 + 32)
    + (16 * 32 + 1)
    + norms(1024, 256, 128, 32),
    "discriminator": (16 * 32 + 32)
    + (16 * 32 * 128 + 128)
    + (16 * 128 * 256 + 256)
    + (16 * 256 * 256 + 256)
    + (2 * 2 * 256 * 512 + 512)
    + 513
    + norms(128, 256, 256, 512),
}
CIFAR_PARAMETERS = {
    "encoder": (75 * 64 + 64)
    + (25 * 64 * 128 + 128)
    + (25 * 128 * 256 + 256)
    + (4 * 4 * 256 * 256 + 256)
    + norms(64, 128, 256, 256),
    "decoder": (128 * 8192 + 8192)
    + (16 * 512 * 256 + 256)
    + (16 * 256 * 128 + 128)
    + (16 * 128 * 64 + 64)
    + (9 * 64 * 3 + 3)
    + norms(256, 128, 64),
    # spectral norm keeps an image of the shape of the input, in all but the last layer
    "discriminator": (27 * 64 + 64)
    + (16 * 64 * 64 + 64)
    + (9 * 64 * 128 + 128)
    + (16 * 128 * 128 + 128)
    + (9 * 128 * 256 + 256)
    + (16 * 256 * 256 + 256)
    + (9 * 256 * 512 + 512)
    + (4 * 4 * 512 + 1)
    + (32 * 32 * (3 + 64) + 16 * 16 * (64 + 128) + 8 * 8 * (128 + 256) + 4 * 4 * 256),
}


@pytest.mark.parametrize(
    ("dataset", "shape", "parameters"),
    [
        ("mnist", (28, 28, 1), MNIST_PARAMETERS),
        ("fashion_mnist", (28, 28, 1), MNIST_PARAMETERS),
        ("cifar10", (32, 32, 3), CIFAR_PARAMETERS),
    ],
)
def test_parameters_of_the_paper(dataset, shape, parameters):
    model = VAEGAN(shape, RECIPES[dataset])
    for part, count in parameters.items():
        assert getattr(model, part).count_params() == count, part
    assert model.decoder.output_shape == (None, *shape)
    assert model.discriminator.output_shape == (None, 1)


def test_losses_equal_numpy(vae_gan):
    passes = vae_gan.generate_passes(tf.constant(IMAGES), training=False)
    losses = vae_gan.losses(IMAGES, passes, training=False)
    mean, log_variance, recon, generated = (np.asarray(value, np.float64) for value in passes)

    def probability(images):
        return 1 / (1 + np.exp(-vae_gan.discriminator(images.astype(np.float32)).numpy().astype(np.float64)[:, 0]))

    r = np.abs(IMAGES - recon).sum(axis=(1, 2, 3)).mean()
    kl = -0.5 * (1 + log_variance - mean**2 - np.exp(log_variance)).sum(axis=1).mean()
    d, d_recon, d_gen = probability(IMAGES), probability(recon), probability(generated)
    assert float(losses["encoder_loss"]) == pytest.approx(r + kl, rel=1e-5)
    assert float(losses["decoder_loss"]) == pytest.approx(0.01 * r - np.mean(np.log(d_recon) + np.log(d_gen)), rel=1e-5)
    expected = -np.mean(np.log(d) + np.log(1 - d_recon) + np.log(1 - d_gen))
    assert float(losses["discriminator_loss"]) == pytest.approx(expected, rel=1e-5)
    l2 = np.sqrt(((IMAGES - recon) ** 2).sum(axis=(1, 2, 3))).mean()
    assert float(losses["reconstruction_l2"]) == pytest.approx(l2, rel=1e-5)


@pytest.mark.parametrize("steps", [1, 3])
def test_each_part_moves_by_the_gradient_of_its_own_loss(steps):
    """With plain gradient descent in place of Adam, each part's change is -0.001 times one gradient."""
    model = VAEGAN((28, 28, 1), RECIPE._replace(discriminator_steps=steps), width=0.06, seed=3)
    model.compile()
    twin = VAEGAN((28, 28, 1), RECIPE, width=0.06, seed=3)
    twin.compile()
    for m in (model, twin):
        m.optimizer, m.decoder_optimizer, m.discriminator_optimizer = (keras.optimizers.SGD(1e-3) for _ in range(3))
    parts = ("encoder", "decoder", "discriminator")

    def update(discriminator_only):
        with tf.GradientTape(persistent=True) as tape:
            passes = first if first is not None else twin.generate_passes(tf.constant(IMAGES), training=True)
            losses = twin.losses(IMAGES, passes, training=True)
        for part in parts[2:] if discriminator_only else parts:
            variables = getattr(twin, part).trainable_variables
            for variable, slope in zip(variables, tape.gradient(losses[f"{part}_loss"], variables), strict=True):
                variable.assign_sub(1e-3 * slope)

    first = None
    if steps == 1:
        update(discriminator_only=False)
        model.train_on_batch(IMAGES)
        for part in parts:
            pairs = zip(getattr(model, part).trainable_variables, getattr(twin, part).trainable_variables, strict=True)
            for ours, theirs in pairs:
                np.testing.assert_allclose(ours, theirs, rtol=1e-3, atol=2e-6)
    else:
        first = twin.generate_passes(tf.constant(IMAGES), training=True)
        for _ in range(steps):
            update(discriminator_only=True)
        model.train_on_batch(IMAGES)
        pairs = zip(model.discriminator.trainable_variables, twin.discriminator.trainable_variables, strict=True)
        for ours, theirs in pairs:
            np.testing.assert_allclose(ours, theirs, rtol=1e-3, atol=2e-6)


def test_discriminator_learns_to_tell_real_from_made():
    """With batch-norm over real and made images apart it would stay at a third for all of them."""
    model = VAEGAN((28, 28, 1), RECIPE, width=0.06, seed=3)
    model.compile()
    model.optimizer.learning_rate = model.decoder_optimizer.learning_rate = 0.0
    for _ in range(40):
        logs = model.train_on_batch(IMAGES, return_dict=True)
        model.reset_metrics()
    assert logs["discriminator_loss"] < 0.5 < np.log(3) + 2 * np.log(1.5)
    assert min(logs["accuracy_real"], logs["accuracy_reconstructed"], logs["accuracy_generated"]) > 0.9


def test_projection_is_one_point(vae_gan):
    np.testing.assert_array_equal(vae_gan.project(IMAGES), vae_gan.project(IMAGES))
    np.testing.assert_allclose(vae_gan.project(IMAGES, batch_size=5), vae_gan.project(IMAGES), atol=1e-5)
    assert vae_gan.generate(3, seed=1).shape == (3, 28, 28, 1)
    np.testing.assert_array_equal(vae_gan.generate(3, seed=1), vae_gan.generate(3, seed=1))


def test_optimise_never_increases_the_error(vae_gan):
    def errors(projection, images=IMAGES):
        return ((images - projection) ** 2).sum(axis=(1, 2, 3))

    start = errors(vae_gan.project(IMAGES))
    few, many = (errors(optimise_projection(vae_gan, IMAGES, steps=steps)) for steps in (3, 40))
    assert (few <= start * (1 + 1e-5)).all()
    assert (many <= few * (1 + 1e-5)).all()
    on_manifold = vae_gan.generate(8)
    found = errors(optimise_projection(vae_gan, on_manifold, steps=200), on_manifold)
    assert found.mean() < 0.1 * errors(vae_gan.project(on_manifold), on_manifold).mean()
    wild = errors(optimise_projection(vae_gan, IMAGES, steps=10, learning_rate=1e3))
    assert (wild <= start * (1 + 1e-5)).all()


def test_saved_and_loaded_it_gives_identical_output(vae_gan, tmp_path):
    vae_gan.train_on_batch(IMAGES)
    vae_gan.save_weights(tmp_path / "v.weights.h5")
    other = VAEGAN((28, 28, 1), RECIPE, width=0.06, seed=9)
    other.compile()
    other.load_weights(tmp_path / "v.weights.h5")
    np.testing.assert_array_equal(other.project(IMAGES), vae_gan.project(IMAGES))


def fit(model, callbacks=(), first_epoch=0):
    batches = training_batches(IMAGES, np.zeros(16, np.int32), 8, 0, 3, first_epoch)
    model.fit(batches, epochs=3, steps_per_epoch=2, shuffle=False, verbose=0, callbacks=list(callbacks))


def test_a_resumed_training_ends_where_an_uninterrupted_one_does(tmp_path):
    def new():
        model = VAEGAN((28, 28, 1), RECIPE, width=0.06, seed=3)
        model.compile()
        return model

    whole = new()
    fit(whole)

    class Stop(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            if epoch == 1:
                raise KeyboardInterrupt

    backup = keras.callbacks.BackupAndRestore(tmp_path / "backup", delete_checkpoint=False)
    with pytest.raises(KeyboardInterrupt):
        fit(new(), [backup, Stop()])
    resumed = new()
    fit(resumed, [keras.callbacks.BackupAndRestore(tmp_path / "backup", delete_checkpoint=False)], first_epoch=2)
    for one, other in zip(whole.get_weights(), resumed.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_another_image_shape_is_refused():
    with pytest.raises(ValueError, match=r"image_shape must be \(28, 28, 1\) or \(32, 32, 3\)"):
        VAEGAN((64, 64, 3), RECIPE)


def test_tangent_alignment_of_known_directions(vae_gan):
    """A column of the Jacobian lies in the tangent space, a direction orthogonal to all of it does not."""
    z, _ = vae_gan.encode(IMAGES)
    with tf.GradientTape() as tape:
        tape.watch(z)
        projected = vae_gan.decoder(z, training=False)
    jacobian = tape.batch_jacobian(projected, z).numpy()  # (N, H, W, C, 4), by reverse mode
    inside = jacobian[..., 0] - 2 * jacobian[..., 3]
    np.testing.assert_allclose(tangent_alignments(vae_gan, IMAGES, [inside])[0], 1, atol=1e-4)
    noise = np.random.default_rng(0).normal(size=IMAGES.shape).astype(np.float32)
    basis = np.linalg.qr(jacobian.reshape(16, 784, 4))[0]
    flat = noise.reshape(16, 784)
    coefficients = np.einsum("ndk,nd->nk", basis, flat)
    expected = np.linalg.norm(coefficients, axis=1) / np.linalg.norm(flat, axis=1)
    np.testing.assert_allclose(tangent_alignments(vae_gan, IMAGES, [noise])[0], expected, atol=1e-4)
    outside = (flat - np.einsum("ndk,nk->nd", basis, coefficients)).reshape(IMAGES.shape)
    assert tangent_alignments(vae_gan, IMAGES, [outside])[0].max() < 1e-4
    assert tangent_alignments(vae_gan, IMAGES, [0 * noise])[0].max() == 0


def test_alignments_of_several_directions_equal_those_one_by_one(vae_gan):
    directions = list(np.random.default_rng(1).normal(size=(3, *IMAGES.shape)).astype(np.float32))
    directions.append(1e-30 * directions[0])  # of a confident network
    together = tangent_alignments(vae_gan, IMAGES, directions)
    assert len(together) == 4
    for direction, found in zip(directions, together, strict=True):
        assert found.shape == (16,)
        np.testing.assert_allclose(found, tangent_alignments(vae_gan, IMAGES, [direction])[0], atol=1e-5)
        assert (found >= 0).all()
        assert (found <= 1 + 1e-5).all()
    np.testing.assert_allclose(together[3], together[0], atol=1e-5)
    in_batches = tangent_alignments(vae_gan, IMAGES, directions, batch_size=5)
    np.testing.assert_allclose(in_batches, together, atol=1e-4)


class Linear(keras.Model):
    """A stand-in for a VAE-GAN whose decoder is a matrix: its tangent space is known."""

    def __init__(self, matrix):
        super().__init__()
        self.matrix = tf.constant(matrix, tf.float32)

    def posterior(self, images, training=False):
        mean = tf.zeros((tf.shape(images)[0], self.matrix.shape[0]))
        return mean, mean

    def decoder(self, z, training=False):
        return tf.reshape(z @ self.matrix, (-1, 4, 4, 1))


@pytest.mark.parametrize("size", [0.0, 1e-4])
def test_a_latent_direction_that_the_decoder_has_collapsed_spans_nothing(size):
    rng = np.random.default_rng(0)
    basis = np.linalg.qr(rng.normal(size=(16, 16)))[0].T.astype(np.float32)
    images = rng.normal(size=(5, 4, 4, 1)).astype(np.float32)
    collapsed = Linear(np.stack([basis[0], 3 * basis[1], size * basis[2]]))
    whole = Linear(np.stack([basis[0], 3 * basis[1], 0.05 * basis[2]]))

    def directions(*coefficients):
        one = np.array(coefficients, np.float32) @ basis[: len(coefficients)]
        return np.tile(one.reshape(1, 4, 4, 1), (5, 1, 1, 1))

    into, both, out = directions(0, 0, 1), directions(3, 0, 4), directions(0, 0, 0, 1)
    found = tangent_alignments(collapsed, images, [into, both, out])
    np.testing.assert_allclose(found, np.array([[0.0], [0.6], [0.0]]).repeat(5, axis=1), atol=2e-4)
    found = tangent_alignments(whole, images, [into, both, out])
    np.testing.assert_allclose(found, np.array([[1.0], [1.0], [0.0]]).repeat(5, axis=1), atol=2e-4)


def test_orthonormal_columns_span_the_jacobian_s_and_zeros_stand_for_what_collapsed():
    rng = np.random.default_rng(0)
    jacobian = rng.normal(size=(3, 20, 4)).astype(np.float32)
    jacobian[1, :, 2] = jacobian[1, :, 0] + jacobian[1, :, 1]  # one direction twice
    basis = _orthonormal(tf.constant(jacobian)).numpy()
    for one, found, rank in zip(jacobian, basis, (4, 3, 4), strict=True):
        products = found.T @ found
        np.testing.assert_allclose(products, np.diag(np.diag(products)), atol=1e-5)
        assert np.sum(np.abs(np.diag(products) - 1) < 1e-4) == rank
        np.testing.assert_allclose(found @ (found.T @ one), one, atol=1e-3)
