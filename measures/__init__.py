"""Measures of attribution maps: is what they point at what the network uses? A file for each; loads no TensorFlow.

from measures import measure
values = measure("my_measure", model, images, labels, maps)  # one value per image
"""

from measures.given import Given, measure

__all__ = ["Given", "measure"]
