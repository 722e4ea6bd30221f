"""What Keras 3 lacks to `fit` under `MultiWorkerMirroredStrategy` (keras-team/keras issue 20585)."""

import keras
import tensorflow as tf


class MultiWorkerModel(keras.Model):
    """A Keras model whose `fit` works with several workers as well.

    It overrides two methods that Keras does not document, and changes nothing with a single worker.
    """

    def _maybe_symbolic_build(self, iterator=None, data_batch=None):
        """Builds metrics and loss by this worker's part of a batch; Keras's average over all workers fails."""
        strategy = self.distribute_strategy
        if iterator is not None and _several_workers(strategy):
            batch = next(next(iter(iterator))[2])
            data_batch = tuple(strategy.experimental_local_results(part)[0] for part in batch)
            iterator = None
        super()._maybe_symbolic_build(iterator=iterator, data_batch=data_batch)

    def _make_function(self, step_function):
        """Gives metrics an axis: Keras averages the workers' over axis 0, which a number has not."""

        def step(data):
            metrics = step_function(data)
            if not _several_workers(self.distribute_strategy):
                return metrics
            return {name: tf.reshape(value, (1,)) for name, value in metrics.items()}

        return super()._make_function(step)


def _several_workers(strategy: tf.distribute.Strategy) -> bool:
    return isinstance(strategy, tf.distribute.MultiWorkerMirroredStrategy) and strategy.num_replicas_in_sync > 1
