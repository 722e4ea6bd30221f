"""The toy is the same at every scale."""

from experiments.boundary.study import BoundaryStudy
from experiments.settings.presets import make_settings


def test_every_preset_runs_the_paper_s_sizes():
    for preset in ("quick", "reduced", "paper"):
        assert make_settings("boundary", preset, {"epochs": 3, "l2_eps": (9.0,)}).studies == (BoundaryStudy(),)
