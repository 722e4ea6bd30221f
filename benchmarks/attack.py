"""PGD on the paper's networks: against other libraries, and against the limit that the processor sets."""

from collections.abc import Iterator

import numpy as np

from benchmarks.measure import Comparison, compare, matrix_product, multiply_adds
from benchmarks.peers import attacks

CASES = (
    ("cifar_cnn", "l2", 100, 40),
    ("cifar_cnn", "l2", 250, 10),
    ("cifar_cnn", "l2", 500, 10),
    ("cifar_cnn", "linf", 250, 10),
    ("mnist_cnn", "l2", 100, 10),
    ("mnist_cnn", "l2", 250, 10),
    ("mnist_cnn", "linf", 100, 40),
)
"""Network, norm, batch, steps."""
STRENGTH = {"l2": (2.0, 0.5), "linf": (0.1, 0.02)}
"""Radius and step: the step below the radius, which CleverHans insists on."""
PASSES = 2
"""Of an attack step: forward, and backward to the image. Weight gradients are not computed."""


def run() -> Iterator[Comparison]:
    import tensorflow as tf

    from attacks import ProjectedGradientDescent
    from models import NETWORKS

    product, product_multiply_adds = matrix_product()
    for name, norm, batch, steps in CASES:
        network = NETWORKS[name](seed=0)
        rng = np.random.default_rng(0)
        images = rng.uniform(-1, 1, (batch, *network.input_shape[1:])).astype(np.float32)
        labels = rng.integers(10, size=batch)
        eps, step = STRENGTH[norm]
        attack = ProjectedGradientDescent(norm=norm, eps=eps, step_size=step, steps=steps)
        x, y = tf.constant(images), tf.constant(labels)
        image_steps = batch * steps
        # The product's time, scaled to the multiply-adds of the attack: what the fastest possible would take.
        limit = "matrix product of as many multiply-adds"
        scale = PASSES * multiply_adds(network) * image_steps / product_multiply_adds
        candidates = {
            "ours": lambda attack=attack, network=network, x=x, y=y: attack(network, x, y).numpy(),
            **attacks(network, images, labels, norm, eps, step, steps),
            limit: product,
        }
        rows = compare(f"PGD {norm}, {name}, batch {batch}, {steps} steps", candidates, image_steps, "image-steps")
        yield from (row.scaled(scale) if row.other == limit else row for row in rows)
