"""Which experiment comes first, and what is shown meanwhile."""

from experiments import run_all
from experiments.settings.presets import make_settings


def test_what_is_least_to_do_comes_first_asked_anew_each_time(monkeypatch):
    left = {"manifold": 5.0, "boundary": 1.0, "roar": 3.0, "tradeoff": 3.0}
    monkeypatch.setattr(run_all, "missing_cost", lambda chosen, store: left[chosen[0].experiment])
    order = []
    for settings, waiting in run_all.quickest_first([make_settings(name, "quick") for name in left], store=None):
        order.append((settings.experiment, sorted(waiting)))
        if settings.experiment == "roar":
            left["tradeoff"] = 0.0  # roar has made what it needs
    assert order == [
        ("boundary", ["manifold", "roar", "tradeoff"]),
        ("roar", ["manifold", "tradeoff"]),
        ("tradeoff", ["manifold"]),
        ("manifold", []),
    ]
