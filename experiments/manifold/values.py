"""Distances to the manifold, labelled.

Dimensions: `training`; `network`; `attack_loss`; `image`, a test image; `noise`, the l2 size of noise on clean
test images, from 0; `control`, a manifold that needs no VAE-GAN; `metric` of the VAE-GAN's last epoch. In pictures:
`sample`, `generated`, `row`, `column`, `channel`.
"""

from itertools import product
from typing import Any

import numpy as np
import xarray

from experiments.manifold.controls import CONTROLS
from experiments.manifold.study import ATTACK_LOSSES, NOISE_SHARES
from experiments.measurement import Measured
from experiments.networks.grid import networks
from experiments.networks.values import equal_starts, fullest, network_coordinates, training_images
from experiments.store.labels import PICTURE_BITS, gathered, rounded, there_at

PIXELS = ("row", "column", "channel")
OF_ATTACKS = ("distance", "encoded", "noise_distance", "size", "changed_standard", "changed_own")
"""Per attacked image: l2 distance to its projection and to the encoder's reconstruction, that of noise of the same
size, the attack's l2 size, and whether the label changed that the standard network and the attacked one give it."""
OF_GRADIENTS = ("alignment", "alignment_blurred", "alignment_other")
"""Per image: the share of the gradient in the manifold's tangent space, of the blurred gradient, and of the gradient in
another image's tangent space."""


def labelled(measured: Measured) -> tuple[xarray.Dataset, dict[str, Any]] | None:
    """Arrays of the planned networks and trainings, with what is missing marked; None where there is no VAE-GAN."""
    study, found = measured.study, measured.values
    trainings = range(study.training_seeds)
    known = [run for run in trainings if ("quality", run) in found]
    if not known or not any(name[0] == "attack" for name in found):
        return None
    sizes = [0.0, *(share * study.manifold_eps for share in NOISE_SHARES)]
    coordinates = {
        **network_coordinates(study),
        "attack_loss": list(ATTACK_LOSSES),
        "noise": sizes,
        "control": list(CONTROLS),
        "training": list(trainings),
    }
    arrays = {
        **equal_starts(found),
        **training_images(study, found),
        **_of_clean_images(found, known, len(trainings)),
        **_of_attacks(study, found, trainings),
        **_of_gradients(study, found, trainings),
    }
    arrays |= _pictures(study, found, fullest(known, lambda run: [name for name in found if run in name[1:]]))
    return xarray.Dataset(arrays, coordinates), {}


def _of_clean_images(found, known: list[int], trainings: int) -> dict[str, Any]:
    quality = {run: found["quality", run] for run in known}

    def each(of) -> np.ndarray:
        return gathered({(run,): of(entry) for run, entry in quality.items()}, (trainings,))

    def of_images(of) -> np.ndarray:
        return rounded(each(of))

    arrays: dict[str, Any] = {
        "noisy": (("training", "noise", "image"), of_images(lambda q: np.concatenate([q["clean"][None], q["noise"]]))),
        "to_another": (("training", "image"), of_images(lambda q: q["to_another"])),
        "clean_control": (
            ("training", "control", "image"),
            of_images(lambda q: np.stack([q[name] for name in CONTROLS])),
        ),
        "diversity": ("training", each(lambda q: q["diversity"])),
        "data_diversity": ("training", each(lambda q: q["data_diversity"])),
        "history": (("training", "metric"), each(lambda q: q["history_values"])),
    }
    if all("encoded" in entry for entry in quality.values()):
        arrays["noisy_encoded"] = (("training", "noise", "image"), of_images(lambda q: q["encoded"]))
    first = quality[known[0]]
    return {
        **arrays,
        "metric": ("metric", first["history_names"].astype(object)),
        "latent_size": int(first["latent_size"]),
    }


def _of_attacks(study, found, trainings: range) -> dict[str, Any]:
    specs, arrays = networks(study), dict[str, Any]()
    attacks = {
        (run, k, at): found["attack", spec, loss, run]
        for run, (k, spec), (at, loss) in product(trainings, enumerate(specs), enumerate(ATTACK_LOSSES))
        if ("attack", spec, loss, run) in found
    }
    shape = (len(trainings), len(specs), len(ATTACK_LOSSES))
    arrays["attack_there"] = (("training", "network", "attack_loss"), there_at(attacks, shape))
    for name in OF_ATTACKS:
        entries = {place: entry[name] for place, entry in attacks.items() if name in entry}
        if entries:
            arrays[name] = (("training", "network", "attack_loss", "image"), rounded(gathered(entries, shape)))
    entries = {place: np.stack([entry[name] for name in CONTROLS]) for place, entry in attacks.items()}
    arrays["control_distance"] = (
        ("training", "network", "attack_loss", "control", "image"),
        rounded(gathered(entries, shape)),
    )
    return arrays


def _of_gradients(study, found, trainings: range) -> dict[str, Any]:
    specs, arrays = networks(study), dict[str, Any]()
    shape = (len(trainings), len(specs))
    gradients = {
        (run, k): found["gradients", spec, run]
        for run, (k, spec) in product(trainings, enumerate(specs))
        if ("gradients", spec, run) in found
    }
    arrays["gradients_there"] = (("training", "network"), there_at(gradients, shape))
    for name in OF_GRADIENTS if gradients else ():
        entries = {place: entry[name] for place, entry in gradients.items()}
        arrays[name] = (("training", "network", "image"), rounded(gathered(entries, shape)))
    return arrays


def _pictures(study, found, run: int) -> dict[str, Any]:
    """Of one training."""
    quality, specs = found["quality", run], networks(study)
    shown: dict[str, Any] = {
        "sample_image": (("sample", *PIXELS), quality["sample_images"]),
        "sample_projection": (("sample", *PIXELS), quality["sample_projections"]),
        "generated_image": (("generated", *PIXELS), quality["generated"]),
    }
    attacks = {
        (k,): found["attack", spec, ATTACK_LOSSES[0], run]
        for k, spec in enumerate(specs)
        if ("attack", spec, ATTACK_LOSSES[0], run) in found
    }
    maps = {
        (k,): found["gradients", spec, run]["sample_maps"]
        for k, spec in enumerate(specs)
        if ("gradients", spec, run) in found
    }
    if maps:
        shown["sample_map"] = (("network", "sample", "row", "column"), gathered(maps, (len(specs),)))
    for name, stored in (
        ("sample_adversarial", "sample_adversarial"),
        ("sample_adversarial_projection", "sample_projections"),
    ):
        if attacks:
            entries = {place: entry[stored] for place, entry in attacks.items()}
            shown[name] = (("network", "sample", *PIXELS), gathered(entries, (len(specs),)))
    arrays = {name: (dims, rounded(np.asarray(pixels), PICTURE_BITS)) for name, (dims, pixels) in shown.items()}
    labels = np.full((len(specs), len(quality["sample_index"])), "", object)
    for place, entry in attacks.items():
        labels[place] = entry["sample_predicted"]
    return {
        **arrays,
        "sample_predicted": (("network", "sample"), labels),
        "sample_index": ("sample", quality["sample_index"]),
        "sample_label": ("sample", quality["sample_label"].astype(object)),
        "sample_training": run,
    }
