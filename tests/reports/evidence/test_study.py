"""A study's values by name, and the networks that they describe."""

import dataclasses

import numpy as np
import pytest
import xarray

from experiments.networks.values import network_coordinates
from experiments.settings.presets import make_settings
from reports.evidence.study import Network, NotMeasuredError, Study
from tests.reports.boundary.made_up import toy_values

NAN = float("nan")
COORDINATES = {
    "network": ["standard", "l2 eps 1.5 cw", "noise"],
    "method": ["standard", "adversarial", "gaussian_noise"],
    "family": ["", "l2", "gaussian_noise"],
    "group": ["", "cw", "gaussian_noise"],
    "loss": ["", "cw", ""],
    "norm": ["", "l2", ""],
    "strength": [NAN, 1.5, 0.0],
    "step_size": [NAN, 0.25, NAN],
    "strongest": [True, False, True],
    "passes": [3.0, 24.0, 6.0],
    "one_step": [False, True, False],
}


def study_of(coordinates, **arrays) -> Study:
    """What reads values of these networks."""
    along = {name: ("network", values) for name, values in coordinates.items()}
    return Study(dataclasses.replace(toy_values({0.0: 1.0}), arrays=xarray.Dataset(arrays, along)))


@pytest.fixture
def study() -> Study:
    return study_of(COORDINATES, right=(("network", "image"), np.array([[1, 0], [0, 1], [1, 1]], np.int8)))


def test_arrays_and_labels_are_found_by_name(study):
    np.testing.assert_array_equal(study.array("right"), [[1, 0], [0, 1], [1, 1]])
    assert study.labels("network") == ["standard", "l2 eps 1.5 cw", "noise"]
    assert all(type(label) is str for label in study.labels("network"))
    assert study.has("right")
    assert study.has("network")


def test_an_array_that_was_not_measured_is_named(study):
    assert not study.has("image")  # a dimension without labels
    for ask in (study.array, study.labels):
        with pytest.raises(NotMeasuredError, match="^roughness$"):
            ask("roughness")
    with pytest.raises(NotMeasuredError, match="^network$"):
        Study(toy_values({0.0: 1.0})).planned  # noqa: B018


def test_settings_and_data_set_are_those_of_the_values():
    values = toy_values({0.0: 1.0}, seed=3, dataset="elsewhere")
    found = Study(values)
    assert (found.values, found.settings, found.dataset) == (values, values.settings, "elsewhere")
    assert found.settings["seed"] == 3


def test_a_network_is_what_its_coordinates_say(study):
    standard, adversarial, noise = study.planned
    assert adversarial == Network(
        name="l2 eps 1.5 cw",
        method="adversarial",
        family="l2",
        group="cw",
        loss="cw",
        norm="l2",
        strength=1.5,
        step_size=0.25,
        strongest=False,
        passes=24.0,
        one_step=True,
    )
    assert (adversarial.is_standard, noise.is_standard, standard.is_standard) == (False, False, True)
    assert study.standard == standard
    assert study.network("noise") == noise
    assert study.place_of == {standard: 0, adversarial: 1, noise: 2}


def test_what_a_network_does_not_have_is_none_and_a_strength_of_zero_is_one(study):
    standard, _, noise = study.planned
    nothing = {"family": None, "group": None, "loss": None, "norm": None, "strength": None, "step_size": None}
    assert {name: getattr(standard, name) for name in nothing} == nothing
    assert (noise.loss, noise.norm, noise.step_size) == (None, None, None)
    assert noise.strength == 0.0
    assert noise.family == "gaussian_noise"


@pytest.mark.parametrize("field", ["strongest", "one_step", "passes", "strength", "step_size"])
def test_fields_are_plain_values(study, field):
    """They go into JSON, and `1 is True` nowhere."""
    kinds = {type(getattr(network, field)) for network in study.planned}
    assert kinds <= ({bool} if field in ("strongest", "one_step") else {float, type(None)})


def test_the_networks_of_a_measured_study_are_those_that_were_planned():
    """What `network_coordinates` writes is read as it was meant."""
    (planned,) = make_settings("roar", "quick", {"l2_eps": (1.0, 2.0), "linf_eps": (0.1,)}).studies
    arrays = xarray.Dataset(coords=network_coordinates(planned))
    found = Study(dataclasses.replace(toy_values({0.0: 1.0}), arrays=arrays)).planned
    assert found[0].is_standard
    assert found[0].strongest
    assert [(network.norm, network.strength) for network in found[1:]] == [("l2", 1.0), ("l2", 2.0), ("linf", 0.1)]
    assert [network.strongest for network in found[1:]] == [False, True, True]
    assert {network.method for network in found[1:]} == {"adversarial"}
    assert {network.loss for network in found[1:]} == {"cross_entropy"}
