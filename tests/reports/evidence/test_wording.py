"""Numbers within sentences."""

import pytest

from reports.evidence.wording import decimal, with_interval


@pytest.mark.parametrize(
    ("value", "text"), [(0.0693, "0.069"), (-0.5, "\N{MINUS SIGN}0.500"), (-0.0001, "0.000"), (0.0, "0.000")]
)
def test_a_number_has_a_true_minus_sign_unless_it_rounds_to_zero(value, text):
    assert decimal(value, 3) == text


def test_an_end_below_zero_keeps_its_sign():
    assert with_interval(-0.25, -1.31, 0.8, 1) == "\N{MINUS SIGN}0.2 [\N{MINUS SIGN}1.3, 0.8]"
    assert with_interval(-0.04, -0.04, 0.8, 1) == "0.0 [\N{MINUS SIGN}0.0, 0.8]"
