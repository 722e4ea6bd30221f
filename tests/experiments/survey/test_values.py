"""The survey's measurements under their labels, beside those of attributions' scores."""

import numpy as np
import pytest

from experiments.measurement import Measured
from experiments.networks.grid import networks
from experiments.scores.arms import Arm, Retraining, retrainings
from experiments.settings.presets import make_settings
from experiments.survey.values import labelled
from measures.null_block_share import NULL_BLOCK

SIZES = {"datasets": ("mnist_5k",), "measures": ("roar", "sparseness", "road"), "training_seeds": 2, "l2_eps": (4.0,)}
(STUDY,) = make_settings(
    "survey", "quick", {**SIZES, "linf_eps": (), "percentiles": (50,), "blur_sweep": (2.0,)}
).studies
STANDARD, L2 = networks(STUDY)
SECOND_DRAW = Arm(None, "random", draw=2)
DIGIT = np.full_like(NULL_BLOCK, 0.5)


def made_up(images=None) -> Measured:
    """A network evaluated, noise measured, and further random pixels retrained on."""
    values: dict = {"data": {"train_images": np.array(100)}}
    if images is not None:
        values["data"]["sample_images"] = np.stack([np.concatenate(pair) for pair in images])
    for run in range(2):
        for number, spec in enumerate(networks(STUDY)):
            values["evaluation", spec, run] = {"clean": np.array([True, False])}
            for place, name in enumerate(("sparseness", "road")):
                values["noise", spec, run, name] = np.array([run, number, place], float)
    for one in retrainings(STUDY, SECOND_DRAW, 1):
        values[one] = np.array([one.occlusion == "keep", True])
    del values["noise", L2, 0, "road"]
    return Measured(STUDY, values)


@pytest.fixture(scope="module")
def arrays():
    return labelled(made_up())[0]


def test_noise_stands_under_its_training_network_and_measure(arrays):
    noise = arrays.noise_value
    assert noise.dims == ("training", "network", "measure", "measured_image")
    for run in range(2):
        for number, spec in enumerate(networks(STUDY)):
            for place, name in enumerate(("sparseness", "road")):
                found = noise.sel(network=spec.name, measure=name)[run].values.tolist()
                if (run, spec, name) != (0, L2, "road"):
                    assert found == [run, number, place]
    assert np.isnan(noise.sel(network=L2.name, measure="road")[0]).all()


def test_further_random_pixels_are_among_the_arms_and_other_controls_are_not(arrays):
    assert arrays.arm.values.tolist() == [
        "random",
        *(f"{spec.name} {name}" for spec in networks(STUDY) for name in STUDY.attributions),
        "random_2",
    ]
    assert arrays.arm_draw.values.tolist() == [1, 0, 0, 0, 0, 2]
    assert arrays.occlusion.values.tolist() == ["remove", "keep"]
    right = arrays.correct[1, 0, -1, :, 0]
    assert right.values.tolist() == [[0, 1], [1, 1]]
    assert (arrays.correct[0] == -1).all()


def test_without_noise_there_is_no_array_of_it():
    made = made_up()
    kept = {name: value for name, value in made.values.items() if isinstance(name, Retraining) or name[0] != "noise"}
    assert "noise_value" not in labelled(made._replace(values=kept))[0]


def test_images_say_where_their_null_block_is_if_all_have_one():
    upper, lower = (NULL_BLOCK, DIGIT), (DIGIT, NULL_BLOCK)
    assert labelled(made_up([upper, lower, lower]))[0].sample_null_on_top.values.tolist() == [True, False, False]
    assert "sample_null_on_top" not in labelled(made_up([upper, (DIGIT, DIGIT)]))[0]
    assert "sample_null_on_top" not in labelled(made_up())[0]


def test_nothing_that_was_evaluated_is_nothing_to_label():
    assert labelled(Measured(STUDY, {"data": {"train_images": np.array(100)}})) is None
