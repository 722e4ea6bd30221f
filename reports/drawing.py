"""One visual language: the same colour, marker and word for the same thing in every figure."""

import functools
import io
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from xml.etree import ElementTree

import matplotlib
import numpy as np

matplotlib.use("svg")

from markupsafe import Markup
from matplotlib import pyplot as plt
from matplotlib.artist import Artist
from matplotlib.figure import Figure

from experiments.dataset import UNWRITABLE
from experiments.store.sealed import write_text
from reports.palette import LIGHT

INK, MUTED, GRID, BASELINE, MASK = (LIGHT[colour] for colour in ("ink", "muted", "grid", "baseline", "mask"))
FILES = {"pdf": {"CreationDate": None}, "png": {"Software": None}, "svg": {}}
"""Kinds of files that a drawing can be written as, with what they are told; nothing that changes from run to run."""
SVG = "http://www.w3.org/2000/svg"
TIP = "tip"
"""What the ids of artists begin with over which the pointer may rest."""
ElementTree.register_namespace("", SVG)
ElementTree.register_namespace("xlink", "http://www.w3.org/1999/xlink")

CLASS_COLOURS = (LIGHT["zero"], LIGHT["one"])

plt.rcParams.update(
    {
        "svg.fonttype": "none",
        "pdf.fonttype": 42,
        "font.family": "sans-serif",
        "font.sans-serif": ["DejaVu Sans"],  # matplotlib's own; the list of all others would stand at every word
        "font.size": 10,
        "text.parse_math": False,  # what a name has between dollar signs is no formula
        "text.color": INK,
        "axes.labelcolor": INK,
        "axes.edgecolor": MUTED,
        "axes.titlesize": 11,
        "axes.titleweight": "bold",
        "axes.titlelocation": "left",
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": True,
        "axes.axisbelow": True,
        "grid.color": GRID,
        "grid.linewidth": 0.8,
        "xtick.color": MUTED,
        "ytick.color": MUTED,
        "legend.frameon": False,
        "legend.fontsize": 9,
        "figure.constrained_layout.use": True,
    }
)


def panel_axes(width: float = 4.7, height: float = 3.4):
    """A figure of one panel and its axes. width and height in inches; a phone shows 4.7 inches legibly."""
    return plt.subplots(figsize=(width, height))


def draw_estimate(
    axis, place: float, row: dict, field: str, marker: str, label: str | None = None, across: bool = False, **style
):
    """A value with its interval, where it has one, upright or across; returns the marker."""
    value, low, high = (row[name] for name in (field, f"{field}_low", f"{field}_high"))
    errors = None if low is None or high is None else np.abs([[value - low], [high - value]])
    where = {"x": value, "y": place, "xerr": errors} if across else {"x": place, "y": value, "yerr": errors}
    drawn = axis.errorbar(**where, fmt=marker, label=label, **{"linewidth": 1, **style})
    return drawn.lines[0]


def tip(artist: Artist, text: str) -> None:
    """Shows text while the pointer rests on the artist."""
    artist.set_gid(TIP + UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text).encode().hex())


@dataclass(frozen=True)
class Panel:
    """A drawing as a page and a paper need it.

    Attributes:
        name: unique in the page; the name of its files.
        label: what a reader who cannot see it is told.
        text: SVG in the light colours, for a file of its own.
        drawing: what it was made of.
    """

    name: str
    label: str
    text: str
    drawing: Figure

    @functools.cached_property
    def svg(self) -> Markup:
        """For inside a page: its size, font, colours and name spaces are the page's, its ids its own there."""
        begin, rest = self.text.split(">", 1)
        begin = re.sub(r' (width|height|font-family|xmlns|xmlns:xlink)="[^"]+"', "", begin)
        label, prefix = escape(self.label), f"{zlib.crc32(self.name.encode()):x}-"
        rest = rest.replace("xlink:href", "href")
        rest = re.sub(r' id="|href="#|url\(#', lambda found: found[0] + prefix, rest)
        for variable, colour in LIGHT.items():
            rest = rest.replace(colour, f"var(--{variable})")
        return Markup(f'{begin} role="img" aria-label="{label}">{rest}')

    def write(self, folder: Path, kinds: Iterable[str]) -> None:
        """As files of the kinds asked for, of `FILES`; others of its name are removed.

        Embedding a PDF's fonts takes most of a page's time: files are written only when something changed.
        """
        svg = folder / f"{self.name}.svg"
        unchanged = svg.exists() and svg.read_text(encoding="utf-8") == self.text
        for kind, metadata in FILES.items():
            path = folder / f"{self.name}.{kind}"
            if kind not in kinds:
                path.unlink(missing_ok=True)
            elif kind == "svg":  # the last: where it is as it should be, so are the others
                write_text(path, self.text)
            elif not (unchanged and path.exists()):
                self.drawing.set_layout_engine("none")  # laid out already
                self.drawing.savefig(path, metadata=metadata, dpi=300)


def panel(drawing: Figure, identifier: str, label: str) -> Panel:
    """A finished drawing."""
    svg = io.StringIO()
    with matplotlib.rc_context({"svg.hashsalt": identifier}):
        drawing.savefig(svg, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    plt.close(drawing)
    return Panel(identifier, label, _shortened(svg.getvalue()), drawing)


def _shortened(text: str) -> str:
    """Matplotlib's SVG in half the characters: without groups, ids and digits that nobody sees, its font named once."""
    text = UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text)
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r"font-family: [^;\"]*; |stroke-dashoffset: 0; | transform=\"rotate\(-0 [^)]*\)\"", "", text)
    text = re.sub(r'(?<= [dxy]=")[^"]+', lambda found: _shorter(found[0]), text)
    linked = sorted(set(re.findall(r'(?:href="|url\()#([^")]+)', text)))
    root = ElementTree.fromstring(text)
    root.set("font-family", ", ".join((*plt.rcParams["font.sans-serif"], "sans-serif")))
    for element in root.iter():
        identifier = element.attrib.pop("id", "")
        if identifier.startswith(TIP):
            title = ElementTree.Element(f"{{{SVG}}}title")
            title.text = bytes.fromhex(identifier.removeprefix(TIP)).decode()
            element.insert(0, title)
        elif identifier in linked:
            element.set("id", identifier)
        if not (element.tail or "").strip():
            element.tail = None
        if not (element.text or "").strip():
            element.text = None
    root[:] = list(_unwrapped(root))
    short = {identifier: f"i{number}" for number, identifier in enumerate(linked)}
    return re.sub(
        r'( id="|href="#|url\(#)([^")]+)',
        lambda found: found[1] + short[found[2]],
        ElementTree.tostring(root, encoding="unicode"),
    )


def _shorter(path: str) -> str:
    """A path, or one of its numbers, to a hundredth of a point, its parts one space apart."""
    return re.sub(r"(\.\d\d)\d+", r"\1", " ".join(path.split()))


def _unwrapped(parent: ElementTree.Element) -> Iterator[ElementTree.Element]:
    """What is in an element, with what is in groups that say nothing in their place."""
    for child in parent:
        child[:] = list(_unwrapped(child))
        says_nothing = child.tag == f"{{{SVG}}}g" and not child.attrib and child.find(f"{{{SVG}}}title") is None
        yield from child if says_nothing else [child]
