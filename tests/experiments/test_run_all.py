"""Which measurement comes first, and how much is left to do: what they share counts once, what is stored not at all."""

from dataclasses import replace

import pytest

from experiments import run_all
from experiments.boundary.runner import EPOCH
from experiments.compute.progress import Progress
from experiments.data import fingerprint
from experiments.errors import UsageError
from experiments.manifold.study import ATTACK_LOSSES
from experiments.measurement import Measured
from experiments.networks.grid import networks
from experiments.networks.keys import network_key
from experiments.networks.pieces import VAE_GAN_STEP
from experiments.run_all import missing_cost
from experiments.scores.arms import arms, retrainings
from experiments.settings.presets import make_settings
from experiments.store.artefacts import Store
from experiments.store.values import save
from tests.reports.as_values import as_values, made_up_strength

SIZES = {
    "train_size": 100,
    "test_size": 50,
    "epochs": 2,
    "attack_steps": 3,
    "robust_steps": 7,
    "apgd_steps": 9,
    "manifold_steps": 6,
    "vae_gan_epochs": 5,
    "controls": False,
    "training_seeds": 2,
    "toy_eps": (0.3,),
}
MANIFOLD, BOUNDARY, ROAR, TRADEOFF = (
    make_settings(name, "quick", SIZES) for name in ("manifold", "boundary", "roar", "tradeoff")
)
(STUDY,) = ROAR.studies
RUNS = range(2)
NETWORKS = 2 * (3 + 4 * (3 + 2 * 3)) * 2 * 100
VAE_GANS = 2 * VAE_GAN_STEP * 5 * 4000  # it learns from all digits
ATTACKS = 2 * 5 * len(ATTACK_LOSSES) * 2 * 6 * 50
EVALUATIONS = 2 * 5 * 2 * (7 + 2 * 9 + 1) * 50  # PGD, APGD with two losses, and a single step
MAPS = 2 * 5 * 2 * 2 * 50  # each attribution of each network, forward and back
RETRAININGS = sum(len(list(retrainings(STUDY, arm, run))) for run in RUNS for arm in arms(STUDY)) * 3 * 2 * 100


def test_every_experiment_alone_and_all_together(tmp_path):
    store = Store(tmp_path)
    assert missing_cost([MANIFOLD], store) == NETWORKS + VAE_GANS + ATTACKS
    assert missing_cost([BOUNDARY], store) == 4 * 10 * EPOCH
    assert missing_cost([ROAR], store) == missing_cost([TRADEOFF], store) == NETWORKS + EVALUATIONS + MAPS + RETRAININGS
    everything = NETWORKS + EVALUATIONS + MAPS + RETRAININGS + VAE_GANS + ATTACKS + 4 * 10 * EPOCH
    assert missing_cost([MANIFOLD, BOUNDARY, ROAR, TRADEOFF], store) == everything


def test_what_is_stored_is_not_to_do(tmp_path):
    store = Store(tmp_path)
    data = fingerprint(STUDY.dataset, STUDY.train_size, STUDY.test_size, STUDY.seed, None, STUDY.training_seeds)
    store.fetch(network_key(STUDY, data, networks(STUDY)[1], 1), lambda folder: None)
    assert missing_cost([ROAR], store) == NETWORKS + EVALUATIONS + MAPS + RETRAININGS - 9 * 2 * 100


def test_what_is_least_to_do_comes_first_asked_anew_each_time(monkeypatch):
    left = {"manifold": 5.0, "boundary": 1.0, "scores": 3.0, "survey": 4.0}
    monkeypatch.setattr(run_all, "missing_cost", lambda chosen, store: left[chosen[0].measurement])
    both = replace(make_settings("roar", "quick"), sections=("roar", "tradeoff"))
    chosen = [make_settings("manifold", "quick"), make_settings("boundary", "quick"), both]
    order = []
    for settings, waiting, cost in run_all.quickest_first([*chosen, make_settings("survey", "quick")], store=None):
        order.append((settings.measurement, waiting, cost))
        if settings.measurement == "scores":
            left["survey"] = 0.0  # ROAR has made what it needs
    assert order == [
        ("boundary", ["manifold", "roar", "tradeoff", "survey"], 1.0),
        ("scores", ["manifold", "survey"], 3.0),
        ("survey", ["manifold"], 0.0),
        ("manifold", [], 5.0),
    ]


@pytest.mark.parametrize(("stored_only", "expected"), [(False, [["roar", "manifold"], ["manifold"], []]), (True, [[]])])
def test_pages_are_drawn_before_a_measurement_that_takes_time_and_at_the_end(
    monkeypatch, tmp_path, stored_only, expected
):
    left = {"boundary": 0.0, "survey": 0.0, "scores": 3.0, "manifold": 5.0}
    monkeypatch.setattr(run_all, "missing", lambda chosen, store: {s.measurement: left[s.measurement] for s in chosen})
    monkeypatch.setattr(run_all, "run_one", lambda settings, store, progress, given: [])
    monkeypatch.setattr("experiments.store.values.stored", lambda root: [root])
    monkeypatch.setattr("experiments.store.values.set_aside_damaged", lambda root, say: None)
    chosen, drawn = [make_settings(name, "quick") for name in ("boundary", "survey", "roar", "manifold")], []
    run_all.run_all(chosen, Store(tmp_path, stored_only=stored_only), Progress(quiet=True), drawn.append)
    assert drawn == expected


def toy(folder, **options):
    return make_settings("boundary", "quick", {"toy_seeds": 2, **options}, output_dir=str(folder))


def test_stored_values_are_left_as_they_are_and_others_settings_are_refused(tmp_path):
    settings, progress = toy(tmp_path), Progress(quiet=True)
    measured = Measured(settings.studies[0], {0.0: made_up_strength()})
    save(as_values(measured, "boundary", "boundary"), tmp_path)
    store = Store(tmp_path, stored_only=True)
    assert run_all.run_one(settings, store, progress, given=["toy_seeds"]) == []
    refused = r"--toy_seeds: .*boundary-two_gaussians.nc was measured with 2, not 3; leave the flag out, or name"
    with pytest.raises(UsageError, match=refused):
        run_all.run_one(toy(tmp_path, toy_seeds=3), store, progress, given=["toy_seeds"])
    assert run_all.run_one(toy(tmp_path, toy_seeds=3), store, progress) == []  # which only the preset says


def test_values_that_cannot_be_used_are_told_and_left_where_nothing_is_computed(tmp_path):
    path = tmp_path / "values" / "boundary-two_gaussians.nc"
    path.parent.mkdir()
    path.write_bytes(b"cut")
    shown: list = []
    told = run_all.run_all([toy(tmp_path)], Store(tmp_path, stored_only=True), Progress(quiet=True), shown.append)
    assert len(told) == 1
    assert told[0].startswith(f"{path} cannot be used (it is not as it was written")
    assert path.read_bytes() == b"cut"


def test_each_data_set_is_left_as_it_is_or_made_again_by_itself(tmp_path, monkeypatch):
    measured = Measured(toy(tmp_path).studies[0], {0.0: made_up_strength()})
    save(as_values(measured, "boundary", "boundary"), tmp_path)
    settings = toy(tmp_path)
    other = replace(settings.studies[0], dataset="another")
    asked: list = []
    monkeypatch.setattr(run_all, "run", lambda settings, store, progress: asked.extend(settings.studies) or [])
    both = replace(settings, studies=(*settings.studies, other))
    assert run_all.run_one(both, Store(tmp_path, stored_only=True), Progress(quiet=True)) == []
    assert asked == [other]


def test_values_of_another_measurement_that_cannot_be_used_stand_in_no_way(tmp_path):
    measured = Measured(toy(tmp_path).studies[0], {0.0: made_up_strength()})
    save(as_values(measured, "boundary", "boundary"), tmp_path)
    (tmp_path / "values" / "survey-mnist_5k.nc").write_bytes(b"cut")
    assert run_all.run_one(toy(tmp_path), Store(tmp_path, stored_only=True), Progress(quiet=True)) == []


@pytest.mark.parametrize(("told", "expected"), [(["cut short"], ["cut short"]), ([], ["too few"])])
def test_pages_that_cannot_be_drawn_stop_nothing_and_hide_no_reason(monkeypatch, tmp_path, told, expected):
    def refuse(waiting):
        raise UsageError("too few")

    monkeypatch.setattr(run_all, "missing", lambda chosen, store: {chosen[0].measurement: 1.0})
    monkeypatch.setattr("experiments.store.values.stored", lambda root: [root])
    monkeypatch.setattr("experiments.store.values.set_aside_damaged", lambda root, say: None)
    ran: list = []

    def run_one(settings, store, progress, given):
        ran.append(settings.measurement)
        return told

    monkeypatch.setattr(run_all, "run_one", run_one)
    chosen = [make_settings(name, "quick") for name in ("boundary", "roar")]
    assert run_all.run_all(chosen, Store(tmp_path), Progress(quiet=True), refuse) == expected
    assert ran == ["boundary", "scores"]
