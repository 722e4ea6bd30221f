"""Section 3.2, ROAR and KAR: do the gradients of adversarially trained networks rank pixels better?"""

from reports.evidence.starts import equal_starts
from reports.roar import alerts, claims, tables
from reports.roar.analysis import Scores
from reports.section import Section

SECTION = Section(
    name="roar",
    title="ROAR and KAR: are robust networks' gradients more interpretable?",
    analysis=Scores,
    claims=(
        claims.registered,
        claims.gains,
        claims.trends,
        claims.beyond_blur,
        claims.beyond_masks,
        claims.chance_claims,
    ),
    tables=(
        tables.network_table,
        tables.score_table,
        tables.gain_table,
        tables.correlation_table,
        tables.curve_table,
        tables.blur_table,
        tables.mask_table,
        tables.null_table,
    ),
    alerts=(
        alerts.of_another_dataset,
        alerts.scale,
        equal_starts,
        alerts.large_steps,
        alerts.weak_gradients_and_attacks,
        alerts.collapsed,
        alerts.failed_null_test,
        alerts.leaking_masks,
        alerts.alike,
    ),
)
