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

from attributions.layer_groups import DIVISIONS, OPERATORS, WEIGHTED, WITH_A_CONSTANT

Rule = Callable[..., Sequence[tf.Tensor]]
"""`rule(signal, step, ...) -> one signal for each of step.inputs`; what follows the step is the method's own."""

ANY_NETWORK = "gradient, gradient_x_input, integrated_gradients, smoothgrad, smoothgrad_squared and vargrad"
"""Methods that need no rules."""


@dataclass(frozen=True, eq=False)
class Step:
    """What one layer did in a forward pass; a layer with an activation function makes two of them.

    Attributes:
        kind: by which a table of rules knows it: a layer's class or an activation function.
        part: the layer, without its activation function, or the function.
        call: does it again, on other inputs, as many as it had.
        layer: the layer or operator in the network.
        sources: the tensors that it read, but for what does not depend on the images.
        inputs: copies of them for this step alone, so that a derivative with respect to them is the step's own.
        output: what it gave.
        sees_pixels: no layer with weights lies between it and the image.
    """

    kind: Any
    part: Callable
    call: Callable[..., tf.Tensor]
    layer: keras.Operation
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
        ValueError: the network is neither sequential nor functional, or a layer gives several tensors, so that its
            layers cannot be followed.
    """
    steps: list[Step] = []
    pixels, known = {images.ref()}, {images.ref()}  # what no layer with weights has seen; what depends on the images

    def recorded(layer):
        if _graph(layer) is not None:  # a network within the network
            return lambda inputs, **_: _graph(layer)._run_through_graph(inputs, recorded)

        def call(*arguments, **options):
            for part, kind_of in _parts(layer):
                given = arguments, options
                sources = [x for x in keras.tree.flatten(given) if tf.is_tensor(x) and x.ref() in known]
                if not sources:  # it makes a constant
                    return layer(*arguments, **options)
                again = _again(part, given, sources)
                inputs = [tf.identity(source) for source in sources]
                output = again(*inputs)
                if not tf.is_tensor(output):
                    raise ValueError(
                        f"model must be of layers that give one tensor each; {ANY_NETWORK} explain any network. "
                        f"Received: {type(layer).__name__} in layer {layer.name!r}, which gives several."
                    )
                kind = kind_of(arguments, sources)
                sees_pixels = all(source.ref() in pixels for source in sources)
                if sees_pixels and kind not in WEIGHTED:
                    pixels.add(output.ref())
                known.add(output.ref())
                steps.append(Step(kind, part, again, layer, sources, inputs, output, sees_pixels))
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
        ValueError: layers without a rule, all of which it names.
    """
    found = _rules(method, rules, forward)
    signals = {forward.logits.ref(): signal}
    for step, *same in zip(*(reversed(each.steps) for each in (forward, *others)), strict=True):
        arrived = signals.pop(step.output.ref())
        for source, share in zip(step.sources, found[step](arrived, step, *same, **options), strict=True):
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


def _again(part: Callable, given: tuple[tuple, dict], sources: list[tf.Tensor]) -> Callable[..., tf.Tensor]:
    """A function of what stands in the sources' places; all else that a layer is called with stays as it is."""
    flat, read = keras.tree.flatten(given), {source.ref() for source in sources}

    def call(*values):
        left = iter(values)
        filled = [next(left) if tf.is_tensor(x) and x.ref() in read else x for x in flat]
        arguments, options = keras.tree.pack_sequence_as(given, filled)
        return part(*arguments, **options)

    return call


def _parts(layer: keras.Operation) -> Iterator[tuple[Callable, Callable[[tuple, list[tf.Tensor]], Any]]]:
    """Function of a layer, then of its activation where it has one, and what tells its kind by how it is called."""
    if isinstance(layer, keras.layers.Activation):
        yield layer.activation, lambda *_: _kind(layer.activation)
    elif isinstance(layer, WEIGHTED) and layer.activation is not keras.activations.linear:
        yield _without_activation(layer), lambda *_: type(layer)
        yield layer.activation, lambda *_: _kind(layer.activation)
    else:
        yield layer, lambda arguments, sources: _stands_for(type(layer), arguments, sources)


def _kind(activation: Callable) -> Any:
    return type(activation) if isinstance(activation, keras.Layer) else activation


def _stands_for(kind: type, arguments: tuple, sources: list[tf.Tensor]) -> Any:
    """A layer's class; of an operator, the layer or function that does the same."""
    if kind in WITH_A_CONSTANT and len(sources) == 1 and (kind not in DIVISIONS or arguments[0] is sources[0]):
        return keras.layers.Rescaling
    return OPERATORS.get(kind, kind)


def _without_activation(layer: keras.Layer) -> keras.Layer:
    """A layer with the same variables; the network's own stays as it is, since others may be running it."""
    twin = object.__new__(type(layer))
    twin.__dict__.update(layer.__dict__, activation=keras.activations.linear)
    return twin


def _rule(rules: Mapping, step: Step) -> Rule | None:
    """By the step's kind; for a class also by those it derives from, as long as they compute the same; None: none."""
    for kind in step.kind.__mro__ if isinstance(step.kind, type) else (step.kind,):
        if kind in rules:
            return rules[kind]
        if "call" in vars(kind):
            break
    return None


def _rules(method: str, rules: Mapping, forward: Pass) -> dict[Step, Rule]:
    """Of every step."""
    found: dict[Step, Rule] = {}
    missing: dict[Any, list[str]] = {}
    for step in forward.steps:
        rule = _rule(rules, step)
        if rule is None:
            missing.setdefault(step.kind, []).append(repr(step.layer.name))
        else:
            found[step] = rule
    if missing:
        names = {kind: getattr(kind, "__name__", repr(kind)) for kind in missing}
        which = "; ".join(f"{names[kind]} in layer {', '.join(layers)}" for kind, layers in missing.items())
        entries = ", ".join(f"{method}.RULES[{name}]" for name in names.values())
        adds = "adds a rule" if len(missing) == 1 else "add rules"
        raise ValueError(f"{method} has no rule for {which}; {ANY_NETWORK} explain any network, and {entries} {adds}.")
    return found
