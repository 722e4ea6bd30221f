"""Made-up measurements with known answers, for the tests of the survey's analysis, tables and claims."""

import numpy as np

from experiments.measurement import Measured
from experiments.networks.grid import networks
from experiments.scores.arms import arms, occlusions, other_random_arms
from experiments.scores.declared import retrainings_of
from experiments.settings.presets import make_settings
from reports.survey.analysis import Comparison
from tests.reports.as_values import as_values
from tests.reports.roar.made_up import draw

MEASURES = ("roar", "road", "deletion", "sparseness", "max_sensitivity")
SIZES = {"training_seeds": 3, "percentiles": (10, 50, 90), "measures": MEASURES, "datasets": ("mnist_5k",)}
(STUDY,) = make_settings("survey", "quick", SIZES).studies
N = 300
"""Images that the measures are computed on."""


def quality(spec, attribution: str) -> float:
    """Larger is better: linf training helps with strength, l2 training does not, Gradient x Input is a little worse.

    spec: a network, as planned or as found in values.
    """
    gain = {"linf": spec.strength or 0.0}.get(spec.family, 0.0)
    return gain - (0.02 if attribution == "gradient_x_input" else 0.0)


LAWS = {
    "road": lambda quality, noise: 0.3 + quality + noise,
    "deletion": lambda quality, noise: 0.5 - quality + noise,  # less is better
    "sparseness": lambda quality, noise: 0.6 - quality + noise,  # more is better: it disagrees
    "max_sensitivity": lambda quality, noise: 1.0 + noise,  # nothing
}
"""From quality and noise to a measure's value."""


def made_up(study=STUDY) -> Measured:
    """What pieces would give if measures saw `quality` by `LAWS`."""
    rng = np.random.default_rng(1)
    values: dict = {
        "data": {
            "train_images": np.array(2000),
            "test_images": np.array(800),
            "chance": np.array(0.1),
            "sample_images": np.zeros((4, 28, 28, 1), np.float32),
        },
    }
    plain = [arm for arm in arms(study) if not arm.blur]
    for run in range(study.training_seeds):
        for spec in networks(study):
            values["evaluation", spec, run] = {"clean": np.arange(800) < 720}
            for name in study.measures:
                if not retrainings_of(name):
                    values["noise", spec, run, name] = 0.3 + rng.normal(0, 0.01, N)
        for arm in [*plain, *other_random_arms(study)]:
            better = quality(arm.network, arm.attribution) if arm.network else 0.0
            for occlusion in occlusions(study, arm):
                gap = (better if arm.network else 0.0) * (1 if occlusion == "remove" else -1)
                draw(values, study, arm, occlusion, 0.6 - gap, rng, run)
            if arm.network:
                values["maps", arm, run] = {
                    "sample_maps": np.zeros((4, 28, 28)),
                    "sample_ranks": np.zeros((4, 28, 28), int),
                }
                for name in study.measures:
                    if not retrainings_of(name):
                        values["measure", arm, run, name] = LAWS[name](better, rng.normal(0, 0.01, N))
    return Measured(study, values)


def comparison(measured: Measured) -> Comparison:
    """What the reports make of it."""
    return Comparison(as_values(measured, "survey", "survey"))
