"""VAE-GAN, projections and attacks of one study."""

import json
from functools import cached_property
from pathlib import Path

import numpy as np

from experiments.compute.tensorflow_import import import_tensorflow
from experiments.data import Dataset, whole_dataset
from experiments.errors import PieceFailedError, UsageError
from experiments.manifold.controls import NOISE_SHARES, add_noise, another_of_the_same_class, l2_norm, pca_distance
from experiments.manifold.pieces import VAE_GAN_STEP, attack_key, gradients_key, quality_key, vae_gan_key
from experiments.manifold.study import ManifoldStudy
from experiments.networks.grid import STANDARD, NetworkSpec
from experiments.networks.runner import Runner

MIN_DIVERSITY = 0.05
"""Share of the data's standard deviation per pixel below which a generator counts as collapsed."""


class ManifoldRunner(Runner[ManifoldStudy]):
    """VAE-GAN, projections and attacks of one study."""

    @property
    def whole_data(self) -> Dataset:
        """The VAE-GAN learns the manifold from every training image, whatever --train_size."""
        return whole_dataset(self.study.dataset, self.settings.data_dir)

    @cached_property
    def vae_gan(self):
        import_tensorflow()
        model = self._new_vae_gan()
        self.vae_gan_folder = self.store.fetch(
            vae_gan_key(self.study, self.fingerprint),
            lambda working: self._train_vae_gan(model, working),
            images=lambda: self.study.vae_gan_epochs * len(self.whole_data.train_images),
        )
        model.load_weights(self.vae_gan_folder / "vae_gan.weights.h5")
        return model

    @cached_property
    def standard_predictions(self) -> np.ndarray:
        from experiments.networks.predictions import predictions

        return predictions(self.networks.get(STANDARD), self.data.test_images)

    def _new_vae_gan(self):
        from experiments.networks.fitting import use_xla
        from models import VAEGAN
        from models.vae_gan import recipe_for

        shape = self.data.test_images.shape[1:]
        try:
            recipe = recipe_for(self.study.dataset, shape)
            model = VAEGAN(shape, recipe, self.study.vae_gan_width, self.study.seed)
        except ValueError as error:
            raise UsageError(f"--datasets: {self.study.dataset} does not fit the VAE-GAN: {error}") from error
        model.compile(jit_compile=use_xla(self.settings.jit_compile))
        return model

    def _train_vae_gan(self, model, working: Path) -> None:
        from experiments.networks.fitting import fit_resumably, save_trained

        fit_resumably(
            model,
            self.whole_data,
            batch_size=self.study.batch_size,
            epochs=self.study.vae_gan_epochs,
            seed=self.study.seed,
            working=working,
            progress=self.progress,
            what="the VAE-GAN",
            cost=VAE_GAN_STEP,
            validate=True,
            tensorboard=self.settings.tensorboard_folder(vae_gan_key(self.study, self.fingerprint).folder),
        )
        self._refuse_collapse(model)
        save_trained(model, working / "vae_gan.weights.h5")

    def _refuse_collapse(self, model) -> None:
        """A generator that gives NaN, or one image for every latent, is no manifold."""
        diversity = float(model.generate(200, self.study.seed).std(axis=0).mean())
        if not diversity > MIN_DIVERSITY * float(self.data.test_images.std(axis=0).mean()):
            raise PieceFailedError(
                vae_gan_key(self.study, self.fingerprint).name,
                f"it collapsed (generated images vary by {diversity:.4f} per pixel); "
                "try another --seed, more --vae_gan_epochs or a larger --vae_gan_width",
            )

    # Measurements

    def quality(self) -> dict[str, np.ndarray]:
        """What distances are worth; see `experiments.manifold.analysis`."""
        return self.store.fetch_arrays(quality_key(self.study, self.fingerprint), self.measure_quality)

    def attack(self, spec: NetworkSpec, loss: str) -> dict[str, np.ndarray]:
        """Distances of a network's adversarial examples; see `experiments.manifold.analysis`."""
        key = attack_key(self.study, self.fingerprint, spec, loss)
        return self.store.fetch_arrays(key, lambda: self.measure_attack(spec, loss))

    def gradients(self, spec: NetworkSpec) -> dict[str, np.ndarray]:
        """How a network's gradients lie to the manifold; see `experiments.manifold.analysis`."""
        key = gradients_key(self.study, self.fingerprint, spec)
        return self.store.fetch_arrays(key, lambda: self.measure_gradients(spec))

    def project(self, images: np.ndarray) -> np.ndarray:
        """Projections by the study's method."""
        if self.study.projection == "optimise":
            from models.projection import optimise_projection

            return optimise_projection(self.vae_gan, images, self.study.projection_steps)
        return self.vae_gan.project(images)

    def distance(self, images: np.ndarray) -> np.ndarray:
        """(N,) l2 distances to the projections."""
        return l2_norm(images - self.project(images))

    def measure_quality(self) -> dict[str, np.ndarray]:
        images, labels = self.data.test_images, self.data.test_labels
        vae_gan = self.vae_gan
        self.progress.stage(f"{self.study.dataset}: checking the VAE-GAN")
        history = json.loads((self.vae_gan_folder / "history.json").read_text())
        rng = np.random.default_rng(self.study.seed)
        sizes = [np.full(len(images), share * self.study.manifold_eps) for share in NOISE_SHARES]
        clean = self.distance(images)
        sample = images[self.sample]
        return {
            "clean": clean,
            "same_class": clean[another_of_the_same_class(labels, rng)],
            "noise": np.stack([self.distance(add_noise(images, size, rng)) for size in sizes]),
            "pca": pca_distance(self.whole_data.train_images, images, vae_gan.recipe.latent_size),
            "diversity": vae_gan.generate(200, self.study.seed).std(axis=0).mean(),
            "data_diversity": images.std(axis=0).mean(),
            "latent_size": np.array(vae_gan.recipe.latent_size),
            "history_names": np.array(list(history)),
            "history_values": np.array([values[-1] for values in history.values()]),
            "sample_images": sample,
            "sample_projections": self.project(sample),
            "sample_index": self.sample,
            "sample_label": np.array(self.data.class_names)[labels[self.sample]],
            "generated": vae_gan.generate(16, self.study.seed),
        }

    def measure_attack(self, spec: NetworkSpec, loss: str) -> dict[str, np.ndarray]:
        from attacks import ProjectedGradientDescent, attack_in_batches
        from experiments.networks.fitting import use_xla
        from experiments.networks.predictions import predictions

        study, images = self.study, self.data.test_images
        standard = self.standard_predictions
        network = self.networks.get(spec)
        own = predictions(network, images)
        self.progress.stage(f"{study.dataset}: {loss} attack on {spec.name}, and its projection")
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
        standard_adversarial = predictions(self.networks.get(STANDARD), adversarial)
        size = l2_norm(adversarial - images)
        # The noise is drawn anew for every arm, from one seed: arms of equal size get equal noise.
        noisy = add_noise(images, size, np.random.default_rng(study.seed))
        projections = self.project(adversarial)
        return {
            "distance": l2_norm(adversarial - projections),
            "size": size,
            "noise_distance": self.distance(noisy),
            "changed_standard": standard_adversarial != standard,
            "changed_own": own_adversarial != own,
            "sample_adversarial": adversarial[self.sample],
            "sample_projections": projections[self.sample],
            "sample_predicted": np.array(self.data.class_names)[own_adversarial[self.sample]],
        }

    def measure_gradients(self, spec: NetworkSpec) -> dict[str, np.ndarray]:
        from attributions import explain
        from models.projection import tangent_alignment

        network = self.networks.get(spec)
        images = self.data.test_images
        maps = explain("gradient", network, images)
        return {
            "alignment": tangent_alignment(self.vae_gan, images, maps),
            # The paper's pictures show minus the cross-entropy.
            "sample_maps": -maps[self.sample].sum(axis=-1),
        }
