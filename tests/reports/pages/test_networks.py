"""Which networks a page shows."""

from reports.pages.networks import MOST_NETWORKS, shown_networks, strongest_networks


def networks(*families, strengths=(2.0, 1.0, 3.0), groups=("cross_entropy", "cw")):
    standard = {"network": "standard", "family": None, "group": None, "eps": None}
    return [
        standard,
        *(
            {"network": f"{family} {eps} {group}", "family": family, "group": group, "eps": eps}
            for group in groups
            for family in families
            for eps in strengths
        ),
    ]


def names(rows):
    return [row["network"] for row in rows]


def test_a_small_grid_is_shown_whole_of_a_large_one_thestrongest_networks():
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
