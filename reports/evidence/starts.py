"""What to know before believing that trainings differ: how much of their weights starts equal."""

from collections.abc import Iterator

from reports.evidence.study import Study

BY_CHANCE = 0.001
"""Share of equal weights up to which two starts are told apart: few of many random numbers coincide."""


def equal_starts(study: Study) -> Iterator[str]:
    """Where a network's builder gives equal weights for different seeds; built-in networks never do."""
    share = float(study.array("equal_starts")) if study.has("equal_starts") else 0.0
    if share > BY_CHANCE:
        yield (
            f"{share:.0%} of the initial weights do not depend on the seed: --network={study.settings['network']} "
            "gives them to all trainings and retrainings alike. Intervals do not tell how much another start would "
            "change."
        )
