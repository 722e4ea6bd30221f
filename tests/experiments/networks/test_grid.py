"""The networks of a study, how they are called, and what they cost."""

from experiments.networks.grid import STANDARD, NetworkSpec, control_networks, networks
from experiments.settings.presets import make_settings

SIZES = {"losses": ("cross_entropy", "cw"), "attack_steps": 3, "l2_eps": (0.5, 1.0), "linf_eps": (0.1, 0.2)}
(STUDY,) = make_settings("roar", "quick", SIZES).studies
L2_CW = (("norm", "l2"), ("loss", "cw"), ("eps", 0.5), ("step_size", 2.0), ("steps", 3))


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
