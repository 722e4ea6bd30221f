"""Methods that average many gradients hold one batch in memory at a time."""

import numpy as np
import pytest
import tensorflow as tf

from attributions import METHODS


@pytest.mark.parametrize("method", ["integrated_gradients", "smoothgrad", "vargrad"])
def test_gradients_follow_one_another(method, network, images):
    """Left to itself TensorFlow runs ten turns of a loop side by side, with the memory of ten batches."""

    @tf.function
    def maps(batch):
        return METHODS[method](network, batch, np.random.default_rng(0))

    graph = maps.get_concrete_function(tf.constant(images)).graph
    functions = [graph, *(function.graph for function in graph._functions.values())]
    loops = [op for one in functions for op in one.get_operations() if op.type in ("While", "StatelessWhile")]
    averaging = [op for op in loops if op.get_attr("parallel_iterations") == 1]
    assert averaging, [op.name for op in loops]
