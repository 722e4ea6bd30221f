"""Which networks a study compares, and in which of its trainings."""

from collections.abc import Callable, Iterable

from reports.evidence.study import Network


def whole_together(
    networks: Iterable[Network], trainings: Iterable[int], is_whole: Callable[[Network, int], bool]
) -> tuple[list[Network], list[int]]:
    """The networks that are whole in enough trainings, and the trainings in which all of these are.

    A network that is whole in fewer than half as many trainings as the one that is in most would cost the others more
    than it is worth. Of what is left the one with the fewest goes until a training has all.
    """
    numbers = list(trainings)
    there = {network: {run for run in numbers if is_whole(network, run)} for network in networks}
    most = max(map(len, there.values()))
    chosen = [network for network, runs in there.items() if runs and 2 * len(runs) >= most]
    while chosen:
        if runs := set.intersection(*(there[network] for network in chosen)):
            return chosen, sorted(runs)
        chosen.remove(min(chosen, key=lambda network: len(there[network])))
    return [], []
