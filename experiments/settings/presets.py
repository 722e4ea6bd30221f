"""At which scale to run: every number that is not the protocol's for CIFAR-10, in tables.

A study's value for an option is the first of: its command-line flag, the preset's row for the data set in the
measurement, its row for the data set, its row for all, the protocol's row for the data set, the protocol.
"""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from experiments import SECTIONS, catalogue
from experiments.data import SOURCES
from experiments.errors import UsageError
from experiments.measurement import measurement_named
from experiments.settings.options import ALL
from experiments.settings.run import Settings
from experiments.settings.studies import ImageStudy, Study, VaeGanStudy

Row = Mapping[str, Any]

WHOLE_SHELVES = ("attributions", "measures")
"""Flags that may say `all`."""

# Where the protocol for a data set differs from that for CIFAR-10.
_MNIST: Row = {
    "network": "mnist_cnn",
    "epochs": 5,
    "vae_gan_epochs": 30,
    "l2_eps": (1.0, 2.0, 4.0),
    "linf_eps": (0.05, 0.1, 0.2),
    "robust_eps": 1.0,  # ours: the protocol gives robust accuracy on CIFAR-10 alone
}
PROTOCOL: Mapping[str, Row] = {
    "mnist_5k": _MNIST,
    "block_mnist": _MNIST,
    "mnist": _MNIST,
    "fashion_mnist": {**_MNIST, "vae_gan_epochs": 60},
}

# Where Section 2.1 differs from Sections 3.2 and 3.3 on the same data.
SECTION_2_1: Mapping[str, Row] = {
    "cifar10": {"l2_eps": (0.1, 0.4, 1.6), "linf_eps": (0.005, 0.01, 0.02)},
}

# What the survey has by default, on any data set and on one: `all` is every measure that the data set has a use for.
SURVEY: Row = {"measures": ("all",), "controls": False}
SURVEY_ON: Mapping[str, Row] = {"block_mnist": {"measures": ("null_block_share",)}}

_OF_MANIFOLD: Row = {
    "test_size": 1000,  # each is attacked through every network and projected; trainings differ by more
    # After a few epochs the encoder's reconstruction, to which the paper measures, does not tell an image with a little
    # noise from a clean one. The page has it beside the nearest generated image.
    "projection": "optimise",
}

# Per preset: the data sets, those of a measurement that has others, and the options that differ on all, on one,
# and on one in one measurement.
PRESETS: Mapping[str, Mapping[str, Any]] = {
    "quick": {
        "datasets": ("mnist_5k",),
        "datasets of survey": ("mnist_5k", "block_mnist"),
        "all": {
            "width": 0.125,
            "train_size": 2000,
            "epochs": 4,
            "learning_rate": 2e-3,
            "losses": ("cross_entropy",),
            # Five took twice the time and decided another claim of Section 3.2 with every seed; fifteen decide most.
            "training_seeds": 3,
            "attack_steps": 8,
            "robust_steps": 10,
            "apgd_steps": 10,
            # Without nine tenths of the pixels networks this small are far from trained after these epochs: the initial
            # weights alone move their accuracy by 30 points.
            "percentiles": (10, 50),
            "repeats": 1,  # trainings vary more than retrainings do
            "random_baselines": 2,
            # Every score taken apart, every control and the imputed fill would double the time: three trainings decide
            # little of them, and the reduced preset has them.
            "parts_of": ("gradient",),
            "parts_on": "strongest",
            "controls_of": ("gradient",),
            "fills": ("mean",),
            "manifold_steps": 12,  # twice as far as the radius
            "vae_gan_width": 0.25,
            "vae_gan_epochs": 10,
            "measured_images": 200,  # of the thousand: nine measures of all of them would take minutes each
        },
        # The protocol's weakest and strongest.
        "mnist_5k": {"l2_eps": (1.0, 4.0), "linf_eps": (0.05, 0.2)},
        "block_mnist": {"l2_eps": (1.0, 4.0), "linf_eps": (0.05, 0.2)},
        # Images of twice the size: one robust network, the strongest of the norm under which none collapses; robust
        # accuracy stands on no page of theirs.
        "block_mnist of survey": {"l2_eps": (), "linf_eps": (0.2,), "robust_attacks": ("pgd",)},
    },
    "reduced": {
        "datasets": ("cifar10",),
        "datasets of manifold": ("mnist", "fashion_mnist", "cifar10"),
        "datasets of survey": ("cifar10", "block_mnist"),
        "all": {
            "width": 0.5,  # a quarter of the paper's time, and networks that still lose accuracy to strong attacks
            "losses": ("cross_entropy",),
            "train_size": 10000,  # a fifth of the time; networks of this width are right on most test images with it
            "test_size": 2000,  # trainings differ by more than a choice of so many images does
            "attack_steps": 7,  # steps are longer than the radii: seven go as far as the protocol's forty
            "robust_steps": 20,
            "apgd_steps": 10,
            "repeats": 1,  # trainings vary more than retrainings do
            "random_baselines": 2,
            # The claims are about the strongest networks; blurs and fills answer doubts about Gradient.
            "parts_on": "strongest",
            "controls_of": ("gradient",),
            "vae_gan_width": 0.25,  # learns more in an equal time than half the width
            "vae_gan_epochs": 10,
            "measured_images": 500,  # measures without retraining then take less than what is retrained
        },
        "block_mnist": {"train_size": 0, "test_size": 0},  # it has four and one thousand
        # Enough to tell digits and clothes apart; most of the time goes into the VAE-GANs.
        "mnist": {"width": 0.25},
        "fashion_mnist": {"width": 0.25},
        # Of the paper's twenty strengths a quarter, a half and all: enough for a trend.
        "cifar10": {"epochs": 8, "l2_eps": (0.4, 0.8, 1.6), "linf_eps": (0.01, 0.02, 0.04)},
        # The registered claims of Section 2.1 are of l2 training: of linf training the strongest alone.
        "mnist of manifold": {**_OF_MANIFOLD, "linf_eps": (0.2,), "vae_gan_epochs": 12},
        "fashion_mnist of manifold": {**_OF_MANIFOLD, "linf_eps": (0.2,), "vae_gan_epochs": 12},
        "cifar10 of manifold": {**_OF_MANIFOLD, "l2_eps": (0.4, 1.6), "linf_eps": ()},
    },
    "paper": {
        "datasets": ("cifar10",),
        "datasets of manifold": ("mnist", "fashion_mnist", "cifar10"),
        "datasets of survey": ("cifar10", "block_mnist"),
        "all": {},
    },
}


def protocol_rows(measurement: str, dataset: str) -> dict[str, Any]:
    """The protocol's values for a data set where they are not CIFAR-10's of Section 3.2."""
    own = {"manifold": SECTION_2_1.get(dataset, {}), "survey": {**SURVEY, **SURVEY_ON.get(dataset, {})}}
    return {**PROTOCOL.get(dataset, {}), **own.get(measurement, {})}


def protocol_study(measurement: str, dataset: str) -> Study:
    """The paper's own settings for a measurement and a data set (CIFAR-10's for one it does not use)."""
    return _study(measurement_named(measurement).study, dataset, protocol_rows(measurement, dataset))


def make_settings(section: str, preset: str, overrides: Mapping[str, Any] | None = None, **run: Any) -> Settings:
    """Resolves the tables above into settings of what a section of the report needs measured.

    Args:
        section: one of `SECTIONS`.
        preset: one of `PRESETS`.
        overrides: values of options that win over every table; "datasets" names the studies.
        **run: the other fields of `Settings`.

    Raises:
        UsageError: unknown section or preset, or a value that is not allowed.
    """
    if section not in SECTIONS:
        raise UsageError(f"--experiment: {section!r} is unknown; allowed: {', '.join(SECTIONS)}.")
    if preset not in PRESETS:
        raise UsageError(f"--preset: {preset!r} is unknown; allowed: {', '.join(PRESETS)}.")
    measurement, rows, overrides = SECTIONS[section].measurement, PRESETS[preset], dict(overrides or {})
    kind = measurement_named(measurement).study
    datasets = overrides.pop("datasets", rows.get(f"datasets of {measurement}", rows["datasets"]))
    _check_datasets(datasets)
    if not issubclass(kind, ImageStudy):
        datasets = [next(entry.default for entry in fields(kind) if entry.name == "dataset")]
    if overrides.get("looks"):
        overrides.setdefault("training_seeds", overrides["looks"][-1])
    studies = tuple(
        _study(
            kind,
            name,
            {
                **protocol_rows(measurement, name),
                **rows["all"],
                **rows.get(name, {}),
                **rows.get(f"{name} of {measurement}", {}),
                **overrides,
            },
        )
        for name in datasets
    )
    return Settings(measurement, (section,), preset, studies, **run)


def _check_datasets(names: tuple[str, ...]) -> None:
    if not names or len(set(names)) < len(names):
        raise UsageError(f"--datasets: {','.join(names)!r} must name at least one data set, each once.")
    for name in names:
        if name not in SOURCES and catalogue.is_built_in(name):
            raise UsageError(f"--datasets: {name!r} is unknown; allowed: {', '.join(SOURCES)}, or {catalogue.OWN}.")


def _study(kind: type[Study], dataset: str, values: Mapping[str, Any]) -> Study:
    """A study of what its kind knows among the values; those of flags that shelves declare go into `parameters`."""
    names = {entry.name for entry in fields(kind)}
    known = {name: value for name, value in values.items() if name in names}
    for shelf in WHOLE_SHELVES:
        if known.get(shelf) == (ALL,):
            known[shelf] = tuple(
                name for name in catalogue.everything(shelf) if _fits(kind, dataset, shelf, name, values)
            )
    if "parameters" in names:
        known["parameters"] = tuple((name, value) for name, value in values.items() if name in catalogue.parameters())
    return kind(dataset=dataset, **known)


def _fits(kind: type[Study], dataset: str, shelf: str, name: str, values: Mapping[str, Any]) -> bool:
    """Whether `all` has an entry of a shelf: not if it needs what the data set, as far as known, or the study lacks."""
    declared = catalogue.entry(shelf, name).declared
    offers = set(SOURCES[dataset].offers) if dataset in SOURCES else set()
    if not issubclass(kind, VaeGanStudy):
        offers -= {"manifold"}
    retrains = "RETRAININGS" in declared and not values.get("retraining", True)
    return set(declared.get("NEEDS", ())) <= offers and not retrains
