"""Tables of Section 2.1 on made-up distances with known answers."""

from dataclasses import replace

import numpy as np
import pytest

from experiments.manifold.study import ATTACK_LOSSES
from experiments.manifold.values import labelled
from experiments.networks.grid import STANDARD, networks
from reports.manifold.analysis import CONTROLS
from reports.manifold.duller import control_table
from reports.manifold.tables import density_table, distance_table, gradient_table, quality_table
from tests.reports.manifold.made_up import L2_MIDDLE, L2_STRONG, L2_WEAK, RUNS, STUDY, N, analysed, made_up


def row_of(measured, family, eps):
    rows = distance_table(analysed(measured)).rows
    return next(row for row in rows if (row["family"], row["eps"]) == (family, eps))


def test_both_success_rules_stand_side_by_side():
    row = row_of(made_up(), "l2", 1.0)
    assert (row["kept"], row["kept_other_rule"], row["n_images"], row["trainings"]) == (0.5, 1, N, 3)
    assert row["closer"] == pytest.approx(1, abs=0.15)
    assert row["closer_low"] < row["closer"] < row["closer_high"]
    assert row["closer_other_rule"] == pytest.approx(1, abs=0.1)
    assert row["effect_size"] == pytest.approx(1 / np.sqrt(1.25), abs=0.25)


def test_an_arm_without_a_success_is_missing_not_wrong():
    measured = made_up()
    for loss in ATTACK_LOSSES:
        for run in RUNS:
            measured.values["attack", networks(STUDY)[1], loss, run]["changed_standard"][:] = False
    row = row_of(measured, "l2", 0.5)
    assert (row["kept"], row["distance"], row["closer"]) == (0, None, None)
    assert density_table(analysed(measured)).rows


def test_a_training_without_a_success_is_left_out_of_the_comparison():
    measured = made_up()
    measured.values["attack", L2_STRONG, "cw", 1]["changed_standard"][:] = False
    found = analysed(measured)
    strong, middle = (found.network(spec.name) for spec in (L2_STRONG, L2_MIDDLE))
    assert found.closer(found.standard, strong, "cw").shape == (2, N)
    assert found.closer(found.standard, middle, "cw").shape == (3, N)


def test_closer_is_the_difference_of_the_means_of_successes():
    found = analysed(made_up())
    pair = found.standard, found.network(L2_STRONG.name)
    standard, robust = (found.distances(network, "cw") for network in pair)
    expected = np.nanmean(standard, axis=1) - np.nanmean(robust, axis=1)
    np.testing.assert_allclose(found.closer(*pair, "cw").mean(axis=1), expected)


@pytest.mark.parametrize(("projection", "clean"), [("encode", "noisy"), ("optimise", "noisy_encoded")])
def test_the_paper_s_axis_has_the_clean_images_from_0_to_1_by_the_encoder_s_distances(projection, clean):
    found = analysed(made_up(study=replace(STUDY, projection=projection)))
    rescaled = found.on_the_papers_axis()
    np.testing.assert_allclose(rescaled.min(axis=1), 0)
    np.testing.assert_allclose(rescaled.max(axis=1), 1)
    distances, strong = found.array(clean)[:, 0], found.network(L2_STRONG.name)
    np.testing.assert_allclose(found.axis_lengths, np.ptp(distances, axis=1))
    attacked = found.distances(strong, "cw", to="encoded" if projection == "optimise" else "distance")
    np.testing.assert_allclose(
        found.on_the_papers_axis(strong, "cw") * np.ptp(distances, axis=1, keepdims=True)
        + distances.min(axis=1, keepdims=True),
        attacked,
    )


def test_the_share_of_the_excess_is_what_is_removed_over_what_the_attack_adds():
    """Standard networks' attacked images lie 4 beyond clean ones, those of the strongest l2 training 2."""
    found = analysed(made_up())
    strong = found.network(L2_STRONG.name)
    share = found.share_removed(strong, "cw")
    standard, attacked = (found.distances(network, "cw") for network in (found.standard, strong))
    means = [np.nanmean(table) for table in (standard, attacked, found.clean)]
    assert share.value == pytest.approx((means[0] - means[1]) / (means[0] - means[2]))
    assert share.value == pytest.approx(0.5, abs=0.05)
    assert share.low < share.value < share.high
    assert found.no_share_because(strong, "cw") == ""


def test_the_share_is_of_the_trainings_in_which_both_attacks_succeed():
    measured = made_up()
    measured.values["attack", L2_STRONG, "cw", 1]["changed_standard"][:] = False
    found = analysed(measured)
    assert len(found.share_removed(found.network(L2_STRONG.name), "cw").by_training) == 2


@pytest.mark.parametrize("nearer", [4.0, 6.0])
def test_no_share_is_defined_unless_attacks_take_images_farther_than_clean_ones(nearer):
    """Attacked images of all networks as near as clean ones, or nearer: the set of ratios is unbounded."""
    measured = made_up()
    for (kind, *_), values in measured.values.items():
        if kind == "attack":
            values["distance"] -= nearer
    found = analysed(measured)
    strong = found.network(L2_STRONG.name)
    assert np.isnan(found.share_removed(strong, "cw").value)
    assert found.no_share_because(strong, "cw").startswith(
        "the standard network's attacked images are not shown to lie farther than clean ones ("
    )
    assert row_of(measured, "l2", 2.0)["share_removed"] is None


def test_without_a_success_nothing_says_how_large_the_excess_is():
    measured = made_up()
    for run in RUNS:
        measured.values["attack", L2_STRONG, "cw", run]["changed_standard"][:] = False
    found = analysed(measured)
    strong = found.network(L2_STRONG.name)
    assert np.isnan(found.share_removed(strong, "cw").value)
    assert found.no_share_because(strong, "cw").startswith("nothing says")


def test_noise_steps_are_from_one_size_to_the_next():
    steps = analysed(made_up(noise=(1.0, 3.0, 2.0, 2.5))).noise_steps()
    assert [step.value for step in steps] == pytest.approx([1, 2, -1, 0.5], abs=0.03)


def test_beyond_controls_takes_the_largest_control_and_never_less_than_nothing():
    measured = made_up()
    found = analysed(measured)
    strong = found.network(L2_STRONG.name)
    beyond = found.beyond_controls(strong, "cw")
    gain = found.closer(found.standard, strong, "cw").mean(axis=1)
    controls = [found.closer(found.standard, strong, "cw", to=name).mean(axis=1) for name in CONTROLS]
    assert beyond.by_training == pytest.approx(gain - max(controls, key=np.mean))
    assert beyond.value == pytest.approx(1, abs=0.1)
    for run in RUNS:  # by every control they lie farther
        for name in CONTROLS:
            measured.values["attack", L2_STRONG, "cw", run][name] += 5
    assert analysed(measured).beyond_controls(strong, "cw").by_training == pytest.approx(gain)


def test_alignment_beyond_another_image_s():
    measured = made_up()
    found = analysed(measured)
    weak = found.network(L2_WEAK.name)
    assert found.alignment_beyond_another(weak).value == pytest.approx(0.2 - 0.05, abs=0.005)
    for run in RUNS:  # with another image's space it falls
        measured.values["gradients", L2_WEAK, run]["alignment_other"] -= 0.1
    falling = analysed(measured)
    assert falling.alignment_beyond_another(weak).value == pytest.approx(falling.alignment_gain(weak).mean())


def test_tables_have_every_network_control_and_noise():
    found = analysed(made_up())
    controls = control_table(found).rows
    assert len(controls) == 2 * len(ATTACK_LOSSES)
    assert set(CONTROLS) | {"closer", "beyond"} <= set(controls[0])
    quality = quality_table(found).rows
    assert len(quality) == 1 + 4 + 1 + len(CONTROLS)
    searching = quality_table(analysed(made_up(study=replace(STUDY, projection="optimise")))).rows
    assert len(searching) == len(quality) + 5
    assert searching[5]["images"] == "clean test images, to the encoder's reconstruction"
    assert searching[5]["distance"] == pytest.approx(quality[0]["distance"] + 2, abs=0.05)
    assert [row["network"] for row in gradient_table(found).rows] == [spec.name for spec in networks(STUDY)]


def test_without_the_vae_gan_or_the_standard_network_there_is_nothing_to_show():
    assert analysed(made_up()).anything
    without_gradients, without_a_vae_gan = made_up(), made_up()
    for run in RUNS:
        del without_gradients.values["gradients", STANDARD, run]
        del without_a_vae_gan.values["quality", run]
    assert not analysed(without_gradients).anything
    assert labelled(without_a_vae_gan) is None


def test_a_missing_piece_takes_away_its_training():
    measured = made_up()
    del measured.values["attack", networks(STUDY)[2], "cw", 1]
    found = analysed(measured)
    assert (found.networks, found.runs) == (found.planned, [0, 2])
    del measured.values["quality", 0]
    assert analysed(measured).runs == [2]


def test_one_that_is_missing_in_every_training_takes_away_its_network_and_nothing_else():
    measured, lost = made_up(), networks(STUDY)[2]
    for run in RUNS:
        del measured.values["attack", lost, "cw", run]
    found = analysed(measured)
    assert found.networks == [network for network in found.planned if network.name != lost.name]
    assert found.runs == [0, 1, 2]
