"""How much is left to do: what experiments share counts once, what is stored not at all."""

from experiments.settings.settings import make_settings
from experiments.work import TOY_EPOCH, VAE_GAN_STEP, missing_work, work_per_image

from experiments.networks import keys
from experiments.networks.grid import STANDARD, NetworkSpec, cells, networks
from experiments.store.artefacts import Store

SIZES = {"train_size": 100, "epochs": 2, "attack_steps": 3, "vae_gan_epochs": 5, "controls": False, "toy_eps": (0.3,)}
MANIFOLD, BOUNDARY, ROAR, TRADEOFF = (
    make_settings(name, "quick", SIZES) for name in ("manifold", "boundary", "roar", "tradeoff")
)
(STUDY,) = ROAR.studies
NETWORKS = (3 + 4 * (3 + 2 * 3)) * 2 * 100
VAE_GAN = VAE_GAN_STEP * 5 * 4000  # it learns from all digits
CELLS = len(cells(STUDY)) * 3 * 2 * 100


def test_an_attack_step_costs_two_passes_and_an_update_three():
    assert work_per_image(STUDY, STANDARD) == 3
    assert work_per_image(STUDY, NetworkSpec("l2", "cross_entropy", 1.0)) == 9


def test_every_experiment_alone_and_all_together(tmp_path):
    store = Store(tmp_path)
    assert missing_work([MANIFOLD], store) == NETWORKS + VAE_GAN
    assert missing_work([BOUNDARY], store) == 4 * 10 * TOY_EPOCH
    assert missing_work([ROAR], store) == missing_work([TRADEOFF], store) == NETWORKS + CELLS
    everything = NETWORKS + VAE_GAN + 4 * 10 * TOY_EPOCH + CELLS
    assert missing_work([MANIFOLD, BOUNDARY, ROAR, TRADEOFF], store) == everything


def test_what_is_stored_is_not_to_do(tmp_path):
    store = Store(tmp_path)
    store.fetch(keys.network_key(STUDY, networks(STUDY)[1]), lambda folder: None)
    assert missing_work([ROAR], store) == NETWORKS + CELLS - 9 * 2 * 100
