"""Rows, columns and how many pictures a page has room for."""

import numpy as np

from reports.figures.drawing import panel, panel_axes
from reports.pages.gallery import (
    LEAST_CHARACTERS,
    MOST_CHARACTERS,
    Gallery,
    Tile,
    as_fit,
    drawn_how,
    heat,
    photo,
    room,
    sample_titles,
)
from reports.tables import Table, number


def gallery(rows, columns, corner=None):
    tiles = [(f"r{r}", [Tile("x" * 10, f"r{r} c{c}") for c in range(columns)]) for r in range(rows)]
    return Gallery("all", [f"c{c}" for c in range(columns)], tiles, 28, corner=corner)


def test_the_longer_side_lies_across_the_page_and_every_picture_keeps_its_headings():
    assert gallery(2, 3).along_the_longer() == gallery(2, 3)
    original = Tile("o", "original")
    turned = gallery(5, 2, original).along_the_longer()
    assert turned.columns == ("r0", "r1", "r2", "r3", "r4")
    assert [heading for heading, _ in turned.rows] == ["c0", "c1"]
    for column, tiles in turned.rows:
        assert [tile.alt for tile in tiles] == [f"{row} {column}" for row in turned.columns]
    assert turned.corner == original


def test_groups_stand_apart_where_they_begin():
    grouped = Gallery("all", list("abcdef"), [], 28, groups=[("x", 2), ("y", 3), ("z", 1)])
    assert grouped.apart == {2, 5}
    assert gallery(1, 6).apart == set()


def test_as_many_galleries_as_fit_else_as_many_rows():
    assert gallery(2, 3, Tile("12345", "")).characters == 65
    drawn = []

    def galleries():
        for count in range(4):
            drawn.append(count)
            yield gallery(2, 3)

    assert as_fit(galleries(), 130) == [gallery(2, 3)] * 2
    assert drawn == [0, 1, 2]  # no more is drawn than is needed to know
    assert as_fit(galleries(), 1000) == [gallery(2, 3)] * 4
    (part,) = as_fit([gallery(10, 2), gallery(1, 1)], 99)
    assert [heading for heading, _ in part.rows] == ["r0", "r1", "r2", "r3"]
    (least,) = as_fit([gallery(10, 2)], 1)
    assert len(least.rows) == 1


def test_figures_and_tables_take_their_room_but_not_all_of_it():
    drawing, axis = panel_axes()
    axis.plot([1], [2])
    drawn = panel(drawing, "x", "label")
    short = Table("t", "caption", [number("n", "n")], [{"n": 1}])
    left = room({"a": [drawn, drawn]}, {"t": short}, 2)
    assert MOST_CHARACTERS // 2 - 2 * len(drawn.svg) - 100 < left < MOST_CHARACTERS // 2 - 2 * len(drawn.svg)
    long = Table("t", "caption", [number("n", "n")], [{"n": 1}] * 100_000)
    assert room({}, {"t": long}, 3) == LEAST_CHARACTERS // 3


def test_pictures_say_what_they_show():
    assert photo(np.zeros((2, 2, 1)), "a digit", "taken for 3")[1:] == ("a digit", "taken for 3", False, "")
    assert heat(np.zeros((2, 2)), "a map").src.startswith("data:image/png;base64,")
    arrays = {"d/sample_index": np.array([3, 8]), "d/sample_label": np.array(["cat", "<dog>"])}
    assert sample_titles("d", arrays) == ["Test image 3, labelled cat", "Test image 8, labelled <dog>"]


def test_named_pictures_are_not_called_random():
    assert "at random" in drawn_how({"pictures": []})
    assert "named" in drawn_how({"pictures": [1, 3]})
    assert "at random" not in drawn_how({"pictures": [1, 3]})
