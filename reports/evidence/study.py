"""A study's values as analyses ask for them: arrays by name, and the networks that they are of."""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from experiments.store.values import Values


class NotMeasuredError(LookupError):
    """The values lack something, as those of an older run may; what is made of it is left out."""


class Known(dict[str, Any]):
    """What is known by name.

    Raises:
        NotMeasuredError: for a name that is not there.
    """

    def __missing__(self, name: str) -> Any:
        raise NotMeasuredError(name)


@dataclass(frozen=True)
class Network:
    """A network as a study's values describe it.

    Attributes:
        name: such as "l2 eps 1 cross_entropy".
        method: of training; "standard" for the standard network.
        family, group: networks of one family and group differ in strength alone; None for the standard one.
        loss, norm: of adversarial training, else None.
        strength: by which its series is graded; None without one.
        step_size: of its training attack, else None.
        strongest: whether it is the strongest of its family, or standard.
        passes: per training image.
        one_step: whether it trains on a single attack step.
    """

    name: str
    method: str
    family: str | None
    group: str | None
    loss: str | None
    norm: str | None
    strength: float | None
    step_size: float | None
    strongest: bool
    passes: float
    one_step: bool

    @property
    def is_standard(self) -> bool:
        return self.method == "standard"


class Study:
    """What one study measured.

    Attributes:
        values: as stored.
        settings: every option, by its flag's name.
        dataset: its name.
        networks: those that are compared, of a study of networks.
        runs: numbers of the trainings in which all of them are whole.
    """

    networks: list[Network]
    runs: list[int]

    def __init__(self, values: Values):
        self.values, self.settings, self.dataset = values, Known(values.settings), values.dataset

    def array(self, name: str) -> np.ndarray:
        """An array of the values.

        Raises:
            NotMeasuredError: the values have none of that name.
        """
        if name not in self.values.arrays.variables:
            raise NotMeasuredError(name)
        return self.values.arrays[name].values

    def has(self, name: str) -> bool:
        """Whether the values have an array of that name."""
        return name in self.values.arrays.variables

    def labels(self, dimension: str) -> list[Any]:
        """Those along a dimension."""
        return self.array(dimension).tolist()

    @cached_property
    def planned(self) -> list[Network]:
        """Every network that was to be trained, the standard one first."""
        return [self._network(place) for place in range(len(self.array("network")))]

    @property
    def complete(self) -> bool:
        """Whether every planned network is whole in every planned training."""
        return self.networks == self.planned and len(self.runs) == self.values.arrays.sizes["training"]

    @property
    def standard(self) -> Network:
        return self.planned[0]

    def network(self, name: str) -> Network:
        """The network of a name."""
        return next(network for network in self.planned if network.name == name)

    @cached_property
    def place_of(self) -> dict[Network, int]:
        """Of each network along the dimension of networks."""
        return {network: place for place, network in enumerate(self.planned)}

    def _network(self, place: int) -> Network:
        def word(name: str) -> str | None:
            return str(self.array(name)[place]) or None

        def number(name: str) -> float | None:
            value = float(self.array(name)[place])
            return value if math.isfinite(value) else None

        return Network(
            name=str(self.array("network")[place]),
            method=str(self.array("method")[place]),
            family=word("family"),
            group=word("group"),
            loss=word("loss"),
            norm=word("norm"),
            strength=number("strength"),
            step_size=number("step_size"),
            strongest=bool(self.array("strongest")[place]),
            passes=float(self.array("passes")[place]),
            one_step=bool(self.array("one_step")[place]),
        )
