"""The VAE-GAN: `fit`, as the experiments call it, against its bare step; the projection against its gradients."""

import numpy as np

from benchmarks.measure import Comparison, compare

BATCH, STEPS, PROJECTED = 100, 20, 500
CASES = (("mnist", (28, 28, 1), 0.5), ("mnist", (28, 28, 1), 1.0), ("cifar10", (32, 32, 3), 0.25))


def run() -> list[Comparison]:
    import tensorflow as tf

    from experiments.networks.batches import training_batches
    from models import VAEGAN
    from models.vae_gan import RECIPES

    comparisons = []
    for dataset, shape, width in CASES:
        model = VAEGAN(shape, RECIPES[dataset], width)
        model.compile(jit_compile=False)
        images = np.random.default_rng(0).uniform(-1, 1, (BATCH * STEPS, *shape)).astype(np.float32)
        labels = np.zeros(len(images), np.int32)
        batch = tf.constant(images[:BATCH]), tf.constant(labels[:BATCH])
        bare = tf.function(model.train_step)

        def fit(model=model, images=images, labels=labels) -> None:
            batches = training_batches(images, labels, BATCH, seed=0, epochs=1)
            model.fit(batches, steps_per_epoch=STEPS, shuffle=False, verbose=0)

        def steps_alone(bare=bare, batch=batch) -> None:
            for _ in range(STEPS):
                logs = bare(batch)
            next(iter(logs.values())).numpy()

        case = f"VAE-GAN of {dataset}, width {width:g}, batch {BATCH}"
        comparisons += compare(case, {"ours, fit": fit, "its step alone": steps_alone}, len(images), "images")
    return comparisons + _projection(VAEGAN((28, 28, 1), RECIPES["mnist"], 0.5))


def _projection(model) -> list[Comparison]:
    import tensorflow as tf

    from models.projection import optimise_projection

    images = np.random.default_rng(0).uniform(-1, 1, (PROJECTED, 28, 28, 1)).astype(np.float32)
    z = tf.zeros((PROJECTED, model.recipe.latent_size))

    @tf.function
    def gradient(z):
        with tf.GradientTape() as tape:
            tape.watch(z)
            error = tf.reduce_sum(tf.square(images - model.decoder(z, training=False)))
        return tape.gradient(error, z)

    def gradients_alone() -> None:
        for _ in range(STEPS + 1):
            result = gradient(z)
        result.numpy()

    candidates = {
        "ours": lambda: optimise_projection(model, images, STEPS),
        "its gradients alone": gradients_alone,
    }
    case = f"optimised projection, {STEPS} steps, {PROJECTED} images, width 0.5"
    return compare(case, candidates, PROJECTED, "images")
