"""The table of Section 2.2."""

from reports import formats
from reports.boundary.analysis import PICTURED, Boundaries
from reports.tables import Table, estimate, number, table, words


def strength_table(found: Boundaries) -> Table:
    """The boundary at every training strength; a row is about an eps."""

    def mean(measure: str, heading: str, digits: int, factor: float = 1):
        return estimate(measure, heading, lambda eps: found.mean(eps, measure), digits, factor=factor)

    columns = [
        words("network", "Training", lambda eps: PICTURED.get(eps, f"eps {eps:g}")),
        number("eps", "eps", lambda eps: eps, formats.listing),
        mean("tilt", "Tilt, degrees", 1),
        mean("low_variance_share", "Share along low variance", 2),
        mean("mahalanobis", "Attacked points to class zero", 1),
        mean("own_mahalanobis", "Class zero's own points", 2),
        mean("clean", "Accuracy, clean, %", 1, factor=100),
        mean("robust", "Under weak attack, %", 1, factor=100),
        mean("attacked", "Class one, attacked, %", 1, factor=100),
        number("without_boundary", "Without a boundary", found.without_a_boundary, formats.listing),
        number("n_seeds", "Seeds", lambda eps: found.seeds, formats.listing),
    ]
    return table("strengths", "Every training strength, means over seeds", columns, found.strengths)
