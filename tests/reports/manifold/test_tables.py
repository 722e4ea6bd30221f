"""Every column of the tables of Section 2.1, against numbers worked out by hand; no two columns are alike."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import gaussian_kde

from experiments.manifold.study import ATTACK_LOSSES
from reports.manifold.analysis import Distances
from reports.manifold.duller import control_table, noise_table
from reports.manifold.ratio import ratio
from reports.manifold.tables import (
    density_table,
    distance_table,
    gradient_table,
    paper_table,
    quality_table,
    training_table,
)
from tests.reports.as_values import as_values
from tests.reports.manifold.made_up import (
    ALIGNMENTS,
    CLEAN,
    CONTROL_GAINS,
    CONTROL_SPREADS,
    HALF,
    IMAGES,
    KEPT,
    KEPT_OTHER_RULE,
    KNOWN_STUDY,
    MEANS,
    METRICS,
    NAMES,
    OTHER_RULE,
    SPREADS,
    analysed,
    known,
)

SHOWN = (
    "standard",
    "l\N{SUBSCRIPT TWO} eps 1, cross-entropy",
    "l\N{SUBSCRIPT TWO} eps 4, cross-entropy",
    "l\N{INFINITY} eps 0.2, cross-entropy",
)
"""The networks as pages write them."""
CLEAN_HALF = 1.959964 * np.sqrt(CLEAN.var(ddof=1) / IMAGES)
"""Of the interval of clean images, which are the same in every training: the choice of images alone."""


@pytest.fixture(scope="module")
def found():
    return analysed(known())


def cells_of(table, row: int) -> dict[str, tuple[str, str | None]]:
    """What a reader sees under every heading."""
    return {
        column.heading: (cell.text, cell.interval) for column, cell in zip(table.shown, table.cells[row], strict=True)
    }


def about(place: int) -> dict:
    """What rows say of a network."""
    family = (None, "l2", "l2", "linf")[place]
    return {
        "network": NAMES[place],
        "network_name": SHOWN[place],
        "method": "adversarial" if place else "standard",
        "family": family,
        "group": "cross_entropy" if place else None,
        "eps": (None, 1.0, 4.0, 0.2)[place],
    }


NOBODY = {
    "network": "clean test images",
    "network_name": "clean test images",
    "method": None,
    "family": None,
    "group": None,
    "eps": None,
}


def three(key: str, mean: float | None, half: float = 0.0) -> dict:
    """An estimate with its ends."""
    if mean is None:
        return dict.fromkeys((key, f"{key}_low", f"{key}_high"))
    return {key: mean, f"{key}_low": mean - half, f"{key}_high": mean + half}


def assert_rows(rows, expected) -> None:
    """The same keys and words, and numbers as precise as they are stored."""
    assert len(rows) == len(expected)
    for row, known_row in zip(rows, expected, strict=True):
        assert row.keys() == known_row.keys()
        for key, value in known_row.items():
            assert row[key] == (pytest.approx(value, rel=1e-4, abs=1e-3) if isinstance(value, float) else value), key


def cohens_d(loss: str, place: int) -> float:
    """A spread s below the mean in two of three trainings has the variance 2 s^2."""
    counts = [3 * KEPT[loss][k] for k in (0, place)]
    squares = sum(count * 2 * SPREADS[loss][k] ** 2 for count, k in zip(counts, (0, place), strict=True))
    return (MEANS[loss][0] - MEANS[loss][place]) / np.sqrt(squares / (sum(counts) - 2))


def distances_of(loss: str, place: int) -> dict:
    mean, spread = MEANS[loss][place], SPREADS[loss][place]
    closer, half = MEANS[loss][0] - mean, HALF * (spread - SPREADS[loss][0])
    return {
        **about(place),
        "attack_loss": loss,
        **three("distance", mean, HALF * spread),
        **three("closer", closer if place else None, half),
        **share_removed(loss, place),
        "effect_size": cohens_d(loss, place) if place else None,
        "kept": KEPT[loss][place] / IMAGES,
        **three("closer_other_rule", closer + OTHER_RULE[place] if place else None, half),
        "kept_other_rule": KEPT_OTHER_RULE[loss][place] / IMAGES,
        "perturbation": 11 + place / 8 + (loss == "cw") / 16,
        "trainings": 3,
        "n_images": IMAGES,
    }


def share_removed(loss: str, place: int) -> dict:
    """Of 20 images alike: what is removed, over how far the standard network's images lie beyond clean ones."""
    if not place:
        return three("share_removed", None)
    by_training, (mean, spread) = np.array([-1, -1, 2]), (MEANS[loss][0], SPREADS[loss][0])
    removed = mean - MEANS[loss][place] + (spread - SPREADS[loss][place]) * by_training
    excess = (mean + spread * by_training)[:, None] - CLEAN
    found = ratio(np.repeat(removed[:, None], IMAGES, axis=1), excess)
    assert found.value == pytest.approx((mean - MEANS[loss][place]) / (mean - 9.64))
    return {"share_removed": found.value, "share_removed_low": found.low, "share_removed_high": found.high}


def test_rows_of_distances_and_what_they_are_compared_with(found):
    rows = distance_table(found).rows
    assert_rows(rows[:-1], [distances_of(loss, place) for loss in ATTACK_LOSSES for place in range(4)])
    clean = {
        **NOBODY,
        "attack_loss": None,
        **three("distance", 9.64, CLEAN_HALF),
        **three("closer", None),
        **three("share_removed", None),
        "effect_size": None,
        "kept": 1.0,
        **three("closer_other_rule", None),
        "kept_other_rule": None,
        "perturbation": None,
        "trainings": 3,
        "n_images": IMAGES,
    }
    assert_rows(rows[-1:], [clean])


def test_cells_of_distances(found):
    table = distance_table(found)
    assert cells_of(table, 2) == {
        "Network": (SHOWN[2], None),
        "Attack": ("cross-entropy", None),
        "Mean": ("16.00", "13.31 to 18.69"),
        "Closer": ("+4.00", "1.85 to 6.15"),
        "Excess removed, %": ("38.6", "17.0 to 62.7"),
        "Cohen's d": ("6.50", None),
        "Kept": ("40.0 %", None),
        "Closer, other success rule": ("+4.75", "2.60 to 6.90"),
        "Kept, other rule": ("45.0 %", None),
        "Attack's size": ("11.25", None),
    }
    standard = cells_of(table, 4)
    assert standard["Attack"] == ("CW margin", None)
    assert standard["Mean"] == ("30.00", "27.85 to 32.15")
    assert standard["Kept"] == ("30.0 %", None)
    assert {standard[heading] for heading in ("Closer", "Excess removed, %", "Cohen's d")} == {("\N{EN DASH}", None)}
    clean = cells_of(table, 8)
    assert clean["Network"] == ("clean test images", None)
    assert clean["Mean"] == ("9.64", "9.35 to 9.93")
    assert clean["Kept"] == ("100.0 %", None)
    for heading in ("Attack", "Closer", "Excess removed, %", "Kept, other rule", "Attack's size"):
        assert clean[heading] == ("\N{EN DASH}", None)


MODES = {
    loss: [(mean - spread - 8) / 4 for mean, spread in zip(MEANS[loss], SPREADS[loss], strict=True)] for loss in MEANS
}
"""On the paper's axis, where two of three trainings lie."""


def test_our_modes_stand_beside_the_paper_s_on_its_own_data():
    found = analysed(known(replace(KNOWN_STUDY, dataset="mnist")))
    rows = paper_table(found).rows
    published = {"cross_entropy": [0.63, 0.60, 0.42, None], "cw": [None] * 4}
    expected = [
        {
            **about(place),
            "attack_loss": loss,
            **three("distance", MEANS[loss][place], HALF * SPREADS[loss][place]),
            **three(
                "closer",
                MEANS[loss][0] - MEANS[loss][place] if place else None,
                HALF * (SPREADS[loss][place] - SPREADS[loss][0]),
            ),
            "mode": MODES[loss][place],
            "paper_mode": published[loss][place],
        }
        for loss in ATTACK_LOSSES
        for place in range(4)
    ]
    assert_rows(rows[:-1], expected)
    clean = rows[-1]
    assert clean["mode"] == pytest.approx(0.4, abs=0.02)  # of images around it
    assert (clean["network"], clean["attack_loss"], clean["paper_mode"]) == ("clean test images", None, 0.31)
    assert clean["distance"] == pytest.approx(9.64, abs=1e-3)


@pytest.mark.parametrize(("dataset", "images"), [("mnist_5k", ""), ("mnist", "a subset"), ("module:function", "")])
def test_the_paper_s_modes_stand_beside_no_other_data(dataset, images):
    values = as_values(known(replace(KNOWN_STUDY, dataset=dataset)), "manifold", "manifold")
    table = paper_table(Distances(replace(values, images=images)))
    assert [column.heading for column in table.shown] == ["Network", "Attack", "Mean", "Closer", "Mode"]


def test_what_the_paper_measures_is_the_encoder_s_distance_wherever_else_distances_are_to():
    measured = known(replace(KNOWN_STUDY, projection="optimise"))
    row = paper_table(analysed(measured)).rows[2]
    assert row["distance"] == pytest.approx(52.0, abs=1e-3)
    assert row["closer"] == pytest.approx(-2.0, abs=1e-3)
    assert row["mode"] == pytest.approx((52 - 0.125 - 38) / 4, abs=1e-2)  # clean ones lie at 38 to 42
    assert distance_table(analysed(measured)).rows[2]["distance"] == pytest.approx(16.0)


def test_attacked_images_stand_beside_noise_of_their_own_size(found):
    expected = [
        {
            **about(place),
            "attack_loss": loss,
            **three("distance", MEANS[loss][place], HALF * SPREADS[loss][place]),
            **three("noise_distance", 22.0 + place + 0.5 * (loss == "cw"), HALF * 0.125),
            **three(
                "farther",
                MEANS[loss][place] - (22.0 + place + 0.5 * (loss == "cw")),
                HALF * (SPREADS[loss][place] - 0.125),
            ),
        }
        for loss in ATTACK_LOSSES
        for place in range(4)
    ]
    rows = noise_table(found).rows
    (alike,) = [row for row in rows if row["farther_low"] is None]  # the spreads of both are the same
    assert (alike["network"], alike["attack_loss"], alike["farther"]) == ("standard", "cross_entropy", -2.0)
    assert_rows([{**alike, "farther_low": -2.0, "farther_high": -2.0}, *rows[1:]], expected)
    assert cells_of(noise_table(found), 5) == {
        "Network": (SHOWN[1], None),
        "Attack": ("CW margin", None),
        "Attacked images": ("28.50", "25.27 to 31.73"),
        "Noise of that size": ("23.50", "22.96 to 24.04"),
        "Farther than noise": ("+5.00", "2.31 to 7.69"),
    }


def test_the_other_rule_is_the_one_that_the_study_does_not_have():
    other = distance_table(analysed(known(replace(KNOWN_STUDY, success="attacked_network")))).rows
    for row, loss, place in ((other[2], "cross_entropy", 2), (other[7], "cw", 3)):
        expected = distances_of(loss, place)
        assert row["kept"] == expected["kept_other_rule"]
        assert row["kept_other_rule"] == expected["kept"]
        assert row["closer"] == pytest.approx(expected["closer_other_rule"], abs=1e-3)
        assert row["closer_other_rule"] == pytest.approx(expected["closer"], abs=1e-3)
        assert row["distance"] == pytest.approx(expected["distance"] - OTHER_RULE[place], abs=1e-3)


HALF_OF_FIVE, HALF_OF_TWO = 9.9248432, 6.2053468
"""As `HALF`, where the largest of so many is chosen: the t-quantile of 2 degrees of freedom at 1 - 0.025 / count."""


def beyond(gain: float, spread: float, others: list[tuple[float, float]], key: str = "beyond") -> dict:
    """The gain minus the largest of the others, each with its spread over trainings, corrected for the choice."""
    half = {5: HALF_OF_FIVE, 2: HALF_OF_TWO}[len(others)]
    left = [(gain - other, abs(spread - of_other)) for other, of_other in others]
    return {
        key: min(value for value, _ in left),
        f"{key}_low": min(value - HALF * own for value, own in left),
        f"{key}_high": min(value + half * own for value, own in left),
    }


def test_controls_stand_under_their_own_names(found):
    table = control_table(found)
    expected = []
    for place in (2, 3):
        for loss in ATTACK_LOSSES:
            closer, spread = MEANS[loss][0] - MEANS[loss][place], SPREADS[loss][place] - SPREADS[loss][0]
            gains = CONTROL_GAINS[loss][place]
            expected.append(
                {
                    **about(place),
                    "attack_loss": loss,
                    **three("closer", closer, HALF * spread),
                    **three("pca_latent", gains[0], HALF * place * CONTROL_SPREADS[0]),
                    **three("pca", gains[1], HALF * place * CONTROL_SPREADS[1]),
                    **three("blur", gains[2], HALF * place * CONTROL_SPREADS[2]),
                    **three("mean", gains[3], HALF * place * CONTROL_SPREADS[3]),
                    **beyond(closer, spread, [(0.0, 0.0), *zip(gains, place * np.array(CONTROL_SPREADS), strict=True)]),
                }
            )
    assert_rows(table.rows, expected)
    assert cells_of(table, 2) == {
        "Network": (SHOWN[3], None),
        "Attack": ("cross-entropy", None),
        "To the encoder's reconstruction": ("+2.00", "0.66 to 3.34"),
        "As many principal components": ("+0.31", "0.11 to 0.51"),
        "50 principal components": ("+0.69", "0.28 to 1.09"),
        "The image's own blur": ("+1.56", "0.96 to 2.17"),
        "The mean image": ("+0.94", "\N{MINUS SIGN}0.07 to 1.95"),
        "Beyond them": ("+0.44", "\N{MINUS SIGN}0.30 to 1.84"),
    }


def test_gradients(found):
    table = gradient_table(found)
    expected = []
    for place in range(4):
        (own, spread), (other, _), (blurred, of_blurred) = (of_networks[place] for of_networks in ALIGNMENTS.values())
        gain, other_gain, blurred_gain = own - 0.10, other - 0.08, blurred - 0.50
        expected.append(
            {
                **about(place),
                **three("alignment", own, HALF * spread),
                **three("gain", gain if place else None, HALF * (spread - 0.01)),
                **three("other", other, HALF * 0.005),
                **(
                    beyond(gain, spread - 0.01, [(0.0, 0.0), (other_gain, 0.0)], "beyond_other")
                    if place
                    else three("beyond_other", None)
                ),
                **three("blurred", blurred, HALF * of_blurred),
                **three("blurred_gain", blurred_gain if place else None, HALF * (of_blurred - 0.001)),
                "random_direction": np.sqrt(10 / 784),
                "trainings": 3,
                "n_images": IMAGES,
            }
        )
    assert_rows(table.rows, expected)
    assert cells_of(table, 2) == {
        "Network": (SHOWN[2], None),
        "Alignment": ("0.400", "0.228 to 0.572"),
        "Gain over standard": ("+0.300", "0.171 to 0.429"),
        "With another's tangent space": ("0.160", "0.138 to 0.182"),
        "Gain beyond another's": ("+0.220", "0.091 to 0.406"),
        "Blurred": ("0.570", "0.544 to 0.596"),
        "Gain, both blurred": ("+0.070", "0.048 to 0.092"),
    }
    standard = cells_of(table, 0)
    assert standard["Alignment"] == ("0.100", "0.057 to 0.143")
    assert standard["Gain over standard"] == standard["Gain, both blurred"] == ("\N{EN DASH}", None)


QUALITY = [
    ("clean test images", "9.64", "9.35 to 9.93", "20"),
    ("with noise of size 2", "10.64", "10.35 to 10.93", "20"),
    ("with noise of size 4", "12.64", "12.35 to 12.93", "20"),
    ("with noise of size 8", "15.64", "15.35 to 15.93", "20"),
    ("with noise of size 12", "19.64", "19.35 to 19.93", "20"),
]
TO_THE_ENCODER = [
    (f"{images}, to the encoder's reconstruction", text, interval, "20")
    for (images, *_), (text, interval) in zip(
        QUALITY,
        [
            ("39.64", "39.35 to 39.93"),
            ("40.64", "40.35 to 40.93"),
            ("42.64", "42.35 to 42.93"),
            ("45.64", "45.35 to 45.93"),
            ("49.64", "49.35 to 49.93"),
        ],
        strict=True,
    )
]
MORE_QUALITY = [
    ("clean, to the projection of another image of the class", "29.64", "29.35 to 29.93", "20"),
    ("clean, to principal components, as many as the latent space has", "40.00", "39.93 to 40.07", "20"),
    ("clean, to 50 principal components", "41.00", "40.87 to 41.13", "20"),
    ("clean, to the image's own blur", "42.00", "41.80 to 42.20", "20"),
    ("clean, to the mean image", "43.00", "42.66 to 43.34", "20"),
]


@pytest.mark.parametrize("projection", ["encode", "optimise"])
def test_images_that_are_no_adversarial_examples(projection):
    table = quality_table(analysed(known(replace(KNOWN_STUDY, projection=projection))))
    shown = [(images.text, mean.text, mean.interval, count.text) for images, mean, count in table.cells]
    encoded = TO_THE_ENCODER if projection == "optimise" else []
    assert shown == [*QUALITY, *encoded, *MORE_QUALITY]
    assert [column.heading for column in table.shown] == ["Images", "Mean distance", "n"]
    assert table.rows[0].keys() == {"images", "n_images", *three("distance", None)}


def test_the_last_epoch_on_held_out_images(found):
    table = training_table(found)
    rows = {row["metric"]: row["value"] for row in table.rows}
    held_out = {name: METRICS.index(f"val_{name}") + 1.0 for name in METRICS[:9]}  # 0, 1 and 2 more in each training
    spread = {"standard deviation of a pixel over generated images": 0.5, "the same over test images": 0.3}
    assert rows == pytest.approx({**held_out, **spread})
    assert cells_of(table, 0) == {"Metric": ("reconstruction_l1", None), "Value": ("17.000", None)}
    assert cells_of(table, 10) == {"Metric": ("the same over test images", None), "Value": ("0.300", None)}


@pytest.fixture(scope="module")
def densities(found):
    return density_table(found)


def test_densities_stand_in_files_alone(densities):
    assert not densities.shown
    assert len(densities.rows) == 2 * (1 + 4 * len(ATTACK_LOSSES))
    keys = {"attack_loss", *NOBODY, "axis", "place", "density"}
    assert all(row.keys() == keys for row in densities.rows)


@pytest.mark.parametrize("axis", ["distance", "rescaled"])
def test_a_density_is_that_of_its_own_network_and_attack(densities, axis):
    """Two of three trainings lie a spread below the mean: there it is highest, and twice as high as at the third."""
    rows = [row for row in densities.rows if row["axis"] == axis]
    curves = {(row["network"], row["attack_loss"]): row for row in rows}
    for loss in ATTACK_LOSSES:
        for place, network in enumerate(NAMES):
            mean, spread = MEANS[loss][place], SPREADS[loss][place]
            by_training = np.array([mean - spread, mean - spread, mean + 2 * spread])
            by_training = by_training if axis == "distance" else (by_training - 8) / 4
            row = curves.pop((network, loss))
            assert {key: row[key] for key in about(place)} == about(place)
            expected = gaussian_kde(np.repeat(by_training, KEPT[loss][place]), 0.25)(row["place"])
            np.testing.assert_allclose(row["density"], expected, rtol=0.01, atol=2e-3 * expected.max())
    (row,) = curves.values()
    assert {key: row[key] for key in NOBODY} == NOBODY
    assert row["attack_loss"] is None
    clean = CLEAN if axis == "distance" else (CLEAN - 8) / 4
    np.testing.assert_allclose(
        row["density"], gaussian_kde(np.tile(clean, 3), 0.25)(row["place"]), rtol=1e-3, atol=1e-3
    )


def test_all_densities_of_an_axis_are_at_the_same_places(densities):
    """From below the nearest of all images to above the farthest, a tenth of the way beyond each."""
    for axis, nearest, farthest in (("distance", 8.0, 31.0), ("rescaled", 0.0, (31 - 8) / 4)):
        places = [row["place"] for row in densities.rows if row["axis"] == axis]
        assert all(place == places[0] for place in places)
        margin = 0.1 * (farthest - nearest)
        assert places[0][0] == pytest.approx(nearest - margin, rel=1e-3, abs=1e-3)
        assert places[0][-1] == pytest.approx(farthest + margin, rel=1e-3)


def test_a_network_whose_images_all_lie_equally_far_has_no_density_and_no_mode():
    measured = known()
    for (kind, *about_what), values in measured.values.items():
        if kind == "attack" and about_what[0].name == NAMES[1] and about_what[1] == "cw":
            values["distance"][:] = 28.5
    found = analysed(measured)
    row = paper_table(found).rows[5]
    assert (row["network"], row["distance"], row["mode"]) == (NAMES[1], 28.5, None)
    lost = [row for row in density_table(found).rows if (row["network"], row["attack_loss"]) == (NAMES[1], "cw")]
    assert not lost


TABLES = (distance_table, paper_table, density_table, quality_table, training_table, gradient_table)


def test_captions():
    tables = [make(analysed(known())) for make in (*TABLES, noise_table, control_table)]
    assert {table.kind: table.caption for table in tables} == {
        "distances": "Distances to the encoder's reconstruction; \"closer\" is the standard network's mean minus this "
        "one's",
        "paper": "As the paper measures: distances to the encoder's reconstruction, and the modes of their densities "
        "on its axis",
        "noise": "Attacked images and noise of the same size: mean distances to the encoder's reconstruction",
        "controls": "Closer than the standard network's, by the VAE-GAN and by what knows nothing of it "
        "(strongest training)",
        "densities": "Densities of the distances",
        "quality": "Distance to the encoder's reconstruction, test images",
        "training": "The VAE-GANs after their last epoch, on held-out images (l1 and l2 per image, the "
        "discriminators' accuracies)",
        "gradients": "Alignment of input gradients with the tangent space",
    }
