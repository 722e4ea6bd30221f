"""The published numbers, spot-checked against the figures they were copied from, and the registered list."""

from pathlib import Path

import pytest

from experiments import SECTIONS
from reports.evidence import registered
from reports.evidence.claim import UNKNOWN, Estimate
from reports.evidence.published import CORRELATIONS, published_correlation
from reports.evidence.registered import OF_THE_PAPER, PRIMARY, family, primary

ESTIMATE = Estimate(0.1, 0.05, 0.15, 0.01, 0.04, (0.1, 0.1, 0.1))


def test_sixteen_correlations_per_section():
    for section in ("3.2", "3.3"):
        found = {c[1:6] for c in CORRELATIONS if c.section == section}
        assert len(found) == 16


def test_copied_values():
    kar = published_correlation("3.2", "kar", "cw", "l2", "gradient")
    assert (kar.linear, kar.rank) == (-0.7680, -0.7844)
    assert published_correlation("3.3", "roar", "cross_entropy", "l2", "gradient_x_input").linear == -0.9765
    assert published_correlation("3.2", "roar", "cw", "l1", "gradient") is None


def test_score_falls_where_accuracy_rises_in_roar():
    """A slip in copying would most likely break this: in ROAR both sections tell one story."""
    for c in CORRELATIONS:
        if c.metric == "roar":
            assert (c.linear > 0.85) if c.section == "3.2" else (c.linear < -0.85)


# The registered list


def test_every_id_is_registered_once():
    text = Path(registered.__file__).read_text()
    for name in PRIMARY:
        assert text.count(f'"{name}": Registered(') <= 1, name


@pytest.mark.parametrize("name", PRIMARY)
def test_a_registered_claim_is_told_in_full(name):
    known = PRIMARY[name]
    assert known.section in {section.number for section in SECTIONS.values()}
    assert known.statement[0].isupper() or known.statement.startswith(("l2 ", "linf "))
    assert not known.statement.endswith(".")
    assert known.effect
    assert known.published
    found = primary(name, "mnist", ESTIMATE, rows="three trainings", closer="c", stronger="s")
    assert (found.dataset, found.id) == ("mnist", name)
    assert found.primary
    assert not found.check
    assert (found.statement, found.section, found.premise) == (known.statement, known.section, known.premise)
    assert found.unit == f"{known.effect}; three trainings"
    assert found.paper
    assert "{" not in found.paper + found.unit
    assert found.verdict == ("supported" if known.positive else "contradicted")
    assert found.n == 3


ON_THE_TOY, ON_IMAGES = 4, 3 + 9 + 8 + 3
"""How many claims of the paper's are about each, those about the part that is the image's among them."""


def test_a_section_is_corrected_over_all_claims_about_data_of_its_kind_whatever_else_was_run():
    assert family([primary("tilt", "two_gaussians", ESTIMATE)]) == ON_THE_TOY
    for name in ("gradients", "roar-l2-gradient", "trade-off"):
        assert family([primary(name, "mnist", ESTIMATE)]) == ON_IMAGES
    assert len(OF_THE_PAPER) == ON_THE_TOY + ON_IMAGES


def test_what_a_design_cannot_test_does_not_count_and_what_data_do_not_allow_does():
    tested = primary("way-out-attribution", "mnist", ESTIMATE)
    assert family([tested, primary("trade-off", "mnist", ESTIMATE, reason="it cost nothing")]) == ON_IMAGES
    assert family([tested, primary("trade-off", "mnist", ESTIMATE, design="two networks")]) == ON_IMAGES - 1


def test_what_the_paper_proposes_counts_where_a_study_has_it():
    tested = primary("trade-off", "mnist", ESTIMATE)
    assert family([tested, primary("trades", "mnist", UNKNOWN)]) == ON_IMAGES + 1
    assert family([tested, primary("trades", "mnist", UNKNOWN, design="no such training")]) == ON_IMAGES


@pytest.mark.parametrize("metric", ["roar", "kar"])
def test_every_claim_about_a_score_has_a_second_one_about_the_part_that_is_the_image_s(metric):
    first = {name for name in PRIMARY if name.startswith(f"{metric}-l") and not name.endswith("-this-image")}
    second = {name for name in PRIMARY if name.startswith(f"{metric}-l") and name.endswith("-this-image")}
    assert {f"{name}-this-image" for name in first} == second
    assert len(second) == 4
    known = PRIMARY[f"{metric}-l2-gradient-this-image"]
    assert known.statement == (
        f"l2 adversarial training raises the part of Gradient's {metric.upper()} score that belongs to this image"
    )
    assert known.positive
    assert ("matched minus own" in known.effect) == (metric == "roar")


def test_statements_and_effects_are_told_apart():
    assert len({known.statement for known in PRIMARY.values()}) == len(PRIMARY)
    assert {known.section for known in PRIMARY.values()} == {"2.1", "2.2", "3.2", "3.3"}


def test_what_falls_is_registered_as_falling():
    assert {name for name, known in PRIMARY.items() if not known.positive} == {"kar-l2-gradient", "trade-off"}


def test_the_signs_of_kar_are_those_of_the_published_correlations():
    for name, known in PRIMARY.items():
        metric, *rest = name.split("-")
        if metric in ("roar", "kar") and len(rest) == 2:
            published = published_correlation("3.2", metric, "cross_entropy", *rest)
            assert (published.linear > 0) == known.positive, name
            assert known.statement.startswith(f"{rest[0]} adversarial training {'raises' if known.positive else 'low'}")


def test_premises_are_of_distances_of_trade_offs_and_of_gains_to_reach():
    assert {name for name, known in PRIMARY.items() if known.premise} == {
        "closer",
        "closer-with-strength",
        "trade-off",
        "way-out-linf",
        "one-step-fast",
        "one-step-elastic",
    }


def test_what_was_published_is_filled_in_and_a_reason_says_why_it_is_not_tested():
    found = primary("closer", "mnist", ESTIMATE, reason="noise", closer="+0.21", stronger="")
    assert (found.paper, found.verdict, found.reason) == ("+0.21", "not tested", "noise")
    assert primary("tilt", "two_gaussians", UNKNOWN).verdict == "not tested"


def test_what_a_design_cannot_test_is_not_registered_for_its_data_set():
    found = primary("trade-off", "mnist", ESTIMATE, design="two networks make no correlation", reason="it cost nothing")
    assert not found.primary
    assert (found.verdict, found.reason) == ("not tested", "two networks make no correlation")


@pytest.mark.parametrize(("name", "title"), [("roar", "Section 3.2"), ("survey", "Beyond the paper")])
def test_what_is_no_section_of_the_paper_is_named_as_it_is(name, title):
    assert SECTIONS[name].title == title
