"""Randomisation test: does a map change as the network's layers lose what they learnt? (Adebayo et al. 2018)

Source: arXiv 1810.03292, cascading randomisation. `CHANCE` is of maps that have nothing to do with each other.
What does not know the network scores 1, `random` too, whose maps are drawn from the same seed.
"""

from collections.abc import Iterator

import keras
import numpy as np

from measures.occlusion import pixel_scores, rank_likeness

TITLE = "Randomisation test"
UNIT = "rank correlation"
MORE_IS_BETTER = False
CHANCE = 0.0
EXPLAINS = {"call": 4}  # once a layer with weights, of which mnist_cnn has four


def randomisation(given):
    """(N,) in [-1, 1]: the mean over layers of the likeness to the maps of the network randomised down to that layer.

    Likeness is Spearman's correlation of pixel scores, the absolute attributions summed over channels; 0 where the
    randomised network's map is constant. NaN where the network's own is.

    From the top, layer by layer, a copy of the network has the values of each weight array shuffled. Initial weights
    drawn anew, as in the source, are of another size than trained ones; shuffled, the size stays and what was learnt is
    lost. A map is of the class that its own network predicts; the source keeps the class of the first.

    Raises:
        ValueError: no `explain`, or a network that cannot be copied or has no weights.
    """
    scores = pixel_scores(given.maps)
    # A constant map has no ranking to keep: no likeness. Whether the network's own has one is asked last.
    likeness = [
        np.nan_to_num(rank_likeness(scores, pixel_scores(given.explain(given.images, network))))
        for network in cascade(given.model, given.seed)
    ]
    constant = scores.min(axis=(1, 2)) == scores.max(axis=(1, 2))
    return np.where(constant, np.nan, np.mean(likeness, axis=0))


def cascade(model, seed: int) -> Iterator[keras.Model]:
    """One copy of a network, again and again, each time with one layer more randomised, from the top.

    Args:
        model: sequential or functional; it is left as it is. A network inside of it counts as one layer.
        seed: of the shuffling.

    Raises:
        ValueError: it cannot be copied, or has no weights.
    """
    copy = _copied(model)
    layers = [layer for layer in reversed(copy.layers) if layer.weights]
    if not layers:
        raise ValueError("model must have layers with weights. Received: none.")
    rng = np.random.default_rng(seed)
    for layer in layers:
        # The variables stay, and with them the graphs that were traced of the copy.
        layer.set_weights([rng.permuted(weights, axis=None) for weights in layer.get_weights()])
        yield copy


def _copied(model) -> keras.Model:
    try:
        copy = keras.models.clone_model(model)
    except (ValueError, TypeError, NotImplementedError) as error:
        raise ValueError(
            f"model must be sequential or functional, so that it can be copied. Received: {type(model).__name__}."
        ) from error
    copy.set_weights(model.get_weights())
    return copy
