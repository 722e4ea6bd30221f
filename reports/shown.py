"""Which networks a page shows where there is no room for all."""

from collections.abc import Iterator, Sequence

from reports.evidence.study import Network

MOST_NETWORKS = 9
"""A page with more networks than this shows curves and pictures of a selection."""


def shown_networks(networks: Sequence[Network]) -> list[Network]:
    """All networks, or of a large grid the standard one and each family's weakest and strongest.

    networks: the standard one first.
    """
    if len(networks) <= MOST_NETWORKS:
        return list(networks)
    ends = (network for series in _series(networks) for network in series[:: max(1, len(series) - 1)])
    return [networks[0], *ends]


def strongest_networks(networks: Sequence[Network]) -> list[Network]:
    """The standard network and each family's strongest."""
    return [networks[0], *(series[-1] for series in _series(networks))]


def _series(networks: Sequence[Network]) -> Iterator[list[Network]]:
    """The networks of each family that were trained on its first loss, weakest first."""
    for family in dict.fromkeys(network.family for network in networks[1:]):
        arms = [network for network in networks if network.family == family]
        first = (network for network in arms if network.group == arms[0].group)
        yield sorted(first, key=lambda network: network.strength or 0)
