"""From distances to densities, differences and tables of Section 2.1."""

import numpy as np
from scipy.stats import gaussian_kde

from experiments.grid import STANDARD, NetworkSpec, networks
from experiments.manifold import NOISE_SHARES, Measurements
from experiments.results import interval, table
from experiments.settings import LOSSES
from experiments.statistics import Estimate, difference_estimate, mean_estimate
from reports.paper_values import MANIFOLD_MODES

KDE_BANDWIDTH = 0.25
"""The protocol's factor, of the data's standard deviation."""

DENSITY_POINTS = 200

HELD_OUT = (
    "reconstruction_l1",
    "reconstruction_l2",
    "kl",
    "encoder_loss",
    "decoder_loss",
    "discriminator_loss",
    "accuracy_real",
    "accuracy_reconstructed",
    "accuracy_generated",
)


class Numbers:
    """The numbers of one study."""

    def __init__(self, measured: Measurements):
        self.measured, self.study = measured, measured.study
        self.networks = [spec for spec in networks(self.study) if self._is_whole(spec)]
        self.anything = bool(measured.vae_gan) and STANDARD in self.networks

    def _is_whole(self, spec: NetworkSpec) -> bool:
        return spec in self.measured.gradients and all((spec, loss) in self.measured.attacks for loss in LOSSES)

    def tables(self) -> list[dict]:
        """All tables, ready for JSON."""
        return [
            self.distance_table(),
            self.density_table(),
            self.quality_table(),
            self.training_table(),
            self.gradient_table(),
        ]

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
        specs = [spec for spec in self.networks if (spec.norm, spec.loss) == (norm, loss)]
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
            for spec in self.networks:
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
                        **interval("distance", distance),
                        **interval("closer", self.approach(spec, loss) if spec != STANDARD else None),
                        "effect_size": None
                        if spec == STANDARD
                        else _effect_size(self.distances(STANDARD, loss), values),
                        **interval("closer_other_rule", self.approach(spec, loss, other) if spec != STANDARD else None),
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
                **interval("distance", mean_estimate(clean[None])),
                "kept": len(clean),
                "n_images": len(clean),
                "mode": _mode(self.rescaled(clean)),
                "paper_mode": MANIFOLD_MODES.get(_published(self.study.dataset), {}).get("test"),
            }
        )
        return table("distances", "Distance to the image manifold", self.study.dataset, rows)

    def _paper_mode(self, spec: NetworkSpec, loss: str) -> float | None:
        """Read off the published l2 cross-entropy panel, which is all that was read."""
        modes = MANIFOLD_MODES.get(_published(self.study.dataset), {})
        if spec == STANDARD:
            return modes.get("standard")
        return modes.get(spec.eps) if (spec.norm, spec.loss, loss) == ("l2", "cross_entropy", "cross_entropy") else None

    def density_table(self) -> dict:
        """Kernel density estimates, for the figures."""
        series = {(None, None): self.measured.vae_gan["clean"]}
        series |= {(spec, loss): self.distances(spec, loss) for spec in self.networks for loss in LOSSES}
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
        return table("densities", "Densities of the distances", self.study.dataset, rows)

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
            {"images": name, **interval("distance", mean_estimate(v[None])), "n_images": len(v)} for name, v in parts
        ]
        return table("quality", "Is the VAE-GAN a manifold worth measuring to?", self.study.dataset, rows)

    def training_table(self) -> dict:
        """The VAE-GAN's last epoch on held-out images."""
        quality = self.measured.vae_gan
        last = dict(zip(quality["history_names"].tolist(), quality["history_values"].tolist(), strict=True))
        rows = [
            *({"metric": name, "value": last[f"val_{name}"]} for name in HELD_OUT),
            {"metric": "standard deviation of a pixel over generated images", "value": float(quality["diversity"])},
            {"metric": "the same over test images", "value": float(quality["data_diversity"])},
        ]
        return table("training", "The VAE-GAN after its last epoch", self.study.dataset, rows)

    def gradient_table(self) -> dict:
        rows = []
        # A random direction's share of the tangent space, for comparison.
        random = (self.measured.vae_gan["latent_size"] / self.measured.vae_gan["sample_images"][0].size) ** 0.5
        standard = self.measured.gradients[STANDARD]["alignment"]
        for spec in self.networks:
            alignment = self.measured.gradients[spec]["alignment"]
            gain = None if spec == STANDARD else mean_estimate((alignment - standard)[None])
            rows.append(
                {
                    "network": spec.name,
                    "norm": spec.norm,
                    "loss": spec.loss,
                    "eps": spec.eps,
                    **interval("alignment", mean_estimate(alignment[None])),
                    **interval("gain", gain),
                    "random_direction": float(random),
                    "n_images": len(alignment),
                }
            )
        return table("gradients", "Alignment of gradients with the manifold's tangent space", self.study.dataset, rows)

    # Pictures

    def pictures(self) -> dict[str, np.ndarray]:
        """Arrays that the report draws, by name; "<data set>/..."."""
        dataset, arrays = self.study.dataset, {}
        for name in ("sample_images", "sample_projections", "sample_index", "sample_label", "generated"):
            arrays[f"{dataset}/{name}"] = self.measured.vae_gan[name]
        for spec in self.networks:
            arrays[f"{dataset}/{spec.name}/sample_maps"] = self.measured.gradients[spec]["sample_maps"]
            for name in ("sample_adversarial", "sample_projections", "sample_predicted"):
                arrays[f"{dataset}/{spec.name}/{name}"] = self.measured.attacks[spec, LOSSES[0]][name]
        return arrays


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
