"""What a study of scores consists of, and the keys of it."""

import dataclasses

from experiments.data import Fingerprint
from experiments.networks.grid import STANDARD, control_networks, networks
from experiments.networks.keys import retraining_seed
from experiments.scores.arms import BASELINE, Arm, Retraining, arms, occlusions, retrainings
from experiments.scores.declared import attribution_passes
from experiments.scores.keys import evaluation_key, maps_key, retraining_key
from experiments.scores.pieces import pieces
from experiments.settings.presets import make_settings

(STUDY,) = make_settings("roar", "quick").studies
DATA = Fingerprint(tuple(f"train {run}" for run in range(9)), "test", "whole train", "whole test", 2000, 1000, 4000)


def all_retrainings(study):
    return [one for run in range(study.training_seeds) for arm in arms(study) for one in retrainings(study, arm, run)]


def test_the_paper_s_retrainings_are_all_there():
    (study,) = make_settings("roar", "paper").studies
    paper = [one for one in all_retrainings(study) if one.occlusion != "mask" and one.arm.is_plain]
    # three trainings of 81 networks x 2 attributions x 2 occlusions x 5 percentages x 3, and of three random rankings
    assert len(paper) == 3 * (81 * 2 * 2 * 5 * 3 + 3 * 2 * 5 * 3)


def test_random_is_run_once_in_each_training_and_shared():
    (study,) = make_settings("roar", "quick", {"controls": False}).studies
    baseline = [one for one in all_retrainings(study) if one.arm.network is None]
    assert {one.arm for one in baseline} == {BASELINE}
    assert len(baseline) == 2 * len(study.percentiles) * study.repeats * study.training_seeds


def test_controls_are_more_random_rankings_a_sweep_of_blurs_and_masks():
    study = dataclasses.replace(STUDY, random_baselines=4, blur_sweep=(0.5, 2.0), blur_sigma=1.0)
    controls = [arm for arm in arms(study) if arm.blur or (arm.network is None and arm != BASELINE)]
    assert [arm.name for arm in controls[:3]] == ["random_2", "random_3", "random_4"]
    assert [arm.draw for arm in (BASELINE, *controls[:3])] == [1, 2, 3, 4]
    blurred = {(arm.network.name, arm.blur) for arm in controls[3:]}
    assert {blur for network, blur in blurred if network == "standard"} == {0.5, 1.0, 2.0}
    assert {blur for network, blur in blurred if network != "standard"} == {1.0}
    assert all(occlusions(study, arm) == ["remove"] for arm in controls[3:])
    assert all(occlusions(study, arm) == ["remove", "keep"] for arm in controls[:3])
    masked = {arm.network for arm in arms(study) if "mask" in occlusions(study, arm)}
    assert masked == {None, STANDARD, networks(study)[2], networks(study)[4]}  # the strongest of each family


def test_scores_are_taken_apart_and_filled_as_the_flags_say():
    def of(**options):
        chosen = {"fills": ("mean", "imputed"), **options}
        study = dataclasses.replace(STUDY, **chosen)
        planned = [arm for arm in arms(study) if arm.baseline or arm.fill != "mean"]
        assert all(occlusions(study, arm) == ["remove", "keep"] for arm in planned)
        return {(arm.network, arm.attribution, arm.baseline or arm.fill) for arm in planned}

    strongest = control_networks(STUDY)
    imputed = {(spec, "gradient", "imputed") for spec in strongest} | {(None, "random", "imputed")}
    apart = {(spec, "gradient", baseline) for spec in strongest for baseline in ("shuffled", "matched")}
    assert of() == apart | imputed
    assert of(parts_of=()) == imputed
    assert of(fills=("mean",)) == apart
    assert of(controls_of=()) == apart
    assert of(controls=False) == set()
    everything = {
        (spec, attribution, baseline)
        for spec in networks(STUDY)
        for attribution in STUDY.attributions
        for baseline in ("shuffled", "matched")
    }
    assert of(parts_of=("all",), parts_on="all") == everything | imputed


def test_masks_are_shown_of_whatever_is_looked_into():
    study = dataclasses.replace(STUDY, parts_of=("gradient_x_input",), controls_of=())
    masked = {(arm.network, arm.attribution) for arm in arms(study) if "mask" in occlusions(study, arm)}
    assert masked == {(None, "random"), *((spec, "gradient_x_input") for spec in control_networks(study))}
    study = dataclasses.replace(STUDY, parts_of=(), controls_of=())
    assert not any("mask" in occlusions(study, arm) for arm in arms(study))


def test_another_image_s_ranks_depend_on_the_network_that_predicts_its_class():
    def folders(attribution, baseline):
        planned = [Arm(spec, attribution, baseline=baseline) for spec in control_networks(STUDY)]
        return {retraining_key(STUDY, DATA, Retraining(arm, "keep", 50, 0, 0)).folder for arm in planned}

    assert len(folders("gradient", "shuffled")) == len(folders("gradient", "matched")) == 3
    assert len(folders("sobel", "")) == len(folders("sobel", "shuffled")) == 1
    assert len(folders("sobel", "matched")) == 3


def test_every_retraining_has_a_key_of_its_own():
    study = dataclasses.replace(STUDY, repeats=2, training_seeds=2, random_baselines=3, fills=("mean", "imputed"))
    folders = {retraining_key(study, DATA, retraining).folder for retraining in all_retrainings(study)}
    assert len(folders) == len(all_retrainings(study))


def test_arms_share_seeds_and_trainings_and_repetitions_do_not():
    robust = Arm(networks(STUDY)[2], "gradient")
    configs = [
        retraining_key(STUDY, DATA, Retraining(arm, "remove", 10, repeat, run)).config
        for arm, repeat, run in ((robust, 1, 0), (BASELINE, 1, 0), (robust, 0, 0), (robust, 1, 1))
    ]
    assert configs[0]["training_seed"] == configs[1]["training_seed"] == retraining_seed(STUDY, 0, 1)
    assert len({config["training_seed"] for config in configs[1:]}) == 3
    assert configs[0]["ranking"]["network"] != configs[3]["ranking"]["network"]


def test_more_trainings_and_more_random_rankings_keep_what_there_is():
    more = dataclasses.replace(STUDY, training_seeds=7, random_baselines=5, blur_sweep=(0.5, 1.0, 2.0, 4.0))
    known = {piece.key.folder for piece in pieces(STUDY, DATA)}
    assert known < {piece.key.folder for piece in pieces(more, DATA)}


def test_a_training_s_measurements_have_keys_of_their_own():
    arm = Arm(STANDARD, "gradient")
    assert evaluation_key(STUDY, DATA, STANDARD, 0).folder != evaluation_key(STUDY, DATA, STANDARD, 1).folder
    assert maps_key(STUDY, DATA, arm, 0).folder != maps_key(STUDY, DATA, arm, 1).folder
    blurs = {maps_key(STUDY, DATA, Arm(STANDARD, "gradient", blur), 0).folder for blur in (0.0, 0.5, 1.0)}
    assert len(blurs) == 3


def test_what_knows_nothing_of_the_network_is_retrained_once_for_all_networks():
    def folders(attribution):
        arms_of = [Arm(spec, attribution) for spec in control_networks(STUDY)]
        return [
            {retraining_key(STUDY, DATA, one).folder for one in retrainings(STUDY, arm, run)}
            for run in range(2)
            for arm in arms_of
        ]

    first, second, third, other_run, *_ = folders("sobel")
    assert first == second == third
    assert not first & other_run
    first, second, *_ = folders("deeplift")
    assert not first & second


def test_an_attribution_costs_the_passes_that_it_declares():
    study = dataclasses.replace(STUDY, parameters=(("integrated_gradients_steps", 20),))
    assert attribution_passes(study, "integrated_gradients") == 40
    assert attribution_passes(study, "gradient") == 2
