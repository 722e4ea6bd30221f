"""One walk through a network's layers, from its logits back to the image, for methods that have a rule for each layer.

A method has a table `RULES`: what is applied (a Keras layer's class, or an activation function) -> its rule. A rule
is given the signal that arrived at the output (a relevance, a multiplier, a gradient; of the output's shape) and the
`Step`, and returns one signal for each input. Where several layers read the same values, their signals are added. A
class of your own is one more entry: `lrp_epsilon.RULES[MyLayer] = epsilon_rule`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import keras
import tensorflow as tf

from attributions.layer_groups import WEIGHTED

Rule = Callable[..., Sequence[tf.Tensor]]
"""`rule(signal, step, ...) -> one signal for each of step.inputs`; what follows the step is the method's own."""

ANY_NETWORK = "gradient, gradient_x_input, integrated_gradients, smoothgrad, smoothgrad_squared and vargrad"
"""Methods that need no rules."""


@dataclass(frozen=True, eq=False)
class Step:
    """What one layer did in a forward pass; a layer with an activation function makes two of them.

    Attributes:
        kind: by which a table of rules knows it: a layer's class or an activation function.
        call: does it again, on other inputs.
        layer: the layer in the network.
        sources: the tensors that it read.
        inputs: copies of them for this step alone, so that a derivative with respect to them is the step's own.
        output: what it gave.
        sees_pixels: no layer with weights lies between it and the image.
    """

    kind: Any
    call: Callable
    layer: keras.Layer
    sources: list[tf.Tensor]
    inputs: list[tf.Tensor]
    output: tf.Tensor
    sees_pixels: bool

    def pull(self, signal: tf.Tensor) -> list[tf.Tensor]:
        """The signal times the step's derivative, for each input: the chain rule."""
        return pull(self.output, self.inputs, signal)


@dataclass(frozen=True)
class Pass:
    """A forward pass: the images, the steps in order, the logits."""

    images: tf.Tensor
    steps: list[Step]
    logits: tf.Tensor


def pull(output: tf.Tensor, inputs: list[tf.Tensor], signal: tf.Tensor) -> list[tf.Tensor]:
    """The signal times the output's derivative with respect to each input."""
    return tf.gradients(output, inputs, signal, unconnected_gradients="zero")


def record(model: keras.Model, images: tf.Tensor) -> Pass:
    """Runs a network layer by layer, in inference mode, inside a `tf.function`.

    Raises:
        ValueError: the network is neither sequential nor functional, so that its layers cannot be followed.
    """
    steps: list[Step] = []
    pixels = {images.ref()}

    def recorded(layer):
        if _graph(layer) is not None:  # a network within the network
            return lambda inputs, **_: _graph(layer)._run_through_graph(inputs, recorded)

        def call(*arguments, **options):
            for kind, part in _parts(layer):
                sources = [each for each in keras.tree.flatten(arguments) if tf.is_tensor(each)]
                arguments = keras.tree.map_structure(lambda x: tf.identity(x) if tf.is_tensor(x) else x, arguments)
                inputs = [each for each in keras.tree.flatten(arguments) if tf.is_tensor(each)]
                output = part(*arguments, **options)
                sees_pixels = all(each.ref() in pixels for each in sources)
                if sees_pixels and kind not in WEIGHTED:
                    pixels.add(output.ref())
                steps.append(Step(kind, part, layer, sources, inputs, output, sees_pixels))
                arguments, options = (output,), {}
            return output

        return call

    graph = _graph(model)
    if graph is None:
        raise ValueError(
            f"model must be a sequential or functional network, whose layers can be followed; {ANY_NETWORK} "
            f"explain any. Received: {type(model).__name__}."
        )
    return Pass(images, steps, graph._run_through_graph(images, recorded))


def walk_back(method: str, rules: Mapping, signal: tf.Tensor, forward: Pass, *others: Pass, **options) -> tf.Tensor:
    """The signal at the images, from the signal at the logits.

    Args:
        method: its name, for the error.
        rules: its table, called as `rule(signal, step, *the same step in the other passes, **options)`.
        signal: (N, classes).
        forward: the pass that is explained.
        *others: passes of other images through the same network.
        **options: for every rule.

    Returns:
        (N, H, W, C).

    Raises:
        ValueError: a layer without a rule.
    """
    signals = {forward.logits.ref(): signal}
    for step, *same in zip(*(reversed(each.steps) for each in (forward, *others)), strict=True):
        rule = _rule(method, rules, step)
        arrived = signals.pop(step.output.ref())
        for source, share in zip(step.sources, rule(arrived, step, *same, **options), strict=True):
            key = source.ref()
            signals[key] = signals[key] + share if key in signals else share
    return signals[forward.images.ref()]


def differentiate(signal: tf.Tensor, step: Step, *same: Step, **options) -> list[tf.Tensor]:
    """The rule of ordinary backpropagation."""
    return step.pull(signal)


def pass_on(signal: tf.Tensor, step: Step, *same: Step, **options) -> list[tf.Tensor]:
    """The rule of steps that take value by value: all of it goes to the one input."""
    return [signal]


def _graph(layer) -> Any:
    """The graph of layers in a sequential or functional network; None for anything else."""
    is_network = isinstance(layer, keras.Model) and getattr(layer, "outputs", None)
    return keras.Function(layer.inputs, layer.outputs[0]) if is_network else None


def _parts(layer: keras.Layer) -> Iterator[tuple[Any, Callable]]:
    """Kind and function of a layer, then of its activation where it has one."""
    if isinstance(layer, keras.layers.Activation):
        yield _kind(layer.activation), layer.activation
    elif isinstance(layer, WEIGHTED) and layer.activation is not keras.activations.linear:
        yield type(layer), _without_activation(layer)
        yield _kind(layer.activation), layer.activation
    else:
        yield type(layer), layer


def _kind(activation: Callable) -> Any:
    return type(activation) if isinstance(activation, keras.Layer) else activation


def _without_activation(layer: keras.Layer) -> keras.Layer:
    """A layer with the same variables; the network's own stays as it is, since others may be running it."""
    twin = object.__new__(type(layer))
    twin.__dict__.update(layer.__dict__, activation=keras.activations.linear)
    return twin


def _rule(method: str, rules: Mapping, step: Step) -> Rule:
    """By the step's kind; for a class also by those it derives from, as long as they compute the same."""
    for kind in step.kind.__mro__ if isinstance(step.kind, type) else (step.kind,):
        if kind in rules:
            return rules[kind]
        if "call" in vars(kind):
            break
    name = getattr(step.kind, "__name__", repr(step.kind))
    raise ValueError(
        f"{method} has no rule for {name} in layer {step.layer.name!r}; {ANY_NETWORK} explain any network, "
        f"and {method}.RULES[{name}] adds a rule."
    )
