"""The VAE-GAN: `fit` against its bare step, and the projection of images."""

import numpy as np

from benchmarks.measure import Comparison, compare

BATCH, STEPS = 100, 5
CASES = (("mnist", (28, 28, 1), 0.5), ("mnist", (28, 28, 1), 1.0), ("cifar10", (32, 32, 3), 0.25))


def run() -> list[Comparison]:
    import tensorflow as tf

    from models import VAEGAN
    from models.vae_gan import RECIPES

    comparisons = []
    for dataset, shape, width in CASES:
        model = VAEGAN(shape, RECIPES[dataset], width)
        model.compile(jit_compile=False)
        images = np.random.default_rng(0).uniform(-1, 1, (BATCH * STEPS, *shape)).astype(np.float32)
        batch = tf.constant(images[:BATCH])
        bare = tf.function(model.train_step)

        def fit(model=model, images=images) -> None:
            model.fit(images, batch_size=BATCH, verbose=0)

        def steps_alone(bare=bare, batch=batch) -> None:
            for _ in range(STEPS):
                logs = bare(batch)
            next(iter(logs.values())).numpy()

        case = f"VAE-GAN of {dataset}, width {width:g}, batch {BATCH}"
        comparisons += compare(case, {"ours, fit": fit, "its step alone": steps_alone}, len(images), "images")
    return comparisons
