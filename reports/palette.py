"""The colours of pages and figures: the same for the same thing everywhere, in light and in dark.

Figures are drawn in the light colours; inside a page each becomes the CSS variable of its name,
so that a figure follows the page's theme. The hues of the data are Okabe and Ito's (2008), which
colour-blind readers can tell apart, darkened or lightened until they contrast with the page.
"""

COLOURS = {
    "page": ("#ffffff", "#14171b"),
    "panel": ("#f5f7f9", "#1d2127"),
    "ink": ("#1b1f24", "#e8ebee"),
    "muted": ("#57616c", "#a3adb8"),
    "grid": ("#e2e6ea", "#2c323a"),
    "line": ("#ced4da", "#3a424c"),
    "link": ("#0b5cad", "#7cbcff"),
    "good": ("#006b4e", "#4fc79e"),
    "bad": ("#a3260b", "#ff9077"),
    "open": ("#6b5900", "#e0c34a"),
    "l2": ("#0072b2", "#56b4e9"),
    "linf": ("#c04f00", "#f0883e"),
    "baseline": ("#76808a", "#97a1ac"),
    "mask": ("#b0528b", "#d78fbb"),
    "zero": ("#00795a", "#3fbf97"),
    "one": ("#8b6c00", "#dcbf45"),
    "violet": ("#7a3fa3", "#c49ae2"),
    "teal": ("#00707c", "#4ec4d0"),
    "rose": ("#a8325f", "#f08fb5"),
    "olive": ("#5f6b00", "#c3cd55"),
    "brown": ("#7a4a1f", "#d3a273"),
    "slate": ("#4a5a8a", "#a3b2e0"),
    "green": ("#2f6b2f", "#86d186"),
}
"""Name: (light, dark)."""

LIGHT = {name: light for name, (light, _) in COLOURS.items()}
