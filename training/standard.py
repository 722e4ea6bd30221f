"""Standard training: the loss of the images as they are."""

from training.method import Method

TITLE = "standard"
NAME = "standard"
PASSES = {"update": 3}


class Standard(Method):
    """Nothing is added."""
