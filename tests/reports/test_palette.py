"""The colours can be told from the page."""

from experiments import catalogue
from reports.palette import COLOURS
from reports.styles import family_colour

MARKS = (
    *("l2", "linf", "baseline", "mask", "zero", "one"),
    *("violet", "teal", "rose", "olive", "brown", "slate", "green"),
)


def test_every_training_on_the_shelf_has_a_colour_of_its_own():
    methods = [name for name in catalogue.everything("training") if name != "adversarial"]
    assert len({family_colour(name) for name in methods}) == len(methods)


def contrast(first: str, second: str) -> float:
    """WCAG 2.1's ratio."""

    def luminance(colour):
        parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
        r, g, b = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_text_reads_and_marks_stand_out_in_both_themes():
    for theme in (0, 1):
        page = COLOURS["page"][theme]
        for text in ("ink", "muted", "link", "good", "bad", "open"):
            assert contrast(COLOURS[text][theme], page) >= 4.5, text
            assert contrast(COLOURS[text][theme], COLOURS["panel"][theme]) >= 4.5, text
        for mark in MARKS:
            assert contrast(COLOURS[mark][theme], page) >= 3, mark
