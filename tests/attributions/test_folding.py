"""A normalisation folded into the sum before it: the maps are those of the network in which it was multiplied in."""

import numpy as np
import pytest

from attributions import explain
from tests.attributions.networks import merged, normalised, pictures, relative_error


@pytest.mark.parametrize(
    ("method", "parameters"),
    [
        ("lrp_alpha_beta", {"alpha": 1.0}),
        ("lrp_alpha_beta", {"alpha": 2.0}),
        ("lrp_epsilon", {"epsilon": 1e-6}),
        ("lrp_epsilon", {"epsilon": 0.25}),
        ("deeplift", {}),
        ("guided_backprop", {}),
    ],
)
def test_maps_are_those_of_the_merged_network(method, parameters):
    model = normalised()
    twin, x = merged(model), pictures(model)
    np.testing.assert_allclose(model(x), twin(x), rtol=1e-4, atol=1e-5)
    assert relative_error(explain(method, model, x, **parameters), explain(method, twin, x, **parameters)) < 1e-3
