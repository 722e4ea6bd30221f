"""How far each pixel is from black: a control that knows nothing of the network."""

TITLE = "Brightness"
KNOWS_NETWORK = False


def brightness(model, images, rng=None):
    """Pixel values above black, not negative: what a black baseline's methods multiply their sensitivities with.

    Integrated Gradients and DeepLIFT from black give a black pixel nothing, whatever the network makes of it; what they
    score beyond this is what they say of the network.
    """
    return images + 1
