"""What a run would have found of a registered claim is said at the level that the correction leaves."""

import numpy as np
import pytest

from reports.evidence.claim import LEVEL, judged
from reports.evidence.correction import judged_together
from reports.evidence.registered import family, primary
from reports.evidence.statistics import combined, detectable, estimate, majority

TABLE = np.random.default_rng(0).normal(0.1, 1, (3, 50))


def test_registered_claims_have_it_after_the_correction_and_others_before():
    registered = primary("gradients", "mnist", estimate(TABLE))
    check = judged(estimate(TABLE), dataset="mnist", id="x", statement="s", section="2.1", unit="u", check=True)
    found = {claim.id: claim for claim in judged_together([registered, check])}
    assert found["x"].detectable == check.detectable == registered.detectable
    count = family([registered, check])
    level = LEVEL / count
    assert found["gradients"].detectable == detectable(registered.by_training, registered.image_error, level)
    assert found["gradients"].detectable > 1.5 * registered.detectable
    assert found["gradients"].p == pytest.approx(min(1, count * registered.p))


def test_another_test_than_student_s_has_none():
    counted = primary("lands", "two_gaussians", majority(np.arange(20) < 15))
    assert counted.detectable is not None
    (found,) = judged_together([counted])
    assert found.detectable is None
    exchanged = combined((0.1, 0.2, 0.3), 0.0)._replace(own_test=True)
    (found,) = judged_together([primary("robustness-or-smoothness", "mnist", exchanged)])
    assert found.detectable is None
