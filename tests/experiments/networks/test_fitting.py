"""How many steps `fit` runs at a time."""

from experiments.networks.fitting import steps_per_execution


def test_steps_at_a_time_divide_the_epoch():
    assert [steps_per_execution(steps) for steps in (1, 7, 20, 30, 47, 550)] == [1, 7, 20, 15, 1, 11]
