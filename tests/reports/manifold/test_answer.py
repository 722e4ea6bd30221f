"""What the page of Section 2.1 answers, on made-up distances with known answers."""

from dataclasses import replace

import numpy as np
import pytest

from experiments.networks.grid import STANDARD
from reports.manifold.analysis import CONTROLS
from reports.manifold.answer import answer, axis, no_share
from reports.section import judge
from tests.reports.as_values import as_values
from tests.reports.manifold.made_up import KNOWN_STUDY, L2_STRONG, RUNS, STUDY, analysed, known, made_up


def told(measured) -> list[str]:
    (judged,) = judge("manifold", [as_values(measured, "manifold", "manifold")])
    return list(answer(judged))


def raise_encoder_s_distances(measured) -> None:
    """With every size of noise."""
    for run in RUNS:
        encoded = measured.values["quality", run]["encoded"]
        encoded[1:] = encoded[0] + (1 + 0.01 * run) * np.arange(1, 5)[:, None]


def sentence(measured, words: str) -> str:
    (found,) = (text for text in told(measured) if words in text)
    return found


@pytest.mark.parametrize("projection", ["encode", "optimise"])
@pytest.mark.parametrize("dataset", ["mnist_5k", "mnist"])
def test_it_has_60_to_120_words(projection, dataset):
    """Where every sentence is said: a study on the paper's data, of the paper's networks."""
    measured = made_up(study=replace(STUDY, projection=projection, dataset=dataset, l2_eps=(1.0, 2.0)))
    raise_encoder_s_distances(measured)
    assert 60 <= len(" ".join(told(measured)).split()) <= 120


def test_it_begins_with_the_registered_claim_in_raw_distances():
    first, second, *_ = told(made_up())
    assert first.startswith("After the strongest l2 training attacked images lie 2.0")
    assert " closer (" in first
    assert first.endswith("to the encoder's reconstruction (supported).")
    assert second.startswith(("That is 49 % (", "That is 50 % (", "That is 51 % ("))
    assert second.endswith(") of what attacks add.")


def test_images_that_lie_farther_are_said_to():
    measured = made_up()
    for run in RUNS:
        measured.values["attack", L2_STRONG, "cross_entropy", run]["distance"] += 4
    first, *_ = told(measured)
    assert "attacked images lie 2.0" in first or "attacked images lie 1.9" in first
    assert " farther (" in first
    assert first.endswith("(contradicted).")


def test_noise_of_the_same_size_is_nearer_or_farther():
    measured = made_up()
    assert "The standard network's lie 2.0" in sentence(measured, "noise of equal size")
    assert "farther (" in sentence(measured, "noise of equal size")
    for run in RUNS:
        measured.values["attack", STANDARD, "cross_entropy", run]["noise_distance"] += 4
    nearer = sentence(measured, "noise of equal size")
    assert "nearer (1." in nearer
    assert nearer.endswith("than noise of equal size.")


def test_manifolds_without_a_vae_gan_are_told_by_the_one_that_shows_most():
    measured = made_up()
    for run in RUNS:
        measured.values["attack", L2_STRONG, "cross_entropy", run]["blur"] -= 0.5
    text = sentence(measured, "manifold without a VAE-GAN")
    assert text.startswith(f"Beyond the best manifold without a VAE-GAN ({CONTROLS['blur']}) 0.5")
    assert text.endswith(") is left.")


def test_gradients_stand_beside_another_image_s_manifold():
    text = sentence(made_up(), "another image's")
    assert "changes by 0.20" in text
    assert "(supported); beyond another image's by 0.1" in text


def test_the_encoder_s_distances_stand_beside_the_nearest_image_s_unless_they_say_nothing():
    searching = made_up(study=replace(STUDY, projection="optimise"))
    assert sentence(searching, "as in the paper").endswith("distances say nothing here.")
    raise_encoder_s_distances(searching)
    assert "as in the paper, 0.49 closer (" in sentence(searching, "as in the paper")
    assert not any("as in the paper" in text for text in told(made_up()))


def test_modes_stand_beside_modes():
    measured = known(replace(KNOWN_STUDY, dataset="mnist"))
    for run in RUNS:  # so that distance grows with noise in every training by as much as tells
        measured.values["quality", run]["noise"] *= 1 + 0.01 * run
    modes = "The paper: its modes fall from 0.63 to 0.42 on the paper's own axis; ours from 3 to 1.8."
    assert modes in told(measured)


def test_distances_that_say_nothing_are_not_told():
    texts = told(made_up(noise_growth=-1.0))
    assert texts[0].startswith("Distances to the encoder's reconstruction say nothing here: from noise of size 0 to 2")
    assert texts[1].startswith("So it is open whether")
    assert texts[2].startswith("The gradient's share")
    assert len(texts) == 3
    assert 60 <= len(" ".join(texts).split()) <= 120


def test_without_l2_training_there_is_one_sentence():
    assert told(made_up(study=replace(STUDY, l2_eps=()))) == [
        "Whether attacked images of robust networks lie closer to the manifold is not tested: no network is trained "
        "against l2 attacks on cross-entropy."
    ]


def test_why_no_share_is_defined_is_told_once_for_each_attack():
    measured = made_up()
    for (kind, *about), values in measured.values.items():
        if kind == "attack" and about[1] == "cw":
            values["distance"] -= 6
    (reason,) = no_share(analysed(measured))
    assert reason.startswith(
        "Not defined under CW margin attacks: the standard network's attacked images are not shown"
    )
    assert no_share(analysed(made_up())) == []


def test_the_axis_ends_at_one_image_and_differs_between_trainings():
    """It goes from 8 to 12, with most images at 9.6; then in one training from 8 to 20."""
    measured = known()
    assert axis(analysed(measured)) == (
        "Here 1 is the farthest of 20 clean test images, 2.5 times as far from the nearest as most are; between "
        "trainings the length of the axis varies by 0 % (standard deviation over mean)."
    )
    measured.values["quality", 0]["clean"] = measured.values["quality", 0]["clean"].copy()
    measured.values["quality", 0]["clean"][1] = 20.0
    assert "varies by 69 % (standard" in axis(analysed(measured))  # of 4, 4 and 12: 4.62 over 6.67
    alone = axis(analysed(made_up(study=replace(STUDY, training_seeds=1))))
    assert alone.endswith("as most are.")
