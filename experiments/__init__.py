"""Experiments: a folder for each section of the paper, in the paper's order. This is the one list of them."""

EXPERIMENTS = ("manifold", "boundary", "roar", "tradeoff", "survey")
