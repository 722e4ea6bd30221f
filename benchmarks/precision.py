"""The attack in bfloat16 against our own in float32: how much faster, and whether it finds the same."""

import numpy as np

from benchmarks.measure import Comparison, compare

BATCH, STEPS, EPS, STEP = 250, 20, 1.0, 0.2


def run() -> list[Comparison]:
    import tensorflow as tf

    from attacks import ProjectedGradientDescent
    from models import cifar_cnn

    attack = ProjectedGradientDescent(norm="l2", eps=EPS, step_size=STEP, steps=STEPS)
    rng = np.random.default_rng(0)
    x = tf.constant(rng.uniform(-1, 1, (BATCH, 32, 32, 3)).astype(np.float32))
    y = tf.constant(rng.integers(10, size=BATCH))
    exact = cifar_cnn(seed=0)
    coarse = _in_bfloat16(cifar_cnn, exact)
    candidates = {
        "ours, mixed_bfloat16": lambda: attack(coarse, x, y).numpy(),
        "ours, float32": lambda: attack(exact, x, y).numpy(),
    }
    case = f"PGD l2, cifar_cnn, batch {BATCH}, {STEPS} steps"
    return compare(case, candidates, BATCH * STEPS, "image-steps")


def facts() -> dict:
    """Robust accuracy of one trained network, attacked in either precision and judged in float32."""
    import keras

    from attacks import ProjectedGradientDescent, attack_in_batches
    from experiments.data import load_dataset
    from experiments.networks.predictions import predictions
    from models import mnist_cnn

    data = load_dataset("mnist_5k")
    exact = mnist_cnn(width=0.25, seed=0)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    exact.compile(optimizer=keras.optimizers.Adam(1e-3), loss=loss, jit_compile=False)
    exact.fit(data.train_images, data.train_labels, batch_size=100, epochs=4, verbose=0)
    attack = ProjectedGradientDescent(norm="l2", eps=EPS, step_size=STEP, steps=STEPS)

    def robust_accuracy(network) -> float:
        adversarial = attack_in_batches(attack, network, data.test_images, data.test_labels)
        return float((predictions(exact, adversarial) == data.test_labels).mean())

    return {
        "robust accuracy of mnist_cnn, attacked in float32": robust_accuracy(exact),
        "robust accuracy of mnist_cnn, attacked in mixed_bfloat16": robust_accuracy(
            _in_bfloat16(mnist_cnn, exact, 0.25)
        ),
    }


def _in_bfloat16(build, network, width: float = 1.0):
    """The same network, computing in bfloat16."""
    import keras

    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        twin = build(width=width, seed=0)
    finally:
        keras.config.set_dtype_policy("float32")
    twin.set_weights(network.get_weights())
    return twin
