"""Numbers as people read them."""

import pytest

from reports import formats
from reports.evidence.claim import UNKNOWN, Estimate


@pytest.mark.parametrize(
    ("value", "text"), [(0.0693, "0.069"), (-0.5, "\N{MINUS SIGN}0.500"), (-0.0001, "0.000"), (None, "\N{EN DASH}")]
)
def test_number(value, text):
    assert formats.number(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0.02, "+0.020"), (-0.02, "\N{MINUS SIGN}0.020"), (0.0, "0.000"), (None, "\N{EN DASH}")]
)
def test_signed(value, text):
    assert formats.signed(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0213, "0.021"), (0.001, "0.001"), (0.0004, "below 0.001"), (0.0, "below 0.001"), (None, "\N{EN DASH}")],
)
def test_p_value(value, text):
    assert formats.p_value(value) == text


def test_interval():
    assert formats.interval(-0.01, 0.02) == "\N{MINUS SIGN}0.010 to 0.020"
    assert formats.interval(-0.00003, 0.017) == "\N{MINUS SIGN}0.000 to 0.017"
    assert formats.interval(None, None) == "\N{EN DASH}"


@pytest.mark.parametrize(
    ("seconds", "text"), [(8.2, "8 s"), (250, "4 min 10 s"), (7500, "2 h 05 min"), (59.6, "1 min 00 s")]
)
def test_duration(seconds, text):
    assert formats.duration(seconds) == text


@pytest.mark.parametrize(
    ("value", "text"), [((0.1, 2.0), "0.1, 2"), (True, "on"), (None, "\N{EN DASH}"), ([], "none"), ("cw", "cw")]
)
def test_listing(value, text):
    assert formats.listing(value) == text


def test_percent():
    assert formats.percent(0.9554) == "95.5 %"
    assert formats.percent(-0.9554, 0) == "\N{MINUS SIGN}96 %"
    assert formats.percent(None) == "\N{EN DASH}"


def test_effects_have_four_decimals_below_one_and_two_above():
    assert formats.effect(Estimate(0.01234, 0.0, 0.02)) == ("+0.0123", "0.0000 to 0.0200")
    assert formats.effect(Estimate(-34.5, -35.0, -34.0)) == (
        "\N{MINUS SIGN}34.50",
        "\N{MINUS SIGN}35.00 to \N{MINUS SIGN}34.00",
    )
    assert [formats.effect_digits(value) for value in (0.99, -0.99, 1.0, -1.0)] == [4, 4, 2, 2]


def test_an_effect_without_an_interval_stands_alone_and_one_that_does_not_exist_is_a_dash():
    assert formats.effect(Estimate(0.5, None, None)) == ("+0.5000", None)
    assert formats.effect(UNKNOWN) == ("\N{EN DASH}", None)
    assert formats.effect(Estimate(float("nan"), 0.1, 0.2)) == ("\N{EN DASH}", None)


def test_the_size_of_an_effect_has_its_digits_and_no_sign():
    assert [formats.effect_size(value) for value in (-0.01234, 34.567)] == ["0.0123", "34.57"]


@pytest.mark.parametrize(
    ("accelerators", "made_on", "words"),
    [
        ("none", ["none", None], "Linux, 2 cores (AMD)"),
        ("not looked for: everything was stored", ["H100"], "Linux, 2 cores (AMD); computed on H100"),
        ("none", ["H100", "none"], "Linux, 2 cores (AMD); computed in part on H100"),
        ("H100", ["H100", "H100"], "Linux, 2 cores (AMD), H100"),
        ("H100", ["H100", "H200"], "Linux, 2 cores (AMD), H100; computed in part on H200"),
    ],
)
def test_machine(accelerators, made_on, words):
    told = {"machine": "Linux, 2 cores", "processor": "AMD", "accelerators": accelerators}
    makers = [{} if name is None else {"accelerators": name} for name in made_on]  # those of before did not say
    artefacts = {str(number): {"made_by": maker} for number, maker in enumerate(makers)}
    assert formats.machine(told, artefacts) == words
