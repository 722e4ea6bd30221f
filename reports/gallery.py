"""Pictures side by side in rows and columns, so that a reader can compare along both."""

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from reports.drawing import Panel
from reports.evidence.study import Network, Study
from reports.images import data_uri, photograph, signed_map
from reports.styles import name, network_name
from reports.tables import Table

MOST_CHARACTERS = 2_600_000
"""Of figures, tables and pictures in a page, which with all the rest should stay below 3 MB."""
LEAST_CHARACTERS = 300_000
"""Of pictures, however long the figures and tables are."""
CELL = 55
"""Characters of a table's cell with its tags, about."""


class Tile(NamedTuple):
    """A picture and what is said of it.

    Attributes:
        src: data URI.
        alt: what it shows; also stands under its enlargement.
        note: stands below it.
        original: whether the enlargements of its neighbours show it beside them.
        outlined: the half with a dashed line around it, "upper" or "lower"; "" for none.
    """

    src: str
    alt: str
    note: str = ""
    original: bool = False
    outlined: str = ""


@dataclass(frozen=True)
class Gallery:
    """Tiles under headings.

    Attributes:
        label: what a reader who cannot see it is told.
        columns: their headings.
        rows: each with its heading and as many tiles as there are columns, None where there is no picture.
        pixels: width of a picture; tiles are enlarged by whole numbers where there is room.
        groups: of neighbouring columns, each a heading and how many they are.
        corner: stays in sight while the rest scrolls.
    """

    label: str
    columns: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Tile | None]]]
    pixels: int
    groups: Sequence[tuple[str, int]] = ()
    corner: Tile | None = None

    @property
    def characters(self) -> int:
        """Length of its pictures in the page."""
        tiles = [self.corner, *(tile for _, tiles in self.rows for tile in tiles)]
        return sum(len(tile.src) for tile in tiles if tile)

    @property
    def apart(self) -> set[int]:
        """Columns with which a group but the first begins."""
        return set(itertools.accumulate(count for _, count in self.groups[:-1]))

    def along_the_longer(self) -> "Gallery":
        """With rows and columns exchanged if that makes it wider than high, as screens are."""
        if len(self.rows) <= len(self.columns):
            return self
        headings, tiles = zip(*self.rows, strict=True)
        turned = list(zip(self.columns, zip(*tiles, strict=True), strict=True))
        return replace(self, columns=headings, rows=turned)


def photo(image: np.ndarray, alt: str, note: str = "", original: bool = False) -> Tile:
    """Of an image (H, W, C) in [-1, 1]."""
    return Tile(data_uri(photograph(image)), alt, note, original)


def heat(values: np.ndarray, alt: str) -> Tile:
    """Of an attribution (H, W): blue, white and red."""
    return Tile(data_uri(signed_map(values)), alt)


def maps_of(
    found: Study,
    networks: Sequence[Network],
    map_of: Callable[[Network, str], np.ndarray | None],
    i: int,
    outlined: str = "",
) -> Gallery:
    """A sample image's map by every network and attribution.

    Args:
        found: has the image.
        networks: to show.
        map_of: of a network by an attribution, (samples, H, W); None where there is none.
        i: number of the sample.
        outlined: the half with a dashed line around it, as of `Tile`.
    """
    image, title = found.array("sample_image")[i], sample_titles(found)[i]

    def tile(network: Network, attribution: str) -> Tile | None:
        maps = map_of(network, attribution)
        if maps is None:
            return None
        shown = heat(maps[i], f"{title}: {name(attribution)} of {network_name(network)}")
        return shown._replace(outlined=outlined)

    rows = [
        (name(attribution), [tile(network, attribution) for network in networks])
        for attribution in found.settings["attributions"]
    ]
    columns = [network_name(network) for network in networks]
    corner = photo(image, title, original=True)._replace(outlined=outlined)
    return Gallery(f"{title}: attribution maps", columns, rows, image.shape[1], corner=corner).along_the_longer()


def room(figures: Mapping[str, Sequence[Panel]], shown: Mapping[str, Table], studies: int) -> int:
    """Characters that a study's figures and tables leave for its pictures, in a page of so many studies."""
    drawn = sum(len(panel.svg) for panels in figures.values() for panel in panels)
    listed = sum(CELL * len(table.values) * len(table.shown) for table in shown.values())
    return max(MOST_CHARACTERS // studies - drawn - listed, LEAST_CHARACTERS // studies)


def as_fit(galleries: Iterable[Gallery], characters: int) -> list[Gallery]:
    """The first galleries whose pictures together are not longer than that; if there is none, part of the first one."""
    fitting: list[Gallery] = []
    for gallery in galleries:
        if fitting and gallery.characters > characters:
            break
        rows = max(1, len(gallery.rows) * characters // gallery.characters)
        fitting.append(replace(gallery, rows=gallery.rows[:rows]))
        characters -= gallery.characters
    return fitting


def drawn_how(found: Study) -> str:
    """How the test images that a study shows were chosen, in words."""
    if found.settings["pictures"]:
        return "named on the command line"
    return "drawn at random with the seed, not picked"


def sample_titles(found: Study) -> list[str]:
    """Of the test images that a study shows."""
    numbers, labels = found.labels("sample_index"), found.labels("sample_label")
    return [f"Test image {number}, labelled {label}" for number, label in zip(numbers, labels, strict=True)]
