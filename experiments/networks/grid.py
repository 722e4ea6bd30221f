"""The networks that a study consists of: its training methods, and the parameters that the flags give them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from experiments import catalogue
from experiments.errors import UsageError
from experiments.settings.studies import ImageStudy, argument


@dataclass(frozen=True)
class NetworkSpec:
    """How a network is trained.

    Attributes:
        method: of `training/`.
        parameters: names and values of its arguments, in the order in which the method declares them; where one is
            a trained network, its specification.
    """

    method: str = "standard"
    parameters: tuple[tuple[str, Any], ...] = ()

    @property
    def name(self) -> str:
        """For people, such as "l2 eps 0.5 cross_entropy"."""
        form = _declared(self.method).get("NAME", " ".join([self._word, *(f"{{{name}}}" for name in self._graded)]))
        return form.format(**dict(self.parameters))

    @property
    def norm(self) -> str | None:
        return dict(self.parameters).get("norm")

    @property
    def loss(self) -> str | None:
        return dict(self.parameters).get("loss")

    @property
    def strength(self) -> float | None:
        """The value that grades its series; None where the method has no strength."""
        return dict(self.parameters).get(_declared(self.method).get("STRENGTH", ""))

    @property
    def one_step_eps(self) -> float | None:
        """The linf radius of the one step that it trains on; None where the method has no such step."""
        return dict(self.parameters).get(_declared(self.method).get("ONE_STEP", ""))

    @property
    def family(self) -> str:
        """Networks that differ in strength and loss alone: "l2" or "linf" of adversarial training, else the method."""
        return self.norm if self.method == "adversarial" and self.norm else self._word

    @property
    def group(self) -> str:
        """What shares a panel of the paper's figures: the loss of adversarial training, else the method."""
        return self.loss or self._word

    @property
    def passes(self) -> float:
        """Network passes per training image."""
        return catalogue.passes("training", self.method, dict(self.parameters), without=3)

    @property
    def teacher(self) -> "NetworkSpec | None":
        """The trained network that the method learns from, if any."""
        return next((value for _, value in self.parameters if isinstance(value, NetworkSpec)), None)

    @property
    def _word(self) -> str:
        return self.method.rpartition(":")[2]

    @property
    def _graded(self) -> list[str]:
        return [_declared(self.method)["STRENGTH"]] if self.strength is not None else []


STANDARD = NetworkSpec()


def networks(study: ImageStudy) -> list[NetworkSpec]:
    """The standard network, then those of every method.

    Raises:
        UsageError: a method is listed without a strength; adversarial training may do without one norm, or all.
    """
    series = {method: list(_series(study, method)) for method in study.training}
    for method, specs in series.items():
        if not specs and method != "adversarial":
            strength = _declared(method).get("STRENGTH")
            raise UsageError(f"--{method}_{strength}: is empty; {method}, in --training, needs at least one entry.")
    return [STANDARD, *(spec for specs in series.values() for spec in specs)]


def control_networks(study: ImageStudy) -> list[NetworkSpec]:
    """The networks whose arms are run with controls: the standard one and the strongest of each family."""
    strongest: dict[str, NetworkSpec] = {}
    for spec in networks(study)[1:]:
        if spec.loss in (None, study.losses[0]) and (
            spec.family not in strongest or (spec.strength or 0) > (strongest[spec.family].strength or 0)
        ):
            strongest[spec.family] = spec
    return [STANDARD, *strongest.values()]


def network_columns(spec: NetworkSpec) -> dict:
    """What a table says of a network; family and group are None for the standard one, which belongs to all."""
    standard = spec == STANDARD
    return {
        "network": spec.name,
        "method": spec.method,
        "family": None if standard else spec.family,
        "group": None if standard else spec.group,
        "eps": spec.strength,
    }


def _declared(method: str) -> Mapping[str, Any]:
    return catalogue.entry("training", method).declared


def _series(study: ImageStudy, method: str) -> Iterator[NetworkSpec]:
    """Every combination of the values that the method's parameters have, the first parameter varying slowest."""
    known: list[dict[str, Any]] = [{}]
    for name, declared in _declared(method).get("PARAMETERS", {}).items():
        known = [
            {**values, name: value} for values in known for value in _values(study, method, name, declared, values)
        ]
    yield from (NetworkSpec(method, tuple(values.items())) for values in known)


def _values(study: ImageStudy, method: str, name: str, declared: Mapping[str, Any], before: Mapping[str, Any]) -> tuple:
    """What a parameter stands for; another flag's name may hold parameters before it, as "{norm}_eps" does."""
    if "each" in declared:
        return declared["each"]
    if "strongest" in declared:
        return (_strongest(study, declared["strongest"], method),)
    if "flag" in declared:
        declared = {"flag": declared["flag"].format(**before)}
    value = argument(study, method, name, declared)
    return value if isinstance(value, tuple) else (value,)


def _strongest(study: ImageStudy, method: str, student: str) -> NetworkSpec:
    """The strongest network of the first series that the study has of a method.

    Raises:
        UsageError: it has none.
    """
    found = list(_series(study, method)) if method in study.training else []
    if not found:
        raise UsageError(
            f"--training: {student} learns from a network of {method}, and this run has none; add {method} to "
            "--training, with at least one strength."
        )
    first = [spec for spec in found if (spec.family, spec.group) == (found[0].family, found[0].group)]
    return max(first, key=lambda spec: spec.strength or 0)
