"""Adversarial training: `fit` against the sum of its parts, and against other libraries."""

import numpy as np

from benchmarks.measure import Comparison, compare
from benchmarks.peers import CLIP, art_classifier, missing, torch_batch, torch_network, torch_pgd

BATCH, BATCHES, STEPS, EPS, STEP = 100, 5, 10, 0.1, 0.02


def run() -> list[Comparison]:
    import keras
    import tensorflow as tf

    from attacks import ProjectedGradientDescent
    from experiments.networks.batches import batches_in_order
    from models import cifar_cnn
    from training import AdversarialTrainer

    rng = np.random.default_rng(0)
    images = rng.uniform(*CLIP, (BATCH * BATCHES, 32, 32, 3)).astype(np.float32)
    labels = rng.integers(10, size=len(images))
    attack = ProjectedGradientDescent(norm="linf", eps=EPS, step_size=STEP, steps=STEPS)
    trainer = AdversarialTrainer(cifar_cnn(seed=0), attack=attack)
    trainer.compile(
        optimizer=keras.optimizers.Adam(1e-3),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
        jit_compile=False,
    )
    plain = AdversarialTrainer(trainer.network)
    plain.compile(optimizer=trainer.optimizer, loss=trainer.loss, metrics=["accuracy"])
    update = tf.function(plain.train_step)
    batches = [
        (tf.constant(images[i : i + BATCH]), tf.constant(labels[i : i + BATCH])) for i in range(0, len(images), BATCH)
    ]

    def parts() -> None:
        """Ten attack steps and one update for each batch, nothing else."""
        for x, y in batches:
            update((attack(trainer.network, x, y), y))["loss"].numpy()

    candidates = {
        "ours, fit": lambda: trainer.fit(batches_in_order(images, labels, BATCH), verbose=0),
        "its attack and update alone": parts,
    }
    absent = missing()
    if "ART" not in absent:
        candidates["ART, AdversarialTrainerMadryPGD"] = _art(cifar_cnn(seed=0), images, labels)
    if "PyTorch" not in absent:
        candidates["PyTorch loop"] = _torch(cifar_cnn(seed=0), images, labels)
    return compare(f"training on PGD-{STEPS} linf, cifar_cnn, batch {BATCH}", candidates, len(images), "images")


def _art(network, images, labels):
    from art.defences.trainer import AdversarialTrainerMadryPGD

    trainer = AdversarialTrainerMadryPGD(
        art_classifier(network),
        nb_epochs=1,
        batch_size=BATCH,
        eps=EPS,
        eps_step=STEP,
        max_iter=STEPS,
        num_random_init=0,
    )
    one_hot = np.eye(10, dtype=np.float32)[labels]
    return lambda: trainer.fit(images, one_hot)


def _torch(network, images, labels):
    import torch

    model = torch_network(network)
    optimizer = torch.optim.Adam(model.parameters(), 1e-3)
    x, y = torch_batch(images, labels)

    def epoch() -> None:
        for i in range(0, len(x), BATCH):
            batch, target = x[i : i + BATCH], y[i : i + BATCH]
            adversarial = torch_pgd(model, batch, target, "linf", EPS, STEP, STEPS)
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(model(adversarial), target).backward()
            optimizer.step()

    return epoch
