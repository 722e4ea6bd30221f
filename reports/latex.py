"""Text and tables as LaTeX that compiles, whatever characters are in them, with pdflatex's own fonts."""

import unicodedata
from collections.abc import Sequence

from reports import formats
from reports.evidence.wording import MINUS

_ALPHABETS = {
    0x3B1: r"\alpha \beta \gamma \delta \epsilon \zeta \eta \theta \iota \kappa \lambda \mu \nu \xi o \pi \rho "
    r"\varsigma \sigma \tau \upsilon \phi \chi \psi \omega",
    0x391: r"A B \Gamma \Delta E Z H \Theta I K \Lambda M N \Xi O \Pi P",
    0x3A3: r"\Sigma T \Upsilon \Phi X \Psi \Omega",
}
"""Greek, by the number of the first letter."""
_GREEK = {
    chr(first + place): f"${letter}$"
    for first, letters in _ALPHABETS.items()
    for place, letter in enumerate(letters.split())
}
_DIGITS = {chr(0x2080 + digit): f"$_{digit}$" for digit in range(10)}
_SIGNS = {
    **{character: f"\\{character}" for character in "&%$#_{}"},
    **{character: f"${character}$" for character in "<>|"},
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    MINUS: "$-$",
    formats.MISSING: "--",
    "\N{EM DASH}": "---",
    "\N{MULTIPLICATION SIGN}": r"$\times$",
    "\N{PLUS-MINUS SIGN}": r"$\pm$",
    "\N{LESS-THAN OR EQUAL TO}": r"$\leq$",
    "\N{GREATER-THAN OR EQUAL TO}": r"$\geq$",
    "\N{INFINITY}": r"$_\infty$",  # of a norm
    "\N{LATIN SMALL LETTER SHARP S}": r"\ss{}",
    "\N{LATIN SMALL LETTER AE}": r"\ae{}",
    "\N{LATIN SMALL LETTER O WITH STROKE}": r"\o{}",
}
_WRITTEN = {**_GREEK, **_DIGITS, **_SIGNS}
_ACCENTS = {
    "\N{COMBINING GRAVE ACCENT}": "`",
    "\N{COMBINING ACUTE ACCENT}": "'",
    "\N{COMBINING CIRCUMFLEX ACCENT}": "^",
    "\N{COMBINING TILDE}": "~",
    "\N{COMBINING DIAERESIS}": '"',
    "\N{COMBINING RING ABOVE}": "r",
    "\N{COMBINING CARON}": "v",
    "\N{COMBINING CEDILLA}": "c",
}


def escaped(text: str) -> str:
    """Text on one line. A letter that pdflatex's own fonts may lack is written as its number in Unicode."""
    return "".join(map(_character, unicodedata.normalize("NFC", " ".join(text.split()))))


def _character(character: str) -> str:
    if character in _WRITTEN:
        return _WRITTEN[character]
    if character.isascii() and character.isprintable():
        return character
    letter, *accents = list(unicodedata.normalize("NFD", character))
    if len(accents) == 1 and letter.isascii() and accents[0] in _ACCENTS:
        return f"\\{_ACCENTS[accents[0]]}{{{letter}}}"
    return rf"\texttt{{U+{ord(character):04X}}}"


def tabular(alignment: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table for the booktabs package. alignment: a letter for each column."""
    body = [_row(row) for row in rows]
    lines = [rf"\begin{{tabular}}{{{alignment}}}", r"\toprule", _row(headings), r"\midrule", *body, r"\bottomrule"]
    return "\n".join([*lines, r"\end{tabular}", ""])


def _row(cells: Sequence[str]) -> str:
    text = " & ".join(map(escaped, cells))
    guard = "{}" if text.startswith(("[", "*")) else ""  # else the line before takes it for an argument of its own
    return rf"{guard}{text} \\"
