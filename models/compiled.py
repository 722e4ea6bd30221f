"""One traced graph per network and purpose, kept for as long as the network lives."""

import weakref
from collections.abc import Callable, Hashable

import keras
import tensorflow as tf

LOOP_BODY = {"_noinline": True}
"""`experimental_attributes` of a `tf.function` that is called in a loop.

Inlined into a loop, a max-pooling's gradient stays on TensorFlow's generic kernel, ten times slower
than oneDNN's: the pass that swaps kernels relies on an order of nodes that a cycle does not give it.
"""

_GRAPHS: weakref.WeakKeyDictionary[keras.Model, dict[Hashable, Callable]] = weakref.WeakKeyDictionary()


def compiled(
    model: keras.Model, key: Hashable, function: Callable, **options
) -> tf.types.experimental.PolymorphicFunction:
    """`function(model, *tensors)` as a `tf.function`, traced at most once per tensor signature.

    Args:
        model: the network; held weakly, so that its graphs are freed together with it.
        key: tells apart the functions compiled for this network; under a `tf.distribute` strategy every
            replica has graphs of its own, because they hold its variables.
        function: called as `function(model, *tensors)` while tracing.
        **options: passed to `tf.function`.

    Returns:
        A callable that takes the tensors alone.
    """
    graphs, key = _GRAPHS.setdefault(model, {}), (key, _replica())
    if key not in graphs:
        reference = weakref.ref(model)
        graphs[key] = tf.function(lambda *tensors: function(reference(), *tensors), reduce_retracing=True, **options)
    return graphs[key]


def _replica() -> int:
    context = tf.distribute.get_replica_context()
    return 0 if context is None else int(tf.get_static_value(context.replica_id_in_sync_group))
