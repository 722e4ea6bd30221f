"""Claims of Section 2.1 on made-up distances with known answers."""

import pytest

from experiments.manifold.analysis import Distances
from experiments.manifold.claims import claims
from tests.experiments.manifold.made_up import made_up


def judged(noise_growth):
    return {claim.id.split("manifold-")[1]: claim for claim in claims(Distances(made_up(noise_growth)))}


def test_claims_follow_the_made_up_distances():
    verdicts = judged(1.0)
    closer = verdicts["closer-l2-cross_entropy-cw"]
    assert closer.verdict == "supported"
    assert closer.measured == pytest.approx(0.75, abs=0.1)  # mean of eps 0.5 and 1
    stronger = verdicts["stronger-l2-cross_entropy-cw"]
    assert stronger.verdict == "supported"
    assert "rank correlation of mean distance with strength -1.00, 3 of 3 pairs" in stronger.unit
    assert verdicts["closer-linf-cross_entropy-cw"].verdict == "inconclusive"
    assert verdicts["gradients-linf-cross_entropy"].measured == pytest.approx(0.2, abs=0.01)
    assert verdicts["noise-grows"].measured == pytest.approx(3, abs=0.05)
    assert verdicts["farther-than-noise-cw"].measured == pytest.approx(2, abs=0.1)


def test_checks_of_our_own_are_told_from_the_paper_s_claims():
    ours = {name for name, claim in judged(1.0).items() if claim.check}
    assert ours == {"noise-grows", "farther-than-noise-cross_entropy", "farther-than-noise-cw"}


def test_a_measure_that_does_not_grow_with_noise_gives_no_verdict():
    found = judged(-1.0)
    assert found.pop("noise-grows").verdict == "contradicted"
    assert {claim.verdict for claim in found.values()} == {"inconclusive"}
