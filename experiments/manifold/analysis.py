"""From distances to densities, differences and tables of Section 2.1."""

import itertools

import numpy as np
from scipy.stats import gaussian_kde

from experiments.claim import UNKNOWN, Estimate
from experiments.experiment import Measured
from experiments.manifold.controls import NOISE_SHARES
from experiments.manifold.pieces import ATTACK_LOSSES
from experiments.manifold.study import ManifoldStudy
from experiments.networks.grid import STANDARD, NetworkSpec, network_columns, networks
from experiments.paper import MANIFOLD_MODES
from experiments.statistics import estimate, function_estimate, known_difference, known_mean
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


CONTROLS = {
    "pca_latent": "principal components, as many as the latent space has",
    "pca": "50 principal components",
    "blur": "the image's own blur",
    "mean": "the mean image",
}
"""Distances that need no VAE-GAN, by name."""


class Distances:
    """The numbers of one study, as tables of trainings by images; NaN where an attack did not succeed.

    Attributes:
        runs: numbers of the trainings in which all of `networks` are whole.
        networks: those that are whole in at least one training.
    """

    def __init__(self, measured: Measured[ManifoldStudy]):
        self.study, self.values = measured.study, measured.values
        there = {spec: {r for r in self._all_runs() if self._is_whole(spec, r)} for spec in networks(self.study)}
        self.networks = [spec for spec, runs in there.items() if runs]
        while self.networks and not set.intersection(*(there[spec] for spec in self.networks)):
            self.networks.remove(min(self.networks, key=lambda spec: len(there[spec])))
        self.runs = sorted(set.intersection(*(there[spec] for spec in self.networks))) if self.networks else []

    @property
    def anything(self) -> bool:
        """Whether there is enough to say something."""
        return bool(self.runs) and STANDARD in self.networks

    def _all_runs(self) -> range:
        return range(self.study.training_seeds)

    def _is_whole(self, spec: NetworkSpec, run: int) -> bool:
        attacks = all(("attack", spec, loss, run) in self.values for loss in ATTACK_LOSSES)
        return attacks and ("gradients", spec, run) in self.values and ("quality", run) in self.values

    @property
    def rows(self) -> str:
        """What intervals are about, in words."""
        images = self.quality("clean").shape[1]
        trainings = f"{len(self.runs)} trainings of network and VAE-GAN" if len(self.runs) > 1 else "one training"
        return f"{trainings}, {images:,} test images {'crossed' if len(self.runs) > 1 else 'resampled'}"

    def tables(self) -> list[dict]:
        """All tables, ready for JSON."""
        return [
            self.distance_table(),
            self.control_table(),
            self.density_table(),
            self.quality_table(),
            self.training_table(),
            self.gradient_table(),
        ]

    # Tables of trainings by images

    def quality(self, name: str) -> np.ndarray:
        """(trainings, ...) what was measured of clean test images, such as "clean", "noise" or "pca"."""
        return np.stack([self.values["quality", run][name] for run in self.runs])

    def attack(self, spec: NetworkSpec, loss: str, name: str) -> np.ndarray:
        """(trainings, N) what was measured of a network's attacked images, such as "distance" or "size"."""
        return np.stack([self.values["attack", spec, loss, run][name] for run in self.runs])

    def gradient(self, spec: NetworkSpec, name: str) -> np.ndarray:
        """(trainings, N) "alignment", "alignment_blurred" or "alignment_other" of a network's gradients."""
        return np.stack([self.values["gradients", spec, run][name] for run in self.runs])

    def kept(self, spec: NetworkSpec, loss: str, rule: str) -> np.ndarray:
        """(trainings, N) booleans: which adversarial images count as successful."""
        return self.attack(spec, loss, "changed_standard" if rule == "standard_network" else "changed_own")

    def distances(self, spec: NetworkSpec, loss: str, rule: str | None = None, to: str = "distance") -> np.ndarray:
        """(trainings, N) distances to the VAE-GAN's manifold or to a control, NaN where the attack did not succeed."""
        kept = self.kept(spec, loss, rule or self.study.success)
        return np.where(kept, self.attack(spec, loss, to), np.nan)

    def rescaled(self, distances: np.ndarray) -> np.ndarray:
        """The paper's axis: 0 and 1 are the smallest and largest distance of a training's clean test images."""
        clean = self.quality("clean")
        lowest = clean.min(axis=1, keepdims=True)
        return (distances - lowest) / np.ptp(clean, axis=1, keepdims=True)

    def closer(self, first: NetworkSpec, second: NetworkSpec, loss: str, rule: str | None = None) -> np.ndarray:
        """(trainings, N) shares of how much closer the second network's adversarial images are than the first's."""
        return known_difference(self.distances(first, loss, rule), self.distances(second, loss, rule))

    # Series

    def trained(self, family: str, group: str) -> list[NetworkSpec]:
        """The trained networks of a family and a training loss, weakest first; of another method than attacks, all."""
        specs = [spec for spec in self.networks if spec != STANDARD and (spec.family, spec.group) == (family, group)]
        return sorted(specs, key=lambda spec: spec.strength or 0.0)

    def groups(self) -> list[tuple[str, str]]:
        """Family and panel of every series of trained networks."""
        return list(dict.fromkeys((spec.family, spec.group) for spec in self.networks if spec != STANDARD))

    # Estimates

    def on_the_papers_axis(self, first: NetworkSpec, second: NetworkSpec) -> Estimate:
        """Mean rescaled distance of the first minus the second network's images under cross-entropy attacks."""
        pair = (self.rescaled(self.distances(spec, "cross_entropy")) for spec in (first, second))
        return estimate(known_difference(*pair))

    def noise_steps(self) -> list[Estimate]:
        """How much distance grows with every size of noise, the first one from none."""
        levels = [self.quality("clean"), *np.moveaxis(self.quality("noise"), 1, 0)]
        return [estimate(after - before) for before, after in itertools.pairwise(levels)]

    def beyond_controls(self, spec: NetworkSpec, loss: str) -> Estimate:
        """How much closer a network's images are, beyond what the distances without a VAE-GAN say."""
        gains = [self.closer(STANDARD, spec, loss), *(self.control_gain(spec, loss, name) for name in CONTROLS)]
        if any(gain.shape != gains[0].shape for gain in gains):
            return UNKNOWN
        return function_estimate(lambda means: means[0] - max(0.0, *means[1:]), gains)

    def control_gain(self, spec: NetworkSpec, loss: str, name: str) -> np.ndarray:
        return known_difference(self.distances(STANDARD, loss, to=name), self.distances(spec, loss, to=name))

    def alignment_gain(self, spec: NetworkSpec, name: str = "alignment") -> np.ndarray:
        """(trainings, N) gain over the standard network."""
        return self.gradient(spec, name) - self.gradient(STANDARD, name)

    def alignment_beyond_another(self, spec: NetworkSpec) -> Estimate:
        """Gain in alignment beyond the gain in alignment with another image's tangent space."""
        gains = [self.alignment_gain(spec), self.alignment_gain(spec, "alignment_other")]
        return function_estimate(lambda means: means[0] - max(0.0, means[1]), gains)

    # Tables

    def distance_table(self) -> dict:
        rows: list[dict] = []
        other = "attacked_network" if self.study.success == "standard_network" else "standard_network"
        for loss in ATTACK_LOSSES:
            for spec in self.networks:
                values, trained = self.distances(spec, loss), spec != STANDARD
                closer = estimate(self.closer(STANDARD, spec, loss)) if trained else None
                by_other = estimate(self.closer(STANDARD, spec, loss, other)) if trained else None
                rows.append(
                    {
                        "attack_loss": loss,
                        **network_columns(spec),
                        **interval("distance", estimate(known_mean(values))),
                        **interval("closer", closer),
                        "effect_size": _effect_size(self.distances(STANDARD, loss), values) if trained else None,
                        **interval("closer_other_rule", by_other),
                        "kept": float(np.isfinite(values).mean()),
                        "kept_other_rule": float(self.kept(spec, loss, other).mean()),
                        "trainings": len(self.runs),
                        "n_images": values.shape[1],
                        "perturbation": float(self.attack(spec, loss, "size").mean()),
                        "noise_distance": float(self.attack(spec, loss, "noise_distance").mean()),
                        "mode": _mode(self.rescaled(values)),
                        "paper_mode": self._paper_mode(spec, loss),
                    }
                )
        clean = self.quality("clean")
        rows.append(
            {
                **dict.fromkeys(rows[0]),
                "network": CLEAN,
                **interval("distance", estimate(clean)),
                "kept": 1.0,
                "trainings": len(self.runs),
                "n_images": clean.shape[1],
                "mode": _mode(self.rescaled(clean)),
                "paper_mode": published_modes(self.study.dataset).get("test"),
            }
        )
        return table("distances", "Distance to the image manifold", self.study.dataset, rows)

    def _paper_mode(self, spec: NetworkSpec, loss: str) -> float | None:
        """Read off the published l2 cross-entropy panel, which is all that was read."""
        modes = published_modes(self.study.dataset)
        if loss != "cross_entropy":
            return None
        if spec == STANDARD:
            return modes.get("standard")
        return modes.get(spec.strength) if (spec.norm, spec.loss) == ("l2", "cross_entropy") else None

    def control_table(self) -> dict:
        """Of the strongest network of each series: how much closer by the VAE-GAN, and by distances without one."""
        rows = []
        for family, group in self.groups():
            spec = self.trained(family, group)[-1]
            for loss in ATTACK_LOSSES:
                gains = {name: estimate(self.control_gain(spec, loss, name)) for name in CONTROLS}
                rows.append(
                    {
                        "attack_loss": loss,
                        **network_columns(spec),
                        **interval("closer", estimate(self.closer(STANDARD, spec, loss))),
                        **{part: value for name, gain in gains.items() for part, value in interval(name, gain).items()},
                        **interval("beyond", self.beyond_controls(spec, loss)),
                    }
                )
        return table("controls", "Do distances without a VAE-GAN say the same?", self.study.dataset, rows)

    def density_table(self) -> dict:
        """Kernel density estimates over all trainings, for the figures."""
        series: dict[tuple[NetworkSpec | None, str | None], np.ndarray] = {(None, None): self.quality("clean")}
        series |= {(spec, loss): self.distances(spec, loss) for spec in self.networks for loss in ATTACK_LOSSES}
        rows = []
        for axis, scale in (("distance", lambda values: values), ("rescaled", self.rescaled)):
            known = {key: scale(values)[np.isfinite(values)] for key, values in series.items()}
            everything = np.concatenate(list(known.values()))
            margin = 0.1 * np.ptp(everything)
            grid = np.linspace(everything.min() - margin, everything.max() + margin, DENSITY_POINTS)
            for (spec, loss), values in known.items():
                if len(values) > 2 and np.ptp(values):
                    density = gaussian_kde(values, KDE_BANDWIDTH)(grid)
                    curve = {"axis": axis, "place": grid.tolist(), "density": density.tolist()}
                    rows.append({"attack_loss": loss, **_columns(spec), **curve})
        return table("densities", "Densities of the distances", self.study.dataset, rows)

    def quality_table(self) -> dict:
        sizes = [round(share * self.study.manifold_eps, 3) for share in NOISE_SHARES]
        noise = np.moveaxis(self.quality("noise"), 1, 0)
        parts = [
            (CLEAN, self.quality("clean")),
            *((f"with noise of size {size:g}", values) for size, values in zip(sizes, noise, strict=True)),
            ("clean, to the projection of another image of the class", self.quality("to_another")),
            *((f"clean, to {words}", self.quality(name)) for name, words in CONTROLS.items()),
        ]
        rows = [{"images": name, **interval("distance", estimate(v)), "n_images": v.shape[1]} for name, v in parts]
        return table("quality", "Is the VAE-GAN a manifold worth measuring to?", self.study.dataset, rows)

    def training_table(self) -> dict:
        """The VAE-GANs' last epochs on held-out images."""
        names = self.values["quality", self.runs[0]]["history_names"].tolist()
        last = dict(zip(names, self.quality("history_values").mean(axis=0).tolist(), strict=True))
        rows = [
            *({"metric": name, "value": last[f"val_{name}"]} for name in HELD_OUT),
            {
                "metric": "standard deviation of a pixel over generated images",
                "value": float(self.quality("diversity").mean()),
            },
            {"metric": "the same over test images", "value": float(self.quality("data_diversity").mean())},
        ]
        return table("training", "The VAE-GANs after their last epoch", self.study.dataset, rows)

    def gradient_table(self) -> dict:
        rows = []
        first = self.values["quality", self.runs[0]]
        # A random direction's share of the tangent space, for comparison.
        random = float((first["latent_size"] / first["sample_images"][0].size) ** 0.5)
        for spec in self.networks:
            trained = spec != STANDARD
            rows.append(
                {
                    **network_columns(spec),
                    **interval("alignment", estimate(self.gradient(spec, "alignment"))),
                    **interval("gain", estimate(self.alignment_gain(spec)) if trained else None),
                    **interval("other", estimate(self.gradient(spec, "alignment_other"))),
                    **interval("beyond_other", self.alignment_beyond_another(spec) if trained else None),
                    **interval("blurred", estimate(self.gradient(spec, "alignment_blurred"))),
                    **interval(
                        "blurred_gain", estimate(self.alignment_gain(spec, "alignment_blurred")) if trained else None
                    ),
                    "random_direction": random,
                    "trainings": len(self.runs),
                    "n_images": self.gradient(spec, "alignment").shape[1],
                }
            )
        return table("gradients", "Alignment of gradients with the manifold's tangent space", self.study.dataset, rows)

    # Pictures

    def pictures(self) -> dict[str, np.ndarray]:
        """Arrays that the report draws, of the first training, by name; "<data set>/..."."""
        dataset, run = self.study.dataset, self.runs[0]
        arrays = {}
        for name in ("sample_images", "sample_projections", "sample_index", "sample_label", "generated"):
            arrays[f"{dataset}/{name}"] = self.values["quality", run][name]
        for spec in self.networks:
            arrays[f"{dataset}/{spec.name}/sample_maps"] = self.values["gradients", spec, run]["sample_maps"]
            for name in ("sample_adversarial", "sample_projections", "sample_predicted"):
                attack = self.values["attack", spec, ATTACK_LOSSES[0], run]
                arrays[f"{dataset}/{spec.name}/{name}"] = attack[name]
        return arrays


def published_modes(dataset: str) -> dict:
    """The paper's modes of a data set; MNIST's for a subset of it."""
    return MANIFOLD_MODES.get("mnist" if dataset == "mnist_5k" else dataset, {})


def _columns(spec: NetworkSpec | None) -> dict:
    return network_columns(spec) if spec else {**dict.fromkeys(network_columns(STANDARD)), "network": CLEAN}


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
