"""VAE-GAN, projections and attacks of one study."""

from functools import cached_property

import numpy as np

from experiments.manifold.controls import LinearManifolds, add_noise, blurred, l2_norm
from experiments.manifold.keys import attack_key, gradients_key, quality_key
from experiments.manifold.study import NOISE_SHARES, ManifoldStudy, projection_passes
from experiments.networks.grid import STANDARD, NetworkSpec
from experiments.networks.runner import Runner
from experiments.partners import partners

PRINCIPAL_COMPONENTS = 50
"""Dimensions of the larger linear manifold that distances are compared with."""
GRADIENT_BLUR = 1.0
"""Pixels by which gradients are blurred to see what smoothness does to their alignment."""


class ManifoldRunner(Runner[ManifoldStudy]):
    """VAE-GANs, projections and attacks of one study, training after training."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self._standard_labels: dict[int, np.ndarray] = {}

    @cached_property
    def linear(self) -> LinearManifolds:
        """Manifolds without a network; the first has as many dimensions as the VAE-GAN's latent space."""
        from models.vae_gan import recipe_for

        recipe = recipe_for(self.study.dataset, self.data.test_images.shape[1:])
        sizes = {"pca_latent": recipe.latent_size, "pca": PRINCIPAL_COMPONENTS}
        return LinearManifolds(self.vae_gans.whole_data.train_images, sizes)

    def standard_labels(self, run: int) -> np.ndarray:
        """(N,) what the standard network of a training takes the clean test images for."""
        from experiments.networks.predictions import predictions

        if run not in self._standard_labels:
            self._standard_labels[run] = predictions(self.networks.get(STANDARD, run), self.data.test_images)
        return self._standard_labels[run]

    # Pieces

    def quality(self, run: int) -> dict[str, np.ndarray]:
        """What distances are worth; see `experiments.manifold.values`."""
        return self.store.fetch_arrays(
            quality_key(self.study, self.fingerprint, run), lambda: self.measure_quality(run)
        )

    def attack(self, spec: NetworkSpec, loss: str, run: int) -> dict[str, np.ndarray]:
        """Distances of a network's adversarial examples; see `experiments.manifold.values`."""
        key = attack_key(self.study, self.fingerprint, spec, loss, run)
        return self.store.fetch_arrays(key, lambda: self.measure_attack(spec, loss, run))

    def gradients(self, spec: NetworkSpec, run: int) -> dict[str, np.ndarray]:
        """How a network's gradients lie to the manifold; see `experiments.manifold.values`."""
        key = gradients_key(self.study, self.fingerprint, spec, run)
        return self.store.fetch_arrays(key, lambda: self.measure_gradients(spec, run))

    # How they are made

    def project(self, images: np.ndarray, run: int) -> np.ndarray:
        """Projections by the study's method."""
        if self.study.searches:
            from models.projection import optimise_projection

            found = optimise_projection(self.vae_gans.get(run), images, self.study.projection_steps)
            self.progress.advance(projection_passes(self.study, len(images)))
            return found
        return self.vae_gans.get(run).project(images)

    def distance(self, images: np.ndarray, run: int) -> np.ndarray:
        """(N,) l2 distances to the projections."""
        return l2_norm(images - self.project(images, run))

    def encoded(self, images: np.ndarray, run: int) -> np.ndarray:
        """(N,) l2 distances to the encoder's reconstructions, which are the paper's."""
        return l2_norm(images - self.vae_gans.get(run).project(images))

    def measure_quality(self, run: int) -> dict[str, np.ndarray]:
        images, labels, vae_gan = self.data.test_images, self.data.test_labels, self.vae_gans.get(run)
        self.progress.stage(f"{self.study.dataset}: checking the VAE-GAN, training {run + 1}")
        history = self.vae_gans.history(run)
        rng = np.random.default_rng(self.study.seed)
        sizes = [np.full(len(images), share * self.study.manifold_eps) for share in NOISE_SHARES]
        projections = self.project(images, run)
        another = partners(labels, rng)
        noisy = [add_noise(images, size, rng) for size in sizes]
        sample = images[self.sample]
        return {
            "clean": l2_norm(images - projections),
            "to_another": l2_norm(images - projections[another]),
            "noise": np.stack([self.distance(x, run) for x in noisy]),
            **({"encoded": np.stack([self.encoded(x, run) for x in (images, *noisy)])} if self.study.searches else {}),
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
            **({"encoded": self.encoded(adversarial, run)} if study.searches else {}),
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
        smoothed = blurred(maps, GRADIENT_BLUR)
        # Every image's tangent space is asked once: about its own gradient, that gradient blurred, and another's.
        others = partners(np.zeros(len(images), int), np.random.default_rng(self.study.seed))
        own, smooth, other = tangent_alignments(self.vae_gans.get(run), images, [maps, smoothed, maps[others]])
        return {
            "alignment": own,
            "alignment_blurred": smooth,
            "alignment_other": other,
            # As in the paper's pictures, of minus the cross-entropy.
            "sample_maps": maps[self.sample].sum(axis=-1),
        }


RUNNER = ManifoldRunner
