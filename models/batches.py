"""What attacks, attributions and measures require of images and labels when called from Python.

A data set is checked before; inside a graph there is nothing to look at yet.
"""

from typing import Any

import numpy as np

SLACK = 1e-3
"""Share of the range by which pixels may leave their bounds: rounding, not another scale."""


def verify_images(model: Any, images: np.ndarray, bounds: tuple[float, float] | None) -> None:
    """Raises a ValueError unless images are a batch that the network takes, all of it within bounds.

    Args:
        model: the network; one that does not tell its input's shape takes any.
        images: (N, ...) numbers.
        bounds: (lowest, highest) pixel value; None allows any finite one.
    """
    if images.ndim < 2 or not len(images):
        raise ValueError(f"images must be a batch (N, ...) of at least one. Received: shape {images.shape}.")
    wanted = getattr(model, "input_shape", None)
    if isinstance(wanted, tuple) and not _fits(images.shape, wanted):
        raise ValueError(f"images must have the shape that the network takes, {wanted}. Received: {images.shape}.")
    lowest, highest = images.min(), images.max()  # NaN if there is one
    if not (np.isfinite(lowest) and np.isfinite(highest)):
        raise ValueError(f"images must be finite numbers. Received: {lowest} to {highest}.")
    if bounds is not None:
        slack = SLACK * (bounds[1] - bounds[0])
        if lowest < bounds[0] - slack or highest > bounds[1] + slack:
            raise ValueError(
                f"images must lie within bounds, from {bounds[0]:g} to {bounds[1]:g}; scale them, or give theirs. "
                f"Received: {lowest:g} to {highest:g}."
            )


def checked_labels(labels: Any, count: int, classes: int | None) -> np.ndarray:
    """(N,) int32 labels, of integers of any type and shape (N,) or (N, 1).

    Args:
        labels: what is called so.
        count: N.
        classes: how many there are; None if nobody knows.

    Raises:
        ValueError: another shape, numbers that are no integers, or one that is no class.
    """
    array = np.asarray(labels)
    if array.shape not in ((count,), (count, 1)):
        raise ValueError(f"labels must be of shape ({count},) or ({count}, 1). Received: {array.shape}.")
    if not np.issubdtype(array.dtype, np.integer):
        raise ValueError(f"labels must be integers. Received: {array.dtype}.")
    lowest, highest = array.min(), array.max()
    if lowest < 0 or (classes is not None and highest >= classes):
        allowed = "0 or more" if classes is None else f"0 to {classes - 1}"
        raise ValueError(f"labels must be {allowed}. Received: {lowest} to {highest}.")
    return array.reshape(-1).astype(np.int32)


def _fits(shape: tuple[int, ...], wanted: tuple[int | None, ...]) -> bool:
    return len(shape) == len(wanted) and all(w in (None, s) for s, w in zip(shape, wanted, strict=True))
