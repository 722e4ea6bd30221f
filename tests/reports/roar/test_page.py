"""What the page of Section 3.2 shows of retrainings whose answers can be told by hand."""

import dataclasses
from functools import cache

import html5lib
import numpy as np
import pytest

from experiments.scores.arms import Arm, arms
from experiments.store.values import save
from reports.common import looks
from reports.gallery import heat, photo
from reports.render import render_reports, view_of
from reports.section import judge
from tests.reports.as_values import as_values
from tests.reports.parts import panels_of, shows_of
from tests.reports.roar.drawn import lines, points
from tests.reports.roar.exact import (
    CHANCE,
    EVALUATED,
    FILL,
    GRADIENT,
    IMAGES,
    INPUT,
    KEPT,
    L2,
    LINF,
    MASKS,
    RANDOM,
    REMOVED,
    STANDARD,
    STUDY,
    N,
    exact,
    map_of,
    put_pictures,
    ranks_of,
    score,
)

ROOM = 1_000_000
"""Characters, enough for all pictures."""


def judged_of(measured):
    (judged,) = judge("roar", [as_values(measured, "scores", "roar")])
    return judged


@cache
def judged():
    measured = exact()
    put_pictures(measured)
    return judged_of(measured)


@cache
def panels():
    return panels_of(judged())


@cache
def shown():
    return shows_of(judged(), ROOM)


def axis_of(panel):
    (axis,) = panel.drawing.axes
    return axis


def test_scores_are_drawn_against_strength_score_by_score():
    roar, kar = panels()["strength"]
    assert (roar.name, kar.name) == tuple(f"roar-mnist-5k-strength-cross_entropy-{m}" for m in ("roar", "kar"))
    for panel, gaps in ((roar, {which[:2]: gap for which, gap in REMOVED.items() if not which[2]}), (kar, KEPT)):
        expected = [
            score(gaps[spec, attribution])
            for family in ("l2", "linf")
            for attribution in (GRADIENT, INPUT)
            for spec in EVALUATED
            if spec == STANDARD or spec.norm == family
        ]
        assert [point.y for point in points(axis_of(panel))] == pytest.approx(expected)
    fits = {(line.colour, line.style): line.y for line in lines(axis_of(roar))}
    slope, start = 0.0175 / 0.541667, 0.14 - 0.0175 / 1.3  # of 0.07, 0.21 and 0.14 at 0, 0.25 and 1
    assert next(iter(fits.values())) == pytest.approx([start, start + slope], abs=1e-6)


def test_gains_are_drawn_score_by_score():
    roar, kar = (points(axis_of(panel)) for panel in panels()["gains"])
    assert [point.x for point in roar] == pytest.approx([0.07, 0.10, 0.17, 0.14])
    assert [point.x for point in kar] == pytest.approx([0.08, 0.095, 0.11, 0.155])


@pytest.mark.parametrize("spec", EVALUATED, ids=lambda spec: spec.name)
def test_every_network_has_its_curves_between_clean_accuracy_of_the_standard_one_and_chance(spec):
    clean = EVALUATED[STANDARD]["clean"]
    removed, kept = (lines(axis_of(panel)) for panel in panels()[shown()["curve_figures"][title(spec)]])
    assert [line.y for line in removed[:3]] == [
        pytest.approx([clean, *values, CHANCE])
        for values in (
            RANDOM["remove"],
            *(np.subtract(RANDOM["remove"], REMOVED[spec, name, 0]) for name in (GRADIENT, INPUT)),
        )
    ]
    assert [line.y for line in kept[:3]] == [
        pytest.approx([CHANCE, *values, clean])
        for values in (RANDOM["keep"], *(np.add(RANDOM["keep"], KEPT[spec, name]) for name in (GRADIENT, INPUT)))
    ]
    masks = [np.add(RANDOM["mask"], MASKS[spec, GRADIENT])] if (spec, GRADIENT) in MASKS else []
    for drawn in (removed, kept):
        assert [line.y for line in drawn[3:]] == [pytest.approx(list(values)) for values in masks]
        assert [line.label for line in drawn[3:]] == ["masks alone"] * len(masks)


def title(spec):
    (row,) = (row for row in judged().tables["networks"].rows if row["network"] == spec.name)
    return row["network_name"]


def test_blurred_rankings_are_drawn_attribution_by_attribution():
    gradient, product = (points(axis_of(panel)) for panel in panels()["blur"])
    order = [(STANDARD, 0), (STANDARD, 0.5), (STANDARD, 1), (STANDARD, 2), (L2, 0), (L2, 1), (LINF, 0), (LINF, 1)]
    for drawn, name in ((gradient, GRADIENT), (product, INPUT)):
        assert [point.x for point in drawn] == pytest.approx([score(REMOVED[spec, name, blur]) for spec, blur in order])


def test_what_the_sentences_say():
    assert shown()["chance"] == CHANCE
    assert shown()["blurs"] == [0.5, 1.0, 2.0]
    assert shown()["smoother"] == 4
    assert shown()["drawn"] == ["Gradient", "Gradient\N{MULTIPLICATION SIGN}Input"]
    assert view_of(judged())["left_out"] == ["measures"]
    assert panels()["measures"] == []
    assert list(shown()["curve_figures"]) == [title(spec) for spec in EVALUATED]
    assert shown()["occluded_by"] == [title(spec) for spec in (STANDARD, L2, LINF)]
    assert shown()["rankings"] == 6


def test_smoothness_is_counted_not_claimed():
    measured = exact()
    for run in range(STUDY.training_seeds):
        measured.values["maps", Arm(L2, GRADIENT), run]["roughness"] = np.array(0.81)
    assert shows_of(judged_of(measured), ROOM)["smoother"] == 3


def test_looks_are_those_of_the_figures():
    assert looks(["gradient", "gradient_x_input"]) == (
        "solid and filled: Gradient; dashed and open: Gradient\N{MULTIPLICATION SIGN}Input"
    )
    assert looks(["mine:top_rows"]).endswith(": top_rows")


def test_other_measures_have_figures_of_their_own():
    study = dataclasses.replace(STUDY, measures=("roar", "max_sensitivity"))
    measured, values = exact(study), {}
    plain = [arm for arm in arms(study) if arm.network and arm.is_plain]
    for place, arm in enumerate(plain):
        values[arm] = np.arange(N) % 2 + place / 8
        for run in range(study.training_seeds):
            measured.values["measure", arm, run, "max_sensitivity"] = values[arm]
    found = judged_of(measured)
    drawn = panels_of(found)
    (panel,) = drawn["measures"]
    assert axis_of(panel).get_title(loc="left") == "Max-sensitivity"
    first = [values[Arm(spec, GRADIENT)].mean() for spec in EVALUATED if spec == STANDARD or spec.norm == "l2"]
    assert [point.y for point in points(axis_of(panel))][:3] == pytest.approx(first)
    assert [axis_of(panel).get_title(loc="left") for panel in drawn["strength"]] == ["ROAR", "KAR"]
    assert [axis_of(panel).get_title(loc="left") for panel in drawn["gains"]] == ["ROAR", "KAR", "Max-sensitivity"]
    assert view_of(found)["left_out"] == ["pictures"]


def test_every_network_s_maps_stand_under_its_name():
    first, second = (sample["maps"] for sample in shown()["samples"])
    assert first.corner.src == photo(IMAGES[0], "").src
    assert first.columns == [title(spec) for spec in EVALUATED]
    assert [heading for heading, _ in first.rows] == ["Gradient", "Gradient\N{MULTIPLICATION SIGN}Input"]
    for i, gallery in enumerate((first, second)):
        for attribution, (_, tiles) in zip((GRADIENT, INPUT), gallery.rows, strict=True):
            expected = [heat(map_of(Arm(spec, attribution))[i], "").src for spec in EVALUATED]
            assert [tile.src for tile in tiles] == expected
    assert first.rows[1][1][2].alt == f"Test image 7, labelled two: Gradient\N{MULTIPLICATION SIGN}Input of {title(L2)}"


def test_strips_show_what_each_ranking_removes_and_keeps():
    samples = shown()["samples"]
    assert [sample["title"] for sample in samples] == ["Test image 7, labelled two", "Test image 3, labelled nine"]
    for i, sample in enumerate(samples):
        strips = sample["strips"]
        assert strips.groups == [("removed (ROAR)", 2), ("kept (KAR)", 2)]
        assert strips.columns == ["20 %", "60 %"] * 2
        ranked = [(spec, name) for spec in (STANDARD, L2, LINF) for name in (GRADIENT, INPUT)]
        assert len(strips.rows) == len(ranked)
        for (spec, attribution), (heading, tiles) in zip(ranked, strips.rows, strict=True):
            assert heading.startswith(f"{title(spec)}: Gradient")
            ranks = ranks_of(Arm(spec, attribution))[i][..., None]
            expected = [np.where(ranks < count, FILL, IMAGES[i]) for count in (3, 10)]  # 3.2 and 9.6 of 16 pixels
            expected += [np.where(ranks < count, IMAGES[i], FILL) for count in (3, 10)]
            assert [tile.src for tile in tiles] == [photo(image, "").src for image in expected]
    alt = samples[1]["strips"].rows[2][1][3].alt
    assert alt == f"Test image 3, labelled nine: 60 % kept, ranked by {title(L2)}: Gradient"


def test_pictures_that_are_not_there_are_left_out():
    found = view_of(judged_of(exact()))
    assert (found["samples"], found["stored_samples"], found["rankings"]) == (None, None, None)
    assert found["left_out"] == ["measures", "pictures"]
    assert found["not_measured"] == [f"Sentences and pictures that need sample_{name}" for name in ("index", "rank")]
    measured = exact()
    put_pictures(measured)
    for run in range(STUDY.training_seeds):
        for name in ("sample_maps", "sample_ranks"):
            del measured.values["maps", Arm(L2, INPUT), run][name]
    found = shows_of(judged_of(measured), ROOM)
    assert found["rankings"] == 5
    assert [len(sample["strips"].rows) for sample in found["samples"]] == [5, 5]
    assert [tile is None for tile in found["samples"][0]["maps"].rows[1][1]] == [False, False, True, False, False]


@pytest.mark.parametrize("pictures", [True, False])
def test_the_page_is_html_with_or_without_pictures(tmp_path, pictures):
    measured = exact()
    if pictures:
        put_pictures(measured)
    save(as_values(measured, "scores", "roar"), tmp_path)
    render_reports(tmp_path)
    text = (tmp_path / "reports" / "roar.html").read_text()
    html5lib.HTMLParser(strict=True).parse(text)
    assert ("What the attributions look like" in text) == pictures
    assert ("Test image 7, labelled two" in text) == pictures
    assert "in 4 of 4 comparisons with the standard network" in text
    assert "sigma 0.5, 1, 2 pixels" in text
    assert "Chance is 12.0 %." in text
    assert ">95.0 <" in text  # accuracy of the standard network


def test_where_there_is_no_room_there_are_fewer_pictures():
    (sample,) = shows_of(judged(), 1)["samples"]
    assert (len(sample["maps"].rows), len(sample["strips"].rows)) == (1, 1)
