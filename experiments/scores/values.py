"""Retrainings, attribution maps and their measures, labelled.

Dimensions: `training`; `network`; `attack`, "clean" for none; `arm`, what ranks pixels: its coordinates say which
network (`arm_network`, "" for random pixels), attribution, blur in pixels, which draw of random pixels (0 for
networks), whose ranks an image gets (`arm_baseline`: "" for its own, "shuffled", "matched"), and what stands in a
removed pixel's place (`arm_fill`); `occlusion`, "remove", "keep", or "mask", which shows which pixels "remove" would
take and nothing else; `percent` of the pixels; `repetition`; `image`, a test image; `measured_image`, one that measures
without retraining are computed on; `measure`; `epoch`. In pictures: `sample`, `row`, `column`, `channel`.

An image that is alone in its predicted class has no other whose ranks it could get: it is marked as not measured in
arms with a baseline.
"""

from collections.abc import Iterable, Mapping
from itertools import product
from typing import Any

import numpy as np
import xarray

from experiments import catalogue
from experiments.measurement import Measured
from experiments.networks.grid import networks
from experiments.networks.values import equal_starts, fullest, network_coordinates, training_images
from experiments.scores.arms import BASELINE, Arm, Retraining, arms, occlusions
from experiments.scores.declared import (
    knows_network,
    measure_passes,
    retrainings_of,
    without_retraining,
)
from experiments.scores.study import ScoresStudy
from experiments.store.labels import PICTURE_BITS, gathered, rounded, there_at

OCCLUSIONS = ("remove", "keep", "mask")
LIKENESS_BITS = 8
"""Significant bits of a rank correlation: a hundredth is what is told of it."""


def labelled(measured: Measured) -> tuple[xarray.Dataset, dict[str, Any]] | None:
    """Arrays of everything that was planned, with what is missing marked, and what names in them mean.

    None where there is no retraining at all.
    """
    return labelled_arms(measured, arms(measured.study))


def labelled_arms(measured: Measured, planned: list[Arm]) -> tuple[xarray.Dataset, dict[str, Any]] | None:
    """As `labelled`, of these arms."""
    study, found = measured.study, measured.values
    if "data" not in found or not any(name[0] == "evaluation" for name in found if isinstance(name, tuple)):
        return None
    arrays = {
        **_facts(found["data"]),
        **equal_starts(found),
        **training_images(study, found),
        **_evaluations(measured),
        **_retrainings(measured, planned),
        **_maps(measured, planned),
        **_measures(measured, planned),
        **_own_scores(study, found, planned),
        **_overfitting(measured),
        **_pictures(study, found, planned),
    }
    return xarray.Dataset(arrays, {**network_coordinates(study), **_arm_coordinates(study, planned)}), _words(study)


def _arm_coordinates(study: ScoresStudy, planned: list[Arm]) -> dict[str, Any]:
    kinds = [kind for kind in OCCLUSIONS if any(kind in occlusions(study, arm) for arm in planned)]
    return {
        "training": list(range(study.training_seeds)),
        "percent": list(study.percentiles),
        "occlusion": np.array(kinds, dtype="U6"),
        "arm": [arm.name for arm in planned],
        "arm_network": ("arm", [arm.network.name if arm.network else "" for arm in planned]),
        "arm_attribution": ("arm", [arm.attribution for arm in planned]),
        "arm_blur": ("arm", [arm.blur for arm in planned]),
        "arm_draw": ("arm", [arm.draw for arm in planned]),
        "arm_baseline": ("arm", [arm.baseline for arm in planned]),
        "arm_fill": ("arm", [arm.fill for arm in planned]),
        **({"measure": without_retraining(study)} if without_retraining(study) else {}),
    }


def _words(study: ScoresStudy) -> dict[str, Any]:
    """What the files on the shelves declared, so that pages need none of them: a user's own may be gone."""
    return {
        "attributions": {
            name: {"title": catalogue.title("attributions", name), "knows_network": knows_network(name)}
            for name in study.attributions
        },
        "measures": {name: _measure_words(study, name) for name in study.measures},
        "training": {method: catalogue.title("training", method) for method in ("standard", *study.training)},
    }


def _measure_words(study: ScoresStudy, name: str) -> dict[str, Any]:
    declared = catalogue.entry("measures", name).declared
    passes = [measure_passes(study, name, attribution) for attribution in study.attributions]
    counted = [count for count in passes if count is not None]
    return {
        "scores": score_titles(name),
        "unit": declared.get("UNIT"),
        "more_is_better": bool(declared.get("MORE_IS_BETTER", True)),
        "chance": declared.get("CHANCE"),
        "retrainings": list(retrainings_of(name)),
        # Per image beside the maps, mean over attributions; of retraining nothing is counted.
        "passes": float(np.mean(counted)) if counted and not retrainings_of(name) else None,
    }


def score_titles(measure: str) -> dict[str, str]:
    """Titles of a measure's scores by their names."""
    declared = catalogue.entry("measures", measure).declared
    word = measure.rpartition(":")[2]
    return declared.get("SCORES", {word: catalogue.title("measures", measure)})


def _facts(data: Mapping[str, np.ndarray]) -> dict[str, Any]:
    return {name: data[name].item() for name in ("train_images", "test_images", "chance", "saturated") if name in data}


def _evaluations(measured: Measured) -> dict[str, Any]:
    """Whether each network is right on each test image, and the seconds that its training took."""
    study, found = measured.study, measured.values
    specs, trainings = networks(study), range(study.training_seeds)
    there = {
        (run, k): found["evaluation", spec, run]
        for run, (k, spec) in product(trainings, enumerate(specs))
        if ("evaluation", spec, run) in found
    }
    attacks = list(dict.fromkeys(name for entry in there.values() for name in entry))
    right = {
        (*place, at): entry[name] for place, entry in there.items() for at, name in enumerate(attacks) if name in entry
    }
    seconds = {
        (run, k): measured.seconds["network", spec, run]
        for run, (k, spec) in product(trainings, enumerate(specs))
        if ("network", spec, run) in measured.seconds
    }
    shape = (len(trainings), len(specs))
    return {
        "attack": ("attack", attacks),
        "right": (("training", "network", "attack", "image"), gathered(right, (*shape, len(attacks)))),
        **({"training_seconds": (("training", "network"), gathered(seconds, shape))} if seconds else {}),
    }


def _retrainings(measured: Measured, planned: list[Arm]) -> dict[str, Any]:
    """Whether each retrained network is right on each test image, and the seconds that it took."""
    study = measured.study
    kinds = _arm_coordinates(study, planned)["occlusion"]
    shape = (study.training_seeds, study.repeats, len(planned), len(kinds), len(study.percentiles))
    labels = product(
        range(shape[0]), range(shape[1]), enumerate(planned), enumerate(kinds), enumerate(study.percentiles)
    )
    right, seconds = {}, {}
    for run, repeat, (a, arm), (k, kind), (p, percent) in labels:
        retraining = Retraining(arm, kind, percent, repeat, run)
        if retraining in measured.values:
            right[run, repeat, a, k, p] = measured.values[retraining]
        if retraining in measured.seconds:
            seconds[run, repeat, a, k, p] = np.float32(measured.seconds[retraining])
    dims = ("training", "repetition", "arm", "occlusion", "percent")
    return {
        **({"correct": ((*dims, "image"), gathered(right, shape))} if right else {}),
        **({"retraining_seconds": (dims, gathered(seconds, shape))} if seconds else {}),
    }


def _maps(measured: Measured, planned: list[Arm]) -> dict[str, Any]:
    """Roughness of each arm's maps, shares of zeros, likeness to the first attribution's ranking; `mapped`: if made."""
    study, found = measured.study, measured.values
    there = {
        (run, a): found["maps", arm, run]
        for run, (a, arm) in product(range(study.training_seeds), enumerate(planned))
        if ("maps", arm, run) in found
    }
    shape = (study.training_seeds, len(planned))
    arrays: dict[str, Any] = {"mapped": (("training", "arm"), there_at(there, shape))}
    for name in ("roughness", "zero_pixels", "zero_images"):
        entries = {place: entry[name] for place, entry in there.items() if name in entry}
        if entries:
            arrays[name] = (("training", "arm"), gathered(entries, shape))
    entries = {place: entry["likeness"] for place, entry in there.items() if "likeness" in entry}
    if entries:
        likeness = rounded(gathered(entries, shape), LIKENESS_BITS).astype(np.float16)
        arrays["likeness"] = (("training", "arm", "image"), likeness)
    return arrays


def _measures(measured: Measured, planned: list[Arm]) -> dict[str, Any]:
    """Values of measures without retraining, NaN where an image has none, and the seconds that they took."""
    study, names = measured.study, without_retraining(measured.study)
    found, seconds = {}, {}
    for run, (a, arm), (m, name) in product(range(study.training_seeds), enumerate(planned), enumerate(names)):
        if ("measure", arm, run, name) in measured.values:
            found[run, a, m] = measured.values["measure", arm, run, name]
        if ("measure", arm, run, name) in measured.seconds:
            seconds[run, a, m] = measured.seconds["measure", arm, run, name]
    shape = (study.training_seeds, len(planned), len(names))
    dims = ("training", "arm", "measure")
    return {
        **({"value_there": (dims, there_at(found, shape))} if names else {}),
        **({"value": ((*dims, "measured_image"), rounded(gathered(found, shape)))} if found else {}),
        **({"measure_seconds": (dims, gathered(seconds, shape))} if seconds else {}),
    }


def _own_scores(study: ScoresStudy, found: Mapping, planned: list[Arm]) -> dict[str, Any]:
    """What a user's own measures make of retrainings: their code may be gone when pages are drawn."""
    names = [name for name in study.measures if retrainings_of(name) and not catalogue.is_built_in(name)]
    scores = [(name, score) for name in names for score in score_titles(name)]
    entries: dict[tuple[int, int, int], np.ndarray] = {}
    for run, (a, arm) in product(range(study.training_seeds), enumerate(planned)):
        for name in names if arm.is_plain and arm != BASELINE else ():
            given = _given(study, found, arm, name, run)
            made = catalogue.find("measures", name)(given) if given else {}
            entries |= {(run, a, scores.index((name, score))): np.mean(made[score], axis=0) for score in made}
    if not entries:
        return {}
    values = gathered(entries, (study.training_seeds, len(planned), len(scores)))
    return {
        "own_score": ("own_score", [score for _, score in scores]),
        "own_value": (("training", "arm", "own_score", "image"), rounded(values)),
    }


def _given(study: ScoresStudy, found: Mapping, arm: Arm, measure: str, run: int):
    """What a measure with retrainings is given of an arm; None where a retraining is missing."""
    from measures import Given

    def series(of: Arm, kind: str) -> list[list[Retraining]]:
        return [[Retraining(of, kind, p, repeat, run) for p in study.percentiles] for repeat in range(study.repeats)]

    def right(of: Arm, kind: str) -> np.ndarray:
        return np.array([[found[one] for one in row] for row in series(of, kind)])

    kinds: Iterable[str] = retrainings_of(measure)
    if not all(one in found for of in (arm, BASELINE) for kind in kinds for row in series(of, kind) for one in row):
        return None
    return Given(
        retrained={kind: right(arm, kind) for kind in kinds},
        random={kind: right(BASELINE, kind) for kind in kinds},
        percentiles=study.percentiles,
    )


def _overfitting(measured: Measured) -> dict[str, Any]:
    """Of trainings of one step the accuracy after every epoch, under one step and under several."""
    study, found = measured.study, measured.values
    there = {
        (run, k): found["overfitting", spec, run]
        for run, (k, spec) in product(range(study.training_seeds), enumerate(networks(study)))
        if ("overfitting", spec, run) in found
    }
    shape = (study.training_seeds, len(networks(study)))
    return {
        f"{name}_accuracy": (
            ("training", "network", "epoch"),
            gathered({at: e[name] for at, e in there.items()}, shape),
        )
        for name in (("one_step", "several_steps") if there else ())
    }


def _pictures(study: ScoresStudy, found: Mapping, planned: list[Arm]) -> dict[str, Any]:
    """The sample of test images, and every plain arm's maps and ranks of it, of one training."""
    data = found["data"]
    if "sample_images" not in data:
        return {}

    def there(run: int) -> list[Arm]:
        return [arm for arm in planned if arm.is_plain and "sample_maps" in found.get(("maps", arm, run), {})]

    run = fullest(range(study.training_seeds), there)
    arrays: dict[str, Any] = {
        "sample_image": (("sample", "row", "column", "channel"), rounded(data["sample_images"], PICTURE_BITS)),
        "sample_training": run,
    }
    if "sample_index" in data:
        arrays |= {
            "sample_index": ("sample", data["sample_index"]),
            "sample_label": ("sample", data["sample_label"].astype(object)),
        }
    for name, stored in (("sample_map", "sample_maps"), ("sample_rank", "sample_ranks")):
        entries = {(planned.index(arm),): found["maps", arm, run][stored] for arm in there(run)}
        if entries:
            shown = rounded(gathered(entries, (len(planned),)), PICTURE_BITS)
            arrays[name] = (("arm", "sample", "row", "column"), shown)
    return arrays
