"""The claims of Section 2.1, judged, and what a reader must know before believing them."""

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np

from experiments.claim import Claim, Estimate, judged
from experiments.manifold.analysis import Distances
from experiments.manifold.pieces import ATTACK_LOSSES
from experiments.networks.grid import STANDARD, NetworkSpec
from experiments.statistics import correlation_estimates, difference_estimate, mean_estimate


def claims(found: Distances) -> list[Claim]:
    """All claims of one study."""
    return [*_distances(found), *_gradients(found), *_controls(found)]


def is_meaningful(found: Distances) -> bool:
    """Whether distance grows with noise on clean images; else no distance tells anything."""
    growth = _noise_growth(found)
    return growth.low is not None and growth.low > 0


def _noise_growth(found: Distances) -> Estimate:
    return mean_estimate((found.vae_gan["noise"][-1] - found.vae_gan["clean"])[None])


def _distances(found: Distances) -> Iterator[Claim]:
    for family, group in found.groups():
        specs = found.trained(family, group)
        for loss in ATTACK_LOSSES:
            where = f"{family}-{group}-{loss}"
            about = f"({_trained(family, group)}, {loss} attack)"
            pooled = _mean_over_networks([found.distances(spec, loss) for spec in specs])
            check = family not in ("l2", "linf")
            yield _claim(
                found,
                f"closer-{where}",
                f"Adversarial examples of adversarially trained networks lie closer to the manifold {about}",
                difference_estimate(found.distances(STANDARD, loss), pooled),
                f"standard network's mean distance minus that of {len(specs)} trained ones",
                paper="closer on every data set",
                check=check,
            )
            if len(specs) > 1:
                yield _claim(
                    found,
                    f"stronger-{where}",
                    f"Stronger training brings them closer still {about}",
                    difference_estimate(found.distances(specs[0], loss), found.distances(specs[-1], loss)),
                    f"mean distance of the weakest minus the strongest; {_ordered(found, specs, loss)}",
                    paper="closer with every step of eps",
                    check=check,
                )


def _trained(family: str, group: str) -> str:
    return f"{family} training" if family == group else f"{family} training on {group}"


def _ordered(found: Distances, specs: list[NetworkSpec], loss: str) -> str:
    means = [float(np.nanmean(found.distances(spec, loss))) for spec in (STANDARD, *specs)]
    pairs = [means[i] > means[j] for i in range(len(means)) for j in range(i + 1, len(means))]
    strengths = np.array([0.0, *(spec.strength or 0.0 for spec in specs)])
    _, rank = correlation_estimates(strengths, np.array(means))
    return (
        f"rank correlation of mean distance with strength {rank.value:.2f}, "
        f"{sum(pairs)} of {len(pairs)} pairs of networks in the claimed order"
    )


def _gradients(found: Distances) -> Iterator[Claim]:
    standard = found.gradients[STANDARD]["alignment"]
    for family, group in found.groups():
        strongest = found.trained(family, group)[-1]
        yield _claim(
            found,
            f"gradients-{family}-{group}",
            f"Gradients look like the object: after {_trained(family, group)} more of them lies in the manifold's "
            "tangent space",
            mean_estimate((found.gradients[strongest]["alignment"] - standard)[None]),
            f"alignment of {strongest.name} minus the standard network's",
            paper="judged by eye",
            check=family not in ("l2", "linf"),
        )


def _controls(found: Distances) -> Iterator[Claim]:
    yield _claim(
        found,
        "noise-grows",
        "Distance grows with noise on clean images, without which the measure means nothing",
        _noise_growth(found),
        f"distance with noise of size {found.study.manifold_eps:g} minus without",
        check=True,
        always=True,
    )
    for loss in ATTACK_LOSSES:
        attack = found.attacks[STANDARD, loss]
        kept = found.kept(STANDARD, loss, found.study.success)
        yield _claim(
            found,
            f"farther-than-noise-{loss}",
            f"The standard network's adversarial examples ({loss}) lie farther from the manifold than noise of their "
            "size",
            mean_estimate((attack["distance"] - attack["noise_distance"])[kept][None]),
            "distance of the adversarial image minus that of the noisy one, image by image",
            check=True,
        )


def _claim(
    found: Distances, name: str, statement: str, estimate: Estimate, of: str, always: bool = False, **about: Any
) -> Claim:
    """A claim is inconclusive where the measure itself failed its check, unless it is that check."""
    usable = always or is_meaningful(found)
    return judged(
        estimate if usable else Estimate(estimate.value, None, None),
        id=f"{found.study.dataset}/manifold-{name}",
        statement=statement,
        section="2.1",
        n=len(found.vae_gan["clean"]),
        unit=f"{of}; test images resampled" + ("" if usable else "; no verdict, distance does not grow with noise"),
        **about,
    )


def alerts(found: Distances) -> list[str]:
    """What a reader must know before believing the numbers; each derived from them."""
    return list(_alerts(found))


def _alerts(found: Distances) -> Iterator[str]:
    study, quality = found.study, found.vae_gan
    if not is_meaningful(found):
        yield "Distance does not grow with noise on clean images: the VAE-GAN is no usable manifold at this scale."
    if quality["clean"].mean() > quality["pca"].mean() and study.projection == "encode":
        yield (
            f"The VAE-GAN reconstructs test images no better ({quality['clean'].mean():.2f}) than as many "
            f"principal components do ({quality['pca'].mean():.2f}): its distances are upper bounds. Compare "
            "--projection=optimise."
        )
    if study.vae_gan_width != 1:
        yield f"Small scale: a VAE-GAN of width {study.vae_gan_width:g}, {study.vae_gan_epochs} epochs."
    for spec, loss in itertools.product(found.networks, ATTACK_LOSSES):
        kept = found.kept(spec, loss, study.success).mean()
        if kept < 0.5:
            yield f"{spec.name}, {loss} attack: only {kept:.0%} of the images count as successful."


def _mean_over_networks(distances: list[np.ndarray]) -> np.ndarray:
    """(N,) per image the mean over the networks whose attack succeeded on it, NaN where none did."""
    known = np.isfinite(distances)
    return np.where(known.any(axis=0), np.nansum(distances, axis=0) / np.maximum(known.sum(axis=0), 1), np.nan)
