"""A normalisation folded into the weighted sum before it, as networks in use are rewritten: a (x w + b) + c.

Layer-wise relevance propagation depends on how a function is written. Its rules are for sums, and a normalisation that
stands alone would hide from them the signs of its factors, and would split its offset off.
"""

from collections import Counter
from dataclasses import dataclass, replace

import tensorflow as tf

from attributions.layer_groups import SCALING, WEIGHTED
from attributions.reverse import Pass, Step, pull


@dataclass(frozen=True, eq=False)
class Folded(Step):
    """A weighted sum and what scales it, as one step; `part` and `layer` are the sum's.

    Attributes:
        scaling: the step that was folded in.
    """

    scaling: Step

    def factors(self) -> tf.Tensor:
        """a, of one image's output (1, ...)."""
        zeros = tf.zeros_like(self.scaling.inputs[0][:1])
        return pull(self.scaling.call(zeros), [zeros], tf.ones_like(zeros))[0]


def fold(forward: Pass) -> Pass:
    """The pass in which each scaling is part of the weighted sum before it, if nothing else reads that sum."""
    readers = Counter(source.ref() for step in forward.steps for source in step.sources)
    steps: list[Step] = []
    sums: dict = {}
    for step in forward.steps:
        source = step.sources[0].ref()
        if _is(step, SCALING) and source in sums and readers[source] == 1:
            before = sums.pop(source)
            steps.remove(before)
            step = _folded(before, step)
        elif _is(step, WEIGHTED):
            sums[step.output.ref()] = step
        steps.append(step)
    return replace(forward, steps=steps)


def _folded(before: Step, scaling: Step) -> Folded:
    return Folded(
        kind=before.kind,
        part=before.part,
        call=lambda *values: scaling.call(before.call(*values)),
        layer=before.layer,
        sources=before.sources,
        inputs=before.inputs,
        output=scaling.output,
        sees_pixels=before.sees_pixels,
        scaling=scaling,
    )


def _is(step: Step, group: tuple) -> bool:
    return isinstance(step.kind, type) and issubclass(step.kind, group)
