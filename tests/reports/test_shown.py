"""Which networks a page shows."""

from reports.evidence.study import Network
from reports.shown import MOST_NETWORKS, shown_networks, strongest_networks


def network(family, group, strength):
    method = "adversarial" if family else "standard"
    name = f"{family} {strength} {group}" if family else "standard"
    return Network(name, method, family, group, group, family, strength, None, strongest=True, passes=3, one_step=False)


def networks(*families, strengths=(2.0, 1.0, 3.0), groups=("cross_entropy", "cw")):
    series = [network(family, group, eps) for group in groups for family in families for eps in strengths]
    return [network(None, None, None), *series]


def names(networks):
    return [network.name for network in networks]


def test_a_small_grid_is_shown_whole_of_a_large_one_the_weakest_and_strongest_networks():
    small = networks("l2", strengths=(1.0, 2.0))
    assert shown_networks(small) == small
    large = networks("l2", "trades")
    assert len(large) > MOST_NETWORKS
    shown = ["standard", "l2 1.0 cross_entropy", "l2 3.0 cross_entropy"]
    assert names(shown_networks(large)) == [*shown, "trades 1.0 cross_entropy", "trades 3.0 cross_entropy"]


def test_pictures_of_what_is_left_are_of_each_family_s_strongest():
    assert names(strongest_networks(networks("l2", "trades"))) == [
        "standard",
        "l2 3.0 cross_entropy",
        "trades 3.0 cross_entropy",
    ]
    without_strength = networks("noise", strengths=(None,))
    assert names(strongest_networks(without_strength)) == ["standard", "noise None cross_entropy"]
