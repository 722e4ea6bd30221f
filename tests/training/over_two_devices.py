"""Trainings over two devices and over one, in a process of its own: devices have to be set before TensorFlow starts.

python -m tests.training.over_two_devices prints, for each method, the largest difference of a weight, and how far
weights moved.
"""

from contextlib import nullcontext

import keras
import numpy as np
import tensorflow as tf

from experiments.networks.batches import training_batches
from models import mnist_cnn
from training import METHODS, Trainer

METHODS_WITHOUT_NOISE = {  # random numbers are drawn for a replica's part of the batch
    "gradient_penalty": {"weight": 1.0},
    "interpretability_regulariser": {"alignment": 1.0, "shrinkage": 0.1, "samples": 1, "noise": 0.0},
}


def main() -> None:
    (cpu,) = tf.config.list_physical_devices("CPU")
    tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
    rng = np.random.default_rng(0)
    labels = rng.integers(10, size=80).astype(np.int32)
    images = np.clip(rng.normal(labels[:, None, None, None] / 5 - 1, 0.3, (80, 28, 28, 1)), -1, 1).astype(np.float32)
    before = mnist_cnn(width=0.05, seed=0).get_weights()
    for name, parameters in METHODS_WITHOUT_NOISE.items():
        one, two = (trained(name, parameters, images, labels, several) for several in (False, True))
        apart, moved = (max(np.abs(a - b).max() for a, b in zip(one, x, strict=True)) for x in (two, before))
        print(name, apart, moved)


def trained(name: str, parameters: dict, images, labels, several: bool) -> list[np.ndarray]:
    strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
    with strategy.scope() if several else nullcontext():
        network = mnist_cnn(width=0.05, seed=0)
        taught = {"teacher": mnist_cnn(width=0.05, seed=1)} if name == "interpretability_regulariser" else {}
        trainer = Trainer(network, METHODS[name](**parameters, **taught))
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        trainer.compile(keras.optimizers.SGD(0.05), loss, metrics=["accuracy"], jit_compile=False)
    batches = training_batches(images, labels, 40, seed=0, epochs=1)
    trainer.fit(batches, steps_per_epoch=2, shuffle=False, verbose=0)
    return network.get_weights()


if __name__ == "__main__":
    main()
