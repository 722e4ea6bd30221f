"""The published numbers, spot-checked against the figures they were copied from."""

from experiments.paper import CORRELATIONS, published_correlation


def test_sixteen_correlations_per_section():
    for section in ("3.2", "3.3"):
        found = {c[1:6] for c in CORRELATIONS if c.section == section}
        assert len(found) == 16


def test_copied_values():
    kar = published_correlation("3.2", "kar", "cw", "l2", "gradient")
    assert (kar.linear, kar.rank) == (-0.7680, -0.7844)
    assert published_correlation("3.3", "roar", "cross_entropy", "l2", "gradient_x_input").linear == -0.9765
    assert published_correlation("3.2", "roar", "cw", "l1", "gradient") is None


def test_score_falls_where_accuracy_rises_in_roar():
    """A slip in copying would most likely break this: in ROAR both sections tell one story."""
    for c in CORRELATIONS:
        if c.metric == "roar":
            assert (c.linear > 0.85) if c.against == "attack_strength" else (c.linear < -0.85)
