"""Attribution methods against Captum's, Zennit's and PAIR's: the same weights, images, steps and samples."""

from collections.abc import Callable, Iterator

import numpy as np

from benchmarks.measure import Comparison, compare
from benchmarks.peers import missing, torch_batch, torch_network

METHODS = ("integrated_gradients", "smoothgrad", "deeplift", "guided_backprop", "lrp_epsilon", "lrp_alpha_beta")
IMAGES, WIDTH, STEPS, SAMPLES, SIGMA, ROUNDS = 200, 0.5, 50, 25, 0.15, 5


def run() -> Iterator[Comparison]:
    from attributions import explain
    from models import cifar_cnn

    network = cifar_cnn(width=WIDTH, seed=0)
    images = np.random.default_rng(0).uniform(-1, 1, (IMAGES, 32, 32, 3)).astype(np.float32)
    absent, others = missing(), {}
    if not {"PyTorch", "Captum"} & set(absent):
        others["Captum"] = _captum(network, images)
    if not {"PyTorch", "Zennit"} & set(absent):
        others["Zennit"] = _zennit(network, images)
    if "saliency" not in absent:
        others["saliency"] = _saliency(network, images)
    for method in METHODS:
        peers = {f"{library}, {method}": calls[method] for library, calls in others.items() if method in calls}
        if peers:
            candidates = {"ours": lambda method=method: explain(method, network, images), **peers}
            yield from compare(f"{method}, cifar_cnn of width {WIDTH}", candidates, IMAGES, "images", ROUNDS)


def _captum(network, images) -> dict[str, Callable]:
    """In batches of as many images as ours: expanded by steps or samples, these would take gigabytes."""
    from captum import attr
    from captum.attr._utils.lrp_rules import EpsilonRule

    model = torch_network(network)
    x, y = torch_batch(images, network(images).numpy().argmax(axis=1))
    path, noise = attr.IntegratedGradients(model), attr.NoiseTunnel(attr.Saliency(model))
    options = {"abs": False, "stdevs": 2 * SIGMA, "nt_samples": SAMPLES, "nt_samples_batch_size": 1}

    def lrp():
        for module in model:
            if type(module).__name__ == "Flatten":
                module.rule = EpsilonRule()  # which has none by default, and loses it after every call
        return attr.LRP(model).attribute(x, target=y)

    return {
        "integrated_gradients": lambda: path.attribute(
            x, baselines=-1.0, target=y, n_steps=STEPS, internal_batch_size=IMAGES
        ),
        "smoothgrad": lambda: noise.attribute(x, target=y, **options),
        "deeplift": lambda: attr.DeepLift(model).attribute(x, baselines=-1.0, target=y),
        "guided_backprop": lambda: attr.GuidedBackprop(model).attribute(x, target=y),
        "lrp_epsilon": lrp,
    }


def _zennit(network, images) -> dict[str, Callable]:
    import torch
    from zennit.attribution import Gradient
    from zennit.composites import LayerMapComposite, SpecialFirstLayerMapComposite
    from zennit.rules import AlphaBeta, Epsilon, Pass, ZBox
    from zennit.types import Activation, Convolution, Linear

    logits = network(images).numpy()
    x, y = torch_batch(images, logits.argmax(axis=1))
    relevance = torch.tensor(logits) * torch.nn.functional.one_hot(y, logits.shape[1])

    def layers(rule):
        return [(Activation, Pass()), (Convolution, rule), (Linear, rule)]

    def maps(composite):
        with Gradient(torch_network(network), composite) as attributor:
            return attributor(x, relevance)

    box = [(Convolution, ZBox(-1.0, 1.0))]
    return {
        "lrp_epsilon": lambda: maps(LayerMapComposite(layers(Epsilon()))),
        "lrp_alpha_beta": lambda: maps(SpecialFirstLayerMapComposite(layers(AlphaBeta(1.0, 0.0)), first_map=box)),
    }


def _saliency(network, images) -> dict[str, Callable]:
    """It takes one image, and asks for gradients, which a compiled graph gives it."""
    import tensorflow as tf
    from saliency import core

    @tf.function(reduce_retracing=True)
    def gradients(batch, label):
        with tf.GradientTape() as tape:
            tape.watch(batch)
            total = tf.reduce_sum(network(batch, training=False)[:, label])
        return tape.gradient(total, batch)

    def call(batch, call_model_args=None, expected_keys=None):
        found = gradients(tf.constant(batch, tf.float32), tf.constant(call_model_args))
        return {core.INPUT_OUTPUT_GRADIENTS: found.numpy()}

    labels = network(images).numpy().argmax(axis=1)
    path, plain, black = core.IntegratedGradients(), core.GradientSaliency(), -np.ones_like(images[0])
    options = {"x_baseline": black, "x_steps": STEPS, "batch_size": STEPS}
    noise = {"stdev_spread": SIGMA, "nsamples": SAMPLES, "magnitude": False}
    pairs = list(zip(images, labels, strict=True))
    return {
        "integrated_gradients": lambda: [path.GetMask(image, call, label, **options) for image, label in pairs],
        "smoothgrad": lambda: [plain.GetSmoothedMask(image, call, label, **noise) for image, label in pairs],
    }
