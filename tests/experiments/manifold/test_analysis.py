"""Tables of Section 2.1 on made-up distances with known answers."""

import numpy as np
import pytest

from experiments.manifold.analysis import Distances
from experiments.manifold.pieces import ATTACK_LOSSES
from experiments.networks.grid import STANDARD, networks
from tests.experiments.manifold.made_up import STUDY, N, made_up


def row_of(measured, family, eps):
    rows = Distances(measured).distance_table()["rows"]
    return next(row for row in rows if (row["family"], row["eps"]) == (family, eps))


def test_both_success_rules_stand_side_by_side():
    row = row_of(made_up(1.0), "l2", 1.0)
    assert (row["kept"], row["kept_other_rule"], row["n_images"]) == (N // 2, N, N)
    assert row["closer"] == pytest.approx(1, abs=0.15)
    assert row["closer_other_rule"] == pytest.approx(1, abs=0.1)
    assert row["effect_size"] == pytest.approx(1 / np.sqrt(1.25), abs=0.25)


def test_an_arm_without_a_success_is_missing_not_wrong():
    measured = made_up(1.0)
    for loss in ATTACK_LOSSES:
        measured.values["attack", networks(STUDY)[1], loss]["changed_standard"][:] = False
    row = row_of(measured, "l2", 0.5)
    assert (row["kept"], row["distance"], row["closer"]) == (0, None, None)
    assert Distances(measured).density_table()["rows"]


def test_without_the_vae_gan_or_the_standard_network_there_is_nothing_to_show():
    assert Distances(made_up(1.0)).anything
    for lost in ("quality", ("gradients", STANDARD)):
        measured = made_up(1.0)
        del measured.values[lost]
        assert not Distances(measured).anything


def test_a_missing_piece_takes_away_its_network_and_nothing_else():
    measured, lost = made_up(1.0), networks(STUDY)[2]
    del measured.values["attack", lost, "cw"]
    assert Distances(measured).networks == [spec for spec in networks(STUDY) if spec != lost]
