"""The tables of Section 2.1."""

import numpy as np
from scipy.stats import gaussian_kde

from experiments.manifold.analysis import CONTROLS, Distances, published_modes
from experiments.manifold.controls import NOISE_SHARES
from experiments.manifold.pieces import ATTACK_LOSSES
from experiments.networks.grid import STANDARD, NetworkSpec, network_columns
from experiments.statistics import estimate, known_mean
from experiments.store.results import interval, table

KDE_BANDWIDTH = 0.25
"""The protocol's factor, of the data's standard deviation."""

DENSITY_POINTS = 120

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


def tables(found: Distances) -> list[dict]:
    """All tables, ready for JSON."""
    return [
        distance_table(found),
        control_table(found),
        density_table(found),
        quality_table(found),
        training_table(found),
        gradient_table(found),
    ]


def distance_table(found: Distances) -> dict:
    rows: list[dict] = []
    other = "attacked_network" if found.study.success == "standard_network" else "standard_network"
    for loss in ATTACK_LOSSES:
        for spec in found.networks:
            values, trained = found.distances(spec, loss), spec != STANDARD
            closer = estimate(found.closer(STANDARD, spec, loss)) if trained else None
            by_other = estimate(found.closer(STANDARD, spec, loss, other)) if trained else None
            rows.append(
                {
                    "attack_loss": loss,
                    **network_columns(spec),
                    **interval("distance", estimate(known_mean(values))),
                    **interval("closer", closer),
                    "effect_size": _effect_size(found.distances(STANDARD, loss), values) if trained else None,
                    **interval("closer_other_rule", by_other),
                    "kept": float(np.isfinite(values).mean()),
                    "kept_other_rule": float(found.kept(spec, loss, other).mean()),
                    "trainings": len(found.runs),
                    "n_images": values.shape[1],
                    "perturbation": float(found.attack(spec, loss, "size").mean()),
                    "noise_distance": float(found.attack(spec, loss, "noise_distance").mean()),
                    "mode": _mode(found.rescaled(values)),
                    "paper_mode": _paper_mode(found, spec, loss),
                }
            )
    clean = found.quality("clean")
    rows.append(
        {
            **dict.fromkeys(rows[0]),
            "network": CLEAN,
            **interval("distance", estimate(clean)),
            "kept": 1.0,
            "trainings": len(found.runs),
            "n_images": clean.shape[1],
            "mode": _mode(found.rescaled(clean)),
            "paper_mode": published_modes(found.study.dataset).get("test"),
        }
    )
    return table("distances", "Distance to the image manifold", found.study.dataset, rows)


def _paper_mode(found: Distances, spec: NetworkSpec, loss: str) -> float | None:
    """Read off the published l2 cross-entropy panel, which is all that was read."""
    modes = published_modes(found.study.dataset)
    if loss != "cross_entropy":
        return None
    if spec == STANDARD:
        return modes.get("standard")
    return modes.get(spec.strength) if (spec.norm, spec.loss) == ("l2", "cross_entropy") else None


def control_table(found: Distances) -> dict:
    """Of the strongest network of each series: how much closer by the VAE-GAN, and by distances without one."""
    rows = []
    for group, family in found.groups():
        spec = found.ends(group, family)[-1]
        for loss in ATTACK_LOSSES if spec in found.networks else ():
            gains = {name: estimate(found.closer(STANDARD, spec, loss, to=name)) for name in CONTROLS}
            rows.append(
                {
                    "attack_loss": loss,
                    **network_columns(spec),
                    **interval("closer", estimate(found.closer(STANDARD, spec, loss))),
                    **{part: value for name, gain in gains.items() for part, value in interval(name, gain).items()},
                    **interval("beyond", found.beyond_controls(spec, loss)),
                }
            )
    return table("controls", "Do distances without a VAE-GAN say the same?", found.study.dataset, rows)


def density_table(found: Distances) -> dict:
    """Kernel density estimates over all trainings, for the figures."""
    series: dict[tuple[NetworkSpec | None, str | None], np.ndarray] = {(None, None): found.quality("clean")}
    series |= {(spec, loss): found.distances(spec, loss) for spec in found.networks for loss in ATTACK_LOSSES}
    rows = []
    for axis, scale in (("distance", lambda values: values), ("rescaled", found.rescaled)):
        known = {key: scale(values)[np.isfinite(values)] for key, values in series.items()}
        everything = np.concatenate(list(known.values()))
        margin = 0.1 * np.ptp(everything)
        grid = np.linspace(everything.min() - margin, everything.max() + margin, DENSITY_POINTS)
        for (spec, loss), values in known.items():
            if len(values) > 2 and np.ptp(values):
                density = gaussian_kde(values, KDE_BANDWIDTH)(grid)
                curve = {"axis": axis, "place": _drawn(grid), "density": _drawn(density)}
                rows.append({"attack_loss": loss, **_columns(spec), **curve})
    return table("densities", "Densities of the distances", found.study.dataset, rows)


def _drawn(values: np.ndarray) -> list[float]:
    """With the digits that a figure can show."""
    return [float(f"{value:.5g}") for value in values]


def quality_table(found: Distances) -> dict:
    sizes = [round(share * found.study.manifold_eps, 3) for share in NOISE_SHARES]
    names = [CLEAN, *(f"with noise of size {size:g}" for size in sizes)]
    encoded = zip(names, found.noise_levels("encoded"), strict=True) if found.study.searches else ()
    parts = [
        *zip(names, found.noise_levels(), strict=True),
        *((f"{name}, to the encoder's reconstruction", values) for name, values in encoded),
        ("clean, to the projection of another image of the class", found.quality("to_another")),
        *((f"clean, to {words}", found.quality(name)) for name, words in CONTROLS.items()),
    ]
    rows = [{"images": name, **interval("distance", estimate(v)), "n_images": v.shape[1]} for name, v in parts]
    return table("quality", "Is the VAE-GAN a manifold worth measuring to?", found.study.dataset, rows)


def training_table(found: Distances) -> dict:
    """The VAE-GANs' last epochs on held-out images."""
    names = found.values["quality", found.runs[0]]["history_names"].tolist()
    last = dict(zip(names, found.quality("history_values").mean(axis=0).tolist(), strict=True))
    rows = [
        *({"metric": name, "value": last[f"val_{name}"]} for name in HELD_OUT),
        {
            "metric": "standard deviation of a pixel over generated images",
            "value": float(found.quality("diversity").mean()),
        },
        {"metric": "the same over test images", "value": float(found.quality("data_diversity").mean())},
    ]
    return table("training", "The VAE-GANs after their last epoch", found.study.dataset, rows)


def gradient_table(found: Distances) -> dict:
    rows = []
    first = found.values["quality", found.runs[0]]
    # A random direction's share of the tangent space, for comparison.
    random = float((first["latent_size"] / first["sample_images"][0].size) ** 0.5)
    for spec in found.networks:
        trained = spec != STANDARD
        rows.append(
            {
                **network_columns(spec),
                **interval("alignment", estimate(found.gradient(spec, "alignment"))),
                **interval("gain", estimate(found.alignment_gain(spec)) if trained else None),
                **interval("other", estimate(found.gradient(spec, "alignment_other"))),
                **interval("beyond_other", found.alignment_beyond_another(spec) if trained else None),
                **interval("blurred", estimate(found.gradient(spec, "alignment_blurred"))),
                **interval(
                    "blurred_gain", estimate(found.alignment_gain(spec, "alignment_blurred")) if trained else None
                ),
                "random_direction": random,
                "trainings": len(found.runs),
                "n_images": found.gradient(spec, "alignment").shape[1],
            }
        )
    return table("gradients", "Alignment of gradients with the manifold's tangent space", found.study.dataset, rows)


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
