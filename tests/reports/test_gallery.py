"""Rows, columns and how many pictures a page has room for."""

import dataclasses

import numpy as np
import pytest
import xarray

from reports.drawing import panel, panel_axes
from reports.evidence.study import Network, Study
from reports.gallery import (
    LEAST_CHARACTERS,
    MOST_CHARACTERS,
    Gallery,
    Tile,
    as_fit,
    drawn_how,
    heat,
    maps_of,
    photo,
    room,
    sample_titles,
)
from reports.images import data_uri, photograph, signed_map
from reports.tables import number, table
from tests.reports.boundary.made_up import toy_values


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
    short = table("t", "caption", [number("n", "n", len)], ["a"])
    left = room({"a": [drawn, drawn]}, {"t": short}, 2)
    assert MOST_CHARACTERS // 2 - 2 * len(drawn.svg) - 100 < left < MOST_CHARACTERS // 2 - 2 * len(drawn.svg)
    long = table("t", "caption", [number("n", "n", len)], ["a"] * 100_000)
    assert room({}, {"t": long}, 3) == LEAST_CHARACTERS // 3


def test_pictures_say_what_they_show():
    assert photo(np.zeros((2, 2, 1)), "a digit", "taken for 3")[1:] == ("a digit", "taken for 3", False, "")
    assert heat(np.zeros((2, 2)), "a map").src.startswith("data:image/png;base64,")


IMAGES = np.linspace(-1, 1, 2 * 4 * 4).reshape(2, 4, 4, 1)


def study(*attributions, pictures=()) -> Study:
    """Whose two sample images are known."""
    arrays = xarray.Dataset(
        {
            "sample_image": (("sample", "height", "width", "channel"), IMAGES),
            "sample_index": ("sample", [3, 8]),
            "sample_label": ("sample", ["cat", "<dog>"]),
        }
    )
    settings = {"attributions": list(attributions), "pictures": list(pictures)}
    return Study(dataclasses.replace(toy_values({0.0: 1.0}), settings=settings, arrays=arrays))


def network(name: str, method: str = "gaussian_noise") -> Network:
    return Network(name, method, method, method, None, None, 1.0, None, True, 1.0, False)


NETWORKS = [network("standard", "standard"), network("quiet"), network("loud")]


def numbered(network: Network, attribution: str) -> np.ndarray:
    """Maps that tell network, attribution and sample apart."""
    place = 10 * NETWORKS.index(network) + ("gradient", "deeplift", "smoothgrad").index(attribution)
    return np.random.default_rng(place).normal(size=(2, 4, 4))


def test_images_are_named_by_their_number_and_label():
    assert sample_titles(study()) == ["Test image 3, labelled cat", "Test image 8, labelled <dog>"]


def test_named_pictures_are_not_called_random():
    assert "at random" in drawn_how(study())
    assert "named" in drawn_how(study(pictures=(1, 3)))
    assert "at random" not in drawn_how(study(pictures=(1, 3)))


@pytest.mark.parametrize("i", [0, 1])
def test_every_map_stands_under_its_network_and_attribution_and_is_of_the_sample(i):
    shown = maps_of(study("gradient", "deeplift"), NETWORKS, numbered, i)
    title = sample_titles(study())[i]
    assert shown.label == f"{title}: attribution maps"
    assert list(shown.columns) == ["standard", "quiet", "loud"]
    assert [heading for heading, _ in shown.rows] == ["Gradient", "DeepLIFT"]
    for (_, tiles), attribution, heading in zip(
        shown.rows, ("gradient", "deeplift"), ("Gradient", "DeepLIFT"), strict=True
    ):
        for tile, of in zip(tiles, NETWORKS, strict=True):
            assert tile.src == data_uri(signed_map(numbered(of, attribution)[i]))
            assert tile.alt == f"{title}: {heading} of {of.name}"
    assert shown.corner == Tile(data_uri(photograph(IMAGES[i])), title, original=True)
    assert shown.pixels == 4
    assert len({tile.src for _, tiles in shown.rows for tile in tiles}) == 6


def test_a_map_that_is_not_there_leaves_its_place_empty():
    def quiet_alone(network, attribution):
        return numbered(network, attribution) if network.name == "quiet" else None

    shown = maps_of(study("gradient"), NETWORKS, quiet_alone, 0)
    ((_, tiles),) = shown.rows
    assert [tile is not None for tile in tiles] == [False, True, False]


def test_a_half_is_outlined_in_every_map_and_in_the_image():
    shown = maps_of(study("gradient"), NETWORKS, numbered, 0, "upper")
    assert {tile.outlined for _, tiles in shown.rows for tile in tiles} == {shown.corner.outlined} == {"upper"}


def test_more_attributions_than_networks_lie_across():
    shown = maps_of(study("gradient", "deeplift", "smoothgrad"), NETWORKS[:2], numbered, 0)
    assert list(shown.columns) == ["Gradient", "DeepLIFT", "SmoothGrad"]
    assert shown.rows[1][0] == "quiet"
    assert shown.rows[1][1][2].src == data_uri(signed_map(numbered(NETWORKS[1], "smoothgrad")[0]))
