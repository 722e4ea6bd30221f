"""From distances to densities, differences and tables of Section 2.1."""

import numpy as np
from scipy.stats import gaussian_kde

from experiments.claim import Estimate
from experiments.experiment import Measured
from experiments.manifold.controls import NOISE_SHARES
from experiments.manifold.pieces import ATTACK_LOSSES
from experiments.manifold.study import ManifoldStudy
from experiments.networks.grid import STANDARD, NetworkSpec, network_columns, networks
from experiments.paper import MANIFOLD_MODES
from experiments.statistics import difference_estimate, mean_estimate
from experiments.store.results import interval, table

KDE_BANDWIDTH = 0.25
"""The protocol's factor, of the data's standard deviation."""

DENSITY_POINTS = 200

CLEAN = "clean test images"

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


class Distances:
    """The numbers of one study.

    Attributes:
        vae_gan: quality of the approximation on the test set: "clean" distances (N,), "same_class"
            distances (N,) of another image of each class, "noise" (sizes, N) distances, "pca"
            distances (N,) to as many principal components as the latent space has dimensions
            ("latent_size"), "diversity" (mean standard deviation of a pixel over generated images),
            "data_diversity", "history_names" and "history_values" of the last epoch, and pictures
            "sample_images", "sample_projections", "generated", "sample_index", "sample_label".
        attacks: per network and attack loss, over test images (N,): "distance", "size" (l2 of the
            perturbation), "noise_distance" (noise of that size), "changed_standard" and "changed_own"
            (does the label differ from the clean image's, to the standard and to the attacked
            network), and pictures "sample_adversarial", "sample_projections", "sample_predicted".
        gradients: per network: "alignment" (N,), and pictures "sample_maps".
        networks: those that are whole.
        anything: whether there is enough to say something.
    """

    def __init__(self, measured: Measured[ManifoldStudy]):
        self.study, values = measured.study, measured.values
        self.vae_gan: dict[str, np.ndarray] = values.get("quality", {})
        self.attacks: dict[tuple[NetworkSpec, str], dict[str, np.ndarray]] = {
            name[1:]: value for name, value in values.items() if name[0] == "attack"
        }
        self.gradients: dict[NetworkSpec, dict[str, np.ndarray]] = {
            name[1]: value for name, value in values.items() if name[0] == "gradients"
        }
        self.networks = [spec for spec in networks(self.study) if self._is_whole(spec)]
        self.anything = bool(self.vae_gan) and STANDARD in self.networks

    def _is_whole(self, spec: NetworkSpec) -> bool:
        return spec in self.gradients and all((spec, loss) in self.attacks for loss in ATTACK_LOSSES)

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
        attack = self.attacks[spec, loss]
        return attack["changed_standard"] if rule == "standard_network" else attack["changed_own"]

    def distances(self, spec: NetworkSpec, loss: str, rule: str | None = None) -> np.ndarray:
        """(N,) distances, NaN where the attack did not succeed."""
        kept = self.kept(spec, loss, rule or self.study.success)
        return np.where(kept, self.attacks[spec, loss]["distance"], np.nan)

    def approach(self, spec: NetworkSpec, loss: str, rule: str | None = None) -> Estimate:
        """How much closer a network's adversarial images are than the standard network's."""
        return difference_estimate(self.distances(STANDARD, loss, rule), self.distances(spec, loss, rule))

    def trained(self, family: str, group: str) -> list[NetworkSpec]:
        """The trained networks of a family and a training loss, weakest first; of another method than attacks, all."""
        specs = [spec for spec in self.networks if spec != STANDARD and (spec.family, spec.group) == (family, group)]
        return sorted(specs, key=lambda spec: spec.strength or 0.0)

    def groups(self) -> list[tuple[str, str]]:
        """Family and panel of every series of trained networks."""
        return list(dict.fromkeys((spec.family, spec.group) for spec in self.networks if spec != STANDARD))

    def rescaled(self, distances: np.ndarray) -> np.ndarray:
        """The paper's axis: 0 and 1 are the smallest and largest distance of the clean test images."""
        clean = self.vae_gan["clean"]
        return (distances - clean.min()) / np.ptp(clean)

    # Tables

    def distance_table(self) -> dict:
        rows = []
        clean = self.vae_gan["clean"]
        for loss in ATTACK_LOSSES:
            for spec in self.networks:
                attack, values = self.attacks[spec, loss], self.distances(spec, loss)
                distance = _mean_of_known(values)
                other = "attacked_network" if self.study.success == "standard_network" else "standard_network"
                rows.append(
                    {
                        "attack_loss": loss,
                        **network_columns(spec),
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
                "network": CLEAN,
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
        return (
            modes.get(spec.strength or 0.0)
            if (spec.norm, spec.loss, loss) == ("l2", "cross_entropy", "cross_entropy")
            else None
        )

    def density_table(self) -> dict:
        """Kernel density estimates, for the figures."""
        series: dict[tuple[NetworkSpec | None, str | None], np.ndarray] = {(None, None): self.vae_gan["clean"]}
        series |= {(spec, loss): self.distances(spec, loss) for spec in self.networks for loss in ATTACK_LOSSES}
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
                        **_columns(spec),
                        "distance": grid.tolist(),
                        "rescaled": self.rescaled(grid).tolist(),
                        "density": density.tolist(),
                    }
                )
        return table("densities", "Densities of the distances", self.study.dataset, rows)

    def quality_table(self) -> dict:
        quality = self.vae_gan
        sizes = [round(share * self.study.manifold_eps, 3) for share in NOISE_SHARES]
        parts = [
            (CLEAN, quality["clean"]),
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
        quality = self.vae_gan
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
        random = (self.vae_gan["latent_size"] / self.vae_gan["sample_images"][0].size) ** 0.5
        standard = self.gradients[STANDARD]["alignment"]
        for spec in self.networks:
            alignment = self.gradients[spec]["alignment"]
            gain = None if spec == STANDARD else mean_estimate((alignment - standard)[None])
            rows.append(
                {
                    **network_columns(spec),
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
            arrays[f"{dataset}/{name}"] = self.vae_gan[name]
        for spec in self.networks:
            arrays[f"{dataset}/{spec.name}/sample_maps"] = self.gradients[spec]["sample_maps"]
            for name in ("sample_adversarial", "sample_projections", "sample_predicted"):
                arrays[f"{dataset}/{spec.name}/{name}"] = self.attacks[spec, ATTACK_LOSSES[0]][name]
        return arrays


def _columns(spec: NetworkSpec | None) -> dict:
    return network_columns(spec) if spec else {**dict.fromkeys(network_columns(STANDARD)), "network": CLEAN}


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
