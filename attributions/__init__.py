"""Attribution methods: which parts of an image did the network's prediction depend on? A file for each.

from attributions import explain, METHODS
maps = explain("gradient", model, x)
"""

from attributions.explain import METHODS, explain

__all__ = ["METHODS", "explain"]
