"""The same attack and the same networks in other libraries, each used as its own documentation does."""

import functools
import importlib.util
import subprocess
import sys

import numpy as np

LIBRARIES = {
    "CleverHans": "cleverhans",
    "Foolbox": "foolbox",
    "ART": "art",
    "PyTorch": "torch",
    "Captum": "captum",
    "Zennit": "zennit",
    "saliency": "saliency",
}
CLIP = (-1.0, 1.0)


def missing() -> dict[str, str]:
    """Libraries that cannot be used here, and why."""
    reasons = {name: _why_absent(module) for name, module in LIBRARIES.items()}
    return {name: reason for name, reason in reasons.items() if reason}


@functools.cache
def _why_absent(module: str) -> str:
    """Tried in another process: an import that stops half-way, for whatever reason, leaves its traces."""
    if importlib.util.find_spec(module) is None:
        return "is not installed"
    tried = subprocess.run([sys.executable, "-c", f"import {module}"], capture_output=True, text=True, check=False)
    if tried.returncode == 0:
        return ""
    return f"cannot be imported ({(tried.stderr.splitlines() or ['no message'])[-1]})"


def attacks(network, images: np.ndarray, labels: np.ndarray, norm: str, eps: float, step: float, steps: int) -> dict:
    """Per library, a call that attacks these images with projected gradient descent."""
    makers = {
        "CleverHans": cleverhans_attack,
        "Foolbox (TensorFlow)": foolbox_tensorflow_attack,
        "Foolbox (PyTorch)": foolbox_torch_attack,
        "ART (TensorFlow)": art_attack,
        "PyTorch loop": torch_attack,
    }
    absent = missing()
    wanted = {name: make for name, make in makers.items() if not any(library in name for library in absent)}
    return {name: make(network, images, labels, norm, eps, step, steps) for name, make in wanted.items()}


def cleverhans_attack(network, images, labels, norm, eps, step, steps):
    import tensorflow as tf
    from cleverhans.tf2.attacks.projected_gradient_descent import projected_gradient_descent

    x, y, order = tf.constant(images), tf.constant(labels), {"l2": 2, "linf": np.inf}[norm]
    options = {"y": y, "clip_min": CLIP[0], "clip_max": CLIP[1], "rand_init": False}
    return lambda: projected_gradient_descent(network, x, eps, step, steps, order, **options).numpy()


def foolbox_tensorflow_attack(network, images, labels, norm, eps, step, steps):
    import foolbox
    import tensorflow as tf

    model, x, y = foolbox.TensorFlowModel(network, bounds=CLIP), tf.constant(images), tf.constant(labels)
    attack = _foolbox(norm, step, steps)
    return lambda: attack.run(model, x, y, epsilon=eps).numpy()


def foolbox_torch_attack(network, images, labels, norm, eps, step, steps):
    import foolbox

    model = foolbox.PyTorchModel(torch_network(network), bounds=CLIP, device="cpu")
    x, y = torch_batch(images, labels)
    attack = _foolbox(norm, step, steps)
    return lambda: attack.run(model, x, y, epsilon=eps).numpy()


def _foolbox(norm, step, steps):
    import foolbox

    kind = {"l2": foolbox.attacks.L2PGD, "linf": foolbox.attacks.LinfPGD}[norm]
    return kind(abs_stepsize=step, steps=steps, random_start=False)


def art_classifier(network, learning_rate: float = 1e-3):
    import keras
    from art.estimators.classification import TensorFlowV2Classifier

    return TensorFlowV2Classifier(
        network,
        nb_classes=network.output_shape[-1],
        input_shape=network.input_shape[1:],
        loss_object=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        optimizer=keras.optimizers.Adam(learning_rate),
        clip_values=CLIP,
    )


def art_attack(network, images, labels, norm, eps, step, steps):
    from art.attacks.evasion import ProjectedGradientDescentTensorFlowV2

    attack = ProjectedGradientDescentTensorFlowV2(
        art_classifier(network),
        norm={"l2": 2, "linf": np.inf}[norm],
        eps=eps,
        eps_step=step,
        max_iter=steps,
        batch_size=len(images),
        verbose=False,
    )
    one_hot = np.eye(network.output_shape[-1], dtype=np.float32)[labels]
    return lambda: attack.generate(images, one_hot)


def torch_network(network):
    """The Keras network's layers and weights in PyTorch, channels last, which is its faster layout on CPUs."""
    import torch

    modules, flattened = [], None
    for layer in network.layers:
        weights = [torch.tensor(array) for array in layer.get_weights()]
        match type(layer).__name__:
            case "Conv2D":
                size, _, channels, filters = weights[0].shape
                modules.append(torch.nn.Conv2d(channels, filters, size, padding="same"))
                weights[0] = weights[0].permute(3, 2, 0, 1)
            case "MaxPooling2D":
                modules.append(torch.nn.MaxPool2d(2))
            case "Flatten":
                modules.append(torch.nn.Flatten())
                flattened = layer.input.shape[1:]
            case "Dense":
                modules.append(torch.nn.Linear(*weights[0].shape))
                if flattened:  # Keras flattens height, width, channels; PyTorch channels, height, width
                    weights[0] = weights[0].reshape(*flattened, -1).permute(2, 0, 1, 3).flatten(0, 2)
                    flattened = None
                weights[0] = weights[0].T
        if weights:
            modules[-1].weight.data, modules[-1].bias.data = weights[0].contiguous(), weights[1]
            if layer.activation.__name__ == "relu":
                modules.append(torch.nn.ReLU())
    return torch.nn.Sequential(*modules).to(memory_format=torch.channels_last).eval()


def torch_batch(images: np.ndarray, labels: np.ndarray):
    import torch

    x = torch.tensor(np.moveaxis(images, -1, 1).copy()).to(memory_format=torch.channels_last)
    return x, torch.tensor(labels, dtype=torch.int64)


def torch_attack(network, images, labels, norm, eps, step, steps):
    model, (x, y) = torch_network(network), torch_batch(images, labels)
    return lambda: torch_pgd(model, x, y, norm, eps, step, steps).numpy()


def torch_pgd(model, x, y, norm, eps, step, steps):
    """Plain projected gradient descent, as people write it."""
    import torch
    from torch.nn import functional

    def length(delta):
        return delta.flatten(1).norm(dim=1).clamp_min(1e-12)[:, None, None, None]

    adversarial = x.clone()
    for _ in range(steps):
        adversarial.requires_grad_()
        loss = functional.cross_entropy(model(adversarial), y, reduction="sum")
        (gradient,) = torch.autograd.grad(loss, adversarial)
        with torch.no_grad():
            if norm == "l2":
                delta = adversarial + step * gradient / length(gradient) - x
                delta = delta * (eps / length(delta)).clamp_max(1.0)
            else:
                delta = (adversarial + step * gradient.sign() - x).clamp(-eps, eps)
            adversarial = (x + delta).clamp(*CLIP)
    return adversarial
