"""Which networks the page of Section 3.2 shows, and what it says of them."""

from reports.pages.common import looks
from reports.pages.roar import MOST_NETWORKS, _ends, _shown_networks, _smoother


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


def test_a_small_grid_is_shown_whole_of_a_large_one_the_ends():
    small = networks("l2", strengths=(1.0, 2.0))
    assert _shown_networks(small) == small
    large = networks("l2", "trades")
    assert len(large) > MOST_NETWORKS
    shown = ["standard", "l2 1.0 cross_entropy", "l2 3.0 cross_entropy"]
    assert names(_shown_networks(large)) == [*shown, "trades 1.0 cross_entropy", "trades 3.0 cross_entropy"]


def test_pictures_of_what_is_left_are_of_each_family_s_strongest():
    assert names(_ends(networks("l2", "trades"))) == ["standard", "l2 3.0 cross_entropy", "trades 3.0 cross_entropy"]
    without_strength = networks("noise", strengths=(None,))
    assert names(_ends(without_strength)) == ["standard", "noise None cross_entropy"]


def test_smoothness_is_counted_not_claimed():
    rows = [{"roughness_robust": robust, "roughness_standard": 0.5} for robust in (0.4, 0.5, 0.6)]
    assert _smoother(rows) == 1
    assert _smoother([]) == 0


def test_looks_are_those_of_the_figures():
    assert looks(["gradient", "gradient_x_input"]) == (
        "solid and filled: Gradient; dashed and open: Gradient\N{MULTIPLICATION SIGN}Input"
    )
    assert looks(["mine:top_rows"]).endswith(": top_rows")
