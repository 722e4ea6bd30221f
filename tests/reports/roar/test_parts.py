"""Scores taken apart, on retrainings whose answers can be told by hand."""

from functools import cache

import numpy as np
import pytest

from experiments.scores.arms import Arm, Retraining
from measures.roar import PARTS
from reports.roar import parts
from reports.roar.part_tables import part_gain_table, part_table
from reports.roar.parts import WHOLE, Apart
from tests.reports.roar.cells import cells, headings, row_of
from tests.reports.roar.exact import (
    BETWEEN,
    GRADIENT,
    INPUT,
    KEPT,
    L2,
    LEFT,
    LINF,
    REMOVED,
    STANDARD,
    STUDY,
    N,
    exact,
    score,
)
from tests.reports.roar.made_up import lose, scores_of


@cache
def found():
    return scores_of(exact())


def expected(spec, attribution, metric):
    """The whole score and its parts, of the images that stay."""
    own = REMOVED[spec, attribution, 0] if metric == "roar" else KEPT[spec, attribution]
    between = BETWEEN["remove" if metric == "roar" else "keep"]
    steps = [0, *(score(between[spec, name]) for name in ("shuffled", "matched")), score(own)]
    return np.array([steps[-1], *np.diff(steps)]) * N / (N - 1)


def network(spec):
    return found().network(spec.name)


def test_parts_are_areas_between_two_baselines_and_add_up_to_the_score():
    for row in parts.taken_apart(found()):
        tables = parts.tables_of(found(), row)
        assert list(tables) == [WHOLE, *PARTS]
        np.testing.assert_allclose(sum(tables[part] for part in PARTS), tables[WHOLE], atol=1e-12)
        for table in tables.values():
            assert np.isnan(table[:, LEFT]).all()
            assert np.isfinite(np.delete(table, LEFT, axis=1)).all()
        (spec,) = (spec for spec in (STANDARD, L2, LINF) if spec.name == row.network.name)
        means = [np.nanmean(table) for table in tables.values()]
        assert means == pytest.approx(expected(spec, row.attribution, row.metric))


def test_only_what_is_there_is_taken_apart():
    assert {(row.network.name, row.attribution, row.metric) for row in parts.taken_apart(found())} == {
        (spec.name, name, metric)
        for spec in (STANDARD, L2, LINF)
        for name in (GRADIENT, INPUT)
        for metric in ("roar", "kar")
    }
    measured = exact()
    lose(measured.values, STUDY, Arm(LINF, INPUT, baseline="shuffled"), "keep", 60)
    rows = parts.gained(scores_of(measured))
    assert [(row.network.name, row.attribution, row.metric) for row in rows] == [
        (spec.name, name, metric)
        for spec in (L2, LINF)
        for name in (GRADIENT, INPUT)
        for metric in ("roar", "kar")
        if (spec, name, metric) != (LINF, INPUT, "kar")
    ]
    lose(measured.values, STUDY, Arm(STANDARD, GRADIENT, baseline="matched"), "keep", 60)
    assert ("kar", GRADIENT) not in {(row.metric, row.attribution) for row in parts.gained(scores_of(measured))}


def test_images_may_leave_one_network_and_not_the_other():
    measured = exact()
    for name, found_values in measured.values.items():
        if isinstance(name, Retraining) and name.arm.baseline and name.arm.network == STANDARD:
            measured.values[name] = np.where(np.arange(N) == LEFT, 0, found_values).astype(np.int8)
    scores = scores_of(measured)
    row = Apart(scores.network(L2.name), GRADIENT, "roar")
    gains = parts.gains_of(scores, row)
    ours, standard = expected(L2, GRADIENT, "roar"), expected(STANDARD, GRADIENT, "roar") * (N - 1) / N
    assert [table.mean() for table in gains.values()] == pytest.approx(ours - standard)


def test_gains_are_averaged_over_networks_and_attributions():
    gains = parts.mean_gain(found(), "kar")
    pairs = [(spec, name) for spec in (L2, LINF) for name in (GRADIENT, INPUT)]
    by_hand = [expected(spec, name, "kar") - expected(STANDARD, name, "kar") for spec, name in pairs]
    assert [table.mean() for table in gains.values()] == pytest.approx(np.mean(by_hand, axis=0))
    assert parts.mean_gain(scores_of(_without_controls()), "kar") == {}


def _without_controls():
    measured = exact()
    for spec in (STANDARD, L2, LINF):
        for name in (GRADIENT, INPUT):
            for occlusion in ("remove", "keep"):
                lose(measured.values, STUDY, Arm(spec, name, baseline="matched"), occlusion, 20)
    return measured


def test_tables_of_parts():
    table = part_table(found())
    assert headings(table) == [
        *("Network", "Attribution", "Score", "Whole score", "Shape", "Class told", "This image", "Images left out"),
    ]
    assert len(table.rows) == 12
    for spec in (STANDARD, L2, LINF):
        for name in (GRADIENT, INPUT):
            for metric in ("roar", "kar"):
                row = row_of(table, network=spec.name, attribution=name, metric=metric)
                assert [row[key] for key in (WHOLE, *PARTS)] == pytest.approx(expected(spec, name, metric))
                assert row["images_left"] == 1
                assert row["shape_low"] < row["shape"] < row["shape_high"]
    first = ["standard", "Gradient", "ROAR", "0.0707 [0.0425 to 0.0989]"]
    assert cells(table)[0][:4] == first

    gains = part_gain_table(found())
    assert headings(gains)[3:] == ["Whole gain", "Shape", "Class told", "This image"]
    assert len(gains.rows) == 8
    row = row_of(gains, network=LINF.name, attribution=GRADIENT, metric="roar")
    by_hand = expected(LINF, GRADIENT, "roar") - expected(STANDARD, GRADIENT, "roar")
    assert [row[key] for key in (WHOLE, *PARTS)] == pytest.approx(by_hand)


def test_without_the_baselines_there_is_nothing_to_take_apart():
    scores = scores_of(_without_controls())
    assert part_table(scores).rows == []
    assert part_gain_table(scores).rows == []
