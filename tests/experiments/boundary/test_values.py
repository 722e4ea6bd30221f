"""The toy's measurements under their labels."""

import numpy as np
import pytest

from experiments.boundary.study import BoundaryStudy
from experiments.boundary.values import MEASURES, labelled
from experiments.measurement import Measured
from experiments.store.values import load, save
from tests.reports.as_values import as_values
from tests.reports.boundary.made_up import CENTRES, SPREADS, STRENGTHS, known, picture


def arrays_of(made: Measured):
    arrays, words = labelled(made)
    assert words == {}
    return arrays


def test_every_number_stands_under_its_own_name_strength_and_seed():
    arrays = arrays_of(known())
    assert arrays.strength.values.tolist() == list(STRENGTHS)
    for name in MEASURES:
        assert arrays[name].dims == ("strength", "seed")
        for eps, centre in zip(STRENGTHS, CENTRES[name], strict=True):
            expected = centre + SPREADS[name] * np.array([-1, 1, 1, -1])
            np.testing.assert_array_equal(arrays[name].sel(strength=eps), expected)


def test_strengths_ascend_in_whichever_order_they_were_measured():
    made = known()
    turned = made._replace(values=dict(reversed(made.values.items())))
    assert arrays_of(turned).identical(arrays_of(made))


def test_pictures_are_of_the_paper_s_three_networks_alone():
    arrays = arrays_of(known())
    assert arrays.shown.values.tolist() == [0.0, 0.25, 0.5]
    for eps in (0.0, 0.25, 0.5):
        for name, expected in picture(eps).items():
            found = arrays[name].sel(shown=eps) if "shown" in arrays[name].dims else arrays[name]
            np.testing.assert_array_equal(found, expected)
    assert arrays.regions.dims == ("shown", "row", "column")
    assert arrays.points.dims == ("shown", "point", "axis")
    assert arrays.labels.dims == ("point",)


def test_what_is_drawn_is_rounded_and_what_is_counted_is_not():
    made = known()
    made.values[0.0]["points"] = np.full((5, 2), 1 / 3)
    made.values[0.0]["tilt"] = np.full(4, 1 / 3)
    arrays = arrays_of(made)
    drawn = float(arrays.points.sel(shown=0.0)[0, 0])
    assert drawn != 1 / 3
    assert drawn == pytest.approx(1 / 3, rel=2**-9)
    assert float(arrays.tilt.sel(strength=0.0)[0]) == 1 / 3


def test_a_network_without_a_boundary_has_a_tilt_that_is_no_number():
    made = known()
    made.values[0.1]["tilt"][2] = np.nan
    assert np.isnan(arrays_of(made).tilt.values).tolist() == [
        [False] * 4,
        [False, False, True, False],
        *[[False] * 4] * 2,
    ]


def test_where_nothing_was_measured_there_are_no_arrays():
    assert labelled(Measured(BoundaryStudy(), {})) is None


@pytest.mark.parametrize("there", [[0.25], [0.1], [0.1, 0.5]], ids=str)
def test_what_failed_is_not_there_and_the_rest_survives_being_stored(there, tmp_path):
    made = known()
    values = as_values(made._replace(values={eps: made.values[eps] for eps in there}), "boundary", "boundary")
    assert values.arrays.strength.values.tolist() == there
    assert values.arrays.shown.values.tolist() == [eps for eps in there if eps != 0.1]
    assert ("regions" in values.arrays) == (there != [0.1])
    save(values, tmp_path)
    assert load(tmp_path / values.path).arrays.equals(values.arrays)
