"""Our layer-wise relevance propagation against Zennit's: same weights, same images, same maps."""

import numpy as np
import pytest

from attributions import explain
from tests.attributions.networks import pictures, relative_error
from tests.reference.library import library

torch = library("torch")
library("zennit")

from zennit.attribution import Gradient  # noqa: E402
from zennit.composites import LayerMapComposite, SpecialFirstLayerMapComposite  # noqa: E402
from zennit.rules import AlphaBeta, Epsilon, Pass, ZBox  # noqa: E402
from zennit.types import Activation, Convolution, Linear  # noqa: E402

from benchmarks.peers import torch_batch, torch_network  # noqa: E402


def theirs(network, images, composite):
    logits = network(images).numpy()
    x, y = torch_batch(images, logits.argmax(axis=1))
    relevance = torch.tensor(logits) * torch.nn.functional.one_hot(y, logits.shape[1])
    with Gradient(torch_network(network), composite) as attributor:
        _, maps = attributor(x, relevance)
    return np.moveaxis(maps.detach().numpy(), 1, -1)


@pytest.mark.parametrize("epsilon", [1e-6, 0.3])
def test_lrp_epsilon(trained_cnn, epsilon):
    images = pictures(trained_cnn, 6)
    composite = LayerMapComposite([(Activation, Pass()), (Convolution, Epsilon(epsilon)), (Linear, Epsilon(epsilon))])
    ours = explain("lrp_epsilon", trained_cnn, images, epsilon=epsilon)
    assert relative_error(ours, theirs(trained_cnn, images, composite)) < 1e-4


@pytest.mark.parametrize("alpha", [1.0, 2.0])
def test_lrp_alpha_beta_and_the_box_rule(trained_cnn, alpha):
    images = pictures(trained_cnn, 6)
    rule = AlphaBeta(alpha, alpha - 1, stabilizer=1e-9)
    composite = SpecialFirstLayerMapComposite(
        layer_map=[(Activation, Pass()), (Convolution, rule), (Linear, rule)],
        first_map=[(Convolution, ZBox(-1.0, 1.0, stabilizer=1e-9))],
    )
    ours = explain("lrp_alpha_beta", trained_cnn, images, alpha=alpha)
    assert relative_error(ours, theirs(trained_cnn, images, composite)) < 1e-4
