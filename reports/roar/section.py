"""Section 3.2, ROAR and KAR: do the gradients of adversarially trained networks rank pixels better?"""

from reports.evidence.overlap import overlap
from reports.evidence.starts import equal_starts
from reports.roar import alerts, claims, control_claims, control_tables, part_tables, tables
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
        control_claims.beyond_masks,
        control_claims.other_fills,
        control_claims.beyond_blur,
        control_claims.chance_claims,
    ),
    tables=(
        tables.network_table,
        tables.score_table,
        tables.gain_table,
        tables.correlation_table,
        tables.curve_table,
        part_tables.part_table,
        part_tables.part_gain_table,
        control_tables.mask_table,
        control_tables.fill_table,
        control_tables.blur_table,
        control_tables.null_table,
    ),
    alerts=(
        alerts.of_another_dataset,
        alerts.scale,
        overlap,
        equal_starts,
        alerts.large_steps,
        alerts.weak_gradients_and_attacks,
        alerts.collapsed,
        alerts.failed_null_test,
        alerts.leaking_masks,
        alerts.alike,
    ),
)
