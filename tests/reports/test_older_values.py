"""Values of an older run may lack whatever was not measured yet: no page breaks, and each says what it leaves out."""

import functools
import html
from dataclasses import replace

import pytest

from experiments.store.values import Values
from reports import render
from reports.drawing import Panel
from reports.render import page_of
from reports.section import section_named, why_absent
from tests.reports.as_values import as_values
from tests.reports.boundary.made_up import toy_values
from tests.reports.manifold.made_up import known as known_distances
from tests.reports.roar.exact import exact, put_pictures
from tests.reports.survey.made_up import made_up as made_up_survey
from tests.reports.tradeoff.made_up import known as known_trade_offs
from tests.reports.tradeoff.made_up import values_of as trade_off_values


def of_scores() -> Values:
    measured = exact()
    put_pictures(measured)
    return as_values(measured, "scores", "roar")


WHOLE = {
    "manifold": lambda: as_values(known_distances(), "manifold", "manifold"),
    "boundary": lambda: toy_values({0.0: 30.0, 0.25: 10.0, 0.5: 12.0}),
    "roar": of_scores,
    "tradeoff": lambda: trade_off_values(known_trade_offs()),
    "survey": lambda: as_values(made_up_survey(), "survey", "survey"),
}
LACKING = {
    "manifold": [
        "distance",
        "changed_standard",
        "noise_distance",
        "clean_control",
        "history",
        "sample_index",
        "network",
    ],
    "boundary": ["tilt", "points", "labels", "robust", "strength"],
    "roar": ["chance", "fill", "attack", "percent", "roughness", "sample_image", "sample_label", "sample_map", "right"],
    "tradeoff": ["attack", "one_step", "passes", "training"],
    "survey": ["value", "chance", "attack", "measure", "value_there"],
}
"""Arrays that tables, figures, sentences, pictures and the analysis itself are made of."""
UNKNOWN = {
    "manifold": ["success", "projection", "manifold_eps"],
    "boundary": ["toy_seeds"],
    "roar": ["repeats", "pictures", "blur_sigma", "robust_attacks", "width"],
    "tradeoff": ["repeats", "losses", "robust_steps"],
    "survey": ["repeats", "losses", "smoothgrad_samples"],
}
"""Settings that pages speak of."""
CASES = [(section, name) for section, names in LACKING.items() for name in names]


@pytest.fixture(scope="module", autouse=True)
def without_drawing():
    """What figures read is read; drawing it takes most of a page's time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Panel, "svg", "")
        yield


def text_of(section: str, values: Values) -> tuple[str, list[str]] | None:
    """The page, and what it leaves out."""
    page = page_of(section, [values])
    if page is None:
        return None
    shown = {"page": page, "headings": render._page_module(section).HEADINGS, "figure_files": (), "latest": page}
    text = (
        render._environment()
        .get_template(f"{section}/template.html")
        .render(current=section, stored=[section], **shown)
    )
    return text, page.studies[0]["not_measured"]


@functools.cache
def whole(section: str) -> Values:
    return WHOLE[section]()


@pytest.mark.parametrize("section", WHOLE)
def test_a_page_of_today_s_values_leaves_nothing_out(section):
    _, left_out = text_of(section, whole(section))
    assert left_out == []


@pytest.mark.parametrize(("section", "name"), CASES)
def test_a_page_without_an_array_says_what_it_leaves_out(section, name):
    values = whole(section)
    values = replace(values, arrays=values.arrays.drop_vars(name))
    found = text_of(section, values)
    if found is None:
        assert why_absent(section_named(section), values) == f"its values lack {name}"
    else:
        text, left_out = found
        assert left_out
        assert all(sentence in html.unescape(text) for sentence in left_out)


@pytest.mark.parametrize("section", WHOLE)
def test_a_page_without_a_setting_is_drawn(section):
    values = whole(section)
    for name in UNKNOWN[section]:
        settings = {known: value for known, value in values.settings.items() if known != name}
        text_of(section, replace(values, settings=settings))
