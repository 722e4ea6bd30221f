"""A training under a strategy, in a process of its own: devices have to be set before TensorFlow starts.

python -m tests.experiments.compute.distributed_training <strategy> <logical devices> <file for the weights>
"""

import sys

import keras
import numpy as np
import tensorflow as tf

from attacks import ProjectedGradientDescent
from experiments.compute.strategy import scope
from experiments.networks.batches import training_batches
from models import mnist_cnn
from training import AdversarialTrainer


def main(strategy: str, devices: int, path: str) -> None:
    (cpu,) = tf.config.list_physical_devices("CPU")
    tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * devices)
    rng = np.random.default_rng(0)
    labels = rng.integers(10, size=160).astype(np.int32)
    images = np.clip(rng.normal(labels[:, None, None, None] / 5 - 1, 0.3, (160, 28, 28, 1)), -1, 1).astype(np.float32)
    with scope(strategy):
        network = mnist_cnn(width=0.1, seed=0)
        attack = ProjectedGradientDescent(norm="l2", eps=0.5, step_size=0.2, steps=3)
        trainer = AdversarialTrainer(network, attack=attack)
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        trainer.compile(keras.optimizers.Adam(1e-3), loss, metrics=["accuracy"], jit_compile=False)
    batches = training_batches(images, labels, 40, seed=0, epochs=1)
    history = trainer.fit(batches, steps_per_epoch=4, shuffle=False, verbose=0).history
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)(labels, network(images, training=False))
    weights = {f"weights_{number}": array for number, array in enumerate(network.get_weights())}
    np.savez(path, loss=float(loss), training_loss=history["loss"][-1], steps=trainer.optimizer.iterations, **weights)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
