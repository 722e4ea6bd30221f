"""One visual language: the same colour, marker and word for the same thing in every figure."""

import functools
import io
import re
from dataclasses import dataclass
from html import escape
from pathlib import Path

import matplotlib
import numpy as np

matplotlib.use("svg")

from markupsafe import Markup
from matplotlib import pyplot as plt
from matplotlib.artist import Artist
from matplotlib.figure import Figure

from reports.palette import LIGHT

INK, MUTED, GRID, BASELINE, MASK = (LIGHT[colour] for colour in ("ink", "muted", "grid", "baseline", "mask"))
CLASS_COLOURS = (LIGHT["zero"], LIGHT["one"])

plt.rcParams.update(
    {
        "svg.fonttype": "none",
        "pdf.fonttype": 42,
        "font.family": "sans-serif",
        "font.sans-serif": ["DejaVu Sans"],  # matplotlib's own; the list of all others would stand at every word
        "font.size": 10,
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
    drawn = axis.errorbar(**where, fmt=marker, label=label, **{"capsize": 2, "linewidth": 1, **style})
    return drawn.lines[0]


def tip(artist: Artist, text: str) -> None:
    """Shows text while the pointer rests on the artist."""
    artist.set_gid("tip" + text.encode().hex())


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
        """For inside a page: its colours are the page's variables, its ids begin with its name; shorter."""
        text = self.text[self.text.index("<svg") :]
        linked = set(re.findall(r'(?:href="|url\()#([^")]+)', text))
        text = re.sub(r' id="([^"]+)"', lambda found: f' id="{self.name}-{found[1]}"' * (found[1] in linked), text)
        text = re.sub(r'(href="#|url\(#)', rf"\1{self.name}-", text)
        text = re.sub(r"font-family: [^;\"]*; |stroke-dashoffset: 0; | transform=\"rotate\(-0 [^)]*\)\"", "", text)
        text = re.sub(r'(?<= [dxy]=")[^"]+', lambda found: re.sub(r"(\.\d\d)\d+", r"\1", found[0]), text)
        text = re.sub(r"\s*\n\s*", "\n", text)
        for variable, colour in LIGHT.items():
            text = text.replace(colour, f"var(--{variable})")
        text = re.sub(r' (width|height)="[\d.]+pt"', "", text, count=2)
        return Markup(text.replace("<svg", f'<svg role="img" aria-label="{escape(self.label)}"', 1))

    def write(self, folder: Path) -> None:
        """As SVG and as PDF for papers. Embedding a PDF's fonts takes most of the time: only when something changed."""
        svg, pdf = folder / f"{self.name}.svg", folder / f"{self.name}.pdf"
        if not (pdf.exists() and svg.exists() and svg.read_text() == self.text):
            self.drawing.set_layout_engine("none")  # laid out already
            self.drawing.savefig(pdf, metadata={"CreationDate": None})
            svg.write_text(self.text)


def panel(drawing: Figure, identifier: str, label: str) -> Panel:
    """A finished drawing."""
    svg = io.StringIO()
    with matplotlib.rc_context({"svg.hashsalt": identifier}):
        drawing.savefig(svg, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    plt.close(drawing)
    text = re.sub(r"<metadata>.*?</metadata>", "", svg.getvalue(), flags=re.DOTALL)
    text = re.sub(r'<g id="tip([0-9a-f]*)">', lambda found: f"<g><title>{_decoded(found[1])}</title>", text)
    return Panel(identifier, label, text, drawing)


def _decoded(digits: str) -> str:
    return escape(bytes.fromhex(digits).decode())
