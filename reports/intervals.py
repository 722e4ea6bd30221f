"""On which side of a level the interval of a table's row lies."""


def side(row: dict, field: str, level: float | None = 0.0) -> int:
    """1 or -1 where the whole interval of a field lies above or below a level; 0 else, and where one is missing."""
    low, high = row[f"{field}_low"], row[f"{field}_high"]
    if low is None or high is None or level is None:
        return 0
    return int(low > level) - int(high < level)
