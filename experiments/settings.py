"""What to run and at which scale: every default, in tables, and nothing else.

A study's value for a field is the first of: its command-line flag, the preset's row for the data
set, the preset's row for all, the protocol's row for the data set, the protocol.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from experiments.errors import UsageError

LARGEST = 2**31 - 1
"""Of any whole number: graphs count in 32 bits."""
EXECUTORS = ("local", "ray")
STRATEGIES = ("none", "mirrored", "multiworker")
EXPERIMENTS = ("manifold", "boundary", "roar", "tradeoff")
"""In the paper's order; later ones find the networks of earlier ones in the store."""
SUCCESS_RULES = ("standard_network", "attacked_network")
PROJECTIONS = ("encode", "optimise")
PRECISIONS = ("float32", "mixed_bfloat16", "mixed_float16")
LOSSES = ("cross_entropy", "cw")
NETWORKS = ("mnist_cnn", "cifar_cnn")
ATTRIBUTIONS = ("gradient", "gradient_x_input")
OWN = "your own as module:function"


def _option(default: Any, help_text: str, allowed: str = "", check: Callable[[Any], bool] = lambda value: True):
    """A field with its help, and what its value (or each entry of a list) must satisfy."""
    return field(default=default, metadata={"help": help_text, "allowed": allowed, "check": check})


def _above_zero(value) -> bool:
    return 0 < value < float("inf")


@dataclass(frozen=True)
class Study:
    """One experiment on one data set. Defaults are the paper's protocol for CIFAR-10.

    Every eps and step is a distance between images in [-1, 1]; halve it for [0, 1], multiply by
    127.5 for 0..255.

    Raises:
        UsageError: a value is outside what is allowed; the message names its flag.
    """

    dataset: str
    network: str = _option("cifar_cnn", f"architecture: {', '.join(NETWORKS)}, or {OWN}")
    width: float = _option(1.0, "multiplies filters and units; 1 is the paper", "a number above 0", _above_zero)
    train_size: int = _option(
        0, "training images, stratified; 0 takes all", "a whole number, 0 or more", lambda v: v >= 0
    )
    test_size: int = _option(0, "test images, stratified; 0 takes all", "a whole number, 0 or more", lambda v: v >= 0)
    epochs: int = _option(20, "passes over the training set", "a whole number above 0", _above_zero)
    batch_size: int = _option(100, "images per optimiser step", "a whole number above 0", _above_zero)
    learning_rate: float = _option(1e-3, "of Adam", "a number above 0", _above_zero)
    precision: str = _option(
        "float32", f"Keras dtype policy: {', '.join(PRECISIONS)}", ", ".join(PRECISIONS), lambda v: v in PRECISIONS
    )
    seed: int = _option(
        0, "of subsets, weights, shuffling and ties", "a whole number from 0 to 2000000", lambda v: 0 <= v <= 2_000_000
    )

    l2_eps: tuple[float, ...] = _option(
        tuple(round(0.08 * i, 2) for i in range(1, 21)), "training attacks, l2 radii", "numbers above 0", _above_zero
    )
    linf_eps: tuple[float, ...] = _option(
        tuple(round(0.002 * i, 3) for i in range(1, 21)), "training attacks, linf radii", "numbers above 0", _above_zero
    )
    losses: tuple[str, ...] = _option(LOSSES, "maximised by training attacks", ", ".join(LOSSES), lambda v: v in LOSSES)
    attack_steps: int = _option(40, "steps of a training attack", "a whole number above 0", _above_zero)
    l2_step_size: float = _option(2.0, "length of an l2 step", "a number above 0", _above_zero)
    linf_step_size: float = _option(0.02, "length of a linf step", "a number above 0", _above_zero)
    robust_eps: float = _option(0.4, "l2 radius of the attack behind robust accuracy", "a number above 0", _above_zero)
    robust_steps: int = _option(40, "steps of that attack", "a whole number above 0", _above_zero)

    attributions: tuple[str, ...] = _option(
        ("gradient", "gradient_x_input"), f"methods to score: {', '.join(ATTRIBUTIONS)}, or {OWN}"
    )
    percentiles: tuple[int, ...] = _option(
        (10, 30, 50, 70, 90), "percent of pixels removed or kept", "whole numbers from 1 to 99", lambda v: 1 <= v <= 99
    )
    repeats: int = _option(3, "retrainings per cell, each with its own seed", "a whole number above 0", _above_zero)
    controls: bool = _option(True, "also run the controls: masks alone, blurred scores, a second random baseline")
    blur_sigma: float = _option(1.0, "of the blurred control, in pixels", "a number above 0", _above_zero)

    vae_gan_width: float = _option(
        1.0, "multiplies the VAE-GAN's filters; 1 is the paper", "a number above 0", _above_zero
    )
    vae_gan_epochs: int = _option(
        150, "of the VAE-GAN, on the whole training set", "a whole number above 0", _above_zero
    )
    manifold_eps: float = _option(
        12.0, "l2 radius of the attacks whose distance is measured", "a number above 0", _above_zero
    )
    manifold_steps: int = _option(40, "steps of those attacks", "a whole number above 0", _above_zero)
    success: str = _option(
        "standard_network",
        f"whose label an attack must change to count: {', '.join(SUCCESS_RULES)}",
        ", ".join(SUCCESS_RULES),
        lambda v: v in SUCCESS_RULES,
    )
    projection: str = _option(
        "encode",
        "encode: the VAE-GAN's reconstruction; optimise: the nearest generated image found from there",
        ", ".join(PROJECTIONS),
        lambda v: v in PROJECTIONS,
    )
    projection_steps: int = _option(100, "Adam steps of --projection=optimise", "a whole number above 0", _above_zero)

    def __post_init__(self):
        _check_options(self)
        for name in ("attributions", "percentiles", "losses"):
            if not getattr(self, name):
                raise UsageError(f"--{name}: is empty; at least one entry is needed.")
        if list(self.percentiles) != sorted(self.percentiles):
            raise UsageError(f"--percentiles: {','.join(map(str, self.percentiles))} must ascend.")
        if "random" in self.attributions:
            raise UsageError("--attributions: random is the baseline of every run and cannot be listed.")
        _check_known("network", (self.network,), NETWORKS)
        _check_known("attributions", self.attributions, ATTRIBUTIONS)


@dataclass(frozen=True)
class BoundaryStudy:
    """The 2-D toy of Section 2.2, the same at every preset: it takes seconds. Defaults are the protocol's.

    Raises:
        UsageError: a value is outside what is allowed; the message names its flag.
    """

    dataset: str = "two_gaussians"
    toy_points: int = _option(3000, "points per class of the toy", "a whole number, 10 or more", lambda v: v >= 10)
    toy_epochs: int = _option(10, "passes over the toy's points", "a whole number above 0", _above_zero)
    toy_eps: tuple[float, ...] = _option(
        (0.1, 0.25, 0.4, 0.5, 0.6),
        "training attacks on the toy, l2 radii; the paper's 0.25 (weak) and 0.5 (strong) are always there",
        "numbers above 0",
        _above_zero,
    )
    toy_attack_eps: float = _option(1.0, "l2 radius of the attack on class one", "a number above 0", _above_zero)
    toy_seeds: int = _option(20, "draws of the toy, each with networks of its own", "2 or more", lambda v: v >= 2)
    seed: int = _option(
        0, "of subsets, weights, shuffling and ties", "a whole number from 0 to 2000000", lambda v: 0 <= v <= 2_000_000
    )

    def __post_init__(self):
        _check_options(self)


def _check_options(study) -> None:
    """Every field's value, or each entry of a list, is one its option allows, and lists repeat nothing."""
    for option in fields(study)[1:]:
        value = getattr(study, option.name)
        for entry in value if isinstance(value, tuple) else (value,):
            if not option.metadata["check"](entry) or (isinstance(entry, int) and entry > LARGEST):
                allowed = option.metadata["allowed"]
                raise UsageError(f"--{option.name}: {entry!r} is not allowed; allowed: {allowed}.")
        if isinstance(value, tuple) and len(set(value)) < len(value):
            raise UsageError(f"--{option.name}: {','.join(map(str, value))} names an entry twice.")


def _check_known(flag: str, names: tuple[str, ...], known: tuple[str, ...]) -> None:
    """A name is built in, or a `module:function` that is looked up when it is needed."""
    for name in names:
        if name not in known and ":" not in name:
            raise UsageError(f"--{flag}: {name!r} is unknown; allowed: {', '.join(known)}, or {OWN}.")


@dataclass(frozen=True)
class Settings:
    """One run: an experiment, its studies, where things are kept, and how it is computed."""

    experiment: str
    preset: str
    studies: tuple[Study, ...] | tuple[BoundaryStudy, ...]
    output_dir: str = "out"
    data_dir: str | None = None
    jit_compile: str = "auto"
    jobs: int = 2
    executor: str = "local"
    ray_address: str | None = None
    cpus_per_task: float = 1.0
    gpus_per_task: float = 0.0
    strategy: str = "none"
    tensorboard: bool = False

    def tensorboard_folder(self, artefact: str) -> Path | None:
        """Where the logs of a training go; None without --tensorboard."""
        return Path(self.output_dir) / "tensorboard" / artefact if self.tensorboard else None

    def as_dict(self) -> dict:
        return asdict(self)


# Where the protocol for a data set differs from that for CIFAR-10.
_MNIST = {
    "network": "mnist_cnn",
    "epochs": 5,
    "vae_gan_epochs": 30,
    "l2_eps": (1.0, 2.0, 4.0),
    "linf_eps": (0.05, 0.1, 0.2),
    "robust_eps": 1.0,  # ours: the protocol gives robust accuracy on CIFAR-10 alone
}
PROTOCOL: Mapping[str, Mapping[str, Any]] = {
    "mnist_5k": _MNIST,
    "mnist": _MNIST,
    "fashion_mnist": {**_MNIST, "vae_gan_epochs": 60},
    "cifar10": {},
}

# Where Section 2.1 differs from Sections 3.2 and 3.3 on the same data.
SECTION_2_1: Mapping[str, Mapping[str, Any]] = {
    "cifar10": {"l2_eps": (0.1, 0.4, 1.6), "linf_eps": (0.005, 0.01, 0.02)},
}

# Fields that only one experiment reads; the others do not show them.
ONLY_ROAR = ("robust_eps", "robust_steps", "attributions", "percentiles", "repeats", "controls", "blur_sigma")
ONLY_MANIFOLD = (
    "vae_gan_width",
    "vae_gan_epochs",
    "manifold_eps",
    "manifold_steps",
    "success",
    "projection",
    "projection_steps",
)
NOT_READ_BY = {"roar": ONLY_MANIFOLD, "tradeoff": ONLY_MANIFOLD, "manifold": ONLY_ROAR, "boundary": ()}

# Training images there are, so that a plan needs no data.
TRAIN_IMAGES = {"mnist_5k": 4000, "mnist": 55000, "fashion_mnist": 55000, "cifar10": 50000}

# Per preset: the data sets, the fields that differ on all of them, and those that differ on one.
PRESETS: Mapping[str, Mapping[str, Any]] = {
    "quick": {
        "datasets": dict.fromkeys(EXPERIMENTS, ("mnist_5k",)),
        "all": {
            "width": 0.125,
            "train_size": 2000,
            "epochs": 4,
            "learning_rate": 2e-3,
            "losses": ("cross_entropy",),
            "attack_steps": 10,
            "robust_steps": 20,
            "repeats": 2,
            "vae_gan_width": 0.5,
            "vae_gan_epochs": 40,
        },
        "mnist_5k": {"l2_eps": (0.5, 1.0), "linf_eps": (0.1, 0.2)},
    },
    "reduced": {
        "datasets": dict.fromkeys(EXPERIMENTS, ("mnist", "fashion_mnist", "cifar10")),
        "all": {
            "width": 0.5,
            "losses": ("cross_entropy",),
            "train_size": 10000,
            "test_size": 2000,
            "attack_steps": 10,
            "vae_gan_width": 0.5,
            "vae_gan_epochs": 10,
        },
        "cifar10": {"epochs": 10, "l2_eps": (0.4, 0.8, 1.2, 1.6), "linf_eps": (0.01, 0.02, 0.03, 0.04)},
    },
    "paper": {
        "datasets": {**dict.fromkeys(EXPERIMENTS, ("cifar10",)), "manifold": ("mnist", "fashion_mnist", "cifar10")},
        "all": {},
    },
}


def protocol_rows(experiment: str, dataset: str) -> dict[str, Any]:
    """The protocol's values for a data set where they are not CIFAR-10's of Section 3.2."""
    section = SECTION_2_1.get(dataset, {}) if experiment == "manifold" else {}
    return {**PROTOCOL.get(dataset, {}), **section}


def protocol_study(experiment: str, dataset: str) -> Study | BoundaryStudy:
    """The paper's own settings for an experiment and a data set (CIFAR-10's for one it does not use)."""
    if experiment == "boundary":
        return BoundaryStudy()
    return Study(dataset=dataset, **protocol_rows(experiment, dataset))


def make_settings(experiment: str, preset: str, overrides: Mapping[str, Any] | None = None, **run) -> Settings:
    """Resolves the tables above into settings.

    Args:
        experiment: one of `EXPERIMENTS`.
        preset: one of `PRESETS`.
        overrides: values of fields of `Study` or `BoundaryStudy` that win over every table;
            "datasets" names the studies.
        **run: the other fields of `Settings`.

    Raises:
        UsageError: unknown experiment or preset, or a value that is not allowed.
    """
    if experiment not in EXPERIMENTS:
        raise UsageError(f"--experiment: {experiment!r} is unknown; allowed are {', '.join(EXPERIMENTS)}.")
    if preset not in PRESETS:
        raise UsageError(f"--preset: {preset!r} is unknown; allowed are {', '.join(PRESETS)}.")
    overrides = dict(overrides or {})
    datasets = overrides.pop("datasets", PRESETS[preset]["datasets"][experiment])
    if not datasets or len(set(datasets)) < len(datasets):
        raise UsageError(f"--datasets: {','.join(datasets)!r} must name at least one data set, each once.")
    _check_known("datasets", datasets, tuple(PROTOCOL))
    if experiment == "boundary":
        return Settings(experiment, preset, (BoundaryStudy(**_known_to(BoundaryStudy, overrides)),), **run)
    rows, overrides = PRESETS[preset], _known_to(Study, overrides)
    studies = tuple(
        Study(dataset=name, **{**protocol_rows(experiment, name), **rows["all"], **rows.get(name, {}), **overrides})
        for name in datasets
    )
    return Settings(experiment, preset, studies, **run)


def _known_to(study: type, overrides: Mapping[str, Any]) -> dict[str, Any]:
    names = {option.name for option in fields(study)}
    return {name: value for name, value in overrides.items() if name in names}
