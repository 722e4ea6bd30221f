"""The baseline that every attribution has to beat."""

TITLE = "random"


def random(model, images, rng):
    """Scores uniform in [0, 1), independent of the network and the image."""
    return rng.random(images.shape, dtype="float32")
