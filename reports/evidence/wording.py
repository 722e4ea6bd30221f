"""Numbers within sentences, as claims, alerts and pages say them."""

MINUS = "\N{MINUS SIGN}"


def decimal(value: float, digits: int) -> str:
    """A number within a sentence: a true minus sign; never "-0.000"."""
    text = f"{value:.{digits}f}"
    return text.replace("-", MINUS) if float(text) else text.lstrip("-")


def end_of_interval(value: float, digits: int) -> str:
    """As `decimal`, but one below zero keeps its sign even where it rounds to zero: "-0.000" tells its side."""
    return f"{value:.{digits}f}".replace("-", MINUS)


def with_interval(value: float, low: float, high: float, digits: int) -> str:
    """An effect within a sentence, "0.2 [0.1, 0.3]". An end below zero keeps its sign, as in "0.0 [-0.0, 0.3]"."""
    return f"{decimal(value, digits)} [{end_of_interval(low, digits)}, {end_of_interval(high, digits)}]"
