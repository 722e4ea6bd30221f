"""Figures of the survey: every thing is where its row says, in its own colour and under its own name."""

import re

import numpy as np
import pytest
from matplotlib.colors import to_hex

from reports.palette import LIGHT
from reports.styles import name
from reports.survey.figures import agreement, cost, has_cost, leaderboard, short_time

MINUS = "\N{MINUS SIGN}"
STANDARD = {"network": "standard", "network_name": "standard", "family": None}
L2 = {"network": "l2 eps 4 ce", "network_name": "l\N{SUBSCRIPT TWO} eps 4, cross-entropy", "family": "l2"}
LINF = {"network": "linf eps 0.2 ce", "network_name": "l\N{INFINITY} eps 0.2, cross-entropy", "family": "linf"}


def pair(a, b, tau, low, high):
    about = {"metric_a": a, "metric_b": b, "metric_a_name": written(a), "metric_b_name": written(b)}
    return {**about, "tau": tau, "tau_low": low, "tau_high": high, "n": 8}


def written(metric):
    """As the table of a row has it, with the order in which pixels are ranked."""
    return name(metric) + " (signed)" * (metric == "road")


def entry(network, rank, value, chance, more=True, **about):
    row = {"metric": "road", "metric_name": "ROAD (signed)", "attribution": "gradient"}
    row |= {"value": value, "unit": "accuracy", "chance_measured": False}
    ends = {"value_low": value and value - 0.1, "value_high": value and value + 0.2}
    return {**row, **ends, **network, "rank": rank, "chance": chance, "more_is_better": more, **about}


def board(rows, attributions=("gradient",)):
    """Of the networks in the order of this file."""
    names = [one["network"] for one in (STANDARD, L2, LINF)]
    return leaderboard(rows, [name for name in names if name in {row["network"] for row in rows}], attributions, "x")


def titles(shown):
    return re.findall("<title>(.*?)</title>", shown.text)


def axis_of(shown):
    (axis,) = shown.drawing.axes
    return axis


def points(axis) -> list:
    """Of every value with its interval: x, y, the interval's ends, marker and colour."""
    found = []
    for container in axis.containers:
        point, _, bars = container.lines
        segments = bars[0].get_segments() if bars else []
        ends = np.round(segments[0], 6).tolist() if segments else None
        (x,), (y,) = point.get_data()
        found.append((round(x, 6), round(y, 6), ends, point.get_marker(), to_hex(point.get_color())))
    return found


def legend_of(legend) -> dict:
    """By its text the colour of what stands beside it."""
    texts = [text.get_text() for text in legend.get_texts()]
    return {
        text: to_hex(np.ravel(handle.get_color())[:4] if np.ndim(handle.get_color()) else handle.get_color())
        for text, handle in zip(texts, legend.legend_handles, strict=True)
    }


# Agreement


def test_every_pair_has_its_number_and_says_its_interval():
    shown = agreement([pair("roar", "kar", 0.5, 0.2, 0.8), pair("road", "roar", -0.25, -0.6, 0.1)], "x")
    assert ">0.50<" in shown.text
    assert f">{MINUS}0.25<" in shown.text
    told = "ROAR and KAR: 0.50 (0.20 to 0.80), 8 rankings compared"
    assert titles(shown).count(told) == 2  # of the cell, and of the number on it
    assert f"ROAD (signed) and ROAR: {MINUS}0.25 ({MINUS}0.60 to 0.10), 8 rankings compared" in titles(shown)
    weights = {text.get_text(): text.get_weight() for text in axis_of(shown).texts}
    assert weights == {"0.50": "bold", f"{MINUS}0.25": "normal"}


def test_every_pair_is_where_its_names_meet_and_has_the_colour_of_its_sign():
    pairs = [
        pair("roar", "kar", 0.5, 0.2, 0.8),
        pair("roar", "road", -0.25, -0.6, 0.1),
        pair("kar", "road", 0.8, 0.7, 0.9),
    ]
    axis = axis_of(agreement([*pairs, pair("road", "insertion", None, None, None)], "x"))
    names = {
        which: dict(zip(ticks.get_ticklocs(), [label.get_text() for label in ticks.get_ticklabels()], strict=True))
        for which, ticks in (("across", axis.xaxis), ("down", axis.yaxis))
    }
    assert names == {
        "across": {0: "ROAR", 1: "KAR", 2: "ROAD (signed)"},
        "down": {1: "KAR", 2: "ROAD (signed)", 3: "Insertion"},
    }
    assert {text.get_position(): text.get_text() for text in axis.texts} == {
        (0, 1): "0.50",
        (0, 2): f"{MINUS}0.25",
        (1, 2): "0.80",
        (2, 3): "\N{EN DASH}",
    }
    looks = {
        tuple(np.round(patch.get_center(), 6)): (to_hex(patch.get_facecolor()), patch.get_alpha())
        for patch in axis.patches
    }
    assert looks == {
        (0, 1): (LIGHT["l2"], 0.25),
        (0, 2): (LIGHT["linf"], 0.125),
        (1, 2): (LIGHT["l2"], 0.4),
        (2, 3): (LIGHT["l2"], 0),
    }
    assert axis.get_ylim() == (3.5, 0.5)  # the first on top


# Leaderboard


def test_a_leaderboard_says_what_is_better_what_chance_gives_and_who_is_first():
    shown = board([entry(STANDARD, 2, 0.3, 0.0), entry(L2, 1, 0.5, 0.0)])
    assert ">more is better \N{RIGHTWARDS ARROW}<" in shown.text
    assert ">chance<" in shown.text
    assert "standard, Gradient: 0.300 (0.200 to 0.500), rank 2" in titles(shown)
    assert f"{L2['network_name']}, Gradient: 0.500 (0.400 to 0.700), rank 1" in titles(shown)
    assert shown.label.startswith("ROAD (signed) of every network and attribution, with intervals; more is better.")
    axis = axis_of(shown)
    assert (axis.get_title(loc="left"), axis.get_xlabel().split("\n")[0]) == ("ROAD (signed)", "accuracy")
    less = board([entry(STANDARD, 1, 0.3, None, more=False)])
    assert ">\N{LEFTWARDS ARROW} less is better<" in less.text
    assert "chance" not in less.text
    assert "with intervals; less is better." in less.label


def test_every_value_is_drawn_in_its_attribution_s_block_in_its_network_s_look():
    rows = [
        entry(LINF, 1, 0.8, 0.0, attribution="smoothgrad"),
        entry(STANDARD, 2, 0.7, 0.0, attribution="smoothgrad"),
        entry(L2, 3, 0.6, 0.0),
        entry(L2, 4, 0.5, 0.0, attribution="smoothgrad"),
        entry(STANDARD, 5, 0.3, 0.0),
        entry(LINF, 6, 0.1, 0.0),
    ]
    axis = axis_of(board(rows, ("gradient", "smoothgrad")))
    ink, l2, linf = (LIGHT[name] for name in ("ink", "l2", "linf"))
    assert points(axis) == [
        (0.3, 0, [[0.2, 0], [0.5, 0]], "o", ink),
        (0.7, 4, [[0.6, 4], [0.9, 4]], "o", ink),
        (0.6, 1, [[0.5, 1], [0.8, 1]], "D", l2),
        (0.5, 5, [[0.4, 5], [0.7, 5]], "D", l2),
        (0.1, 2, [[0.0, 2], [0.3, 2]], "^", linf),
        (0.8, 6, [[0.7, 6], [1.0, 6]], "^", linf),
    ]
    ticks = dict(zip(axis.get_yticks(), [label.get_text() for label in axis.get_yticklabels()], strict=True))
    assert ticks == {1: "Gradient", 5: "SmoothGrad"}
    assert axis.yaxis_inverted()
    ranks = {text.get_text(): tuple(np.round(text.xy, 6)) for text in axis.texts}
    assert ranks == {"1": (1.0, 6), "2": (0.9, 4), "3": (0.8, 1)}  # at the intervals' ends


def test_the_legend_names_networks_in_their_order_and_chance():
    rows = [entry(LINF, 1, 0.8, 0.05), entry(L2, 3, 0.6, 0.05), entry(STANDARD, 2, 0.7, 0.05)]
    shown = board(rows)
    (legend,) = shown.drawing.legends
    assert list(legend_of(legend).items()) == [
        ("chance", LIGHT["muted"]),
        ("standard", LIGHT["ink"]),
        (L2["network_name"], LIGHT["l2"]),
        (LINF["network_name"], LIGHT["linf"]),
    ]
    (line,) = [line for line in axis_of(shown).lines if line.get_label() == "chance"]
    assert line.get_xdata() == [0.05, 0.05]


def test_what_has_no_number_or_no_unit_is_no_reason_to_fail():
    shown = board([entry(STANDARD, 1, 0.3, 0.0, unit=None), entry(L2, None, None, 0.0, unit=None)])
    assert len([title for title in titles(shown) if "rank" in title]) == 1
    assert axis_of(shown).get_xlabel().startswith("value\n")


def test_chance_that_differs_by_network_is_a_piece_of_line_at_each():
    rows = [entry(L2, 2, None, 0.2, chance_measured=True), entry(STANDARD, 1, 0.3, 0.1, chance_measured=True)]
    shown = board(rows)
    assert ">chance, measured<" in shown.text
    assert [line.tolist() for line in axis_of(shown).collections[-1].get_segments()] == [
        [[0.1, -0.5], [0.1, 0.5]],
        [[0.2, 0.5], [0.2, 1.5]],
    ]


# Cost


def costs(metric, tau, seconds, retrainings=0):
    return {
        "metric": metric,
        "metric_name": written(metric),
        "retrainings": retrainings,
        "tau": tau,
        "tau_low": tau and tau - 0.1,
        "tau_high": tau and tau + 0.3,
        "seconds": seconds,
    }


def test_costs_are_named_where_they_cover_no_other_name():
    names = ("kar", "road", "diffroar", "sparseness")
    rows = [costs(metric, 0.5, 10.0 + number) for number, metric in enumerate(names)]
    shown = cost([costs("roar", None, 100.0, 6), *rows], "x")
    labels = [text for text in axis_of(shown).texts if text.get_text()]
    assert [label.get_text() for label in labels] == ["KAR", "ROAD (signed)", "DiffROAR", "Sparseness"]
    boxes = [label.get_window_extent() for label in labels]
    assert not any(one.overlaps(other) for i, one in enumerate(boxes) for other in boxes[:i])
    assert ">what ROAR takes<" in shown.text


def test_every_measure_is_at_its_time_and_tau_in_the_colour_of_its_kind():
    rows = [costs("roar", None, 100.0, 6), costs("kar", 0.6, 90.0, 6), costs("road", -0.4, 2.0)]
    shown = cost(rows, "x")
    axis = axis_of(shown)
    assert points(axis) == [
        (90.0, 0.6, [[90.0, 0.5], [90.0, 0.9]], "s", LIGHT["linf"]),
        (2.0, -0.4, [[2.0, -0.5], [2.0, -0.1]], "o", LIGHT["l2"]),
    ]
    assert {text.get_text(): text.xy for text in axis.texts} == {"KAR": (90.0, 0.6), "ROAD (signed)": (2.0, -0.4)}
    assert legend_of(axis.get_legend()) == {
        "no retraining": LIGHT["l2"],
        "retrains networks": LIGHT["linf"],
        "what ROAR takes": LIGHT["baseline"],
    }
    assert [handle.get_marker() for handle in axis.get_legend().legend_handles[:2]] == ["o", "s"]
    (line,) = [line for line in axis.lines if line.get_label() == "what ROAR takes"]
    assert line.get_xdata() == [100.0, 100.0]
    assert f"ROAD (signed): 2 s, tau {MINUS}0.40 ({MINUS}0.50 to {MINUS}0.10)" in titles(shown)
    assert "KAR: 1 min 30 s, tau 0.60 (0.50 to 0.90)" in titles(shown)
    assert (axis.get_xscale(), axis.get_xlabel()) == ("log", "computing time")
    assert axis.get_ylabel() == "Kendall's tau with ROAR"


@pytest.mark.parametrize(
    ("row", "drawn"),
    [
        (costs("road", 0.5, 3.0), True),
        (costs("road", 0.5, None), False),
        (costs("road", None, 3.0), False),
        (costs("roar", 1.0, 3.0, 6), False),
    ],
)
def test_a_point_needs_a_time_and_an_agreement_with_roar(row, drawn):
    assert has_cost(row) == drawn


def test_what_took_no_known_time_is_not_drawn():
    shown = cost([costs("road", 0.5, None)], "x")
    assert "ROAD" not in shown.text.replace("ROAR", "")


@pytest.mark.parametrize(("seconds", "text"), [(0.1, "0.1 s"), (10, "10 s"), (600, "10 min"), (36_000, "10 h")])
def test_short_time(seconds, text):
    assert short_time(seconds) == text
