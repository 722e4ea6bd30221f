"""Numbers within sentences, as claims, alerts and pages say them."""

MINUS = "\N{MINUS SIGN}"


def decimal(value: float, digits: int) -> str:
    """A number within a sentence: a true minus sign; never "-0.000"."""
    text = f"{value:.{digits}f}"
    return text.replace("-", MINUS) if float(text) else text.lstrip("-")


def with_interval(value: float, low: float, high: float, digits: int) -> str:
    """An effect within a sentence, "0.2 [0.1, 0.3]". An end below zero keeps its sign, as in "0.0 [-0.0, 0.3]"."""
    ends = ", ".join(f"{end:.{digits}f}".replace("-", MINUS) for end in (low, high))
    return f"{decimal(value, digits)} [{ends}]"
