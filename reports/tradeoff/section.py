"""Section 3.3: does adversarial training buy readable gradients with accuracy, and is there a way out?"""

from reports.evidence.overlap import overlap
from reports.evidence.starts import equal_starts
from reports.roar import alerts
from reports.section import Section
from reports.tradeoff import claims, methods, tables
from reports.tradeoff.analysis import TradeOffs

SECTION = Section(
    name="tradeoff",
    title="Interpretability against accuracy: what does a high score cost?",
    analysis=TradeOffs,
    claims=(
        claims.registered,
        methods.method_claims,
        claims.costs,
        claims.slopes,
        claims.ways,
        claims.other_trainings,
    ),
    tables=(
        tables.point_table,
        tables.accuracy_correlations,
        tables.robust_correlations,
        tables.way_table,
        tables.cost_table,
        tables.method_table,
        tables.overfitting_table,
    ),
    alerts=(
        claims.spread,
        claims.ignorance,
        claims.overfitted,
        alerts.collapsed,
        alerts.of_another_dataset,
        alerts.scale,
        overlap,
        equal_starts,
    ),
)
