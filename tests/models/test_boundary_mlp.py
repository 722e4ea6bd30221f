"""The toy's network, and several of them trained as one."""

import keras
import numpy as np

from attacks import ProjectedGradientDescent
from models import boundary_mlp
from models.boundary_mlp import side_by_side
from training import AdversarialTrainer

SEEDS = (3, 5, 8)
ATTACK = ProjectedGradientDescent(norm="l2", eps=0.25, step_size=2.0, steps=5, bounds=None)


def points(seed, count=40):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(count, 2)).astype(np.float32)
    return x, (x[:, 0] + 0.3 * x[:, 1] > 0).astype(np.int32)


def trained(model, x, y, batch_size, networks):
    trainer = AdversarialTrainer(model, attack=ATTACK)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    trainer.compile(optimizer=keras.optimizers.Adam(0.01), loss=loss, loss_weights=[float(networks)])
    trainer.fit(x, y, batch_size=batch_size, epochs=3, shuffle=False, verbose=0)
    return model


def test_it_is_the_paper_s():
    model = boundary_mlp(seed=0)
    assert model.output_shape == (None, 2)
    assert model.count_params() == (2 * 128 + 128) + (128 * 2 + 2)


def test_equal_seeds_equal_weights():
    x, _ = points(0)
    first, again, other = (boundary_mlp(seed)(x).numpy() for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - other).max() > 0.1


def test_side_by_side_computes_what_each_network_does_alone():
    data = [points(seed)[0] for seed in SEEDS]
    together = side_by_side(SEEDS)(np.concatenate(data)).numpy().reshape(len(SEEDS), -1, 2)
    for x, seed, logits in zip(data, SEEDS, together, strict=True):
        np.testing.assert_allclose(logits, boundary_mlp(seed)(x), rtol=1e-5, atol=1e-6)


def test_side_by_side_trains_as_each_network_does_alone():
    data = [points(seed) for seed in SEEDS]
    batches = [(x[i : i + 10], y[i : i + 10]) for i in range(0, 40, 10) for x, y in data]
    x, y = (np.concatenate(parts) for parts in zip(*batches, strict=True))
    together = trained(side_by_side(SEEDS), x, y, 10 * len(SEEDS), len(SEEDS))
    for number, (seed, (x, y)) in enumerate(zip(SEEDS, data, strict=True)):
        alone = trained(boundary_mlp(seed), x, y, 10, 1)
        assert np.abs(alone.get_weights()[0] - boundary_mlp(seed).get_weights()[0]).max() > 0.01  # it learned
        for weights, all_weights in zip(alone.get_weights(), together.get_weights(), strict=True):
            np.testing.assert_allclose(all_weights[number].reshape(weights.shape), weights, atol=2e-5)
