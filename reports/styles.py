"""One look for each thing in every figure: a colour for each family of networks, a marker for each attribution."""

from typing import NamedTuple

import shelf
from experiments import catalogue
from reports.evidence.study import Network
from reports.palette import LIGHT

FIXED = {
    "roar": "ROAR",
    "kar": "KAR",
    "mask": "masks alone",
    "remove": "removed",
    "keep": "kept",
    "whole": "whole score",
    "shape": "shape",
    "class_told": "class told",
    "this_image": "this image",
    "shuffled": "another image's ranks",
    "matched": "ranks of another image of the same predicted class",
    "imputed": "imputed from their neighbours",
    "l1": "l\N{SUBSCRIPT ONE}",
    "l2": "l\N{SUBSCRIPT TWO}",
    "linf": "l\N{INFINITY}",
}
FAMILY_COLOURS: dict[str | None, str] = {None: LIGHT["ink"], "l2": LIGHT["l2"], "linf": LIGHT["linf"]}
MORE_COLOURS = tuple(LIGHT[name] for name in ("violet", "teal", "rose", "olive", "brown", "slate", "green"))
MARKERS = "oD^svPX<>"
"""Of one network or method after the other, where no attribution's marker is needed."""


PART_LOOKS = {
    "whole": (LIGHT["ink"], "D"),
    "shape": (LIGHT["violet"], "o"),
    "class_told": (LIGHT["olive"], "s"),
    "this_image": (LIGHT["teal"], "^"),
}
"""Colour and marker of a score and of the parts that it is the sum of."""


class Style(NamedTuple):
    """How an attribution's points and lines are drawn."""

    marker: str
    filled: bool
    line: str


STYLES = {"gradient": Style("o", True, "-"), "gradient_x_input": Style("s", False, "--")}
MORE_STYLES = tuple(
    Style(marker, filled, line)
    for filled, line in ((True, "-."), (False, ":"))
    for marker in ("D", "^", "v", "P", "X", "h", "<", ">")
)


def attribution_style(attribution: str) -> Style:
    """The paper's two have styles of their own, the others those of their place on the shelf."""
    return STYLES.get(attribution) or MORE_STYLES[_place("attributions", attribution, STYLES) % len(MORE_STYLES)]


def family_colour(family: str | None) -> str:
    """Of a family of networks; None is the standard network."""
    if family in FAMILY_COLOURS:
        return FAMILY_COLOURS[family]
    return MORE_COLOURS[_place("training", str(family), ("adversarial", "standard")) % len(MORE_COLOURS)]


def _place(flag: str, name: str, others) -> int:
    """Among the entries of a shelf but for some; a name that is not there gets a place made of its letters."""
    names = [entry for entry in shelf.entries(catalogue.SHELVES[flag]) if entry not in others]
    return names.index(name) if name in names else sum(name.encode())


def name(word: str | None) -> str:
    """How a family, loss, score, attribution or method is written; a user's own keeps its function's name."""
    if word is None:
        return "standard"
    if word in FIXED:
        return FIXED[word]
    for flag in ("attributions", "losses", "training", "measures", "robust_attacks"):
        if word in shelf.entries(catalogue.SHELVES[flag]):
            return catalogue.title(flag, word)
    return word.rpartition(":")[2]


def network_name(network: Network) -> str:
    """How a network is written."""
    if network.is_standard:
        return "standard"
    if network.method == "adversarial":
        return f"{name(network.family)} eps {network.strength:g}, {name(network.group)}"
    return network.name
