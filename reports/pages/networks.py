"""Which networks a page shows where there is no room for all."""

from collections.abc import Iterator

MOST_NETWORKS = 9
"""A page with more networks than this shows curves and pictures of a selection."""


def shown_networks(networks: list[dict]) -> list[dict]:
    """All networks, or of a large grid the standard one and each family's weakest and strongest.

    networks: rows with network, family, group and eps, the standard one first.
    """
    if len(networks) <= MOST_NETWORKS:
        return networks
    return [networks[0], *(row for series in _series(networks) for row in series[:: max(1, len(series) - 1)])]


def strongest_networks(networks: list[dict]) -> list[dict]:
    """The standard network and each family's strongest."""
    return [networks[0], *(series[-1] for series in _series(networks))]


def _series(networks: list[dict]) -> Iterator[list[dict]]:
    """The networks of each family that were trained on its first loss, weakest first."""
    for family in dict.fromkeys(row["family"] for row in networks[1:]):
        arms = [row for row in networks if row["family"] == family]
        yield sorted((row for row in arms if row["group"] == arms[0]["group"]), key=lambda row: row["eps"] or 0)
