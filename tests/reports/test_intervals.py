"""Intervals on one side of a level."""

import pytest

from reports.intervals import side


@pytest.mark.parametrize(
    ("low", "high", "excludes"), [(0.1, 0.2, True), (-0.2, -0.1, True), (-0.1, 0.1, False), (None, None, False)]
)
def test_a_side_is_where_the_interval_excludes_the_level(low, high, excludes):
    assert bool(side({"tau": 0.1, "tau_low": low, "tau_high": high}, "tau")) == excludes


def test_the_level_need_not_be_zero():
    row = {"value_low": 0.2, "value_high": 0.4}
    assert [side(row, "value", level) for level in (0.1, 0.3, 0.5, None)] == [1, 0, -1, 0]
