"""Where what the pieces gave stands among the labelled arrays, and how what is missing is marked."""

import itertools

import numpy as np
import pytest

from experiments.measurement import Measured
from experiments.networks.grid import networks
from experiments.scores.arms import BASELINE, Arm, Retraining, arms, retrainings
from experiments.scores.values import labelled
from experiments.settings.presets import make_settings

TITLE = "Own measure"
UNIT = "accuracy"
MORE_IS_BETTER = False
RETRAININGS = ("keep", "remove")
SCORES = {"above": "Above random", "kept": "Kept at 60 %"}


def own_measure(given):
    """Two scores of retrainings, each told from the other and from what it is made of."""
    ours, random = (retrained["remove"].astype(float) for retrained in (given.retrained, given.random))
    place = given.percentiles.index(60)
    return {"above": (random - ours).mean(axis=1), "kept": given.retrained["keep"][:, place].astype(float)}


OWN = f"{__name__}:own_measure"
SIZES = {
    "fills": ("mean", "imputed"),
    "training_seeds": 3,
    "repeats": 2,
    "percentiles": (20, 60),
    "l2_eps": (1.0,),
    "linf_eps": (0.1,),
}
FREE = ("sparseness", "max_sensitivity")
CHOICES = {"measures": ("roar", *FREE, OWN), "training": ("adversarial", "fast"), "fast_eps": (0.2,)}
(STUDY,) = make_settings("roar", "quick", SIZES | CHOICES).studies
IMAGES = 12
STANDARD, L2, LINF, FAST = networks(STUDY)
ATTACKS = ("clean", "pgd", "apgd", "fgsm")
RUNS = range(STUDY.training_seeds)
PLAIN = [arm for arm in arms(STUDY) if arm.network and arm.is_plain]
MAPPED = [*PLAIN, *(arm for arm in arms(STUDY) if arm.blur)]


def bits(number: int) -> np.ndarray:
    """(images,) the truth values that tell a number from all others."""
    return (number >> np.arange(IMAGES)) & 1 == 1


def made_up() -> Measured:
    """Every value and second of its own."""
    numbers = itertools.count(1)
    values: dict = {
        "data": {
            "train_images": np.array(2000),
            "test_images": np.array(IMAGES),
            "chance": np.array(0.125),
            "saturated": np.array(0.5),
            "sample_images": np.arange(32).reshape(2, 4, 4, 1) / 32,
            "sample_index": np.array([7, 3]),
            "sample_label": np.array(["two", "nine"]),
        }
    }
    for run in RUNS:
        # Of forty images each training has twenty: ten that the next one has too.
        chosen = np.arange(10 * run, 10 * run + 20)
        values["images", run] = {"fill": np.array([0.25 + run]), "chosen": chosen}
        for spec in networks(STUDY):
            values["evaluation", spec, run] = {attack: bits(next(numbers)) for attack in ATTACKS}
        epochs = np.arange(STUDY.epochs)
        values["overfitting", FAST, run] = {"one_step": 0.5 + epochs + run, "several_steps": 0.25 + epochs + run}
        for arm in arms(STUDY):
            for one in retrainings(STUDY, arm, run):
                values[one] = bits(next(numbers))
            if arm in MAPPED:
                number = next(numbers)
                values["maps", arm, run] = {
                    "roughness": np.array(number + 0.5),
                    "zero_pixels": np.array(number + 0.25),
                    "zero_images": np.array(number + 0.125),
                    "likeness": np.where(bits(number), 0.5, -0.5),
                    "sample_maps": np.full((2, 4, 4), number / 512),
                    "sample_ranks": np.roll(np.arange(32), number).reshape(2, 4, 4),
                }
        for arm, name in itertools.product(PLAIN, FREE):
            values["measure", arm, run, name] = next(numbers) + np.arange(IMAGES) / 16
    assert next(numbers) < 2**IMAGES
    seconds = {name: float(number) for number, name in enumerate(values)}
    seconds |= {("network", spec, run): 5000.0 + 10 * run + k for run in RUNS for k, spec in enumerate(networks(STUDY))}
    return Measured(STUDY, values, seconds)


@pytest.fixture
def measured():
    return made_up()


def arrays_of(measured):
    arrays, _ = labelled(measured)
    return arrays


def test_coordinates_say_what_every_place_is_of(measured):
    arrays = arrays_of(measured)
    assert arrays["network"].values.tolist() == [spec.name for spec in networks(STUDY)]
    assert arrays["family"].values.tolist() == ["", "l2", "linf", "fast"]
    assert arrays["strongest"].values.tolist() == [True] * 4
    assert arrays["one_step"].values.tolist() == [False, False, False, True]
    assert arrays["strength"].values[1:].tolist() == [1.0, 0.1, 0.2]
    assert np.isnan(arrays["strength"].values[0])
    assert arrays["arm"].values.tolist() == [arm.name for arm in arms(STUDY)]
    names = ("network", "attribution", "blur", "draw", "baseline", "fill")
    columns = (arrays[f"arm_{name}"].values.tolist() for name in names)
    assert list(zip(*columns, strict=True)) == [
        (arm.network.name if arm.network else "", *(getattr(arm, name) for name in names[1:])) for arm in arms(STUDY)
    ]
    assert arrays["arm_draw"].values.tolist()[:3] == [1, 1, 0]
    assert arrays["arm_fill"].values.tolist()[:3] == ["mean", "imputed", "mean"]
    assert arrays["occlusion"].values.tolist() == ["remove", "keep", "mask"]
    assert arrays["percent"].values.tolist() == [20, 60]
    assert arrays["attack"].values.tolist() == list(ATTACKS)
    assert arrays["measure"].values.tolist() == list(FREE)
    assert arrays["training"].values.tolist() == [0, 1, 2]


def test_facts_of_the_data(measured):
    arrays = arrays_of(measured)
    facts = {name: arrays[name].item() for name in ("train_images", "test_images", "chance", "saturated")}
    assert facts == {"train_images": 2000, "test_images": IMAGES, "chance": 0.125, "saturated": 0.5}


def test_each_training_has_a_mean_colour_and_shares_images_with_others(measured):
    arrays = arrays_of(measured)
    assert arrays["fill"].values.tolist() == [[0.25], [1.25], [2.25]]
    assert arrays["overlap"].values.tolist() == [[1, 0.5, 0], [0.5, 1, 0.5], [0, 0.5, 1]]
    del measured.values["images", 1]
    arrays = arrays_of(measured)
    np.testing.assert_array_equal(arrays["overlap"][:, 2], [0, np.nan, 1])
    np.testing.assert_array_equal(arrays["fill"][:, 0], [0.25, np.nan, 2.25])


def test_every_retraining_and_its_seconds_stand_at_their_place(measured):
    arrays = arrays_of(measured)
    every = [one for run in RUNS for arm in arms(STUDY) for one in retrainings(STUDY, arm, run)]
    for one in every:
        place = {"training": one.run, "arm": one.arm.name, "occlusion": one.occlusion, "percent": one.percent}
        found = arrays.sel(place).isel(repetition=one.repeat)
        np.testing.assert_array_equal(found["correct"], measured.values[one])
        assert found["retraining_seconds"] == measured.seconds[one]
    # What was not planned, such as blurred scores under keep, is marked.
    assert (arrays["correct"] != -1).any("image").sum() == len(every)
    assert np.isfinite(arrays["retraining_seconds"]).sum() == len(every)


def test_every_evaluation_and_the_seconds_of_its_training_stand_at_their_place(measured):
    arrays = arrays_of(measured)
    for spec, run in itertools.product(networks(STUDY), RUNS):
        found = arrays.sel(training=run, network=spec.name)
        for attack in ATTACKS:
            expected = measured.values["evaluation", spec, run][attack]
            np.testing.assert_array_equal(found["right"].sel(attack=attack), expected)
        assert found["training_seconds"] == measured.seconds["network", spec, run]


def test_every_map_s_numbers_stand_at_their_place(measured):
    arrays = arrays_of(measured)
    for arm, run in itertools.product(arms(STUDY), RUNS):
        found = arrays.sel(training=run, arm=arm.name)
        if arm not in MAPPED:
            assert not found["mapped"]
            assert all(np.isnan(found[name]).all() for name in ("roughness", "zero_pixels", "zero_images", "likeness"))
            continue
        expected = measured.values["maps", arm, run]
        assert found["mapped"]
        for name in ("roughness", "zero_pixels", "zero_images"):
            assert found[name] == expected[name]
        np.testing.assert_array_equal(found["likeness"], expected["likeness"])


def test_every_measure_and_its_seconds_stand_at_their_place(measured):
    arrays = arrays_of(measured)
    for arm, run, name in itertools.product(arms(STUDY), RUNS, FREE):
        found = arrays.sel(training=run, arm=arm.name, measure=name)
        if arm not in PLAIN:
            assert not found["value_there"]
            assert np.isnan(found["value"]).all()
            continue
        assert found["value_there"]
        np.testing.assert_allclose(found["value"], measured.values["measure", arm, run, name], rtol=1e-5)
        assert found["measure_seconds"] == measured.seconds["measure", arm, run, name]


def test_accuracies_after_every_epoch_stand_at_their_place(measured):
    arrays = arrays_of(measured)
    for name, run in itertools.product(("one_step", "several_steps"), RUNS):
        found = arrays[f"{name}_accuracy"].sel(training=run)
        expected = measured.values["overfitting", FAST, run][name]
        np.testing.assert_array_equal(found.sel(network=FAST.name), expected)
        assert np.isnan(found.sel(network=[STANDARD.name, L2.name, LINF.name])).all()


def test_what_is_missing_is_marked_and_nothing_else(measured):
    arm, values, seconds = Arm(L2, "gradient"), measured.values, measured.seconds
    whole = arrays_of(measured).assign_coords(repetition=[0, 1])
    for name in (Retraining(arm, "keep", 60, 1, 2), ("maps", arm, 0), ("measure", arm, 1, FREE[1])):
        del values[name], seconds[name]
    del values["evaluation", LINF, 1], values["evaluation", L2, 0]["pgd"], seconds["network", L2, 2]
    arrays = arrays_of(measured).assign_coords(repetition=[0, 1])
    retraining = {"training": 2, "repetition": 1, "arm": arm.name, "occlusion": "keep", "percent": 60}
    maps, measure = {"training": 0, "arm": arm.name}, {"training": 1, "arm": arm.name, "measure": FREE[1]}
    marks = [
        ("correct", retraining, -1),
        ("retraining_seconds", retraining, np.nan),
        ("right", {"training": 1, "network": LINF.name}, -1),
        ("right", {"training": 0, "network": L2.name, "attack": "pgd"}, -1),
        ("training_seconds", {"training": 2, "network": L2.name}, np.nan),
        ("mapped", maps, False),
        *((name, maps, np.nan) for name in ("roughness", "zero_pixels", "zero_images", "likeness")),
        ("value_there", measure, False),
        ("value", measure, np.nan),
        ("measure_seconds", measure, np.nan),
    ]
    for name, place, mark in marks:
        found = arrays[name].loc[place].values
        np.testing.assert_array_equal(found, np.full(found.shape, mark), err_msg=name)
        arrays[name].loc[place] = whole[name].loc[place]
    for name in {name for name, _, _ in marks}:
        assert arrays[name].equals(whole[name]), name


def test_a_measure_that_has_no_value_of_some_images_is_there(measured):
    arm = Arm(STANDARD, "gradient")
    measured.values["measure", arm, 0, FREE[0]][:] = np.nan
    found = arrays_of(measured).sel(training=0, arm=arm.name, measure=FREE[0])
    assert found["value_there"]
    assert np.isnan(found["value"]).all()


def test_a_user_s_own_measure_of_retrainings_is_stored_for_when_its_code_is_gone(measured):
    lost = Arm(LINF, "gradient")
    del measured.values[Retraining(lost, "keep", 20, 0, 1)]
    arrays = arrays_of(measured)
    assert arrays["own_score"].values.tolist() == ["above", "kept"]
    scored = [*PLAIN, Arm(None, "random", draw=2)]  # which tells what chance gives
    for arm, run in itertools.product(arms(STUDY), RUNS):
        found = arrays["own_value"].sel(training=run, arm=arm.name)
        if arm not in scored or (arm, run) == (lost, 1):
            assert np.isnan(found).all()
            continue

        def mean(of, kind, percents, run=run):
            repeats = itertools.product(percents, range(STUDY.repeats))
            return np.mean([measured.values[Retraining(of, kind, p, repeat, run)] for p, repeat in repeats], axis=0)

        above = mean(BASELINE, "remove", (20, 60)) - mean(arm, "remove", (20, 60))
        np.testing.assert_allclose(found.sel(own_score="above"), above, rtol=1e-5)
        np.testing.assert_allclose(found.sel(own_score="kept"), mean(arm, "keep", (60,)), rtol=1e-5)


def test_words_are_what_the_shelves_files_declare(measured):
    _, words = labelled(measured)
    assert words["attributions"]["gradient"] == {"title": "Gradient", "knows_network": True}
    assert list(words["attributions"]) == list(STUDY.attributions)
    assert list(words["measures"]) == list(STUDY.measures)
    assert words["measures"]["roar"] | {"passes": None} == {
        "scores": {"roar": "ROAR", "kar": "KAR"},
        "unit": "accuracy",
        "more_is_better": True,
        "chance": 0.0,
        "retrainings": ["remove", "keep"],
        "passes": None,
    }
    assert words["measures"][OWN] == {
        "scores": SCORES,
        "unit": UNIT,
        "more_is_better": False,
        "chance": None,
        "retrainings": ["keep", "remove"],
        "passes": None,
    }
    assert words["measures"]["max_sensitivity"]["more_is_better"] is False
    assert words["measures"]["max_sensitivity"]["passes"] > 0
    assert set(words["training"]) == {"standard", "adversarial", "fast"}


def test_pictures_are_of_the_first_training_of_which_most_is_there(measured):
    del measured.values["maps", Arm(L2, "gradient"), 0]
    lost = Arm(STANDARD, "gradient")
    del measured.values["maps", lost, 2]
    del measured.values["maps", Arm(FAST, "gradient"), 2]
    arrays = arrays_of(measured)
    assert arrays["sample_training"] == 1
    assert arrays["sample_index"].values.tolist() == [7, 3]
    assert arrays["sample_label"].values.tolist() == ["two", "nine"]
    np.testing.assert_array_equal(arrays["sample_image"], measured.values["data"]["sample_images"])
    for arm in arms(STUDY):
        found = arrays.sel(arm=arm.name)
        if arm in PLAIN:
            maps = measured.values["maps", arm, 1]
            np.testing.assert_array_equal(found["sample_map"], maps["sample_maps"])
            np.testing.assert_array_equal(found["sample_rank"], maps["sample_ranks"])
        else:
            assert np.isnan(found["sample_map"]).all()
            assert (found["sample_rank"] == -1).all()


def test_without_the_data_or_any_evaluation_there_is_nothing(measured):
    evaluations = {("evaluation", spec, run) for spec in networks(STUDY) for run in RUNS}
    alone = {name: value for name, value in measured.values.items() if name not in evaluations}
    assert labelled(measured._replace(values=alone)) is None
    del measured.values["data"]
    assert labelled(measured) is None


def test_what_no_piece_gave_has_no_array(measured):
    evaluations = {("evaluation", spec, 0): measured.values["evaluation", spec, 0] for spec in networks(STUDY)}
    known = {"data": {name: measured.values["data"][name] for name in ("test_images", "chance")}, **evaluations}
    arrays = arrays_of(Measured(STUDY, known))
    assert set(arrays.data_vars) == {"right", "mapped", "value_there", "test_images", "chance"}
    assert not arrays["mapped"].any()
    assert not arrays["value_there"].any()
    assert (arrays["right"].sel(training=[1, 2]) == -1).all()
