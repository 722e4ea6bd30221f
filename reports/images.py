"""Pictures made of pixels, as PNG data that a page embeds."""

import base64
import io

import numpy as np
from PIL import Image

COLOURS = 256
"""Of a PNG with a palette, which takes a third of the place of one without."""
SHADES = 63
"""Of blue, and as many of red, in an attribution map: more than the eye tells apart, and a palette holds them."""


def data_uri(pixels: np.ndarray) -> str:
    """(H, W, 3) values in [0, 1] as a PNG data URI, one image pixel per array entry."""
    rounded = np.round(np.clip(pixels, 0, 1) * 255).astype(np.uint8)
    palette, index = np.unique(rounded.reshape(-1, 3), axis=0, return_inverse=True)
    if len(palette) <= COLOURS:
        picture = Image.fromarray(index.reshape(rounded.shape[:2]).astype(np.uint8), mode="P")
        picture.putpalette(palette.tobytes())
    else:
        picture = Image.fromarray(rounded)
    buffer = io.BytesIO()
    picture.save(buffer, format="PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def photograph(image: np.ndarray) -> np.ndarray:
    """An image (H, W, C) in [-1, 1] as (H, W, 3) in [0, 1]; channels that are not three as the grey of their mean."""
    pixels = (np.asarray(image, float) + 1) / 2
    return pixels if pixels.shape[-1] == 3 else np.repeat(pixels.mean(axis=-1, keepdims=True), 3, axis=-1)


def signed_map(values: np.ndarray) -> np.ndarray:
    """Attributions (H, W), already summed over channels, in blue, white and red.

    Clipped to the 0.5 to 99.5 percentile of the image; white is zero. Source: protocol, Section 2.1.
    """
    clipped = np.clip(values, *np.percentile(values, (0.5, 99.5)))
    strength = np.round(SHADES * np.divide(clipped, np.abs(clipped).max() or 1.0))[..., None] / SHADES
    blue, white, red = np.array([0.0, 0.2, 0.7]), np.ones(3), np.array([0.75, 0.05, 0.05])
    return white + np.maximum(strength, 0) * (red - white) + np.maximum(-strength, 0) * (blue - white)
