"""What the networks of a study are, as coordinates of its arrays."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from experiments.data import shared_images
from experiments.networks.grid import STANDARD, NetworkSpec, control_networks, networks
from experiments.settings.studies import ImageStudy
from experiments.store.labels import gathered

EQUAL_STARTS = ("equal_starts",)
"""Name of the piece."""


def equal_starts(found: Mapping[Any, Any]) -> dict[str, float]:
    """The share of initial weights that is equal in two trainings; nothing where no user's own network is trained."""
    return {"equal_starts": float(found[EQUAL_STARTS])} if EQUAL_STARTS in found else {}


def network_coordinates(study: ImageStudy) -> dict[str, tuple[str, list[Any]]]:
    """Along the dimension `network`, every network that was planned, the standard one first.

    network: its name. method, family, group, loss, norm: "" where it has none; networks of a family and group differ in
    strength alone. strength, step_size: NaN where it has none. strongest: whether it is the strongest of its family, or
    the standard network: those have controls. passes: per training image. one_step: whether it trains on a single step.
    """
    specs, strongest = networks(study), control_networks(study)

    def each(of: Callable[[NetworkSpec], Any]) -> tuple[str, list[Any]]:
        return "network", [of(spec) for spec in specs]

    def number(value: float | None) -> float:
        return float("nan") if value is None else float(value)

    return {
        "network": each(lambda spec: spec.name),
        "method": each(lambda spec: spec.method),
        "family": each(lambda spec: "" if spec == STANDARD else spec.family),
        "group": each(lambda spec: "" if spec == STANDARD else spec.group),
        "loss": each(lambda spec: spec.loss or ""),
        "norm": each(lambda spec: spec.norm or ""),
        "strength": each(lambda spec: number(spec.strength)),
        "step_size": each(lambda spec: number(dict(spec.parameters).get("step_size"))),
        "strongest": each(lambda spec: spec in strongest),
        "passes": each(lambda spec: float(spec.passes)),
        "one_step": each(lambda spec: spec.one_step_eps is not None),
    }


def training_images(study: ImageStudy, found: Mapping[Any, Any]) -> dict[str, Any]:
    """The mean colour of each training's images, and how many of them each other training has too."""
    there = {run: found["images", run] for run in range(study.training_seeds) if ("images", run) in found}
    if not there:
        return {}
    shared = shared_images([entry["chosen"] for entry in there.values()])
    fills = {(run,): entry["fill"] for run, entry in there.items()}
    overlap = {(run, other): shared[i, j] for i, run in enumerate(there) for j, other in enumerate(there)}
    count = study.training_seeds
    return {
        "fill": (("training", "channel"), gathered(fills, (count,))),
        "overlap": (("training", "other_training"), gathered(overlap, (count, count))),
    }


def fullest(trainings: Sequence[int], there: Callable[[int], Iterable[Any]]) -> int:
    """The first training of which most is there: pictures are of one training."""
    counts = {training: len(list(there(training))) for training in trainings}
    return max(trainings, key=lambda training: counts[training])
