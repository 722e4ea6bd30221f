"""What stands for a page on the summary."""

from reports.render import _thumbnail


def test_a_thumbnail_is_of_the_first_data_set_that_has_the_figure_else_of_any_figure():
    studies = [{"figures": {"key": [], "other": ["o0"]}}, {"figures": {"key": ["k0", "k1"], "other": []}}]
    assert _thumbnail(studies, "key", 0) == "k0"
    assert _thumbnail(studies, "key", 5) == "k1"
    assert _thumbnail(studies[:1], "key", 0) == "o0"
