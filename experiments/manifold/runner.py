"""VAE-GAN, projections and attacks of one study."""

import json
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from scipy.ndimage import gaussian_filter

from experiments.compute.tensorflow_import import import_tensorflow
from experiments.data import Dataset, whole_dataset
from experiments.errors import PieceFailedError, UsageError
from experiments.manifold.controls import (
    NOISE_SHARES,
    LinearManifolds,
    add_noise,
    another_of_the_same_class,
    l2_norm,
)
from experiments.manifold.pieces import VAE_GAN_STEP, attack_key, gradients_key, quality_key, vae_gan_key
from experiments.manifold.study import ManifoldStudy
from experiments.networks.grid import STANDARD, NetworkSpec
from experiments.networks.keys import training_seed
from experiments.networks.runner import Runner

if TYPE_CHECKING:
    from models import VAEGAN

PRINCIPAL_COMPONENTS = 50
"""Dimensions of the larger linear manifold that distances are compared with."""
GRADIENT_BLUR = 1.0
"""Pixels by which gradients are blurred to see what smoothness does to their alignment."""

MIN_DIVERSITY = 0.05
"""Share of the data's standard deviation per pixel below which a generator counts as collapsed."""


class ManifoldRunner(Runner[ManifoldStudy]):
    """VAE-GANs, projections and attacks of one study, training after training."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self._vae_gan: VAEGAN | None = None
        self._vae_gan_run: int | None = None
        self._standard_labels: dict[int, np.ndarray] = {}

    @property
    def whole_data(self) -> Dataset:
        """The VAE-GAN learns the manifold from every training image, whatever --train_size."""
        return whole_dataset(self.study.dataset, self.settings.data_dir)

    @cached_property
    def linear(self) -> LinearManifolds:
        """Manifolds without a network; the first has as many dimensions as the VAE-GAN's latent space."""
        from models.vae_gan import recipe_for

        recipe = recipe_for(self.study.dataset, self.data.test_images.shape[1:])
        sizes = {"pca_latent": recipe.latent_size, "pca": PRINCIPAL_COMPONENTS}
        return LinearManifolds(self.whole_data.train_images, sizes)

    def vae_gan(self, run: int) -> "VAEGAN":
        """The VAE-GAN of a training, loaded into the model of the last one asked for: its graphs are used again."""
        if self._vae_gan is None or self._vae_gan_run != run:
            import_tensorflow()
            weights = self._trained(run) / "vae_gan.weights.h5"
            model = self._vae_gan or self._new_vae_gan(run)
            self._vae_gan_run = None  # should loading stop half-way
            model.load_weights(weights)
            self._vae_gan, self._vae_gan_run = model, run
        return self._vae_gan

    def standard_labels(self, run: int) -> np.ndarray:
        """(N,) what the standard network of a training takes the clean test images for."""
        from experiments.networks.predictions import predictions

        if run not in self._standard_labels:
            self._standard_labels[run] = predictions(self.networks.get(STANDARD, run), self.data.test_images)
        return self._standard_labels[run]

    def _new_vae_gan(self, run: int) -> "VAEGAN":
        from experiments.networks.fitting import use_xla
        from models import VAEGAN
        from models.vae_gan import recipe_for

        shape = self.data.test_images.shape[1:]
        try:
            recipe = recipe_for(self.study.dataset, shape)
            model = VAEGAN(shape, recipe, self.study.vae_gan_width, training_seed(self.study, run))
        except ValueError as error:
            raise UsageError(f"--datasets: {self.study.dataset} does not fit the VAE-GAN: {error}") from error
        model.compile(jit_compile=use_xla(self.settings.jit_compile))
        return model

    def _trained(self, run: int) -> Path:
        """The stored VAE-GAN's folder; it is trained first if the store does not have it."""
        return self.store.fetch(
            vae_gan_key(self.study, self.fingerprint, run),
            lambda working: self._train_vae_gan(self._new_vae_gan(run), run, working),
            images=lambda: self.study.vae_gan_epochs * len(self.whole_data.train_images),
        )

    def _train_vae_gan(self, model, run: int, working: Path) -> None:
        from experiments.networks.fitting import fit_resumably, save_trained

        fit_resumably(
            model,
            self.whole_data,
            batch_size=self.study.batch_size,
            epochs=self.study.vae_gan_epochs,
            seed=training_seed(self.study, run),
            working=working,
            progress=self.progress,
            what=f"the VAE-GAN, training {run + 1}",
            cost=VAE_GAN_STEP,
            validate=True,
            tensorboard=self.settings.tensorboard_folder(vae_gan_key(self.study, self.fingerprint, run).folder),
        )
        self._refuse_collapse(model, run)
        save_trained(model, working / "vae_gan.weights.h5")

    def _refuse_collapse(self, model, run: int) -> None:
        """A generator that gives NaN, or one image for every latent, is no manifold."""
        diversity = float(model.generate(200, self.study.seed).std(axis=0).mean())
        if not diversity > MIN_DIVERSITY * float(self.data.test_images.std(axis=0).mean()):
            raise PieceFailedError(
                vae_gan_key(self.study, self.fingerprint, run).name,
                f"it collapsed (generated images vary by {diversity:.4f} per pixel); "
                "try another --seed, more --vae_gan_epochs or a larger --vae_gan_width",
            )

    # Pieces

    def quality(self, run: int) -> dict[str, np.ndarray]:
        """What distances are worth; see `experiments.manifold.analysis`."""
        return self.store.fetch_arrays(
            quality_key(self.study, self.fingerprint, run), lambda: self.measure_quality(run)
        )

    def attack(self, spec: NetworkSpec, loss: str, run: int) -> dict[str, np.ndarray]:
        """Distances of a network's adversarial examples; see `experiments.manifold.analysis`."""
        key = attack_key(self.study, self.fingerprint, spec, loss, run)
        return self.store.fetch_arrays(key, lambda: self.measure_attack(spec, loss, run))

    def gradients(self, spec: NetworkSpec, run: int) -> dict[str, np.ndarray]:
        """How a network's gradients lie to the manifold; see `experiments.manifold.analysis`."""
        key = gradients_key(self.study, self.fingerprint, spec, run)
        return self.store.fetch_arrays(key, lambda: self.measure_gradients(spec, run))

    # How they are made

    def project(self, images: np.ndarray, run: int) -> np.ndarray:
        """Projections by the study's method."""
        if self.study.projection == "optimise":
            from models.projection import optimise_projection

            return optimise_projection(self.vae_gan(run), images, self.study.projection_steps)
        return self.vae_gan(run).project(images)

    def distance(self, images: np.ndarray, run: int) -> np.ndarray:
        """(N,) l2 distances to the projections."""
        return l2_norm(images - self.project(images, run))

    def measure_quality(self, run: int) -> dict[str, np.ndarray]:
        images, labels, vae_gan = self.data.test_images, self.data.test_labels, self.vae_gan(run)
        self.progress.stage(f"{self.study.dataset}: checking the VAE-GAN, training {run + 1}")
        history = json.loads((self._trained(run) / "history.json").read_text())
        rng = np.random.default_rng(self.study.seed)
        sizes = [np.full(len(images), share * self.study.manifold_eps) for share in NOISE_SHARES]
        projections = self.project(images, run)
        sample = images[self.sample]
        return {
            "clean": l2_norm(images - projections),
            "to_another": l2_norm(images - projections[another_of_the_same_class(labels, rng)]),
            "noise": np.stack([self.distance(add_noise(images, size, rng), run) for size in sizes]),
            **self.linear.distances(images),
            "diversity": vae_gan.generate(200, self.study.seed).std(axis=0).mean(),
            "data_diversity": images.std(axis=0).mean(),
            "latent_size": np.array(vae_gan.recipe.latent_size),
            "history_names": np.array(list(history)),
            "history_values": np.array([values[-1] for values in history.values()]),
            "sample_images": sample,
            "sample_projections": projections[self.sample],
            "sample_index": self.sample,
            "sample_label": np.array(self.data.class_names)[labels[self.sample]],
            "generated": vae_gan.generate(16, self.study.seed),
        }

    def measure_attack(self, spec: NetworkSpec, loss: str, run: int) -> dict[str, np.ndarray]:
        from attacks import ProjectedGradientDescent, attack_in_batches
        from experiments.networks.fitting import use_xla
        from experiments.networks.predictions import predictions

        study, images, network = self.study, self.data.test_images, self.networks.get(spec, run)
        own = predictions(network, images)
        self.progress.stage(f"{study.dataset}: {loss} attack on {spec.name}, and its projection, training {run + 1}")
        attack = ProjectedGradientDescent(
            norm="l2",
            eps=study.manifold_eps,
            step_size=study.l2_step_size,
            steps=study.manifold_steps,
            loss=loss,
            jit_compile=use_xla(self.settings.jit_compile),
        )
        adversarial = attack_in_batches(attack, network, images, self.data.test_labels)
        self.progress.advance(2 * study.manifold_steps * len(images))
        own_adversarial = predictions(network, adversarial)
        standard_adversarial = predictions(self.networks.get(STANDARD, run), adversarial)
        size = l2_norm(adversarial - images)
        # The noise is drawn anew for every arm, from one seed: arms of equal size get equal noise.
        noisy = add_noise(images, size, np.random.default_rng(study.seed))
        projections = self.project(adversarial, run)
        return {
            "distance": l2_norm(adversarial - projections),
            **self.linear.distances(adversarial),
            "size": size,
            "noise_distance": self.distance(noisy, run),
            "changed_standard": standard_adversarial != self.standard_labels(run),
            "changed_own": own_adversarial != own,
            "sample_adversarial": adversarial[self.sample],
            "sample_projections": projections[self.sample],
            "sample_predicted": np.array(self.data.class_names)[own_adversarial[self.sample]],
        }

    def measure_gradients(self, spec: NetworkSpec, run: int) -> dict[str, np.ndarray]:
        from attributions import explain
        from models.projection import tangent_alignments

        images = self.data.test_images
        maps = explain("gradient", self.networks.get(spec, run), images)
        blurred = gaussian_filter(maps, (0, GRADIENT_BLUR, GRADIENT_BLUR, 0))
        # Every image's tangent space is asked once: about its own gradient, that gradient blurred, and another's.
        cycle, others = np.random.default_rng(self.study.seed).permutation(len(images)), np.arange(len(images))
        others[cycle] = np.roll(cycle, 1)  # no image is its own other
        own, smooth, other = tangent_alignments(self.vae_gan(run), images, [maps, blurred, maps[others]])
        return {
            "alignment": own,
            "alignment_blurred": smooth,
            "alignment_other": other,
            # The paper's pictures show minus the cross-entropy.
            "sample_maps": -maps[self.sample].sum(axis=-1),
        }
