"""Closed-form value and gradient of the margin."""

import numpy as np
import pytest

from attacks import cw
from tests.attacks.losses.test_losses import gradient


def test_it_masks_the_true_class_with_minus_infinity():
    value, slope = gradient(cw, [[-1.0, -5.0, -3.0]], [0])
    assert value == pytest.approx([-2.0])
    np.testing.assert_array_equal(slope, [[-1.0, 0.0, 1.0]])
