"""Tables: what is declared once stands in rows, cells, CSV and LaTeX alike."""

import csv
import io
import math
from typing import NamedTuple

import numpy as np
import pandas
import pytest

from reports import formats
from reports.evidence.claim import UNKNOWN, Estimate
from reports.evidence.study import Network, NotMeasuredError
from reports.tables import (
    Cell,
    Column,
    Table,
    estimate,
    network_columns,
    number,
    table,
    to_csv,
    to_latex,
    unshown,
    words,
)

MINUS, NONE = "\N{MINUS SIGN}", "\N{EN DASH}"


class Row(NamedTuple):
    """What rows of these tests are about."""

    name: str
    score: Estimate | None
    count: float | None


ABOUT = [
    Row("a_b & 100 %", Estimate(-0.01234, -0.02, -0.001, 0.01, 0.3, (1.0, 2.0)), 3),
    Row("=\\input{x}", None, None),
]
COLUMNS = [
    words("name", "Name", lambda row: row.name),
    estimate("score", "Score", lambda row: row.score),
    number("n", "n", lambda row: row.count),
    unshown("hidden", lambda row: len(row.name)),
]
TABLE = table("t", "Scores", COLUMNS, ABOUT)


def one(column: Column, value=None) -> Table:
    """A table of one column and one row, which is about that value."""
    return table("t", "caption", [column], [value])


def cell(column: Column, value=None) -> Cell:
    return one(column, value).cells[0][0]


def itself(value):
    return value


# Rows, for figures, CSV and JSON


def test_rows_are_plain_values_by_key_and_an_estimate_is_three_of_them():
    first, second = TABLE.rows
    assert first == {
        "name": "a_b & 100 %",
        "score": -0.01234,
        "score_low": -0.02,
        "score_high": -0.001,
        "n": 3,
        "hidden": 11,
    }
    assert second == {
        "name": "=\\input{x}",
        "score": None,
        "score_low": None,
        "score_high": None,
        "n": None,
        "hidden": 10,
    }
    assert TABLE.keys == list(first) == list(second)


@pytest.mark.parametrize("nothing", [None, UNKNOWN, Estimate(math.nan, 0.1, 0.2), Estimate(math.inf, 0.1, 0.2)])
def test_an_estimate_that_does_not_exist_has_no_interval_and_still_all_its_keys(nothing):
    found = table("t", "c", [estimate("x", "X", itself)], [nothing, Estimate(1.0, 0.5, 1.5)])
    assert found.rows[0] == {"x": None, "x_low": None, "x_high": None}
    assert found.keys == ["x", "x_low", "x_high"]
    assert found.cells[0] == [(NONE, None, None)]


@pytest.mark.parametrize("make", [number, words, lambda key, heading, value: unshown(key, value)])
def test_what_is_no_number_is_none(make):
    for value in (math.nan, -math.inf, np.float32("nan"), None):
        assert one(make("x", "X", itself), value).rows == [{"x": None}]


def test_numbers_of_arrays_become_plain_ones():
    for value, plain in ((np.float32(0.5), 0.5), (np.int8(3), 3), (np.bool_(True), True), (np.str_("a"), "a")):
        ((found,),) = (row.values() for row in one(unshown("x", itself), value).rows)
        assert found == plain
        assert type(found) is type(plain)


def test_a_factor_is_of_what_is_shown_alone():
    (row,) = one(estimate("x", "X", itself, 1, factor=100), Estimate(0.5, 0.25, 0.75)).rows
    assert row == {"x": 0.5, "x_low": 0.25, "x_high": 0.75}


# Cells, for pages


def test_cells_show_intervals_and_sort_by_value():
    (name, score, count), (_, missing, none) = TABLE.cells
    assert name == ("a_b & 100 %", None, "a_b & 100 %")
    assert score == (f"{MINUS}0.012", f"{MINUS}0.020 to {MINUS}0.001", -0.01234)
    assert count == ("3.000", None, 3)
    assert missing == none == (NONE, None, None)


def test_an_estimate_is_scaled_with_its_interval_and_sorts_unscaled():
    assert cell(estimate("x", "X", itself, 1, factor=100), Estimate(0.5, 0.25, 0.75)) == ("50.0", "25.0 to 75.0", 0.5)
    assert cell(estimate("x", "X", itself, 0, factor=127.5), Estimate(0.5, 0.25, 0.75))[:2] == ("64", "32 to 96")


def test_an_interval_goes_from_its_lower_to_its_upper_end():
    assert cell(estimate("x", "X", itself, 2), Estimate(5.0, -1.0, 7.0))[:2] == ("5.00", f"{MINUS}1.00 to 7.00")


def test_an_estimate_without_an_interval_stands_alone():
    assert cell(estimate("x", "X", itself, 2), Estimate(5.0, None, None)) == ("5.00", None, 5.0)


@pytest.mark.parametrize(
    ("value", "text", "interval"),
    [
        (Estimate(0.5, 0.25, 1.75), "+0.5000", "0.2500 to 1.7500"),
        (Estimate(-34.5, -35.0, -0.25), f"{MINUS}34.50", f"{MINUS}35.00 to {MINUS}0.25"),
    ],
)
def test_without_digits_it_has_those_of_an_effect(value, text, interval):
    assert cell(estimate("x", "X", itself, None, formats.signed), value) == (text, interval, value.value)


def test_the_digits_of_an_effect_are_those_of_what_is_shown():
    assert cell(estimate("x", "X", itself, None, factor=100), Estimate(0.5, 0.25, 0.75))[:2] == (
        "50.00",
        "25.00 to 75.00",
    )


def test_words_and_numbers_are_shown_as_told():
    assert cell(words("x", "X", itself), "gradient").text == "gradient"
    assert cell(words("x", "X", itself, str.upper), "gradient") == ("GRADIENT", None, "gradient")
    assert cell(number("x", "X", itself), 0.12345) == ("0.123", None, 0.12345)
    assert cell(number("x", "X", itself, formats.percent), 0.12345) == ("12.3 %", None, 0.12345)
    assert cell(number("x", "X", itself, formats.listing), 3).text == "3"


def test_what_is_not_there_is_not_given_to_whoever_shows_it():
    assert cell(words("x", "X", itself, str.upper), None) == (NONE, None, None)
    assert cell(number("x", "X", itself, lambda value: f"{value:.1f}"), math.nan).text == NONE


def test_zero_and_the_empty_word_are_there():
    assert cell(number("x", "X", itself), 0.0) == ("0.000", None, 0.0)
    assert cell(words("x", "X", itself), "") == ("", None, "")


def test_columns_without_a_heading_are_in_rows_and_not_in_cells():
    assert [column.heading for column in TABLE.shown] == ["Name", "Score", "n"]
    assert [len(row) for row in TABLE.cells] == [3, 3]
    assert [column.words for column in TABLE.shown] == [True, False, False]


# Networks

WEAK = Network("l2 eps 1.5 cw", "adversarial", "l2", "cw", "cw", "l2", 1.5, 0.25, False, 24.0, False)
STANDARD = Network("standard", "standard", None, None, None, None, None, None, True, 3.0, False)


def test_a_row_s_network_is_told_in_files_and_named_on_pages():
    found = table("t", "c", network_columns(itself, "Of", "nobody's"), [STANDARD, WEAK, None])
    nothing = {"family": None, "group": None, "eps": None}
    assert found.rows == [
        {"network": "standard", "network_name": "standard", "method": "standard", **nothing},
        {
            "network": "l2 eps 1.5 cw",
            "network_name": "l\N{SUBSCRIPT TWO} eps 1.5, CW margin",
            "method": "adversarial",
            "family": "l2",
            "group": "cw",
            "eps": 1.5,
        },
        {"network": None, "network_name": "nobody's", "method": None, **nothing},
    ]
    assert [column.heading for column in found.shown] == ["Of"]
    assert [row[0].text for row in found.cells] == ["standard", found.rows[1]["network_name"], "nobody's"]


# Values of older runs


def not_measured(row):
    raise NotMeasuredError("roughness")


def test_a_column_that_was_not_measured_is_left_out_and_named():
    columns = [
        COLUMNS[0],
        number("rough", "Roughness", not_measured),
        estimate("gain", "Gain", not_measured),
        unshown("place", not_measured),
        COLUMNS[2],
    ]
    found = table("t", "c", columns, ABOUT)
    assert found.left_out == ["Roughness", "Gain", "place"]
    assert found.keys == ["name", "n"]
    assert [column.heading for column in found.shown] == ["Name", "n"]
    assert len(found.cells[0]) == 2
    assert TABLE.left_out == []


def test_a_column_that_was_not_measured_for_one_row_is_left_out_whole():
    found = table("t", "c", [number("x", "X", lambda row: row.count or not_measured(row)), COLUMNS[0]], ABOUT)
    assert (found.left_out, found.keys) == (["X"], ["name"])


def test_another_error_is_not_taken_for_what_was_not_measured():
    with pytest.raises(KeyError):
        table("t", "c", [number("x", "X", lambda row: {}[row])], ABOUT)


def test_rows_may_be_given_one_after_the_other():
    found = table("t", "c", iter(COLUMNS), iter(ABOUT))
    assert found.rows == TABLE.rows


# CSV


def test_csv_keeps_every_field_at_full_precision():
    text = to_csv(TABLE)
    first, second = csv.DictReader(io.StringIO(text))
    assert text.splitlines()[0] == "name,score,score_low,score_high,n,hidden"
    assert (float(first["score"]), first["n"], first["name"]) == (-0.01234, "3", "a_b & 100 %")
    assert (float(first["score_low"]), float(first["score_high"])) == (-0.02, -0.001)
    assert (second["score"], second["score_low"], second["n"]) == ("", "", "")
    third = one(unshown("x", itself), 1 / 3)
    assert float(to_csv(third).split()[1]) == 1 / 3


def test_whole_numbers_stay_whole_beside_missing_ones():
    assert to_csv(table("t", "c", [number("n", "n", itself)], [3, None])).splitlines() == ["n", "3", '""']


def test_csv_gives_a_list_one_row_per_entry():
    columns = [
        unshown("network", lambda row: row[0]),
        unshown("x", lambda row: row[1]),
        unshown("y", lambda row: row[2]),
    ]
    found = table("t", "c", columns, [("a", [1, 2], [3, 4]), ("b", [5], [6])])
    assert to_csv(found).splitlines() == ["network,x,y", "a,1,3", "a,2,4", "b,5,6"]
    assert found.rows[0] == {"network": "a", "x": [1, 2], "y": [3, 4]}


def test_a_table_without_rows_has_a_header_that_other_programs_read():
    empty = table("t", "Nothing", COLUMNS, [])
    assert (empty.rows, empty.cells, empty.left_out) == ([], [], [])
    read = pandas.read_csv(io.StringIO(to_csv(empty)))
    assert list(read) == ["name", "score", "n", "hidden"]
    assert len(read) == 0
    assert "Name & Score & n" in to_latex(empty)


# LaTeX


def test_latex_escapes_what_it_is_given():
    text = to_latex(TABLE)
    assert r"a\_b \& 100 \% & $-$0.012 [$-$0.020 to $-$0.001] & 3.000 \\" in text
    assert r"\input" not in text.replace(r"\textbackslash", "")
    assert text.startswith("% Scores\n\\begin{tabular}{lrr}")
    assert text.count(r"\\") == 3
    assert "-- & -- " in text


def test_latex_says_of_which_data_it_is():
    assert to_latex(TABLE, " (mnist: drawn by hand)").startswith("% Scores (mnist: drawn by hand)\n")


def test_headings_are_escaped_and_what_fonts_lack_is_written_out():
    heading = "Accuracy, %, l\N{SUBSCRIPT TWO} & l\N{INFINITY}"
    text = to_latex(one(words(heading, heading, itself), f"a \N{MULTIPLICATION SIGN} {MINUS}1 {NONE} ~"))
    assert r"Accuracy, \%, l$_2$ \& l$_\infty$" in text
    assert r"a $\times$ $-$1 --" in text
    assert text.isascii()
    assert "~" not in text.replace(r"\textasciitilde", "")
