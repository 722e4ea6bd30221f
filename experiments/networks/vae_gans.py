"""Trains the VAE-GANs of a study, or takes them from the store: what its data set's manifold is taken to be."""

from pathlib import Path
from typing import TYPE_CHECKING

from experiments.compute.tensorflow_import import import_tensorflow
from experiments.data import Dataset, whole_dataset
from experiments.errors import PieceFailedError, UsageError
from experiments.networks.keys import training_seed, vae_gan_key
from experiments.networks.pieces import VAE_GAN_STEP
from experiments.networks.trained import TrainedModels, history_of
from experiments.settings.studies import VaeGanStudy

if TYPE_CHECKING:
    from models import VAEGAN

WEIGHTS = "vae_gan.weights.h5"

MIN_DIVERSITY = 0.05
"""Share of the data's standard deviation per pixel below which a generator counts as collapsed."""


class VaeGans(TrainedModels[VaeGanStudy]):
    """The trained VAE-GANs of one study, by training."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self._model: VAEGAN | None = None
        self._loaded: int | None = None

    @property
    def whole_data(self) -> Dataset:
        """The VAE-GAN learns the manifold from every training image, whatever --train_size."""
        return whole_dataset(self.study.dataset, self.settings.data_dir)

    def get(self, run: int) -> "VAEGAN":
        """The VAE-GAN of a training, loaded into the model of the last one asked for: its graphs are used again."""
        if self._model is None or self._loaded != run:
            import_tensorflow()
            from experiments.networks.state import load_state

            weights = self.trained(run) / WEIGHTS
            model = self._model or self.new(run)
            self._loaded = None  # should loading stop half-way
            load_state(model, weights)
            self._model, self._loaded = model, run
        return self._model

    def new(self, run: int = 0) -> "VAEGAN":
        """An untrained one.

        Raises:
            UsageError: there is no architecture for the data set's images.
        """
        from experiments.networks.fitting import use_xla
        from models import VAEGAN
        from models.vae_gan import recipe_for

        shape = self.data().test_images.shape[1:]
        try:
            recipe = recipe_for(self.study.dataset, shape)
            model = VAEGAN(shape, recipe, self.study.vae_gan_width, training_seed(self.study, run))
        except ValueError as error:
            raise UsageError(f"--datasets: {self.study.dataset} does not fit the VAE-GAN: {error}") from error
        model.compile(jit_compile=use_xla(self.settings.jit_compile))
        return model

    def history(self, run: int) -> dict[str, list[float]]:
        """Every metric of a training, epoch by epoch."""
        return history_of(self.trained(run))

    def trained(self, run: int) -> Path:
        """The stored VAE-GAN's folder; it is trained first if the store does not have it."""
        return self.store.fetch(
            vae_gan_key(self.study, self.fingerprint, run),
            lambda working: self._train(self.new(run), run, working),
            images=lambda: self.study.vae_gan_epochs * len(self.whole_data.train_images),
        )

    def _train(self, model: "VAEGAN", run: int, working: Path) -> None:
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
        save_trained(model, working / WEIGHTS)

    def _refuse_collapse(self, model: "VAEGAN", run: int) -> None:
        """A generator that gives NaN, or one image for every latent, is no manifold."""
        diversity = float(model.generate(200, self.study.seed).std(axis=0).mean())
        if not diversity > MIN_DIVERSITY * float(self.data().test_images.std(axis=0).mean()):
            raise PieceFailedError(
                vae_gan_key(self.study, self.fingerprint, run).name,
                f"it collapsed (generated images vary by {diversity:.4f} per pixel); "
                "try another --seed, more --vae_gan_epochs or a larger --vae_gan_width",
            )
