"""VAE-GAN (Larsen et al. 2016, arXiv 1512.09300): what an image data set's manifold is taken to be."""

from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf

from models.compiled import compiled
from models.isolated import channels_last, dtype_policy, initialisers_from
from models.vae_gan_networks import ARCHITECTURES


class Recipe(NamedTuple):
    """What the protocol fixes per data set.

    Attributes:
        reconstruction_weight: lambda, of the reconstruction in the decoder's loss.
        latent_size: dimensions of z.
        learning_rate, beta_1, beta_2: of all three Adam optimisers.
        discriminator_steps: discriminator updates per batch.
    """

    reconstruction_weight: float
    latent_size: int
    learning_rate: float
    beta_1: float
    beta_2: float
    discriminator_steps: int = 1


class Passes(NamedTuple):
    """What encoder and decoder make of a batch: posterior, reconstructions x~ and generated x_p."""

    mean: tf.Tensor
    log_variance: tf.Tensor
    reconstructed: tf.Tensor
    generated: tf.Tensor


class VAEGAN(keras.Model):
    """Encoder, decoder and discriminator with the protocol's three losses, driven by `fit`.

    Losses per image, with R the sum of absolute differences, x~ = G(z) the reconstruction and
    x_p = G(z_p) generated from z_p ~ N(0, I):

        encoder        R + KL(q(z|x) || N(0, I))
        decoder        lambda R - log D(x~) - log D(x_p)
        discriminator  -(log D(x) + log(1 - D(x~)) + log(1 - D(x_p)))

    all computed from the discriminator's logits. One step passes the batch once through the
    encoder and twice through the decoder. Each discriminator update is one pass of real,
    reconstructed and generated images joined into one batch, so that batch-norm sees them
    together; the last shares its pass with the decoder's update, and all three are simultaneous.

    Args:
        image_shape: (28, 28, 1) or (32, 32, 3), the protocol's two architectures.
        recipe: sizes and schedule.
        width: multiplies filters and units, not the latent size; 1.0 is the paper.
        seed: of weights and of every random draw.

    Raises:
        ValueError: another image shape.
    """

    def __init__(self, image_shape: tuple[int, int, int], recipe: Recipe, width: float = 1.0, seed: int = 0):
        super().__init__(name="vae_gan")
        shape = image_shape[0], image_shape[1], image_shape[2]
        if shape not in ARCHITECTURES:
            allowed = " or ".join(map(str, ARCHITECTURES))
            raise ValueError(f"image_shape must be {allowed}. Received: {shape}.")
        build_encoder, build_decoder, build_discriminator = ARCHITECTURES[shape]
        self.recipe, self.seed = recipe, seed
        with initialisers_from(seed), dtype_policy("float32"), channels_last():
            self.encoder = build_encoder(recipe.latent_size, width)
            self.decoder = build_decoder(recipe.latent_size, width)
            self.discriminator = build_discriminator(width)
        names = ("encoder_loss", "decoder_loss", "discriminator_loss", "reconstruction_l1", "reconstruction_l2", "kl")
        accuracies = ("accuracy_real", "accuracy_reconstructed", "accuracy_generated")
        self.means = {name: keras.metrics.Mean(name=name) for name in (*names, *accuracies)}
        self.built = True

    def compile(self, jit_compile: bool = False) -> None:
        """The protocol's three Adam optimisers, built so that a checkpoint can be restored at once."""

        def adam(variables) -> keras.optimizers.Optimizer:
            optimizer = keras.optimizers.Adam(self.recipe.learning_rate, self.recipe.beta_1, self.recipe.beta_2)
            optimizer.build(variables)
            return optimizer

        super().compile(optimizer=adam(self.encoder.trainable_variables), jit_compile=jit_compile)
        self.decoder_optimizer = adam(self.decoder.trainable_variables)
        self.discriminator_optimizer = adam(self.discriminator.trainable_variables)

    def call(self, images, training=None):
        """Reconstructions through the posterior mean."""
        mean, _ = self.posterior(images, training=training)
        return self.decoder(mean, training=training)

    # Use

    def encode(self, images: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """Posterior mean and log-variance, each (N, latent_size)."""
        return compiled(self, "encode", lambda model, x: model.posterior(x, training=False))(
            tf.convert_to_tensor(images)
        )

    def project(self, images, batch_size: int = 500) -> np.ndarray:
        """The reconstruction of each image through the posterior mean: its projection onto the manifold.

        The authors drew z from the posterior; with its mean an image has one distance and not two.

        Args:
            images: (N, H, W, C) in [-1, 1].
            batch_size: images at a time.

        Returns:
            (N, H, W, C) float32 in [-1, 1].
        """
        projections = []
        for start in range(0, len(images), batch_size):
            z, _ = self.encode(images[start : start + batch_size])
            projections.append(self.decode(z))
        return np.concatenate(projections)

    def decode(self, z: tf.Tensor) -> np.ndarray:
        """G(z) for latents (N, latent_size)."""
        return compiled(self, "decode", lambda model, z: model.decoder(z, training=False))(z).numpy()

    def generate(self, n: int, seed: int = 0) -> np.ndarray:
        """n images from z ~ N(0, I)."""
        return self.decode(tf.random.stateless_normal((n, self.recipe.latent_size), [seed, 0]))

    # Training

    def train_step(self, data):
        images = data[0] if isinstance(data, tuple) else data
        with tf.GradientTape(persistent=True) as tape:
            passes = self.generate_passes(images, training=True)
            with tape.stop_recording():
                for _ in range(self.recipe.discriminator_steps - 1):
                    self._discriminator_update(images, passes)
            losses = self.losses(images, passes, training=True)
        encoder, decoder = self.encoder.trainable_variables, self.decoder.trainable_variables
        discriminator = self.discriminator.trainable_variables
        # One backward pass of R + KL serves the encoder, and the decoder's share of R.
        both = tape.gradient(losses["encoder_loss"], [*encoder, *decoder])
        adversarial = tape.gradient(losses["adversarial"], decoder)
        discriminating = tape.gradient(losses["discriminator_loss"], discriminator)
        weight = self.recipe.reconstruction_weight
        reconstructing = [weight * a + b for a, b in zip(both[len(encoder) :], adversarial, strict=True)]
        self.optimizer.apply(both[: len(encoder)], encoder)
        self.decoder_optimizer.apply(reconstructing, decoder)
        self.discriminator_optimizer.apply(discriminating, discriminator)
        return self._report(losses, images)

    def test_step(self, data):
        images = data[0] if isinstance(data, tuple) else data
        losses = self.losses(images, self.generate_passes(images, training=False), training=False)
        return self._report(losses, images)

    def generate_passes(self, images, training: bool) -> Passes:
        """One pass through the encoder and two through the decoder: all that a step needs."""
        mean, log_variance = self.posterior(images, training=training)
        z = mean + tf.exp(log_variance / 2) * self._normal(tf.shape(mean), draw=0)
        prior = self._normal(tf.shape(mean), draw=1)
        return Passes(mean, log_variance, self.decoder(z, training=training), self.decoder(prior, training=training))

    def _discriminator_update(self, images, passes: Passes) -> None:
        with tf.GradientTape() as tape:
            loss = self.losses(images, passes, training=True)["discriminator_loss"]
        variables = self.discriminator.trainable_variables
        self.discriminator_optimizer.apply(tape.gradient(loss, variables), variables)

    def losses(self, images, passes: Passes, training: bool) -> dict[str, tf.Tensor]:
        """The three losses and their parts, each a mean over the batch."""
        mean, log_variance, reconstructed, generated = passes
        # One batch, not three: batch-norm before the last layer gives every batch the same mean logit,
        # so that a discriminator fed real and made images apart could never tell them apart.
        logits = self.discriminator(tf.concat([images, reconstructed, generated], axis=0), training=training)
        real, recon, gen = tf.split(logits, 3)
        difference = tf.reshape(images - reconstructed, (tf.shape(images)[0], -1))
        r = tf.reduce_mean(tf.norm(difference, ord=1, axis=1))
        kl = tf.reduce_mean(tf.reduce_sum(mean**2 + tf.exp(log_variance) - 1 - log_variance, axis=1)) / 2
        # -log D = softplus(-logit) and -log(1 - D) = softplus(logit), without overflow
        adversarial = tf.reduce_mean(tf.nn.softplus(-recon) + tf.nn.softplus(-gen))
        discriminating = tf.reduce_mean(tf.nn.softplus(-real) + tf.nn.softplus(recon) + tf.nn.softplus(gen))
        return {
            "encoder_loss": r + kl,
            "decoder_loss": self.recipe.reconstruction_weight * r + adversarial,
            "adversarial": adversarial,
            "discriminator_loss": discriminating,
            "reconstruction_l1": r,
            "reconstruction_l2": tf.reduce_mean(tf.norm(difference, axis=1)),
            "kl": kl,
            "accuracy_real": _share(real > 0),
            "accuracy_reconstructed": _share(recon < 0),
            "accuracy_generated": _share(gen < 0),
        }

    def posterior(self, images, training: bool | None) -> tuple[tf.Tensor, tf.Tensor]:
        """Mean and log-variance of q(z|x), each (N, latent_size)."""
        mean, log_variance = tf.split(self.encoder(images, training=training), 2, axis=1)
        return mean, log_variance

    def _normal(self, shape, draw: int) -> tf.Tensor:
        """Normal numbers fixed by seed, step and draw: a resumed training draws the same ones."""
        step = tf.cast(self.optimizer.iterations, tf.int32) if self.optimizer else 0
        return tf.random.stateless_normal(shape, tf.stack([2 * self.seed + draw, step]))

    def _report(self, losses: dict[str, tf.Tensor], images) -> dict[str, tf.Tensor]:
        for name, mean in self.means.items():
            mean.update_state(losses[name], sample_weight=tf.shape(images)[0])
        return {name: mean.result() for name, mean in self.means.items()}


def _share(condition: tf.Tensor) -> tf.Tensor:
    return tf.reduce_mean(tf.cast(condition, tf.float32))


RECIPES = {
    "mnist": Recipe(5e-3, 10, 5e-4, 0.5, 0.9),
    "fashion_mnist": Recipe(5e-4, 10, 5e-4, 0.5, 0.9),
    "cifar10": Recipe(1e-2, 128, 2e-4, 0.0, 0.9, discriminator_steps=5),
}
"""The protocol's, per data set."""


def recipe_for(dataset: str, image_shape: tuple[int, int, int]) -> Recipe:
    """The protocol's recipe, for a data set it does not name that of MNIST or CIFAR-10 by shape."""
    return RECIPES.get(dataset) or RECIPES["mnist" if image_shape[-1] == 1 else "cifar10"]
