"""The survey: do the paper's conclusions depend on which measure of attributions is asked?"""

from reports.section import Section
from reports.survey import claims, tables
from reports.survey.analysis import Comparison

SECTION = Section(
    name="survey",
    title="Measures: do the conclusions depend on what is measured?",
    analysis=Comparison,
    claims=(claims.conclusions,),
    tables=(
        tables.conclusion_table,
        tables.agreement_table,
        tables.first_table,
        tables.leaderboard_table,
        tables.null_block_table,
        tables.cost_table,
    ),
    alerts=(claims.at_chance, claims.flat, claims.collapsed, claims.scale, claims.overlap, claims.starts),
)
