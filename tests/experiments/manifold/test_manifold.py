"""The controls' images, and the analysis on made-up distances with known answers."""

import numpy as np
import pytest
from experiments.settings.settings import LOSSES, make_settings

from experiments.compute.progress import Progress
from experiments.data import Dataset
from experiments.errors import CellFailedError, UsageError
from experiments.manifold.analysis import Numbers
from experiments.manifold.claims import Claims
from experiments.manifold.controls import add_noise, another_of_the_same_class, pca_distance
from experiments.manifold.runner import ManifoldBench, Measurements
from experiments.networks import keys
from experiments.networks.grid import networks
from experiments.statistics import difference_estimate
from experiments.store.artefacts import Store
from models import VAEGAN

(STUDY,) = make_settings("manifold", "quick").studies
N = 300


def test_noise_has_each_image_s_size_and_stays_in_the_range():
    rng = np.random.default_rng(0)
    images = np.clip(rng.normal(-0.7, 0.6, (5, 28, 28, 1)), -1, 1).astype(np.float32)
    sizes = np.array([0.5, 2, 4, 8, 12.0])
    noisy = add_noise(images, sizes, np.random.default_rng(1))
    assert np.abs(noisy).max() <= 1
    reached = np.linalg.norm((noisy - images).reshape(5, -1), axis=1)
    np.testing.assert_allclose(reached, sizes, rtol=2e-3)
    np.testing.assert_array_equal(noisy, add_noise(images, sizes, np.random.default_rng(1)))


def test_another_of_the_same_class():
    labels = np.array([0, 1, 0, 1, 2, 0])
    other = another_of_the_same_class(labels, np.random.default_rng(0))
    np.testing.assert_array_equal(labels[other], labels)
    assert (other[:4] != np.arange(4)).all()
    assert other[4] == 4
    assert sorted(other) == list(range(6))


def test_pca_distance_is_zero_in_the_subspace_and_known_outside():
    rng = np.random.default_rng(0)
    basis = np.linalg.qr(rng.normal(size=(16, 3)))[0].T
    train = (rng.normal(size=(200, 3)) @ basis).reshape(200, 4, 4, 1).astype(np.float32)
    outside = np.linalg.qr(np.vstack([basis, rng.normal(size=16)]).T)[0][:, 3].reshape(1, 4, 4, 1)
    np.testing.assert_allclose(pca_distance(train, train[:4], 3), 0, atol=1e-4)
    np.testing.assert_allclose(pca_distance(train, train[:1] + 2 * outside, 3), 2, rtol=1e-4)


def test_difference_of_means_over_known_images():
    rng = np.random.default_rng(0)
    common = rng.normal(0, 5, 2000)
    first, second = common + 1 + rng.normal(0, 0.1, 2000), common + rng.normal(0, 0.1, 2000)
    paired = difference_estimate(first, second)
    assert paired.value == pytest.approx(1, abs=0.02)
    assert paired.high - paired.low < 0.03  # what is common cancels
    second[:1000] = np.nan
    partial = difference_estimate(first, second)
    assert partial.low < 1 < partial.high
    assert partial.high - partial.low > 0.2
    assert difference_estimate(first, np.full(2000, np.nan)).low is None


def made_up(noise_growth):
    """Distances that fall with eps in l2 and do not in linf."""
    rng = np.random.default_rng(0)
    clean = rng.normal(10, 1, N)
    attacks = {}
    for spec in networks(STUDY):
        fall = spec.eps if spec.norm == "l2" else 0
        for loss in LOSSES:
            attacks[spec, loss] = {
                "distance": clean + 4 - (fall or 0) + rng.normal(0, 0.5, N),
                "size": np.full(N, 12.0),
                "noise_distance": clean + 2,
                "changed_standard": np.arange(N) % 2 == 0,
                "changed_own": np.ones(N, bool),
            }
    quality = {"clean": clean, "noise": np.stack([clean + noise_growth * i + rng.normal(0, 0.1, N) for i in range(4)])}
    gradients = {
        spec: {"alignment": np.full(N, 0.3 if spec.norm else 0.1) + rng.normal(0, 0.01, N)} for spec in networks(STUDY)
    }
    return Measurements(
        STUDY,
        {
            **quality,
            "same_class": clean,
            "pca": clean,
            "latent_size": np.array(10),
            "sample_images": np.zeros((1, 28, 28, 1)),
        },
        attacks,
        gradients,
        [],
    )


def test_claims_follow_the_made_up_distances():
    verdicts = {claim.id.split("manifold-")[1]: claim for claim in Claims(Numbers(made_up(1.0))).claims()}
    closer = verdicts["closer-l2-cross_entropy-cw"]
    assert closer.verdict == "supported"
    assert closer.measured == pytest.approx(0.75, abs=0.1)  # mean of eps 0.5 and 1
    stronger = verdicts["stronger-l2-cross_entropy-cw"]
    assert stronger.verdict == "supported"
    assert "rank correlation of mean distance with eps -1.00, 3 of 3 pairs" in stronger.unit
    assert verdicts["closer-linf-cross_entropy-cw"].verdict == "inconclusive"
    assert verdicts["gradients-linf-cross_entropy"].measured == pytest.approx(0.2, abs=0.01)
    assert verdicts["noise-grows"].measured == pytest.approx(3, abs=0.05)
    assert verdicts["farther-than-noise-cw"].measured == pytest.approx(2, abs=0.1)


def test_a_measure_that_does_not_grow_with_noise_gives_no_verdict():
    claims = {claim.id.split("manifold-")[1]: claim for claim in Claims(Numbers(made_up(-1.0))).claims()}
    assert claims.pop("noise-grows").verdict == "contradicted"
    assert {claim.verdict for claim in claims.values()} == {"inconclusive"}


def test_both_success_rules_stand_side_by_side():
    row = next(r for r in Numbers(made_up(1.0)).distance_table()["rows"] if r["norm"] == "l2" and r["eps"] == 1.0)
    assert (row["kept"], row["kept_other_rule"], row["n_images"]) == (N // 2, N, N)
    assert row["closer"] == pytest.approx(1, abs=0.15)
    assert row["closer_other_rule"] == pytest.approx(1, abs=0.1)
    assert row["effect_size"] == pytest.approx(1 / np.sqrt(1.25), abs=0.25)


def test_an_arm_without_a_success_is_missing_not_wrong():
    measured = made_up(1.0)
    for loss in LOSSES:
        measured.attacks[networks(STUDY)[1], loss]["changed_standard"][:] = False
    row = next(r for r in Numbers(measured).distance_table()["rows"] if r["norm"] == "l2" and r["eps"] == 0.5)
    assert (row["kept"], row["distance"], row["closer"]) == (0, None, None)
    assert Numbers(measured).density_table()["rows"]


@pytest.mark.parametrize("pixel", [0.3, np.nan], ids=["one_image", "nan"])
def test_a_collapsed_vae_gan_fails_with_a_sentence_and_is_not_stored(tmp_path, monkeypatch, pixel):
    (study,) = make_settings(
        "manifold", "quick", {"vae_gan_epochs": 1, "vae_gan_width": 0.02, "batch_size": 2000}
    ).studies
    settings, store = make_settings("manifold", "quick"), Store(tmp_path)
    bench = ManifoldBench(study, settings, store, Progress(quiet=True))
    monkeypatch.setattr(VAEGAN, "generate", lambda self, n, seed=0: np.full((n, 28, 28, 1), pixel))
    with pytest.raises(CellFailedError, match="vae_gan-mnist_5k: it collapsed"):
        _ = bench.vae_gan
    assert keys.vae_gan_key(study) not in store


def test_images_without_an_architecture_are_refused(tmp_path):
    settings = make_settings(
        "manifold", "quick", {"datasets": ("tests.experiments.manifold.test_manifold:odd_images",)}
    )
    bench = ManifoldBench(settings.studies[0], settings, Store(tmp_path), Progress(quiet=True))
    with pytest.raises(
        UsageError, match=r"does not fit the VAE-GAN: image_shape must be \(28, 28, 1\) or \(32, 32, 3\)"
    ):
        _ = bench.vae_gan


def odd_images():
    images, labels = np.zeros((4000, 9, 9, 1), np.float32), np.arange(4000) % 2
    return Dataset("odd", images, labels, images, labels, ("a", "b"))
