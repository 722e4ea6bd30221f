"""From values by place to arrays: what is missing stays visible, and numbers take no more room than they need."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

PICTURE_BITS = 9
"""Significant bits of what is shown: half of one of 256 shades."""
NUMBER_BITS = 16
"""Significant bits of what was measured of single images: an error of a hundred-thousandth, which compresses well."""
NOT_MEASURED = -1
"""In arrays of whole numbers; NaN in others."""


def gathered(entries: Mapping[Any, Any], shape: Sequence[int]) -> np.ndarray:
    """An array of that shape, and of the entries' own behind it, with each entry at its place, a tuple of numbers.

    Truth values become small integers. What has no entry is `NOT_MEASURED` or NaN.
    """
    known = {place: np.asarray(entry) for place, entry in entries.items()}
    first = next(iter(known.values()))
    kind = np.int8 if first.dtype.kind == "b" else first.dtype
    array = np.full((*shape, *first.shape), NOT_MEASURED if np.issubdtype(kind, np.integer) else np.nan, kind)
    for place, entry in known.items():
        array[place] = entry
    return array


def there_at(entries: Iterable[tuple[int, ...]], shape: Sequence[int]) -> np.ndarray:
    """Truth values of that shape: at which places there is something, whatever its value."""
    array = np.zeros(shape, bool)
    for place in entries:
        array[place] = True
    return array


def rounded(array: np.ndarray, bits: int = NUMBER_BITS) -> np.ndarray:
    """Numbers as float32 with so many significant bits; truth values and whole numbers as they are.

    A smaller type would not do: gradients may be as small as a float32 can be.
    """
    if array.dtype.kind != "f":
        return array
    fraction, exponent = np.frexp(array)
    return np.ldexp(np.round(fraction * 2**bits) / 2**bits, exponent).astype(np.float32)
