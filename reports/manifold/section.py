"""Section 2.1, distance to the image manifold: whether robust networks' adversarial examples stay close to it."""

from reports.evidence.overlap import overlap
from reports.evidence.starts import equal_starts
from reports.manifold.analysis import Distances
from reports.manifold.claims import alerts, controls, distances, gradients, registered
from reports.manifold.duller import control_table, noise_table
from reports.manifold.tables import (
    density_table,
    distance_table,
    gradient_table,
    paper_table,
    quality_table,
    training_table,
)
from reports.section import Section

SECTION = Section(
    name="manifold",
    title="Distance to the image manifold: do robust networks' adversarial examples stay close?",
    analysis=Distances,
    claims=(registered, distances, gradients, controls),
    tables=(
        distance_table,
        paper_table,
        density_table,
        noise_table,
        control_table,
        quality_table,
        training_table,
        gradient_table,
    ),
    alerts=(alerts, overlap, equal_starts),
)
