"""LaTeX that compiles whatever it is given: by its grammar, and by pdflatex where that is installed."""

import re
import shutil
import subprocess
import sys
import unicodedata

import pytest

from reports.latex import escaped, tabular

SAFE = re.compile(
    r"([A-Za-z0-9 .,:;!?()/@*+='`\"\[\]-]|\\[&%$#_{}]|\\[A-Za-z]+\{[^{}\\]*\}|\\[`'^~\"]\{[a-zA-Z]\}|\$[^$]+\$)*"
)
"""Letters, escaped signs, commands with their argument, and formulas."""
EVERYTHING = [chr(code) for code in range(sys.maxunicode) if unicodedata.category(chr(code)) not in ("Cs", "Cn")]


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("a_b & 100 % #1 {x} $y$", r"a\_b \& 100 \% \#1 \{x\} \$y\$"),
        ("\\input ~ ^ <a|b>", r"\textbackslash{}input \textasciitilde{} \textasciicircum{} $<$a$|$b$>$"),
        ("LRP \N{GREEK SMALL LETTER ALPHA}2\N{GREEK SMALL LETTER BETA}1", r"LRP $\alpha$2$\beta$1"),
        (
            "\N{GREEK SMALL LETTER OMEGA}\N{GREEK CAPITAL LETTER SIGMA}\N{GREEK CAPITAL LETTER OMEGA}",
            r"$\omega$$\Sigma$$\Omega$",
        ),
        ("l\N{SUBSCRIPT TWO} l\N{INFINITY}", r"l$_2$ l$_\infty$"),
        ("caf\N{LATIN SMALL LETTER E WITH ACUTE}", r"caf\'{e}"),
        ("cafe\N{COMBINING ACUTE ACCENT}", r"caf\'{e}"),
        ("\N{CJK UNIFIED IDEOGRAPH-732B} \N{GRINNING FACE}", r"\texttt{U+732B} \texttt{U+1F600}"),
        ("two\n\nlines\tand\x07", r"two lines and\texttt{U+0007}"),
    ],
)
def test_every_character_is_written_in_commands_of_latex(text, latex):
    assert escaped(text) == latex


def test_no_character_of_unicode_is_left_that_could_stop_a_compilation():
    for character in EVERYTHING:
        text = escaped(f"a{character}b")
        assert text.isascii(), hex(ord(character))
        assert SAFE.fullmatch(text), (hex(ord(character)), text)


def test_a_row_that_begins_as_an_argument_would_is_none():
    text = tabular("lr", ["[2]", "*"], [["[cat]", "1"], ["*", "2"], ["dog", "[3]"]])
    assert text.splitlines() == [
        r"\begin{tabular}{lr}",
        r"\toprule",
        r"{}[2] & * \\",
        r"\midrule",
        r"{}[cat] & 1 \\",
        r"{}* & 2 \\",
        r"dog & [3] \\",
        r"\bottomrule",
        r"\end{tabular}",
    ]


@pytest.mark.skipif(not shutil.which("pdflatex"), reason="pdflatex is not installed")
def test_pdflatex_compiles_names_of_all_kinds(tmp_path):
    characters = [chr(code) for code in (*range(1, 0x500), *range(0x2000, 0x2300), 0x732B, 0x1F600)]
    rows = [[f"[{character}]", f"a{character}b", f"{character}{character}"] for character in characters]
    tables = "\n\n".join(tabular("llr", ["[Name", "*", "x^2_1"], rows[i : i + 40]) for i in range(0, len(rows), 40))
    document = "\\documentclass{article}\\usepackage{booktabs}\\begin{document}\n" + tables + "\\end{document}\n"
    (tmp_path / "names.tex").write_text(document, encoding="utf-8")
    command = ["pdflatex", "-halt-on-error", "-interaction=nonstopmode", "names.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=100, check=False)
    assert done.returncode == 0, done.stdout[-2000:]
