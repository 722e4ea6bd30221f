"""Figures of the survey: what they show and say."""

import re

import pytest

from reports.figures.survey import agreement, cost, leaderboard, short_time

STANDARD = {"network": "standard", "method": "standard", "family": None, "group": None, "eps": None}
ROBUST = {"network": "l2 eps 4 ce", "method": "adversarial", "family": "l2", "group": "cross_entropy", "eps": 4.0}


def pair(a, b, tau, low, high):
    return {"metric_a": a, "metric_b": b, "tau": tau, "tau_low": low, "tau_high": high, "n": 8}


def entry(network, rank, value, chance, more=True, **about):
    row = {"metric": "road", "attribution": "gradient", "value": value, "unit": "accuracy", "chance_measured": False}
    ends = {"value_low": value and value - 0.1, "value_high": value and value + 0.1}
    return {**row, **ends, **network, "rank": rank, "chance": chance, "more_is_better": more, **about}


def titles(shown):
    return re.findall("<title>(.*?)</title>", shown.text)


def test_every_pair_has_its_number_and_says_its_interval():
    shown = agreement([pair("roar", "kar", 0.5, 0.2, 0.8), pair("road", "roar", -0.25, -0.6, 0.1)], "x")
    assert ">0.50<" in shown.text
    assert ">\N{MINUS SIGN}0.25<" in shown.text
    told = "ROAR and KAR: 0.50 (0.20 to 0.80), 8 rankings compared"
    assert titles(shown).count(told) == 2  # of the cell, and of the number on it
    (axis,) = shown.drawing.axes
    weights = {text.get_text(): text.get_weight() for text in axis.texts}
    assert weights == {"0.50": "bold", "\N{MINUS SIGN}0.25": "normal"}


def test_a_leaderboard_says_what_is_better_what_chance_gives_and_who_is_first():
    shown = leaderboard([entry(STANDARD, 2, 0.3, 0.0), entry(ROBUST, 1, 0.5, 0.0)], "x")
    assert ">more is better \N{RIGHTWARDS ARROW}<" in shown.text
    assert ">chance<" in shown.text
    assert "standard, Gradient: 0.300 (0.200 to 0.400), rank 2" in titles(shown)
    assert shown.label.startswith("ROAD of every network and attribution, with intervals; more is better.")
    less = leaderboard([entry(STANDARD, 1, 0.3, None, more=False)], "x")
    assert ">\N{LEFTWARDS ARROW} less is better<" in less.text
    assert "chance" not in less.text


def test_what_has_no_number_or_no_unit_is_no_reason_to_fail():
    shown = leaderboard([entry(STANDARD, 1, 0.3, 0.0, unit=None), entry(ROBUST, None, None, 0.0, unit=None)], "x")
    assert len([title for title in titles(shown) if "rank" in title]) == 1


def test_chance_that_differs_by_network_is_a_piece_of_line_at_each():
    rows = [entry(STANDARD, 1, 0.3, 0.1, chance_measured=True), entry(ROBUST, 2, None, 0.2, chance_measured=True)]
    shown = leaderboard(rows, "x")
    assert ">chance, measured<" in shown.text
    (axis,) = shown.drawing.axes
    assert [line.tolist() for line in axis.collections[-1].get_segments()] == [
        [[0.1, -0.5], [0.1, 0.5]],
        [[0.2, 0.5], [0.2, 1.5]],
    ]


def test_costs_are_named_where_they_cover_no_other_name():
    names = ("kar", "road", "diffroar", "sparseness")
    row = {"retrainings": 0, "tau_low": 0.1, "tau_high": 0.9}
    rows = [{**row, "metric": metric, "tau": 0.5, "seconds": 10.0 + number} for number, metric in enumerate(names)]
    shown = cost([{**row, "metric": "roar", "tau": 1.0, "seconds": 100.0}, *rows], "x")
    (axis,) = shown.drawing.axes
    labels = [text for text in axis.texts if text.get_text()]
    assert [label.get_text() for label in labels] == ["KAR", "ROAD", "DiffROAR", "Sparseness"]
    boxes = [label.get_window_extent() for label in labels]
    assert not any(one.overlaps(other) for i, one in enumerate(boxes) for other in boxes[:i])
    assert ">what ROAR takes<" in shown.text


def test_what_took_no_known_time_is_not_drawn():
    row = {"retrainings": 0, "tau_low": 0.1, "tau_high": 0.9}
    shown = cost([{**row, "metric": "road", "tau": 0.5, "seconds": None}], "x")
    assert "ROAD" not in shown.text.replace("ROAR", "")


@pytest.mark.parametrize(("seconds", "text"), [(0.1, "0.1 s"), (10, "10 s"), (600, "10 min"), (36_000, "10 h")])
def test_short_time(seconds, text):
    assert short_time(seconds) == text
