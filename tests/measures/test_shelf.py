"""What every measure's file says of itself, and what a measure is given to make maps anew."""

import inspect

import numpy as np
import pytest

import shelf
from measures import Given

MEASURES = shelf.entries("measures")
WITHOUT_CHANCE = ("insertion", "deletion", "max_sensitivity", "tangent_alignment")  # their docstrings say why


@pytest.mark.parametrize("name", [name for name in MEASURES if name != "roar"])  # whose scores are two
def test_a_measure_declares_unit_direction_and_chance(name):
    entry, function = MEASURES[name], shelf.load("measures")[name]
    assert entry.declared["UNIT"]
    assert isinstance(entry.declared["MORE_IS_BETTER"], bool)
    assert ("CHANCE" in entry.declared) == (name not in WITHOUT_CHANCE)
    defaults = {key: about["default"] for key, about in entry.declared.get("PARAMETERS", {}).items()}
    # A parameter has the same default from Python as on the command line.
    taken = {key: value.default for key, value in inspect.signature(function).parameters.items()}
    assert defaults == {key: value for key, value in taken.items() if key not in ("given", "batch_size")}


def test_maps_are_made_of_the_same_network_unless_told_otherwise():
    given = Given(model="network", explainer=lambda model, images: np.full(images.shape, len(model)))
    images = np.zeros((2, 3, 3, 1))
    assert (given.explain(images) == 7).all()
    assert (given.explain(images, "copy") == 4).all()
