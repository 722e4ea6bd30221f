"""Section 2.2, boundary tilting: what adversarial training does to the decision boundary of a 2-D toy."""

from reports.boundary.analysis import Boundaries
from reports.boundary.claims import alerts, registered, secondary
from reports.boundary.tables import strength_table
from reports.section import Section

SECTION = Section(
    name="boundary",
    title="Boundary tilting: what adversarial training does to the decision boundary",
    analysis=Boundaries,
    claims=(registered, secondary),
    tables=(strength_table,),
    alerts=(alerts,),
)
