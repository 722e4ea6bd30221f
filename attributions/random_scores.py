"""The baseline every attribution has to beat."""

from attributions.registry import register


@register("random")
def random_scores(model, images, rng):
    """Scores uniform in [0, 1), independent of the network and the image."""
    return rng.random(images.shape, dtype="float32")
