"""An epoch of every training method beside one of standard training, and beside other libraries' trainers."""

from collections.abc import Callable, Iterator

import numpy as np

from benchmarks.measure import Comparison, compare
from benchmarks.peers import CLIP, missing, torch_network

BATCH, IMAGES, FEW, WIDTH = 100, 1000, 200, 0.5
EPS, STEP, STEPS, BETA = 0.2, 0.02, 10, 1.0
METHODS = {
    "adversarial": {"norm": "linf", "loss": "cross_entropy", "eps": EPS, "step_size": STEP, "steps": STEPS},
    "trades": {"norm": "linf", "eps": EPS, "step_size": STEP, "steps": STEPS, "beta": BETA},
    "fast": {"eps": EPS},
    "gradient_alignment": {"eps": EPS, "weight": 0.2},
    "elastic": {"eps1": EPS, "eps2": 0.5},
    "gradient_penalty": {"weight": 3.0},
    "gaussian_noise": {"sigma": 0.5},
    "interpretability_regulariser": {"alignment": 5.0, "shrinkage": 0.1, "samples": 4, "noise": 0.3},
}


def run() -> Iterator[Comparison]:
    from models import mnist_cnn

    rng = np.random.default_rng(0)
    images = rng.uniform(*CLIP, (IMAGES, 28, 28, 1)).astype(np.float32)
    labels = rng.integers(10, size=IMAGES)
    epochs = {name: _epoch(name, parameters, images, labels) for name, parameters in METHODS.items()}
    case = f"an epoch, mnist_cnn of width {WIDTH}, batch {BATCH}"
    yield from compare(case, {"standard training": _epoch("standard", {}, images, labels), **epochs}, IMAGES, "images")
    if {"ART", "PyTorch"} & set(missing()):
        return
    peers = {
        "adversarial": ("ART, PGD", _art_madry),
        "trades": ("ART, TRADES", _art_trades),
        "fast": ("ART, fast is better than free", _art_fast),
    }
    few = images[:FEW], labels[:FEW]  # theirs take minutes for as many as ours
    for name, (peer, make) in peers.items():
        candidates = {"ours": _epoch(name, METHODS[name], *few), peer: make(mnist_cnn(WIDTH, seed=0), *few)}
        yield from compare(f"{name}, {case}", candidates, FEW, "images")


def _epoch(name: str, parameters: dict, images, labels) -> Callable:
    import keras

    from experiments.networks.batches import batches_in_order
    from models import mnist_cnn
    from training import METHODS as SHELF
    from training import Trainer

    if name == "interpretability_regulariser":
        parameters = {"teacher": mnist_cnn(WIDTH, seed=1), **parameters}
    trainer = Trainer(mnist_cnn(WIDTH, seed=0), SHELF[name](**parameters))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    trainer.compile(keras.optimizers.Adam(1e-3), loss, metrics=["accuracy"], jit_compile=False)
    batches = batches_in_order(images, labels, BATCH)
    return lambda: trainer.fit(batches, verbose=0)


def _art_classifier(network):
    import torch
    from art.estimators.classification import PyTorchClassifier

    class Whole(torch.nn.Module):
        """Of a `Sequential` its TRADES takes the first layer's output for the logits."""

        def __init__(self):
            super().__init__()
            self.layers = torch_network(network)

        def forward(self, images):
            return self.layers(images)

    model = Whole()
    return PyTorchClassifier(
        model,
        loss=torch.nn.CrossEntropyLoss(),
        optimizer=torch.optim.Adam(model.parameters(), 1e-3),
        input_shape=(1, 28, 28),
        nb_classes=10,
        clip_values=CLIP,
        device_type="cpu",
    )


def _art_attack(classifier):
    from art.attacks.evasion import ProjectedGradientDescent

    options = {"eps": EPS, "eps_step": STEP, "max_iter": STEPS, "batch_size": BATCH, "verbose": False}
    return ProjectedGradientDescent(classifier, **options)


def _art_madry(network, images, labels) -> Callable:
    from art.defences.trainer import AdversarialTrainer

    classifier = _art_classifier(network)
    return _art_fit(AdversarialTrainer(classifier, _art_attack(classifier), ratio=1.0), images, labels)


def _art_trades(network, images, labels) -> Callable:
    from art.defences.trainer import AdversarialTrainerTRADESPyTorch

    classifier = _art_classifier(network)
    return _art_fit(AdversarialTrainerTRADESPyTorch(classifier, _art_attack(classifier), BETA), images, labels)


def _art_fast(network, images, labels) -> Callable:
    from art.defences.trainer import AdversarialTrainerFBFPyTorch

    return _art_fit(AdversarialTrainerFBFPyTorch(_art_classifier(network), eps=EPS), images, labels)


def _art_fit(trainer, images, labels) -> Callable:
    x, y = np.moveaxis(images, -1, 1).copy(), np.eye(10, dtype=np.float32)[labels]
    return lambda: trainer.fit(x, y, batch_size=BATCH, nb_epochs=1)
