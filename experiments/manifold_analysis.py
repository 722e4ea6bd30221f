"""From distances to densities, differences, claims and alerts of Section 2.1."""

import functools

import numpy as np
from scipy.stats import gaussian_kde

from experiments.grid import NORMS, STANDARD, NetworkSpec, networks
from experiments.manifold import NOISE_SHARES, Measurements
from experiments.settings import LOSSES
from experiments.statistics import Estimate, difference_estimate, mean_estimate
from reports.claims import Claim
from reports.paper_values import MANIFOLD_MODES

KDE_BANDWIDTH = 0.25
"""The protocol's factor, of the data's standard deviation."""

DENSITY_POINTS = 200

HELD_OUT = ("reconstruction_l1", "reconstruction_l2", "kl")
IN_TRAINING = (
    "encoder_loss",
    "decoder_loss",
    "discriminator_loss",
    "accuracy_real",
    "accuracy_reconstructed",
    "accuracy_generated",
)


def analyse(measured: Measurements) -> dict:
    """Tables, claims, alerts and pictures of one study, ready for JSON but for the pictures' arrays."""
    return Analysis(measured).as_dict()


class Analysis:
    """The numbers of one study."""

    def __init__(self, measured: Measurements):
        self.measured, self.study = measured, measured.study

    def as_dict(self) -> dict:
        return {
            "tables": [
                self.distance_table(),
                self.density_table(),
                self.quality_table(),
                self.training_table(),
                self.gradient_table(),
            ],
            "claims": [claim.as_dict() for claim in self.claims()],
            "alerts": [{"dataset": self.study.dataset, "text": text} for text in self.alerts()],
            "pictures": self.pictures(),
        }

    # What is compared

    def kept(self, spec: NetworkSpec, loss: str, rule: str) -> np.ndarray:
        """(N,) booleans: which adversarial images count as successful."""
        attack = self.measured.attacks[spec, loss]
        return attack["changed_standard"] if rule == "standard_network" else attack["changed_own"]

    def distances(self, spec: NetworkSpec, loss: str, rule: str | None = None) -> np.ndarray:
        """(N,) distances, NaN where the attack did not succeed."""
        kept = self.kept(spec, loss, rule or self.study.success)
        return np.where(kept, self.measured.attacks[spec, loss]["distance"], np.nan)

    def approach(self, spec: NetworkSpec, loss: str, rule: str | None = None) -> Estimate:
        """How much closer a network's adversarial images are than the standard network's."""
        return difference_estimate(self.distances(STANDARD, loss, rule), self.distances(spec, loss, rule))

    def trained(self, norm: str, loss: str) -> list[NetworkSpec]:
        """The adversarially trained networks of a norm and a training loss, weakest first."""
        specs = [spec for spec in networks(self.study) if (spec.norm, spec.loss) == (norm, loss)]
        return sorted(specs, key=lambda spec: spec.eps)

    def rescaled(self, distances: np.ndarray) -> np.ndarray:
        """The paper's axis: 0 and 1 are the smallest and largest distance of the clean test images."""
        clean = self.measured.vae_gan["clean"]
        return (distances - clean.min()) / np.ptp(clean)

    # Tables

    def distance_table(self) -> dict:
        rows = []
        clean = self.measured.vae_gan["clean"]
        for loss in LOSSES:
            for spec in networks(self.study):
                attack, values = self.measured.attacks[spec, loss], self.distances(spec, loss)
                distance = _mean_of_known(values)
                other = "attacked_network" if self.study.success == "standard_network" else "standard_network"
                rows.append(
                    {
                        "attack_loss": loss,
                        "network": spec.name,
                        "norm": spec.norm,
                        "loss": spec.loss,
                        "eps": spec.eps,
                        **_interval("distance", distance),
                        **_interval("closer", self.approach(spec, loss) if spec != STANDARD else None),
                        "effect_size": None
                        if spec == STANDARD
                        else _effect_size(self.distances(STANDARD, loss), values),
                        **_interval(
                            "closer_other_rule", self.approach(spec, loss, other) if spec != STANDARD else None
                        ),
                        "kept": int(np.isfinite(values).sum()),
                        "kept_other_rule": int(self.kept(spec, loss, other).sum()),
                        "n_images": len(values),
                        "perturbation": float(attack["size"].mean()),
                        "noise_distance": float(attack["noise_distance"].mean()),
                        "mode": _mode(self.rescaled(values)),
                        "paper_mode": self._paper_mode(spec, loss),
                    }
                )
        rows.append(
            {
                **dict.fromkeys(rows[0]),
                "network": "clean test images",
                **_interval("distance", mean_estimate(clean[None])),
                "kept": len(clean),
                "n_images": len(clean),
                "mode": _mode(self.rescaled(clean)),
                "paper_mode": MANIFOLD_MODES.get(_published(self.study.dataset), {}).get("test"),
            }
        )
        return self._table("distances", "Distance to the image manifold", rows)

    def _paper_mode(self, spec: NetworkSpec, loss: str) -> float | None:
        """Read off the published l2 cross-entropy panel, which is all that was read."""
        modes = MANIFOLD_MODES.get(_published(self.study.dataset), {})
        if spec == STANDARD:
            return modes.get("standard")
        return modes.get(spec.eps) if (spec.norm, spec.loss, loss) == ("l2", "cross_entropy", "cross_entropy") else None

    def density_table(self) -> dict:
        """Kernel density estimates, for the figures."""
        series = {(None, None): self.measured.vae_gan["clean"]}
        series |= {(spec, loss): self.distances(spec, loss) for spec in networks(self.study) for loss in LOSSES}
        finite = {key: values[np.isfinite(values)] for key, values in series.items()}
        everything = np.concatenate(list(finite.values()))
        grid = np.linspace(everything.min() * 0.9, everything.max() * 1.1, DENSITY_POINTS)
        rows = []
        for (spec, loss), values in finite.items():
            if len(values) > 2:
                density = gaussian_kde(values, KDE_BANDWIDTH)(grid)
                rows.append(
                    {
                        "attack_loss": loss,
                        "network": spec.name if spec else "clean test images",
                        "norm": spec.norm if spec else None,
                        "loss": spec.loss if spec else None,
                        "eps": spec.eps if spec else None,
                        "distance": grid.tolist(),
                        "rescaled": self.rescaled(grid).tolist(),
                        "density": density.tolist(),
                    }
                )
        return self._table("densities", "Densities of the distances", rows)

    def quality_table(self) -> dict:
        quality = self.measured.vae_gan
        sizes = [round(share * self.study.manifold_eps, 3) for share in NOISE_SHARES]
        parts = [
            ("clean test images", quality["clean"]),
            ("another image of the same class", quality["same_class"]),
            *((f"with noise of size {size:g}", values) for size, values in zip(sizes, quality["noise"], strict=True)),
            ("clean, to a linear manifold of the same dimension (PCA)", quality["pca"]),
        ]
        rows = [
            {"images": name, **_interval("distance", mean_estimate(v[None])), "n_images": len(v)} for name, v in parts
        ]
        return self._table("quality", "Is the VAE-GAN a manifold worth measuring to?", rows)

    def training_table(self) -> dict:
        """The VAE-GAN's last epoch. A discriminator is only meaningful with the batch statistics of training."""
        quality = self.measured.vae_gan
        last = dict(zip(quality["history_names"].tolist(), quality["history_values"].tolist(), strict=True))
        rows = [
            *({"metric": f"{name}, held-out images", "value": last[f"val_{name}"]} for name in HELD_OUT),
            *({"metric": f"{name}, training batches", "value": last[name]} for name in IN_TRAINING),
            {"metric": "standard deviation of a pixel over generated images", "value": float(quality["diversity"])},
            {"metric": "the same over test images", "value": float(quality["data_diversity"])},
        ]
        return self._table("training", "The VAE-GAN after its last epoch", rows)

    def gradient_table(self) -> dict:
        rows = []
        # A random direction's share of the tangent space, for comparison.
        random = (self.measured.vae_gan["latent_size"] / self.measured.vae_gan["sample_images"][0].size) ** 0.5
        standard = self.measured.gradients[STANDARD]["alignment"]
        for spec in networks(self.study):
            alignment = self.measured.gradients[spec]["alignment"]
            gain = None if spec == STANDARD else mean_estimate((alignment - standard)[None])
            rows.append(
                {
                    "network": spec.name,
                    "norm": spec.norm,
                    "loss": spec.loss,
                    "eps": spec.eps,
                    **_interval("alignment", mean_estimate(alignment[None])),
                    **_interval("gain", gain),
                    "random_direction": float(random),
                    "n_images": len(alignment),
                }
            )
        return self._table("gradients", "Alignment of gradients with the manifold's tangent space", rows)

    def _table(self, kind: str, title: str, rows: list[dict]) -> dict:
        dataset = self.study.dataset
        return {"id": f"{kind}-{dataset}", "kind": kind, "dataset": dataset, "title": title, "rows": rows}

    # Claims

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
                specs = self.trained(norm, trained_on)
                for loss in LOSSES if specs else ():
                    where = f"{norm}-{trained_on}-{loss}"
                    about = f"({norm} training on {trained_on}, {loss} attack)"
                    pooled = _mean_over_networks([self.distances(spec, loss) for spec in specs])
                    yield self._claim(
                        f"closer-{where}",
                        f"Adversarial examples of adversarially trained networks lie closer to the manifold {about}",
                        "closer on every data set",
                        difference_estimate(self.distances(STANDARD, loss), pooled),
                        f"standard network's mean distance minus that of {len(specs)} trained ones",
                    )
                    if len(specs) > 1:
                        yield self._claim(
                            f"stronger-{where}",
                            f"Stronger training brings them closer still {about}",
                            "closer with every step of eps",
                            difference_estimate(self.distances(specs[0], loss), self.distances(specs[-1], loss)),
                            f"mean distance of the weakest minus the strongest; {self._ordered(specs, loss)}",
                        )

    def _ordered(self, specs: list[NetworkSpec], loss: str) -> str:
        means = [np.nanmean(self.distances(spec, loss)) for spec in (STANDARD, *specs)]
        pairs = [means[i] > means[j] for i in range(len(means)) for j in range(i + 1, len(means))]
        return f"{sum(pairs)} of {len(pairs)} pairs of networks in the claimed order"

    def _gradient_claims(self):
        standard = self.measured.gradients[STANDARD]["alignment"]
        for norm in NORMS:
            for trained_on in self.study.losses:
                for spec in self.trained(norm, trained_on)[-1:]:
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
            kept = self.kept(STANDARD, loss, self.study.success)
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

    # Alerts

    def alerts(self):
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
        for spec, loss in self.measured.attacks:
            kept = self.kept(spec, loss, study.success).mean()
            if kept < 0.5:
                yield f"{spec.name}, {loss} attack: only {kept:.0%} of the images count as successful."

    # Pictures

    def pictures(self) -> dict[str, np.ndarray]:
        """Arrays that the report draws, by name; "<data set>/..."."""
        dataset, arrays = self.study.dataset, {}
        for name in ("sample_images", "sample_projections", "sample_index", "sample_label", "generated"):
            arrays[f"{dataset}/{name}"] = self.measured.vae_gan[name]
        for spec in networks(self.study):
            arrays[f"{dataset}/{spec.name}/sample_maps"] = self.measured.gradients[spec]["sample_maps"]
            for name in ("sample_adversarial", "sample_projections", "sample_predicted"):
                arrays[f"{dataset}/{spec.name}/{name}"] = self.measured.attacks[spec, LOSSES[0]][name]
        return arrays


def _mean_over_networks(distances: list[np.ndarray]) -> np.ndarray:
    """(N,) per image the mean over the networks whose attack succeeded on it, NaN where none did."""
    known = np.isfinite(distances)
    return np.where(known.any(axis=0), np.nansum(distances, axis=0) / np.maximum(known.sum(axis=0), 1), np.nan)


def _published(dataset: str) -> str:
    """The paper's data set that a subset of it is compared with."""
    return "mnist" if dataset == "mnist_5k" else dataset


def _mean_of_known(values: np.ndarray) -> Estimate | None:
    known = values[np.isfinite(values)]
    return mean_estimate(known[None]) if len(known) else None


def _effect_size(standard: np.ndarray, other: np.ndarray) -> float | None:
    """Cohen's d: difference of means over the pooled standard deviation; NaNs are left out."""
    a, b = standard[np.isfinite(standard)], other[np.isfinite(other)]
    if min(len(a), len(b)) < 2:
        return None
    pooled = np.sqrt(((len(a) - 1) * a.var(ddof=1) + (len(b) - 1) * b.var(ddof=1)) / (len(a) + len(b) - 2))
    return float((a.mean() - b.mean()) / pooled) if pooled > 0 else None


def _mode(values: np.ndarray) -> float | None:
    """Where the density estimate is highest."""
    known = values[np.isfinite(values)]
    if len(known) < 3:
        return None
    grid = np.linspace(known.min(), known.max(), 1000)
    return float(grid[gaussian_kde(known, KDE_BANDWIDTH)(grid).argmax()])


def _interval(name: str, estimate: Estimate | None) -> dict:
    """None where nothing could be compared."""
    if estimate is None or not np.isfinite(estimate.value):
        return {name: None, f"{name}_low": None, f"{name}_high": None}
    return {name: estimate.value, f"{name}_low": estimate.low, f"{name}_high": estimate.high}
