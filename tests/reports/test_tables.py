"""Tables as CSV and LaTeX."""

import csv
import io

from reports.formats import effect
from reports.tables import Table, estimate, number, to_csv, to_latex, words

ROWS = [
    {"name": "a_b & 100 %", "score": -0.01234, "score_low": -0.02, "score_high": -0.001, "n": 3},
    {"name": "=\\input{x}", "score": None, "score_low": None, "score_high": None, "n": None},
]
TABLE = Table(
    "t", "Scores", [words("Name", lambda row: row["name"]), estimate("Score", "score"), number("n", "n")], ROWS
)


def test_cells_show_intervals_and_sort_by_value():
    (name, score, _), (_, missing, _) = TABLE.cells
    assert (name.text, name.interval) == ("a_b & 100 %", None)
    assert score == ("\N{MINUS SIGN}0.012", "\N{MINUS SIGN}0.020 to \N{MINUS SIGN}0.001", -0.01234)
    assert missing == ("\N{EN DASH}", None, None)


def test_percent_columns_are_scaled_with_their_interval():
    row = {"x": 0.5, "x_low": 0.25, "x_high": 0.75}
    cell = estimate("x", "x", 1, factor=100).cell(row)
    assert cell[:2] == ("50.0", "25.0 to 75.0")


def test_csv_keeps_every_field_at_full_precision():
    first, second = csv.DictReader(io.StringIO(to_csv(ROWS)))
    assert (float(first["score"]), first["n"], first["name"]) == (-0.01234, "3", "a_b & 100 %")
    assert second["score"] == ""


def test_csv_gives_a_list_one_row_per_entry():
    text = to_csv([{"network": "a", "x": [1, 2], "y": [3, 4]}, {"network": "b", "x": [5], "y": [6]}])
    assert text.splitlines() == ["network,x,y", "a,1,3", "a,2,4", "b,5,6"]
    assert to_csv([]).strip() == ""


def test_latex_escapes_what_it_is_given():
    text = to_latex(TABLE)
    assert r"a\_b \& 100 \% & $-$0.012 [$-$0.020 to $-$0.001] & 3.000 \\" in text
    assert r"\input" not in text.replace(r"\textbackslash", "")
    assert text.startswith("% Scores\n\\begin{tabular}{lrr}")
    assert text.count(r"\\") == 3


def test_effects_have_four_decimals_below_one_and_two_above():
    assert effect({"measured": 0.01234, "ci_low": 0.0, "ci_high": 0.02}) == ("+0.0123", "0.0000 to 0.0200")
    assert effect({"measured": -34.5, "ci_low": -35.0, "ci_high": -34.0}) == (
        "\N{MINUS SIGN}34.50",
        "\N{MINUS SIGN}35.00 to \N{MINUS SIGN}34.00",
    )
    assert effect({"measured": None, "ci_low": None, "ci_high": None}) == ("\N{EN DASH}", None)
