"""Numbers as people read them. Pure functions, used in templates as filters."""

import math
from collections.abc import Mapping

from experiments.store.provenance import NO_ACCELERATOR, NOT_LOOKED_FOR
from reports.evidence.claim import Estimate
from reports.evidence.wording import MINUS, decimal, end_of_interval

MISSING = "\N{EN DASH}"


def number(value: float | None, digits: int = 3) -> str:
    """0.0693 -> "0.069"; None -> a dash; a true minus sign; never "-0.000"."""
    return MISSING if value is None else decimal(value, digits)


def p_value(value: float | None) -> str:
    """0.0213 -> "0.021"; "below 0.001" for what three decimals do not show; None -> a dash."""
    return "below 0.001" if value is not None and value < 0.001 else number(value, 3)


def signed(value: float | None, digits: int = 3) -> str:
    """As `number`, with a plus sign above zero."""
    text = number(value, digits)
    return text if value is None or not float(text.replace(MINUS, "-")) > 0 else f"+{text}"


def interval(low: float | None, high: float | None, digits: int = 3) -> str:
    """ "0.051 to 0.088"; a dash where there is none. An end below zero has its sign, as in "-0.000 to 0.017"."""
    if low is None or high is None:
        return MISSING
    return f"{end_of_interval(low, digits)} to {end_of_interval(high, digits)}"


def effect_digits(value: float) -> int:
    """Decimals of an effect: four below 1, else two."""
    return 4 if abs(value) < 1 else 2


def effect(found: Estimate) -> tuple[str, str | None]:
    """An effect and its interval."""
    if not math.isfinite(found.value):
        return MISSING, None
    digits = effect_digits(found.value)
    known = found.low is not None and found.high is not None
    return signed(found.value, digits), interval(found.low, found.high, digits) if known else None


def effect_size(value: float) -> str:
    """The size of an effect, in as many digits as `effect` shows."""
    return number(abs(value), effect_digits(value))


def percent(value: float | None, digits: int = 1) -> str:
    """0.9554 -> "95.5 %"."""
    return MISSING if value is None else f"{number(100 * value, digits)} %"


def duration(seconds: float) -> str:
    """ "8 s", "4 min 10 s", "2 h 05 min"."""
    seconds = round(seconds)
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min {seconds % 60:02d} s"
    return f"{seconds // 3600} h {seconds % 3600 // 60:02d} min"


def listing(value) -> str:
    """A setting's value: lists joined, floats short, None in words."""
    if isinstance(value, list | tuple):
        return ", ".join(listing(entry) for entry in value) or "none"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, float):
        return f"{value:g}"
    return MISSING if value is None else str(value)


def machine(provenance: Mapping[str, str], artefacts: Mapping[str, dict]) -> str:
    """Where a run was finished and, if on other GPUs, where it was computed.

    "Linux x86_64, 16 cores (AMD EPYC), NVIDIA H100", or "Linux x86_64, 2 cores (AMD EPYC); computed on NVIDIA H100".
    """
    words, gpus = f"{provenance['machine']} ({provenance['processor']})", provenance["accelerators"]
    if gpus not in (NO_ACCELERATOR, NOT_LOOKED_FOR):
        words = f"{words}, {gpus}"
    made_on = dict.fromkeys(made["made_by"].get("accelerators", NO_ACCELERATOR) for made in artefacts.values())
    others = ", ".join(name for name in made_on if name not in (NO_ACCELERATOR, gpus))
    share = "" if len(made_on) == 1 else "in part "
    return f"{words}; computed {share}on {others}" if others else words


FILTERS = {
    "number": number,
    "signed": signed,
    "p_value": p_value,
    "interval": interval,
    "effect": effect,
    "effect_size": effect_size,
    "percent": percent,
    "duration": duration,
    "listing": listing,
    "machine": machine,
}
