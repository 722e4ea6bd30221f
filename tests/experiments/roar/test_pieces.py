"""What a ROAR study consists of, and the keys of it."""

import dataclasses

from experiments.data import Fingerprint
from experiments.networks.grid import networks
from experiments.networks.keys import retraining_seed
from experiments.roar.pieces import BASELINE, Arm, Retraining, arms, of_arm, retraining_key
from experiments.settings.presets import make_settings

(STUDY,) = make_settings("roar", "quick").studies
DATA = Fingerprint("train", "test", "whole train", "whole test", 2000, 1000, 4000)


def retrainings(study):
    return [retraining for arm in arms(study) for retraining in of_arm(study, arm)]


def test_the_paper_s_retrainings_are_all_there():
    (study,) = make_settings("roar", "paper").studies
    paper = [one for one in retrainings(study) if one.occlusion != "mask" and not one.arm.blurred]
    # 81 networks x 2 attributions x 2 occlusions x 5 percentages x 3, random once, its second draw in ROAR
    assert len(paper) == 81 * 2 * 2 * 5 * 3 + 2 * 5 * 3 + 5 * 3


def test_random_is_run_once_and_shared():
    (study,) = make_settings("roar", "quick", {"controls": False}).studies
    baseline = [one for one in retrainings(study) if one.arm.network is None]
    assert len(baseline) == 2 * len(study.percentiles) * study.repeats


def test_every_retraining_has_a_key_of_its_own():
    study = dataclasses.replace(STUDY, repeats=2)
    folders = {retraining_key(study, DATA, retraining).folder for retraining in retrainings(study)}
    assert len(folders) == len(retrainings(study))


def test_arms_share_seeds_and_repetitions_do_not():
    robust = Arm(networks(STUDY)[2], "gradient")
    configs = [
        retraining_key(STUDY, DATA, Retraining(arm, "remove", 10, repeat)).config
        for arm, repeat in ((robust, 1), (BASELINE, 1), (robust, 0))
    ]
    assert configs[0]["training_seed"] == configs[1]["training_seed"] == retraining_seed(STUDY, 1)
    assert configs[2]["training_seed"] != configs[0]["training_seed"]
