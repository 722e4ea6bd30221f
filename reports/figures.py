"""One visual language: the same colour, marker and word for the same thing in every figure.

Colours are CSS variables of the page, so that a figure follows its theme; the palette is
Okabe and Ito's (2008), which colour-blind readers can tell apart.
"""

import io
import re

import matplotlib

matplotlib.use("svg")

from matplotlib import pyplot as plt
from matplotlib.figure import Figure

# Placeholders that matplotlib accepts, and the page's variables they become in the SVG.
INK, MUTED, GRID = "#010203", "#040506", "#070809"
L2, LINF, BASELINE, MASK = "#0a0b0c", "#0d0e0f", "#101112", "#131415"
_VARIABLES = {
    INK: "--ink",
    MUTED: "--muted",
    GRID: "--grid",
    L2: "--l2",
    LINF: "--linf",
    BASELINE: "--baseline",
    MASK: "--mask",
}
NORM_COLOURS = {"l2": L2, "linf": LINF, None: INK}
MARKERS = {"gradient": "o", "gradient_x_input": "s"}
NAMES = {
    "gradient": "Gradient",
    "gradient_x_input": "Gradient\N{MULTIPLICATION SIGN}Input",
    "random": "random",
    "roar": "ROAR",
    "kar": "KAR",
    "l2": "l\N{SUBSCRIPT TWO}",
    "linf": "l\N{INFINITY}",
    "cross_entropy": "cross-entropy",
    "cw": "CW margin",
}


plt.rcParams.update(
    {
        "svg.fonttype": "none",
        "font.family": "sans-serif",
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


def name(word: str | None) -> str:
    """How a norm, loss, metric or attribution is written; a user's own method keeps its name."""
    return "standard" if word is None else NAMES.get(word, word)


def network_name(row: dict) -> str:
    """How a network is written, from a table's row with its norm, loss and eps."""
    if row["norm"] is None:
        return "standard"
    return f"{name(row['norm'])} eps {row['eps']:g}, {name(row['loss'])}"


def figure(rows: int, columns: int, width: float = 9.0, height: float = 3.6, **options):
    """A figure and its axes (always a 2-D array). width and height in inches."""
    return plt.subplots(rows, columns, figsize=(width, height), squeeze=False, **options)


def svg(drawing: Figure, identifier: str, label: str) -> str:
    """Inline SVG whose colours are the page's variables and whose text is text.

    Args:
        drawing: closed afterwards.
        identifier: unique in the page; keeps the ids inside the figure apart.
        label: what a reader who cannot see the figure is told.
    """
    buffer = io.StringIO()
    with matplotlib.rc_context({"svg.hashsalt": identifier}):
        drawing.savefig(buffer, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    plt.close(drawing)
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r'\bid="([^"]+)"', rf'id="{identifier}-\1"', text)
    text = re.sub(r"#(?=[A-Za-z_])(?![0-9a-f]{6}\b)([\w-]+)", rf"#{identifier}-\1", text)
    for placeholder, variable in _VARIABLES.items():
        text = text.replace(placeholder, f"var({variable})")
    text = re.sub(r'(<svg[^>]*?) width="[^"]*"', r"\1", text, count=1)
    text = re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", text, count=1)
    escaped = label.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    return text.replace("<svg", f'<svg role="img" aria-label="{escaped}"', 1)
