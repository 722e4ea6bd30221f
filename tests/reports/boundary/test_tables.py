"""The table of Section 2.2, by hand."""

import numpy as np
import pytest

from reports.boundary.analysis import Boundaries
from reports.boundary.tables import strength_table
from reports.tables import Table
from tests.reports.as_values import as_values
from tests.reports.boundary.made_up import CENTRES, HALF, SPREADS, STRENGTHS, known

MINUS, NONE = "\N{MINUS SIGN}", "\N{EN DASH}"


def table_of(made) -> Table:
    return strength_table(Boundaries(as_values(made, "boundary", "boundary")))


def cells(table: Table, row: int) -> dict:
    """By heading, the text and the interval below it."""
    return {column.heading: cell[:2] for column, cell in zip(table.shown, table.cells[row], strict=True)}


def test_every_column_has_its_own_measure_with_the_interval_from_its_lower_to_its_upper_end():
    rows = table_of(known()).rows
    assert [row["eps"] for row in rows] == list(STRENGTHS)
    assert [row["network"] for row in rows] == ["standard", "eps 0.1", "weak", "strong"]
    for place, row in enumerate(rows):
        expected = {"network": row["network"], "eps": STRENGTHS[place], "without_boundary": 0, "n_seeds": 4}
        for name, centres in CENTRES.items():
            half = HALF * SPREADS[name]
            expected |= {
                name: pytest.approx(centres[place]),
                f"{name}_low": pytest.approx(centres[place] - half),
                f"{name}_high": pytest.approx(centres[place] + half),
            }
        assert row == expected


def test_cells_by_hand():
    table = table_of(known())
    assert cells(table, 0) == {
        "Training": ("standard", None),
        "eps": ("0", None),
        "Tilt, degrees": ("30.0", "26.3 to 33.7"),
        "Share along low variance": ("0.80", "0.76 to 0.84"),
        "Attacked points to class zero": ("9.0", "8.1 to 9.9"),
        "Class zero's own points": ("1.20", "1.02 to 1.38"),
        "Accuracy, clean, %": ("97.0", "96.1 to 97.9"),
        "Under weak attack, %": ("75.0", "73.2 to 76.8"),
        "Class one, attacked, %": ("5.0", "2.2 to 7.8"),
        "Without a boundary": ("0", None),
        "Seeds": ("4", None),
    }
    assert cells(table, 3) == {
        "Training": ("strong", None),
        "eps": ("0.5", None),
        "Tilt, degrees": (f"{MINUS}5.0", f"{MINUS}8.7 to {MINUS}1.3"),
        "Share along low variance": ("0.20", "0.16 to 0.24"),
        "Attacked points to class zero": ("3.0", "2.1 to 3.9"),
        "Class zero's own points": ("1.80", "1.62 to 1.98"),
        "Accuracy, clean, %": ("94.0", "93.1 to 94.9"),
        "Under weak attack, %": ("90.0", "88.2 to 91.8"),
        "Class one, attacked, %": ("35.0", "32.2 to 37.8"),
        "Without a boundary": ("0", None),
        "Seeds": ("4", None),
    }


def test_seeds_without_a_boundary_are_counted_where_they_are():
    made = known()
    made.values[0.25]["tilt"][[0, 3]] = np.nan
    made.values[0.5]["tilt"][:] = np.nan
    table = table_of(made)
    assert [row["without_boundary"] for row in table.rows] == [0, 0, 2, 4]
    assert cells(table, 2)["Tilt, degrees"] == ("12.0", None)  # the two that are left agree
    assert cells(table, 3)["Tilt, degrees"] == (NONE, None)
    assert (table.rows[3]["tilt"], table.rows[3]["tilt_low"], table.rows[3]["tilt_high"]) == (None, None, None)
    assert cells(table, 3)["Attacked points to class zero"] == ("3.0", "2.1 to 3.9")


def test_what_an_older_run_did_not_measure_is_no_column():
    values = as_values(known(), "boundary", "boundary")
    del values.arrays["own_mahalanobis"]
    table = strength_table(Boundaries(values))
    assert table.left_out == ["Class zero's own points"]
    assert "own_mahalanobis" not in table.rows[0]
    assert table.rows[0]["mahalanobis"] == pytest.approx(9)
