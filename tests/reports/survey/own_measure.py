"""A measure of a user's own, whose file may be gone when pages are drawn."""

UNIT = "pixels"
MORE_IS_BETTER = False
CHANCE = 0.25


def closeness(given):
    """Never called: its values are made up."""
