"""The claims of Section 2.1, judged, and what a reader must know before believing them."""

import functools
import itertools
from collections.abc import Iterator

import numpy as np

from experiments.grid import NORMS, STANDARD, NetworkSpec
from experiments.manifold_analysis import Numbers
from experiments.settings import LOSSES
from experiments.statistics import Estimate, correlation_estimates, difference_estimate, mean_estimate
from reports.claims import Claim


class Claims:
    """Claims and alerts from the numbers of one study."""

    def __init__(self, numbers: Numbers):
        self.numbers, self.measured, self.study = numbers, numbers.measured, numbers.study

    def claims(self) -> list[Claim]:
        return [*self._distance_claims(), *self._gradient_claims(), *self._control_claims()]

    @functools.cached_property
    def meaningful(self) -> bool:
        """Whether distance grows with noise on clean images; else no distance tells anything."""
        growth = self._noise_growth()
        return growth.low is not None and growth.low > 0

    def _noise_growth(self) -> Estimate:
        quality = self.measured.vae_gan
        return mean_estimate((quality["noise"][-1] - quality["clean"])[None])

    def _distance_claims(self):
        for norm in NORMS:
            for trained_on in self.study.losses:
                specs = self.numbers.trained(norm, trained_on)
                for loss in LOSSES if specs else ():
                    where = f"{norm}-{trained_on}-{loss}"
                    about = f"({norm} training on {trained_on}, {loss} attack)"
                    pooled = _mean_over_networks([self.numbers.distances(spec, loss) for spec in specs])
                    yield self._claim(
                        f"closer-{where}",
                        f"Adversarial examples of adversarially trained networks lie closer to the manifold {about}",
                        "closer on every data set",
                        difference_estimate(self.numbers.distances(STANDARD, loss), pooled),
                        f"standard network's mean distance minus that of {len(specs)} trained ones",
                    )
                    if len(specs) > 1:
                        yield self._claim(
                            f"stronger-{where}",
                            f"Stronger training brings them closer still {about}",
                            "closer with every step of eps",
                            difference_estimate(
                                self.numbers.distances(specs[0], loss), self.numbers.distances(specs[-1], loss)
                            ),
                            f"mean distance of the weakest minus the strongest; {self._ordered(specs, loss)}",
                        )

    def _ordered(self, specs: list[NetworkSpec], loss: str) -> str:
        means = [np.nanmean(self.numbers.distances(spec, loss)) for spec in (STANDARD, *specs)]
        pairs = [means[i] > means[j] for i in range(len(means)) for j in range(i + 1, len(means))]
        _, rank = correlation_estimates([0.0, *(spec.eps for spec in specs)], means)
        return (
            f"rank correlation of mean distance with eps {rank.value:.2f}, "
            f"{sum(pairs)} of {len(pairs)} pairs of networks in the claimed order"
        )

    def _gradient_claims(self):
        standard = self.measured.gradients[STANDARD]["alignment"]
        for norm in NORMS:
            for trained_on in self.study.losses:
                for spec in self.numbers.trained(norm, trained_on)[-1:]:
                    gain = self.measured.gradients[spec]["alignment"] - standard
                    yield self._claim(
                        f"gradients-{norm}-{trained_on}",
                        f"Gradients look like the object: after {norm} training on {trained_on} more of them lies "
                        "in the manifold's tangent space",
                        "judged by eye",
                        mean_estimate(gain[None]),
                        f"alignment of {spec.name} minus the standard network's",
                    )

    def _control_claims(self):
        yield self._claim(
            "noise-grows",
            "Distance grows with noise on clean images, without which the measure means nothing",
            "not examined",
            self._noise_growth(),
            f"distance with noise of size {self.study.manifold_eps:g} minus without",
            always=True,
        )
        for loss in LOSSES:
            attack = self.measured.attacks[STANDARD, loss]
            kept = self.numbers.kept(STANDARD, loss, self.study.success)
            yield self._claim(
                f"farther-than-noise-{loss}",
                f"The standard network's adversarial examples ({loss}) lie farther from the manifold than noise "
                "of their size",
                "not examined",
                mean_estimate((attack["distance"] - attack["noise_distance"])[kept][None]),
                "distance of the adversarial image minus that of the noisy one, image by image",
            )

    def _claim(self, name: str, statement: str, paper: str, estimate: Estimate, of: str, always: bool = False) -> Claim:
        """A claim is inconclusive where the measure itself failed its check, unless it is that check."""
        usable = always or self.meaningful
        return Claim(
            id=f"{self.study.dataset}/manifold-{name}",
            statement=statement,
            section="2.1",
            paper=paper,
            measured=estimate.value if np.isfinite(estimate.value) else None,
            ci_low=estimate.low if usable else None,
            ci_high=estimate.high if usable else None,
            n=len(self.measured.vae_gan["clean"]),
            unit=f"{of}; test images resampled" + ("" if usable else "; no verdict, distance does not grow with noise"),
        )

    def alerts(self) -> Iterator[str]:
        """What a reader must know before believing the numbers; each derived from them."""
        study, quality = self.study, self.measured.vae_gan
        if not self.meaningful:
            yield "Distance does not grow with noise on clean images: the VAE-GAN is no usable manifold at this scale."
        if quality["clean"].mean() > quality["pca"].mean() and study.projection == "encode":
            yield (
                f"The VAE-GAN reconstructs test images no better ({quality['clean'].mean():.2f}) than as many "
                f"principal components do ({quality['pca'].mean():.2f}): its distances are upper bounds. Compare "
                "--projection=optimise."
            )
        if study.vae_gan_width != 1:
            yield f"Small scale: a VAE-GAN of width {study.vae_gan_width:g}, {study.vae_gan_epochs} epochs."
        for spec, loss in itertools.product(self.numbers.networks, LOSSES):
            kept = self.numbers.kept(spec, loss, study.success).mean()
            if kept < 0.5:
                yield f"{spec.name}, {loss} attack: only {kept:.0%} of the images count as successful."


def _mean_over_networks(distances: list[np.ndarray]) -> np.ndarray:
    """(N,) per image the mean over the networks whose attack succeeded on it, NaN where none did."""
    known = np.isfinite(distances)
    return np.where(known.any(axis=0), np.nansum(distances, axis=0) / np.maximum(known.sum(axis=0), 1), np.nan)
