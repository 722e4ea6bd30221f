"""Distance to the image manifold (Section 2.1): do adversarial examples of robust networks lie closer?"""

import json
import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from experiments import keys
from experiments.artefacts import Store
from experiments.bench import Bench
from experiments.errors import AbsentError, CellFailedError, UsageError
from experiments.executor import Task, gather
from experiments.grid import STANDARD, NetworkSpec, networks
from experiments.manifold_controls import add_noise, another_of_the_same_class, l2_norm, pca_distance
from experiments.quiet import import_tensorflow
from experiments.results import results
from experiments.settings import LOSSES, Settings, Study
from experiments.work import VAE_GAN_STEP

MIN_DIVERSITY = 0.05
"""Share of the data's standard deviation per pixel below which a generator counts as collapsed."""

NOISE_SHARES = (1 / 6, 1 / 3, 2 / 3, 1.0)
"""Noise sizes of the check that distance grows, as shares of the attack's eps (2, 4, 8, 12 in the protocol)."""


@dataclass(frozen=True)
class Measurements:
    """Everything measured in one study.

    Attributes:
        study: what was run.
        vae_gan: quality of the approximation on the test set: "clean" distances (N,), "same_class"
            distances (N,) of another image of each class, "noise" (sizes, N) distances, "pca"
            distances (N,) to as many principal components as the latent space has dimensions
            ("latent_size"), "diversity" (mean standard deviation of a pixel over generated images),
            "data_diversity", "history_names" and "history_values" of the last epoch, and pictures
            "sample_images", "sample_projections", "generated", "sample_index", "sample_label".
        attacks: per network and attack loss, over test images (N,): "distance", "size" (l2 of the
            perturbation), "noise_distance" (noise of that size), "changed_standard" and "changed_own"
            (does the label differ from the clean image's, to the standard and to the attacked
            network), and pictures "sample_adversarial", "sample_projections", "sample_predicted".
        gradients: per network: "alignment" (N,), and pictures "sample_maps".
        missing: what could not be had, and why.
    """

    study: Study
    vae_gan: dict[str, np.ndarray]
    attacks: dict[tuple[NetworkSpec, str], dict[str, np.ndarray]]
    gradients: dict[NetworkSpec, dict[str, np.ndarray]]
    missing: list[AbsentError]


def run(settings: Settings, store: Store, progress) -> dict:
    """Trains and measures whatever the store lacks, then analyses it; returns `experiments.results.results`."""
    from experiments.manifold_analysis import Numbers
    from experiments.manifold_claims import Claims

    started = time.time()
    judged = [Claims(Numbers(measure(study, settings, store, progress))) for study in settings.studies]
    return results(settings, judged, store, started)


def measure(study: Study, settings: Settings, store: Store, progress) -> Measurements:
    """All arrays of one study, computed where the store does not have them."""
    tasks = {"quality": Task("quality")}
    for spec in networks(study):
        tasks |= {(spec, loss): Task("attack", (spec, loss)) for loss in LOSSES}
        tasks[spec] = Task("gradients", (spec,))
    made, missing = gather(ManifoldBench(study, settings, store, progress), tasks)
    quality = made.pop("quality", {})
    gradients = {spec: made.pop(spec) for spec in networks(study) if spec in made}
    return Measurements(study, quality, made, gradients, missing)


class ManifoldBench(Bench):
    """VAE-GAN, projections and attacks of one study."""

    @cached_property
    def whole_data(self):
        """The VAE-GAN learns the manifold from every training image, whatever --train_size."""
        from experiments.data import load_dataset

        return load_dataset(self.study.dataset, data_dir=self.settings.data_dir)

    @cached_property
    def vae_gan(self):
        import_tensorflow()
        model = self._new_vae_gan()
        self.vae_gan_folder = self.store.fetch(
            keys.vae_gan_key(self.study),
            lambda working: self._train_vae_gan(model, working),
            images=lambda: self.study.vae_gan_epochs * len(self.whole_data.train_images),
        )
        model.load_weights(self.vae_gan_folder / "vae_gan.weights.h5")
        return model

    @cached_property
    def standard_predictions(self) -> np.ndarray:
        from experiments.predictions import predictions

        return predictions(self.networks.get(STANDARD), self.data.test_images)

    def _new_vae_gan(self):
        from experiments.training import use_xla
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
        from experiments.training import fit_resumably, save_trained

        study, log = self.study, self.settings.tensorboard_folder(keys.vae_gan_key(self.study).folder)
        epochs, what = study.vae_gan_epochs, "the VAE-GAN"
        fit_resumably(model, self.whole_data, study, epochs, working, self.progress, what, VAE_GAN_STEP, log)
        self._refuse_collapse(model)
        save_trained(model, working / "vae_gan.weights.h5")

    def _refuse_collapse(self, model) -> None:
        """A generator that gives NaN, or one image for every latent, is no manifold."""
        diversity = float(model.generate(200, self.study.seed).std(axis=0).mean())
        if not diversity > MIN_DIVERSITY * float(self.data.test_images.std(axis=0).mean()):
            raise CellFailedError(
                keys.vae_gan_key(self.study).name,
                f"it collapsed (generated images vary by {diversity:.4f} per pixel); "
                "try another --seed, more --vae_gan_epochs or a larger --vae_gan_width",
            )

    # Measurements

    def quality(self) -> dict[str, np.ndarray]:
        return self._stored("quality", self.measure_quality)

    def attack(self, spec: NetworkSpec, loss: str) -> dict[str, np.ndarray]:
        return self._stored("attack", self.measure_attack, spec, loss)

    def gradients(self, spec: NetworkSpec) -> dict[str, np.ndarray]:
        return self._stored("gradients", self.measure_gradients, spec)

    def _stored(self, kind: str, measure, *arm) -> dict[str, np.ndarray]:
        return self.store.fetch_arrays(keys.manifold_key(self.study, kind, *arm), lambda: measure(*arm))

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
        from experiments.predictions import predictions
        from experiments.training import use_xla

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
