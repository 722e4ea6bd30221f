"""Which networks a study compares, and in which of its trainings."""

from collections.abc import Callable, Iterable

from experiments.networks.grid import NetworkSpec


def whole_together(
    specs: Iterable[NetworkSpec], trainings: Iterable[int], is_whole: Callable[[NetworkSpec, int], bool]
) -> tuple[list[NetworkSpec], list[int]]:
    """The networks that are whole in enough trainings, and the trainings in which all of these are.

    A network that is whole in fewer than half as many trainings as the one that is in most would cost the others more
    than it is worth. Of what is left the one with the fewest goes until a training has all.
    """
    numbers = list(trainings)
    there = {spec: {run for run in numbers if is_whole(spec, run)} for spec in specs}
    most = max(map(len, there.values()))
    chosen = [spec for spec, runs in there.items() if runs and 2 * len(runs) >= most]
    while chosen:
        if runs := set.intersection(*(there[spec] for spec in chosen)):
            return chosen, sorted(runs)
        chosen.remove(min(chosen, key=lambda spec: len(there[spec])))
    return [], []
