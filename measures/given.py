"""What a measure is given, and the one call that runs one and checks what it gives."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

import shelf


@dataclass(frozen=True)
class Given:
    """What can be measured of: a network, images, and what an attribution makes of them.

    A measure is a function of one of these. It returns (N,) values, one per image; if it needs retrained networks,
    (repetitions, N) values by score. Its file declares beside `TITLE`:

        UNIT             what the values are counted in
        MORE_IS_BETTER   whether larger values speak for the attribution
        CHANCE           what maps drawn at random score, where that is known
        RETRAININGS      the occlusions, "remove" or "keep", under which it needs networks retrained
        SCORES           titles of its scores by name, if it needs retrainings
        NEEDS            what the data set must have: "manifold", "null block"
        PASSES, EXPLAINS network passes per image, and how often it has each image explained anew

    Attributes:
        model: images -> logits.
        images: (N, H, W, C) in [-1, 1].
        labels: (N,) true labels.
        maps: (N, H, W, C) signed attributions of the predicted labels.
        seed: of the measure's own random numbers.
        explainer: (model, images) -> maps, the attribution that made `maps`; called through `explain`.
        manifold: the images' manifold as `models.projection` takes it, such as a `models.VAEGAN`, if it is in NEEDS.
        retrained: per occlusion named in RETRAININGS, (repetitions, percentiles, N) booleans: whether a network
            retrained with the maps' top pixels removed, or only they kept, is right on each image.
        random: the same for pixels at random.
        percentiles: percent of pixels that were removed or kept.
    """

    model: Any = None
    images: np.ndarray = field(default_factory=lambda: np.empty(0))
    labels: np.ndarray = field(default_factory=lambda: np.empty(0))
    maps: np.ndarray = field(default_factory=lambda: np.empty(0))
    seed: int = 0
    explainer: Callable[[Any, np.ndarray], np.ndarray] | None = None
    manifold: Any = None
    retrained: Mapping[str, np.ndarray] = field(default_factory=dict)
    random: Mapping[str, np.ndarray] = field(default_factory=dict)
    percentiles: Sequence[float] = ()

    def explain(self, images: np.ndarray, model: Any = None) -> np.ndarray:
        """(N, H, W, C) maps that the same attribution makes of other images, or of another network.

        It starts from the same seed at every call: of all images, in their order, an attribution that draws random
        numbers draws the same ones as for `maps`.

        Raises:
            ValueError: nobody said which attribution that is.
        """
        if self.explainer is None:
            raise ValueError("explain must be given to a measure that makes maps anew. Received: None.")
        return np.asarray(self.explainer(self.model if model is None else model, images))


def measure(
    method: str | Callable,
    model,
    images,
    labels,
    maps,
    *,
    explain=None,
    manifold=None,
    seed: int = 0,
    bounds: tuple[float, float] | None = (-1.0, 1.0),
    **parameters,
) -> np.ndarray:
    """A measure that needs no retraining, of every image.

    Args:
        method: the name of a file in `measures/`, or a function of a `Given`.
        model: images -> logits.
        images, labels, maps: as of `Given`; images within `bounds`, labels (N,) or (N, 1) integers.
        explain: (model, images) -> maps, for measures that make maps anew.
        manifold: as of `Given`, for measures that need one.
        seed: of the measure's own random numbers.
        bounds: (lowest, highest) pixel value; None looks at none. The measures here are made for the default.
        **parameters: of the measure.

    Returns:
        (N,) float64; NaN where an image has no value.

    Raises:
        ValueError: unknown, in need of retrained networks, of `explain` or of a manifold, or not one number per image;
            images that do not fit the network or leave `bounds`, labels that are no classes, maps of another shape
            or not finite.
    """
    from models.batches import checked_images, checked_labels, numbers  # what loads Keras

    name, function = _resolved(method)
    images, maps = checked_images(model, images, bounds), numbers("maps", maps)
    labels = checked_labels(labels, len(images), getattr(model, "output_shape", (None,))[-1])
    if maps.shape != images.shape:
        raise ValueError(f"maps must be of the images' shape {images.shape}. Received: {maps.shape}.")
    if not np.isfinite(maps).all():
        raise ValueError(f"maps must be finite numbers. Received: {(~np.isfinite(maps)).sum()} that are not.")
    values = function(Given(model, images, labels, maps, seed, explain, manifold), **parameters)
    try:
        array = np.asarray(values, float)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must return one number per image. Received: {type(values).__name__}.") from error
    if array.shape != (len(images),):
        raise ValueError(f"{name} must return values of shape ({len(images)},). Received: {array.shape}.")
    if np.isinf(array).any():
        raise ValueError(f"{name} must return finite numbers, or NaN where there is none. Received: infinite ones.")
    return array


def _resolved(method: str | Callable) -> tuple[str, Callable]:
    if callable(method):
        return getattr(method, "__name__", repr(method)), method
    known = {name: entry for name, entry in shelf.entries("measures").items() if "RETRAININGS" not in entry.declared}
    if method not in known:
        allowed = f"one of {', '.join(known)} or " if known else ""
        raise ValueError(f"method must be {allowed}a function that needs no retraining. Received: {method!r}.")
    return method, shelf.load("measures")[method]
