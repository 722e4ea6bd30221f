"""Images per second of the VAE-GAN's training step.

python -m benchmarks.vae_gan_step
"""

import os
import statistics
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np

from models import VAEGAN
from models.vae_gan import RECIPES

BATCH, STEPS, ROUNDS = 100, 5, 5
CASES = (("mnist", (28, 28, 1), 0.5), ("mnist", (28, 28, 1), 1.0), ("cifar10", (32, 32, 3), 1.0))


def main() -> None:
    for dataset, shape, width in CASES:
        model = VAEGAN(shape, RECIPES[dataset], width)
        model.compile()
        images = np.random.default_rng(0).uniform(-1, 1, (BATCH, *shape)).astype(np.float32)
        model.train_on_batch(images)  # traced and warm
        rates = []
        for _ in range(ROUNDS):
            start = time.perf_counter()
            for _ in range(STEPS):
                model.train_on_batch(images)
            rates.append(BATCH * STEPS / (time.perf_counter() - start))
        updates = model.recipe.discriminator_steps
        print(
            f"{dataset}, width {width:g}: {statistics.median(rates):,.0f} images/s "
            f"(from {min(rates):,.0f} to {max(rates):,.0f}); forward passes per step: "
            f"encoder 1, decoder 2, discriminator {updates} of three times the batch"
        )


if __name__ == "__main__":
    main()
