"""How much of a run is still to do, so that one bar can count it. Loads no TensorFlow."""

from collections.abc import Iterator

from experiments import keys
from experiments.artefacts import Key, Store
from experiments.grid import STANDARD, NetworkSpec, cells, networks, training_eps
from experiments.settings import TRAIN_IMAGES, BoundaryStudy, Settings, Study

# The unit is one image's pass through a small classifier; these take about as long as that many.
VAE_GAN_STEP = 40
TOY_EPOCH = 40_000


def work_per_image(study: Study, spec: NetworkSpec) -> int:
    """Network passes per training image: an update takes three, an attack step two."""
    return 3 + (0 if spec.norm is None else 2 * study.attack_steps)


def missing_work(chosen: list[Settings], store: Store) -> float:
    """Work that the store does not spare these experiments; what they share counts once."""
    to_do = {key.folder: 0 if key in store else work for settings in chosen for key, work in pieces(settings)}
    return sum(to_do.values())


def pieces(settings: Settings) -> Iterator[tuple[Key, float]]:
    """Every training that an experiment's results rest on, and its work."""
    for study in settings.studies:
        yield from _PIECES[settings.experiment](study, settings.data_dir)


def _networks(study: Study, data_dir: str | None) -> Iterator[tuple[Key, float]]:
    images = study.train_size or _training_images(study, data_dir)
    for spec in networks(study):
        yield keys.network_key(study, spec), work_per_image(study, spec) * study.epochs * images


def _manifold(study: Study, data_dir: str | None) -> Iterator[tuple[Key, float]]:
    yield from _networks(study, data_dir)
    yield keys.vae_gan_key(study), VAE_GAN_STEP * study.vae_gan_epochs * _training_images(study, data_dir)


def _boundary(study: BoundaryStudy, data_dir: str | None) -> Iterator[tuple[Key, float]]:
    for eps in training_eps(study):
        yield keys.boundary_key(study, eps), TOY_EPOCH * study.toy_epochs


def _roar(study: Study, data_dir: str | None) -> Iterator[tuple[Key, float]]:
    yield from _networks(study, data_dir)
    images = study.train_size or _training_images(study, data_dir)
    for cell in cells(study):
        yield keys.cell_key(study, cell), work_per_image(study, STANDARD) * study.epochs * images


def _training_images(study: Study, data_dir: str | None) -> int:
    """Of the whole training set."""
    if study.dataset in TRAIN_IMAGES:
        return TRAIN_IMAGES[study.dataset]
    from experiments.data import load_dataset

    return len(load_dataset(study.dataset, data_dir=data_dir).train_images)


_PIECES = {"manifold": _manifold, "boundary": _boundary, "roar": _roar, "tradeoff": _roar}
