"""Studies: what an experiment does on one data set. Their defaults are the paper's protocol for CIFAR-10."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from experiments import catalogue
from experiments.errors import UsageError
from experiments.settings.options import (
    ABOVE_0,
    COUNT,
    COUNT_FROM_0,
    between,
    one_of,
    option,
    options_of,
    verify_all,
)

PRECISIONS = ("float32", "mixed_bfloat16", "mixed_float16")
MOST_REPEATS = 20
"""Retrainings of a kind in one training; more would get seeds of the next training."""


@dataclass(frozen=True)
class Study:
    """What every experiment has.

    Raises:
        UsageError: a value is outside what is allowed; the message names its flag.
    """

    dataset: str
    seed: int = option(
        0,
        "Seed of subsets, weights, shuffling and ties: another one is another run.",
        "run",
        "1",
        between(0, 2_000_000),
    )

    def __post_init__(self) -> None:
        verify_all(self)

    def value(self, name: str) -> Any:
        """An option's value by its flag's name."""
        return getattr(self, name)

    def as_dict(self) -> dict[str, Any]:
        """Every option that this study reads, by its flag's name, as plain JSON values."""
        return {entry.name: getattr(self, entry.name) for entry in fields(self)}


@dataclass(frozen=True)
class ImageStudy(Study):
    """One data set of images, and the networks trained on it.

    Every eps and step is a distance between images in [-1, 1]; halve it for [0, 1], multiply by
    127.5 for 0..255.

    Attributes:
        parameters: values of the flags that files on the shelves declare, by name, where they are not the defaults.
    """

    network: str = option(
        "cifar_cnn",
        f"Architecture: {catalogue.known('network')}.",
        "training",
        "mine:network",
    )
    width: float = option(
        1.0, "Multiplies the networks' filters and units; 1 is the paper's width.", "scale", "0.5", ABOVE_0
    )
    train_size: int = option(
        0, "Training images, each class in proportion; 0 takes all.", "scale", "2000", COUNT_FROM_0
    )
    test_size: int = option(0, "Test images, each class in proportion; 0 takes all.", "scale", "1000", COUNT_FROM_0)
    epochs: int = option(20, "Passes over the training images.", "scale", "5", COUNT)
    batch_size: int = option(100, "Images per optimiser step.", "training", "100", COUNT)
    learning_rate: float = option(1e-3, "Learning rate of Adam.", "training", "0.002", ABOVE_0)
    training_seeds: int = option(
        3,
        "Independent trainings of every network (and VAE-GAN), each with its own initialisation and order: the unit "
        "that intervals are about. With one, a page speaks of these networks, not of training.",
        "training",
        "5",
        between(1, 50),
    )
    looks: tuple[int, ...] = option(
        (),
        "Numbers of trainings, ascending, at which the claims are judged: the level is split over these looks, and "
        "what is decided at one stays decided. The last one is --training_seeds, unless that says how many to train "
        "now. Without looks there is one, at --training_seeds.",
        "training",
        "5,8,12",
        between(1, 50),
    )
    precision: str = option(
        "float32",
        "Keras's dtype policy for classifiers. In another than float32, roar also attacks in float32, and the page "
        "warns where robust accuracy differs by more than half a point.",
        "training",
        "mixed_bfloat16",
        one_of(PRECISIONS),
    )
    training: tuple[str, ...] = option(
        ("adversarial",),
        f"Training methods to set beside standard training: {catalogue.known('training')}.",
        "training",
        "adversarial",
    )

    l2_eps: tuple[float, ...] = option(
        tuple(round(0.08 * i, 2) for i in range(1, 21)),
        "Training attacks: l2 radii, a network for each.",
        "attack",
        "0.5,1",
        ABOVE_0,
    )
    linf_eps: tuple[float, ...] = option(
        tuple(round(0.002 * i, 3) for i in range(1, 21)),
        "Training attacks: linf radii, a network for each.",
        "attack",
        "0.1,0.2",
        ABOVE_0,
    )
    l1_eps: tuple[float, ...] = option(
        (),
        "Training attacks: l1 radii, a network for each; ours, none by default.",
        "attack",
        "5,20",
        ABOVE_0,
    )
    losses: tuple[str, ...] = option(
        ("cross_entropy", "cw"),
        f"Losses that training attacks maximise, a series of networks for each: {catalogue.known('losses')}.",
        "attack",
        "cross_entropy",
    )
    attack_steps: int = option(40, "Steps of a training attack.", "attack", "10", COUNT)
    l2_step_size: float = option(
        2.0, "Length of an l2 step; it may exceed eps, as the paper's does.", "attack", "0.5", ABOVE_0
    )
    linf_step_size: float = option(0.02, "Length of a linf step.", "attack", "0.02", ABOVE_0)
    l1_step_size: float = option(
        2.0, "Length of an l1 step, which a hundredth of the image's values share.", "attack", "2", ABOVE_0
    )
    pictures: tuple[int, ...] = option(
        (),
        "Test images shown in pictures, by their place in the test set, from 0; where none is named, four are drawn "
        "with the seed. The paper shows 1, 3, 5 of the digits, 1, 3, 7 of Fashion-MNIST, and 2, 10, 28 of CIFAR-10, "
        "in the data sets' original order, which TensorFlow Datasets does not keep.",
        "measure",
        "1,3,5",
        COUNT_FROM_0,
    )
    parameters: tuple[tuple[str, Any], ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        for flag, name in self.chosen():
            catalogue.entry(flag, name)
        if list(self.looks) != sorted(self.looks):
            raise UsageError(f"--looks: {','.join(map(str, self.looks))} must ascend.")
        if self.looks and self.training_seeds > self.looks[-1]:
            raise UsageError(
                f"--training_seeds: {self.training_seeds} is more than the last of --looks, {self.looks[-1]}; leave "
                "one of the two flags out."
            )
        if "standard" in self.training:
            raise UsageError("--training: standard training is part of every run and cannot be listed.")
        for name, value in self.parameters:
            catalogue.parameters()[name].verify(value)
        for name in ("training", "losses"):
            self._refuse_empty(name)

    def shelves(self) -> tuple[str, ...]:
        """Flags that name entries of shelves."""
        return tuple(flag for flag in catalogue.SHELVES if flag in options_of(type(self)))

    def _refuse_empty(self, name: str) -> None:
        if not getattr(self, name):
            raise UsageError(f"--{name}: is empty; at least one entry is needed.")

    def value(self, name: str) -> Any:
        if hasattr(self, name):
            return getattr(self, name)
        return dict(self.parameters).get(name, catalogue.parameters()[name].default)

    def chosen(self) -> Iterator[tuple[str, str]]:
        """Shelf's flag and name of every entry that this study uses, the standard training included."""
        yield "training", "standard"
        for flag in self.shelves():
            names = getattr(self, flag)
            yield from ((flag, name) for name in ((names,) if isinstance(names, str) else names))

    def as_dict(self) -> dict[str, Any]:
        own = {flag: self.value(flag) for shelf, name in self.chosen() for flag in catalogue.own_flags(shelf, name)}
        return {**{name: value for name, value in super().as_dict().items() if name != "parameters"}, **own}


@dataclass(frozen=True)
class VaeGanStudy(ImageStudy):
    """A study that also needs the data set's manifold, which a VAE-GAN learns."""

    vae_gan_width: float = option(
        1.0, "Multiplies the VAE-GAN's filters; 1 is the paper's width.", "manifold", "0.5", ABOVE_0
    )
    vae_gan_epochs: int = option(
        150, "Passes of the VAE-GAN over the whole training set, whatever --train_size.", "manifold", "40", COUNT
    )


def arguments(study: ImageStudy, flag: str, name: str) -> dict[str, Any]:
    """Values of the parameters that an entry declares: the keyword arguments of its function."""
    values: Mapping[str, Any] = catalogue.entry(flag, name).declared.get("PARAMETERS", {})
    return {parameter: argument(study, name, parameter, declared) for parameter, declared in values.items()}


def argument(study: ImageStudy, name: str, parameter: str, declared: Mapping[str, Any]) -> Any:
    """The value that a study gives a parameter: its own flag's, another flag's, or what the user's own file says."""
    if "flag" in declared:
        return study.value(declared["flag"])
    return study.value(f"{name}_{parameter}") if catalogue.is_built_in(name) else declared["default"]
