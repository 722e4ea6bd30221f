"""The networks of a study, how they are called, and what they cost."""

import pytest

from experiments.errors import UsageError
from experiments.networks.grid import STANDARD, NetworkSpec, control_networks, networks
from experiments.settings.presets import make_settings

SIZES = {"losses": ("cross_entropy", "cw"), "attack_steps": 3, "l2_eps": (0.5, 1.0), "linf_eps": (0.1, 0.2)}
(STUDY,) = make_settings("roar", "quick", SIZES).studies
L2_CW = (("norm", "l2"), ("loss", "cw"), ("eps", 0.5), ("step_size", 2.0), ("steps", 3), ("random_start", False))


def test_every_norm_loss_and_eps_has_a_network_after_the_standard_one():
    assert [spec.name for spec in networks(STUDY)] == [
        "standard",
        *(
            f"{norm} eps {eps:g} {loss}"
            for norm, radii in (("l2", (0.5, 1.0)), ("linf", (0.1, 0.2)))
            for loss in ("cross_entropy", "cw")
            for eps in radii
        ),
    ]
    assert NetworkSpec("adversarial", L2_CW) in networks(STUDY)


def test_an_attack_step_costs_two_passes_and_an_update_three():
    assert STANDARD.passes == 3
    assert NetworkSpec("adversarial", L2_CW).passes == 9


def test_families_and_groups_are_norms_and_losses():
    spec = NetworkSpec("adversarial", L2_CW)
    assert (spec.norm, spec.loss, spec.strength, spec.family, spec.group) == ("l2", "cw", 0.5, "l2", "cw")
    assert (STANDARD.norm, STANDARD.loss, STANDARD.strength) == (None, None, None)


def test_controls_are_of_the_standard_network_and_each_norm_s_strongest():
    assert [spec.name for spec in control_networks(STUDY)] == [
        "standard",
        "l2 eps 1 cross_entropy",
        "linf eps 0.2 cross_entropy",
    ]


# The other training methods


def study(**options):
    return make_settings("roar", "quick", {**SIZES, **options}).studies[0]


def test_every_method_has_a_network_for_each_strength():
    methods = "trades,fast,gradient_alignment,gradient_penalty,gaussian_noise,elastic,interpretability_regulariser"
    found = networks(
        study(training=("adversarial", *methods.split(",")), trades_eps=(0.1,), gaussian_noise_sigma=(1.0,))
    )
    others = [spec for spec in found if spec.method not in ("standard", "adversarial")]
    assert [spec.name for spec in others] == [
        "TRADES linf eps 0.1 beta 1",
        *("fast linf eps 0.05", "fast linf eps 0.2"),
        *("aligned linf eps 0.05", "aligned linf eps 0.2"),
        *("penalty 0.3", "penalty 3"),
        "noise 1",
        *("elastic 0.05", "elastic 0.2"),
        *("interpretable 1", "interpretable 5"),
    ]
    assert [spec.passes for spec in others[::2]] == [12, 5, 11, 6, 5, 14]
    assert len({spec.name for spec in found}) == len(found)
    assert {spec.family for spec in others} == set(methods.split(","))


def test_l1_is_trained_against_where_it_has_radii():
    names = [spec.name for spec in networks(study(l1_eps=(5.0,), losses=("cw",)))]
    assert names[-1] == "l1 eps 5 cw"
    assert not any(name.startswith("l1") for name in (spec.name for spec in networks(STUDY)))


def test_trades_steps_are_those_of_its_norm():
    (spec,) = (s for s in networks(study(training=("trades",), trades_norm="l2", trades_eps=(2.0,))) if s != STANDARD)
    assert dict(spec.parameters) == {"norm": "l2", "eps": 2.0, "step_size": 2.0, "steps": 3, "beta": 1.0}


@pytest.mark.parametrize(
    ("options", "teacher"),
    [
        ({}, "l2 eps 1 cross_entropy"),
        ({"l2_eps": ()}, "linf eps 0.2 cross_entropy"),
        ({"losses": ("cw", "cross_entropy")}, "l2 eps 1 cw"),
    ],
)
def test_a_teacher_is_the_strongest_of_the_first_series(options, teacher):
    for order in (1, -1):
        training = ("adversarial", "interpretability_regulariser")[::order]
        specs = [spec for spec in networks(study(training=training, **options)) if spec.teacher]
        assert [spec.teacher.name for spec in specs] == [teacher, teacher]


@pytest.mark.parametrize("options", [{"training": ()}, {"l2_eps": (), "linf_eps": ()}])
def test_a_missing_teacher_is_one_sentence(options):
    training = (*options.pop("training", ("adversarial",)), "interpretability_regulariser")
    with pytest.raises(
        UsageError, match="--training: interpretability_regulariser learns from a network of adversarial"
    ):
        networks(study(training=training, **options))


@pytest.mark.parametrize(("method", "flag"), [("fast", "fast_eps"), ("elastic", "elastic_eps1")])
def test_a_method_without_a_strength_is_one_sentence(method, flag):
    with pytest.raises(UsageError, match=f"--{flag}: is empty; {method}, in --training, needs at least one entry."):
        networks(study(training=("adversarial", method), **{flag: ()}))
    assert networks(study(l2_eps=(), linf_eps=())) == [STANDARD]
