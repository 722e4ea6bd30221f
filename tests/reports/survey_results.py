"""Made-up results of a survey: seven conclusions, ten measures, six networks, four attributions.

They are stored and rendered as measured ones are.
"""

import itertools

import numpy as np

from experiments.claim import CONTRADICTED, INCONCLUSIVE, NOT_TESTED, SUPPORTED, Estimate, judged
from experiments.settings.presets import make_settings
from experiments.store.artefacts import Store
from experiments.store.results import Results, interval, save, table
from measures.null_block_share import NULL_BLOCK
from reports import render

DATASETS = ("mnist_5k", "block_mnist")
ATTRIBUTIONS = ("gradient", "gradient_x_input", "integrated_gradients", "smoothgrad")
MEASURES = {
    "roar": ("roar", "accuracy", True, 0.0),
    "kar": ("roar", "accuracy", True, 0.0),
    "road": ("road", "accuracy", True, 0.0),
    "diffroar": ("diffroar", "accuracy", True, 0.0),
    "insertion": ("insertion", "mean probability of the predicted class", True, 0.31),
    "deletion": ("deletion", "mean probability of the predicted class", False, 0.28),
    "sparseness": ("sparseness", "Gini coefficient of the absolute attribution", True, 0.3333),
    "max_sensitivity": ("max_sensitivity", "change of the map over its l2 size", False, None),
    "randomisation": ("randomisation", "rank correlation", False, None),
    "mine:closeness": ("mine:closeness", "pixels", False, 0.25),
}
"""By score: the measure's file, its unit, whether more is better, chance."""
RETRAINS = ("roar", "kar", "diffroar")

CONCLUSIONS = {
    "l2-gradient": "l2 adversarial training improves Gradient",
    "linf-gradient": "linf adversarial training improves Gradient",
    "l2-gradient_x_input": "l2 adversarial training improves Gradient\N{MULTIPLICATION SIGN}Input",
    "linf-gradient_x_input": "linf adversarial training improves Gradient\N{MULTIPLICATION SIGN}Input",
    "input": "Gradient\N{MULTIPLICATION SIGN}Input is better than Gradient on standard networks",
    "stronger": "the stronger the training, the better Gradient",
    "linf-over-l2": "at equal accuracy linf training gives a better Gradient than l2 training",
}
PATTERNS = ("ss???n????", "s?????????", "sscs?css?c", "cc???c????", "??????????", "ssssss?nn?", "sc?s??c??n")
"""Verdicts of every conclusion by measure, in one letter each: every outcome is there."""
VERDICT = {"s": SUPPORTED, "c": CONTRADICTED, "?": INCONCLUSIVE, "n": NOT_TESTED}

NETWORKS = [
    {"network": "standard", "method": "standard", "family": None, "group": None, "eps": None},
    *(
        {
            "network": f"{family} eps {eps:g} cross_entropy",
            "method": "adversarial",
            "family": family,
            "group": "cross_entropy",
            "eps": eps,
        }
        for family, strengths in (("l2", (1.0, 4.0)), ("linf", (0.05, 0.2)))
        for eps in strengths
    ),
    {"network": "trades eps 4", "method": "trades", "family": "trades", "group": "trades", "eps": 4.0},
]


def render_survey(folder, monkeypatch, survey: Results) -> None:
    """Renders stored results of a survey."""
    monkeypatch.setattr(render, "EXPERIMENTS", ("survey",))
    render._environment.cache_clear()
    store = Store(folder)
    save(survey, store)
    render.render_reports(store, [], ["svg"])
    render._environment.cache_clear()


def results() -> Results:
    rng = np.random.default_rng(0)
    settings = make_settings("survey", "quick", {"datasets": DATASETS, "attributions": ATTRIBUTIONS}).as_dict()
    return Results(
        experiment="survey",
        settings=settings,
        provenance=_provenance(),
        tables=[*_tables(rng), _leaderboard(rng, "block_mnist", {"null_block_share": _null_block()})],
        claims=[_claim(place, metric) for place in range(len(CONCLUSIONS)) for metric in list(MEASURES)[:3]],
        missing=[],
        artefacts=_artefacts(),
        alerts=[{"dataset": "mnist_5k", "text": "These results are made up."}],
        pictures=_pictures(rng),
    )


def _provenance() -> dict:
    command = "python main.py --experiment=survey --datasets=mnist_5k,block_mnist"
    known = {"commit": "abc1234", "finished": "2026-01-01 00:00 UTC", "seconds": 1.0, "python": "3.11"}
    return {"command": command, **known, "machine": "made up", "processor": "made up", "accelerators": "none"}


def _null_block() -> tuple:
    return "null_block_share", "share of the absolute attribution", False, 0.5


def _estimate(rng, value: float, spread: float) -> Estimate:
    return Estimate(value, value - spread * rng.uniform(0.8, 1.2), value + spread * rng.uniform(0.8, 1.2))


def _tables(rng) -> list[dict]:
    return [
        table("conclusions", "Conclusions", "mnist_5k", [*_conclusions(rng)]),
        table("agreement", "Agreement", "mnist_5k", [*_agreement(rng)]),
        _leaderboard(rng, "mnist_5k", MEASURES),
        table("cost", "Cost", "mnist_5k", [*_cost(rng)]),
    ]


def _conclusions(rng):
    for (conclusion, statement), pattern in zip(CONCLUSIONS.items(), PATTERNS, strict=True):
        for (metric, (measure, *_)), letter in zip(MEASURES.items(), pattern, strict=True):
            side, size = {"s": 1, "c": -1}.get(letter, 0), rng.uniform(0.02, 0.06)
            found = _estimate(rng, size * side + 0.003, 0.6 * size)
            untested = letter == "n"
            yield {
                "conclusion": conclusion,
                "statement": statement,
                "metric": metric,
                "measure": measure,
                "positive": True,
                "verdict": VERDICT[letter],
                "reason": "its scores lie no farther from chance than chance alone" if untested else "",
                **interval("effect", None if untested else found),
                "standardised": None if untested else side * rng.uniform(0.5, 2),
                "p": None if untested else 0.01 if side else 0.4,
            }


def _agreement(rng):
    for first, second in itertools.combinations(MEASURES, 2):
        tau = _estimate(rng, rng.uniform(-0.6, 0.8), 0.3)
        yield {"metric_a": first, "metric_b": second, **interval("tau", tau), "n": 24, "trainings": 3}


def _leaderboard(rng, dataset: str, measures: dict) -> dict:
    rows = []
    for metric, (measure, unit, more, chance) in measures.items():
        values = {pair: rng.normal(0.3, 0.1) for pair in itertools.product(range(len(NETWORKS)), ATTRIBUTIONS)}
        order = sorted(values, key=values.get, reverse=more)
        rows += [
            {
                "metric": metric,
                "measure": measure,
                **NETWORKS[number],
                "attribution": attribution,
                **interval("value", _estimate(rng, values[number, attribution], 0.03)),
                "chance": None if chance is None else chance + 0.01 * number * (metric in ("insertion", "deletion")),
                "chance_measured": metric in ("insertion", "deletion"),
                "more_is_better": more,
                "unit": unit,
                "rank": order.index((number, attribution)) + 1,
                "trainings": 3,
                "n_images": 1000,
            }
            for number, attribution in values
        ]
    return table("leaderboard", "Leaderboard", dataset, rows)


def _cost(rng):
    for place, (metric, (measure, *_)) in enumerate(MEASURES.items()):
        tau = interval("tau", None if metric == "roar" else _estimate(rng, 0.75 - 0.13 * place, 0.25))
        yield {
            "metric": metric,
            "measure": measure,
            "passes": None if metric in RETRAINS else 20.0,
            "retrainings": 150 if metric in RETRAINS else 0,
            "tau_with_roar": tau["tau"],
            "tau_low": tau["tau_low"],
            "tau_high": tau["tau_high"],
        }


def _artefacts() -> dict:
    made = {"made_by": {"commit": "abc1234"}}
    free = dict.fromkeys(measure for metric, (measure, *_) in MEASURES.items() if metric not in RETRAINS)
    measured = {
        f"measure-{measure.replace(':', '-')}-mnist_5k-standard-gradient-t0-{place}": {
            "kind": "measures without retraining",
            "seconds": 0.4 * 2.1**place,
            **made,
        }
        for place, measure in enumerate(free)
    }
    retrained = {
        f"{kind}-mnist_5k-standard-gradient-50-t0-r{repeat}-x": {"kind": f"retrainings, {kind}", "seconds": 300, **made}
        for kind in ("remove", "keep")
        for repeat in range(3)
    }
    return {**measured, **retrained}


def _claim(place: int, metric: str) -> dict:
    conclusion, statement = list(CONCLUSIONS.items())[place]
    pattern = VERDICT[PATTERNS[place][list(MEASURES).index(metric)]]
    p, value = {SUPPORTED: (0.01, 0.03), CONTRADICTED: (0.01, -0.03)}.get(pattern, (0.4, 0.01))
    found = Estimate(value, value - 0.02, value + 0.02, p, 0.04, (value,) * 3)
    about = {"section": "Beyond the paper", "unit": "score; 3 trainings", "check": True}
    return judged(found, id=f"mnist_5k/{metric}-{conclusion}", statement=f"{metric}: {statement}", **about).as_dict()


def _pictures(rng, samples: int = 3) -> dict[str, np.ndarray]:
    arrays = {}
    for dataset, height in zip(DATASETS, (28, 56), strict=True):
        arrays[f"{dataset}/sample_images"] = rng.uniform(-1, 1, (samples, height, 28, 1)).astype(np.float32)
        arrays[f"{dataset}/sample_index"] = np.arange(samples)
        arrays[f"{dataset}/sample_label"] = np.arange(samples)
        for network, attribution in itertools.product(NETWORKS, ATTRIBUTIONS):
            maps = rng.normal(size=(samples, height, 28)).astype(np.float32)
            arrays[f"{dataset}/{network['network']} {attribution}/sample_maps"] = maps
    top = np.arange(samples) % 2 == 0
    for image, above in zip(arrays["block_mnist/sample_images"], top, strict=True):
        image[slice(0, 28) if above else slice(28, 56)] = NULL_BLOCK
    return {**arrays, "block_mnist/sample_null_top": top}
