"""Drawings for pages and papers."""

import io
import re
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from reports.drawing import draw_estimate, panel, panel_axes, tip
from reports.palette import LIGHT
from reports.styles import family_colour


def drawn(identifier):
    drawing, axis = panel_axes()
    (line,) = axis.plot([1], [2], "o", color=family_colour("l2"))
    tip(line, "l2 <script> & more")
    axis.set(title="<b>title</b>", xlabel="x")
    return panel(drawing, identifier, 'a "label" <i>')


def test_in_a_page_colours_are_variables_and_ids_are_its_own():
    first, second = drawn("first"), drawn("second")
    for shown in (first, second):
        assert not re.search(r"#[0-9a-f]{6}\b", shown.svg.split("</defs>", 1)[1].replace("#000000", ""))
        assert "var(--l2)" in shown.svg
    ids = [set(re.findall(r'\bid="([^"]+)"', shown.svg)) for shown in (first, second)]
    assert not ids[0] & ids[1]
    for shown, known in zip((first, second), ids, strict=True):
        links = re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', shown.svg)
        assert links
        assert {a or b for a, b in links} <= known


def marks(svg):
    """How many of each kind of thing that can be seen."""
    kinds = [element.tag.rpartition("}")[2] for element in ElementTree.fromstring(svg).iter()]
    return {kind: kinds.count(kind) for kind in ("path", "use", "text", "rect")}


def test_a_figure_is_shorter_than_matplotlib_s_but_says_the_same():
    drawing, axis = panel_axes()
    (line,) = axis.plot([0.123456], [0.234567], "o")
    tip(line, "0.123456")
    axis.set(title="0.234567", xticks=[0.1234], xticklabels=["0.1234"])
    matplotlibs = io.StringIO()
    drawing.savefig(matplotlibs, format="svg")
    short = panel(drawing, "x", "label 0.345678")
    assert len(short.text) < 0.6 * len(matplotlibs.getvalue())
    assert marks(short.text) == marks(matplotlibs.getvalue())
    assert short.text.count("font-family") == 1
    for words in ("<title>0.123456</title>", ">0.234567</text>", ">0.1234</text>", 'aria-label="label 0.345678"'):
        assert words in short.svg
    assert re.search(r'<use [^>]* x="[\d.]{5,6}" y=', short.svg)


def test_dollar_signs_and_underscores_in_names_are_no_formula():
    drawing, axis = panel_axes()
    axis.set(title="from $5 to $6_each^x", xlabel="a_b $\\alpha$")
    svg = panel(drawing, "x", "label").svg
    assert ">from $5 to $6_each^x</text>" in svg
    assert ">a_b $\\alpha$</text>" in svg


def test_text_in_a_figure_is_escaped():
    svg = drawn("x").svg
    assert "<title>l2 &lt;script&gt; &amp; more</title>" in svg
    assert 'aria-label="a &quot;label&quot; &lt;i&gt;"' in svg
    assert "<b>" not in svg
    assert "<script" not in svg


def test_files_stand_alone_and_are_written_once(tmp_path):
    drawn("x").write(tmp_path, ["svg", "pdf"])
    text = (tmp_path / "x.svg").read_text()
    ElementTree.fromstring(text)
    assert LIGHT["l2"] in text
    assert "var(" not in text
    pdf = tmp_path / "x.pdf"
    assert pdf.read_bytes().startswith(b"%PDF")
    pdf.write_bytes(b"kept")
    drawn("x").write(tmp_path, ["svg", "pdf"])
    assert pdf.read_bytes() == b"kept"
    (tmp_path / "x.svg").write_text(text.replace("title", "another"))
    drawn("x").write(tmp_path, ["svg", "pdf"])
    assert pdf.read_bytes() != b"kept"


def test_only_the_kinds_of_files_that_were_asked_for_are_there(tmp_path):
    drawn("x").write(tmp_path, ["svg", "pdf"])
    drawn("x").write(tmp_path, ["png"])
    (picture,) = tmp_path.iterdir()
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert Image.open(picture).size == (1410, 1020)  # 4.7 by 3.4 inches


ROW = {"score": 0.5, "score_low": 0.2, "score_high": 0.6, "other": 9.0, "other_low": 8.0, "other_high": 10.0}


@pytest.mark.parametrize(
    ("across", "point", "ends"),
    [(False, (3.0, 0.5), [(3.0, 0.2), (3.0, 0.6)]), (True, (0.5, 3.0), [(0.2, 3.0), (0.6, 3.0)])],
)
def test_an_estimate_is_drawn_at_its_place_from_the_lower_to_the_upper_end(across, point, ends):
    _, axis = panel_axes()
    marker = draw_estimate(axis, 3.0, ROW, "score", "s", label="one", across=across, color="#0072b2")
    assert np.column_stack(marker.get_data()).tolist() == [list(point)]
    assert (marker.get_marker(), marker.get_color()) == ("s", "#0072b2")
    (drawn,) = axis.containers
    assert drawn.get_label() == "one"
    (bar,) = drawn.lines[2]
    np.testing.assert_allclose(bar.get_segments(), [ends])


def test_an_estimate_without_an_interval_is_a_point():
    _, axis = panel_axes()
    draw_estimate(axis, 3.0, ROW | {"score_low": None, "score_high": None}, "score", "o")
    (drawn,) = axis.containers
    assert drawn.lines[2] == ()


@pytest.mark.filterwarnings("ignore:Glyph")
@pytest.mark.parametrize("name", ["a\0b", "\x1b[31m", "a\x0cb", "\uffff", "two\nlines", "\u202eabc", "=1+1"])
def test_whatever_a_name_holds_a_drawing_can_be_read(tmp_path, name):
    drawing, axis = panel_axes()
    (line,) = axis.plot([1], [2], "o", label=name)
    axis.legend()
    tip(line, name)
    shown = panel(drawing, "x", name)
    shown.write(tmp_path, ["svg"])
    assert (title := ElementTree.parse(tmp_path / "x.svg").find(".//{*}title")) is not None
    assert title.text == re.sub("[\0\x1b\x0c\uffff]", "\N{REPLACEMENT CHARACTER}", name)
