"""What a table shows, for tests that compare it with what can be told by hand."""

from tests.reports.roar.exact import share_ends

PLAIN = str.maketrans({"\N{MINUS SIGN}": "-", "\N{EN DASH}": "-", "\N{MULTIPLICATION SIGN}": "x"})
"""Characters that can be taken for these."""
TITLES = ["standard", "l₂ eps 1, cross-entropy", "l₂ eps 4, cross-entropy"]
TITLES += ["l∞ eps 0.05, cross-entropy", "l∞ eps 0.2, cross-entropy"]
"""Of the networks in `exact.py`."""


def cells(table):
    """Row by row what a page shows under each heading, an interval in brackets, in characters of a keyboard."""

    def text(cell):
        shown = cell.text + (f" [{cell.interval}]" if cell.interval else "")
        return shown.translate(PLAIN)

    return [[text(cell) for cell in row] for row in table.cells]


def in_percent(share):
    """As a table shows a share of the images with its interval."""
    low, high = share_ends(share)
    return f"{100 * share:.1f} [{100 * low:.1f} to {100 * high:.1f}]"


def row_of(table, **wanted):
    """The only row with these values."""
    (row,) = (row for row in table.rows if all(row[key] == value for key, value in wanted.items()))
    return row


def headings(table):
    return [column.heading for column in table.shown]
