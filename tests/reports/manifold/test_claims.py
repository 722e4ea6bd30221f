"""Claims of Section 2.1 on made-up distances with known answers."""

import dataclasses

import numpy as np
import pytest

from experiments.manifold.study import ATTACK_LOSSES
from experiments.networks.grid import STANDARD
from reports.evidence.registered import PRIMARY
from reports.manifold.analysis import CONTROLS, Distances
from reports.manifold.claims import alerts, no_distance_because, registered
from reports.manifold.section import SECTION
from tests.reports.as_values import as_values
from tests.reports.manifold.made_up import HALF, KNOWN_STUDY, L2_STRONG, RUNS, STUDY, analysed, known, made_up


def judged(noise_growth=1.0, noise=None, study=STUDY):
    return judged_of(made_up(noise_growth, noise, study))


def judged_of(measured):
    found = analysed(measured)
    return {claim.id.removeprefix("manifold-"): claim for part in SECTION.claims for claim in part(found)}


def test_claims_follow_the_made_up_distances():
    verdicts = judged()
    closer = verdicts["closer-l2-cross_entropy-cw"]
    assert closer.verdict == "supported"
    assert closer.measured == pytest.approx(2, abs=0.1)  # of the strongest, eps 2
    stronger = verdicts["stronger-l2-cross_entropy-cw"]
    assert stronger.verdict == "supported"
    assert stronger.measured == pytest.approx(1.5, abs=0.1)
    assert stronger.n == 3
    assert verdicts["closer-linf-cross_entropy-cw"].verdict == "inconclusive"
    assert verdicts["gradients-linf-cross_entropy"].measured == pytest.approx(0.2, abs=0.01)
    assert verdicts["gradients-own-linf-cross_entropy"].measured == pytest.approx(0.15, abs=0.01)
    assert verdicts["gradients-blurred-linf-cross_entropy"].measured == pytest.approx(0, abs=0.01)
    assert verdicts["noise-grows"].measured == pytest.approx(1, abs=0.05)
    assert verdicts["noise-grows"].verdict == "supported"
    assert verdicts["farther-than-noise-cw"].measured == pytest.approx(2, abs=0.1)
    beyond = verdicts["beyond-linear-l2-cross_entropy-cw"]
    assert beyond.measured == pytest.approx(1, abs=0.1)
    assert beyond.verdict == "supported"


def test_the_registered_claims_of_the_section_are_all_there_and_of_raw_distances():
    """Twice as long an axis, through one clean image, changes nothing."""
    measured = made_up()
    found = judged_of(measured)
    assert {name for name, claim in found.items() if claim.primary} == {
        name for name, known in PRIMARY.items() if known.section == "2.1"
    }
    assert found["closer"].measured == pytest.approx(2, abs=0.1)
    assert found["closer-with-strength"].measured == pytest.approx(1.5, abs=0.1)
    for name in ("closer", "closer-with-strength", "gradients"):
        assert found[name].verdict == "supported"
    for run in RUNS:
        measured.values["quality", run]["clean"][0] += 5
        measured.values["quality", run]["noise"][:, 0] += 5
    longer = judged_of(measured)
    assert longer["closer"].measured == found["closer"].measured


@pytest.mark.parametrize(
    ("l2_eps", "closer", "stronger"),
    [
        ((1.0, 4.0), "from 0.63 to 0.42", "from 0.6 to 0.42"),
        ((1.0, 2.0), "from 0.63 to 0.5", "from 0.6 to 0.5"),
        ((0.3, 4.0), "from 0.63 to 0.42", ""),
        ((0.3, 0.7), "", ""),
        ((4.0,), "from 0.63 to 0.42", ""),
    ],
)
def test_the_paper_s_modes_are_named_where_it_has_these_networks(l2_eps, closer, stronger):
    """MNIST's: standard 0.63; eps 1: 0.60, eps 2: 0.50, eps 4: 0.42."""
    found = judged(study=dataclasses.replace(STUDY, l2_eps=l2_eps))
    for name, modes in (("closer", closer), ("closer-with-strength", stronger)):
        told = f"its modes fall {modes} on the paper's own axis, for other images"
        assert found[name].paper == (told if modes else "not published")


def test_our_modes_stand_beside_the_paper_s_on_its_own_data():
    """Two of three trainings lie at 19.875 (standard) and 15.375 (eps 4), on an axis from 8 to 12."""
    measured = known(dataclasses.replace(KNOWN_STUDY, dataset="mnist"))
    told = "its modes fall from 0.63 to 0.42 on the paper's own axis; ours from 3 to 1.8"
    assert judged_of(measured)["closer"].paper == told


def test_without_the_encoder_s_distances_of_an_older_run_the_paper_s_modes_stand_alone():
    measured = known(dataclasses.replace(KNOWN_STUDY, dataset="mnist", projection="optimise"))
    values = as_values(measured, "manifold", "manifold")
    values = dataclasses.replace(values, arrays=values.arrays.drop_vars("noisy_encoded"))
    claim = next(iter(registered(Distances(values))))
    assert claim.paper == "its modes fall from 0.63 to 0.42 on the paper's own axis"


def test_registered_claims_say_to_what_distances_are():
    encoder, nearest = judged(), judged(study=SEARCHING)
    for name in ("closer", "closer-with-strength"):
        assert "; distances to the encoder's reconstruction; " in encoder[name].unit
        assert "; distances to the nearest generated image; " in nearest[name].unit


SEARCHING = dataclasses.replace(STUDY, projection="optimise")


def test_the_encoder_s_distances_stand_beside_those_to_the_nearest_image_and_have_a_premise_of_their_own():
    found = judged(study=SEARCHING)
    assert found["closer"].verdict == "supported"
    encoded = found["closer-encoded-l2-cross_entropy-cw"]
    assert encoded.check
    assert encoded.measured == pytest.approx(0.5, abs=0.05)
    assert encoded.verdict == "not tested"
    assert encoded.reason.startswith(
        "from noise of size 0 to 2 the distance of clean images changes by \N{MINUS SIGN}0.1"
    )
    assert not any("encoded" in name for name in judged())


def test_a_reader_is_told_that_distances_are_not_the_paper_s():
    (alert,) = [text for text in alerts(analysed(made_up(study=SEARCHING))) if "nearest generated image" in text]
    assert "would tell nothing here: from noise of size 0 to 2" in alert
    measured = made_up(study=SEARCHING)
    for run in RUNS:
        encoded = measured.values["quality", run]["encoded"]
        encoded[1:] = encoded[0] + (1 + 0.01 * run) * np.arange(1, 5)[:, None]
    told = list(alerts(analysed(measured)))
    assert any("not to the encoder's reconstruction as in the paper" in text for text in told)
    assert not any("would tell nothing" in text for text in told)


def test_checks_of_our_own_are_told_from_the_paper_s_claims():
    ours = {name for name, claim in judged().items() if claim.check}
    series = ("l2-cross_entropy", "linf-cross_entropy")
    assert ours == {
        "noise-grows",
        *(f"farther-than-noise-{loss}" for loss in ATTACK_LOSSES),
        *(f"beyond-linear-{where}-{loss}" for where in series for loss in ATTACK_LOSSES),
        *(f"gradients-{what}-{where}" for what in ("own", "blurred") for where in series),
    }


def test_a_measure_that_does_not_grow_with_noise_gives_no_verdict():
    found = judged(-1.0)
    assert found.pop("noise-grows").verdict == "contradicted"
    of_distances = {name: claim for name, claim in found.items() if not name.startswith("gradients")}
    assert {claim.verdict for claim in of_distances.values()} == {"not tested"}
    assert all(claim.reason.startswith("from noise of size 0 to 2") for claim in of_distances.values())
    assert found["gradients"].verdict == "supported"  # it needs no distance


@pytest.mark.parametrize("place", range(4))
def test_noise_must_raise_the_distance_from_the_smallest_size_on_and_with_every_size(place):
    """From none to 1, ..., 4, but for one size that lowers it: that the largest raises it is not enough."""
    noise = [1.0, 2.0, 3.0, 4.0]
    noise[place:] = [level - 1.5 for level in noise[place:]]
    found = judged(noise=tuple(noise))
    sizes = [STUDY.manifold_eps * share for share in (0, 1 / 6, 1 / 3, 2 / 3, 1)]
    step = f"from noise of size {sizes[place]:.3g} to {sizes[place + 1]:.3g}"
    for name in ("closer", "closer-with-strength", "closer-l2-cross_entropy-cw", "farther-than-noise-cw"):
        assert found[name].verdict == "not tested"
        assert found[name].reason.startswith(f"{step} the distance of clean images changes by \N{MINUS SIGN}0.")
    assert found["closer"].measured > 0  # it is told all the same
    assert any("No distance tells anything here" in text for text in alerts(analysed(made_up(noise=tuple(noise)))))


def test_noise_that_may_not_raise_the_distance_is_not_enough():
    measured = made_up()
    for run in RUNS:  # the smallest size raises it in two trainings, lowers it in one
        measured.values["quality", run]["noise"] += (1.0, 1.2, -2.6)[run]
    assert no_distance_because(analysed(measured)).startswith("from noise of size 0 to 2 the distance")
    assert no_distance_because(analysed(made_up())) == ""


def test_a_distance_of_noisy_images_that_does_not_exist_is_told():
    measured = made_up()
    measured.values["quality", 0]["noise"][1, 3] = np.nan
    reason = no_distance_because(analysed(measured))
    assert reason == "the distance of clean images with noise of size 2 or 4 does not exist"
    assert judged_of(measured)["closer"].verdict == "not tested"


def test_what_any_distance_says_is_no_gain_of_the_manifold():
    measured = made_up()
    for run in RUNS:
        for name in CONTROLS:
            measured.values["attack", L2_STRONG, "cw", run][name] -= 1.5
    found = judged_of(measured)
    assert found["closer-l2-cross_entropy-cw"].verdict == "supported"
    assert found["beyond-linear-l2-cross_entropy-cw"].verdict == "contradicted"


def test_controls_are_told_where_there_is_no_gain_too():
    """Of a network whose images lie farther than the standard network's, and fewer of its gradients on the manifold."""
    measured = made_up()
    for run in RUNS:
        measured.values["attack", L2_STRONG, "cw", run]["distance"] += 4
        measured.values["gradients", L2_STRONG, run]["alignment"] -= 0.3
    found = judged_of(measured)
    assert found["closer-l2-cross_entropy-cw"].verdict == "contradicted"
    assert found["beyond-linear-l2-cross_entropy-cw"].verdict == "contradicted"
    assert found["gradients-own-l2-cross_entropy"].verdict == "contradicted"


def test_attacked_images_are_compared_with_noise_of_their_size_on_both_sides():
    measured = made_up()
    farther = judged_of(measured)["farther-than-noise-cw"]
    assert (farther.verdict, farther.check) == ("supported", True)
    assert farther.statement == (
        "The standard network's attacked images (cw) lie farther from the encoder's reconstruction than noise of the "
        "same size"
    )
    for run in RUNS:
        measured.values["attack", STANDARD, "cw", run]["noise_distance"] += 4
    assert judged_of(measured)["farther-than-noise-cw"].verdict == "contradicted"


def test_without_l2_training_the_registered_claims_are_not_tested():
    found = judged(study=dataclasses.replace(STUDY, l2_eps=()))
    for name in ("closer", "closer-with-strength", "gradients"):
        assert found[name].verdict == "not tested"
        assert found[name].reason == "no network is trained against l2 attacks on cross-entropy"
        assert not found[name].primary
    one = judged(study=dataclasses.replace(STUDY, l2_eps=(2.0,)))
    assert one["closer"].verdict == "supported"
    assert one["closer"].primary
    assert one["closer-with-strength"].verdict == "not tested"
    assert not one["closer-with-strength"].primary
    assert one["closer-with-strength"].reason.startswith("one l2 training")


def test_a_network_that_is_lost_leaves_its_claims_registered():
    measured = made_up()
    for run in RUNS:
        del measured.values["gradients", L2_STRONG, run]
    found = judged_of(measured)
    for name in ("closer", "closer-with-strength", "gradients"):
        assert (found[name].verdict, found[name].primary) == ("not tested", True)
        assert found[name].reason == "l2 eps 2 cross_entropy is missing"


def test_one_training_says_nothing_of_another():
    found = judged(study=dataclasses.replace(STUDY, training_seeds=1))
    assert found["closer"].verdict == "not tested"
    assert found["closer"].ci_low > 0
    told = list(alerts(analysed(made_up(study=dataclasses.replace(STUDY, training_seeds=1)))))
    assert any("One training" in text for text in told)


OF_A_SERIES = ("closer", "stronger", "beyond-linear")
OF_GRADIENTS = ("gradients", "gradients-own", "gradients-blurred")
SERIES = ("l2-cross_entropy", "linf-cross_entropy")


@pytest.mark.parametrize("projection", ["encode", "optimise"])
def test_claims_come_in_the_order_of_the_page_each_once(projection):
    of_a_series = ("closer", "closer-encoded", *OF_A_SERIES[1:]) if projection == "optimise" else OF_A_SERIES
    found = analysed(made_up(study=dataclasses.replace(STUDY, projection=projection)))
    claims = [claim for part in SECTION.claims for claim in part(found)]
    assert [claim.id for claim in claims] == [
        "closer",
        "closer-with-strength",
        "gradients",
        *(f"manifold-{name}-{where}-{loss}" for where in SERIES for loss in ATTACK_LOSSES for name in of_a_series),
        *(f"manifold-{name}-{where}" for where in SERIES for name in OF_GRADIENTS),
        "manifold-noise-grows",
        *(f"manifold-farther-than-noise-{loss}" for loss in ATTACK_LOSSES),
    ]
    assert {claim.dataset for claim in claims} == {"mnist_5k"}
    assert {claim.section for claim in claims} == {"2.1"}


def test_every_claim_has_the_effect_of_its_own_networks_and_attack():
    """Worked out by hand; of two networks the spreads tell an interval from every other (0: told by the tables)."""
    by_name = judged_of(known())
    effects = {
        "closer": (20.0 - 16.0, 0.625 - 0.125),
        "closer-with-strength": (19.0 - 16.0, 0.625 - 0.375),
        "gradients": (0.30, 0.03),
        "closer-l2-cross_entropy-cross_entropy": (4.0, 0.5),
        "closer-l2-cross_entropy-cw": (5.0, 0.75),
        "closer-linf-cross_entropy-cross_entropy": (2.0, 0.3125),
        "closer-linf-cross_entropy-cw": (2.5, 0.4375),
        "stronger-l2-cross_entropy-cross_entropy": (3.0, 0.25),
        "stronger-l2-cross_entropy-cw": (3.5, 0.5),
        "beyond-linear-l2-cross_entropy-cross_entropy": (1.5, 0.0),
        "beyond-linear-l2-cross_entropy-cw": (2.75, 0.0),
        "beyond-linear-linf-cross_entropy-cross_entropy": (0.4375, 0.0),
        "beyond-linear-linf-cross_entropy-cw": (1.125, 0.0),
        "gradients-l2-cross_entropy": (0.30, 0.03),
        "gradients-linf-cross_entropy": (0.23, 0.02),
        "gradients-own-l2-cross_entropy": (0.22, 0.0),
        "gradients-own-linf-cross_entropy": (0.17, 0.0),
        "gradients-blurred-l2-cross_entropy": (0.07, 0.005),
        "gradients-blurred-linf-cross_entropy": (0.05, 0.003),
        "farther-than-noise-cross_entropy": (20 - 22.0, 0.0),
        "farther-than-noise-cw": (30 - 22.5, 0.375),
    }
    for name, (effect, spread) in effects.items():
        claim = by_name.pop(name)
        assert claim.measured == pytest.approx(effect, abs=1e-4), name
        if spread:
            ends = effect - HALF * spread, effect + HALF * spread
            assert (claim.ci_low, claim.ci_high) == pytest.approx(ends, abs=1e-3), name
    assert list(by_name) == ["noise-grows"]
    assert by_name["noise-grows"].measured == pytest.approx(1.0, abs=1e-4)


def test_claims_say_of_which_networks_attack_and_noise_they_are():
    rows = "3 trainings of network and VAE-GAN, 20 test images crossed"
    by_name = judged_of(known())
    closer = by_name["closer-linf-cross_entropy-cw"]
    assert closer.statement == (
        "Adversarial examples of the strongest training lie closer to the encoder's reconstruction (linf training on "
        "cross_entropy, cw attack)"
    )
    assert closer.unit == (
        f"mean l2 distance to the encoder's reconstruction, standard network minus linf eps 0.2 cross_entropy; {rows}"
    )
    gradients = by_name["gradients-l2-cross_entropy"]
    assert gradients.unit == f"alignment of l2 eps 4 cross_entropy minus the standard network's; {rows}"
    assert by_name["noise-grows"].unit == f"distance with noise of size 2 minus without; {rows}"


def test_a_reader_is_told_of_every_weakness():
    told = list(alerts(analysed(known())))
    assert told == [
        "No distance tells anything here: the distance of clean images with noise of size 0 or 2 does not exist.",
        "Small scale: VAE-GANs of width 0.25, 10 epochs.",
        "standard, cw attack: only 30% of the images count as successful.",
        "l2 eps 1 cross_entropy, cross_entropy attack: only 45% of the images count as successful.",
        "l2 eps 1 cross_entropy, cw attack: only 25% of the images count as successful.",
        "l2 eps 4 cross_entropy, cross_entropy attack: only 40% of the images count as successful.",
        "l2 eps 4 cross_entropy, cw attack: only 20% of the images count as successful.",
        "linf eps 0.2 cross_entropy, cross_entropy attack: only 35% of the images count as successful.",
        "linf eps 0.2 cross_entropy, cw attack: only 15% of the images count as successful.",
    ]


def test_principal_components_that_come_closer_than_the_vae_gan_are_told():
    measured = known()
    for run in RUNS:
        measured.values["quality", run]["pca_latent"] = np.full(20, 9.25)
        measured.values["quality", run]["mean"] = np.full(20, 3.0)
    (alert,) = [text for text in alerts(analysed(measured)) if "principal components" in text]
    assert alert == (
        "The VAE-GAN comes no closer to test images (9.64) than as many principal components do (9.25): its distances "
        "are upper bounds. Compare --projection=optimise."
    )
