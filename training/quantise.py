"""Writes an exported model with convolutions in 8 bits, which a CPU computes two to three times as fast.

    python quantise.py model.onnx model.int8.onnx --data packed --side 224
Activations become unsigned 8-bit integers with one scale a tensor, weights signed ones with a scale for each output channel; everything after
the last convolution (pooling, projections, lengths) stays float32. Ranges come from training pictures. The result is standard ONNX with
QuantizeLinear and DequantizeLinear around each convolution, which runtimes fuse. Jacob et al., Quantization and Training, CVPR 2018.
"""

import argparse
from pathlib import Path

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import TensorProto, helper, numpy_helper

from corpus import Corpus
from pictures import as_input, squared

OPSET = 16
PICTURES = 192
BATCH = 16
OUTSIDE = 1e-4  # share of a tensor's values that may fall outside of its range, half at each end
WEIGHT_STEPS = 127
ACTIVATION_STEPS = 255


def attribute(node, name, default=None):
    return next((helper.get_attribute_value(a) for a in node.attribute if a.name == name), default)


def constant_results(graph):
    """All values that do not depend on the picture, by name: weights, and what the export computes the padding from."""
    known = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    types = {TensorProto.FLOAT: np.float32, TensorProto.INT64: np.int64}
    operations = {
        "Identity": lambda node, x: x,
        "Cast": lambda node, x: x.astype(types[attribute(node, "to")]),
        "Concat": lambda node, *parts: np.concatenate(parts, attribute(node, "axis")),
        "Reshape": lambda node, x, shape: x.reshape(shape),
        "Transpose": lambda node, x: x.transpose(attribute(node, "perm")),
        "ConstantOfShape": lambda node, shape: np.full(shape, numpy_helper.to_array(attribute(node, "value"))[0]),
        "Slice": lambda node, x, start, end, axis, step: along(x, int(axis[0]), int(start[0]), int(end[0]), int(step[0])),
    }
    for node in graph.node:
        if node.op_type == "Constant":
            known[node.output[0]] = numpy_helper.to_array(attribute(node, "value"))
        elif node.op_type in operations and all(name in known for name in node.input):
            known[node.output[0]] = operations[node.op_type](node, *(known[name] for name in node.input))
    return known


def along(x, axis, start, end, step):
    """A slice of one axis; an end far below zero means to go on to the very first value."""
    return x[tuple(slice(start, None if end < -x.shape[axis] else end, step) if i == axis else slice(None) for i in range(x.ndim))]


class Convolution:
    """A convolution with the padding before it and the activation after it. ``result`` is what later nodes see."""

    def __init__(self, node, known, pads):
        self.node, self.input, self.result = node, node.input[0], node.output[0]
        self.weight, self.bias = known[node.input[1]], known[node.input[2]]
        self.pads, self.strides, self.group = pads, list(attribute(node, "strides", [1, 1])), attribute(node, "group", 1)
        self.relu6 = False

    def run(self, x):
        top, left, bottom, right = self.pads
        y = F.conv2d(F.pad(x, (left, right, top, bottom)), torch.from_numpy(self.weight.copy()), torch.from_numpy(self.bias.copy()), tuple(self.strides), groups=self.group)
        return y.clamp(0, 6) if self.relu6 else y


def read(graph, known):
    """The convolutions and additions of feature maps in order, and the nodes that they take the place of."""
    steps, by_result, replaced, padded = [], {}, set(), {}
    for node in graph.node:
        if node.op_type == "Pad" and node.input[1] in known:
            pads = known[node.input[1]].astype(int).tolist()
            padded[node.output[0]] = (node.input[0], [pads[2], pads[3], pads[6], pads[7]])
            replaced.add(node.output[0])
        elif node.op_type == "Conv":
            own = list(attribute(node, "pads", [0, 0, 0, 0]))
            source, before = padded.get(node.input[0], (node.input[0], [0, 0, 0, 0]))
            step = Convolution(node, known, [a + b for a, b in zip(own, before)])
            step.input = source
            steps.append(step)
            by_result[step.result] = step
            replaced.add(node.output[0])
        elif node.op_type in ("Relu", "Clip") and node.input[0] in by_result and isinstance(by_result[node.input[0]], Convolution):
            if node.op_type == "Clip" and [float(known.get(name, np.nan)) for name in node.input[1:3]] != [0, 6]:
                continue
            step = by_result.pop(node.input[0])
            step.relu6 = node.op_type == "Clip"
            step.result = node.output[0]
            by_result[step.result] = step
            replaced.add(node.output[0])
        elif node.op_type == "Add" and all(name in by_result for name in node.input):
            steps.append(node)
            by_result[node.output[0]] = node
            replaced.add(node.output[0])
    return steps, replaced


def result_of(step):
    return step.result if isinstance(step, Convolution) else step.output[0]


def ranges(steps, corpus, side):
    """Least and greatest value of each tensor, averaged over batches of training pictures."""
    random = np.random.default_rng(11)
    kinds = [kind for kind in ("catalogue", "photo", "varied", "mark") if corpus.size(kind)]
    chosen = [(kinds[i % len(kinds)], int(random.integers(corpus.size(kinds[i % len(kinds)])))) for i in range(PICTURES)]
    seen = {}
    for first in range(0, PICTURES, BATCH):
        values = {"image": as_input(np.stack([squared(corpus.picture(kind, i), side) for kind, i in chosen[first : first + BATCH]]))}
        for step in steps:
            with torch.no_grad():
                values[result_of(step)] = step.run(values[step.input]) if isinstance(step, Convolution) else values[step.input[0]] + values[step.input[1]]
        for name, value in values.items():
            flat = value.flatten().numpy()
            flat = flat[:: max(1, len(flat) // 400_000)]
            seen.setdefault(name, []).append(np.quantile(flat, [OUTSIDE / 2, 1 - OUTSIDE / 2]))
    return {name: np.mean(found, 0) for name, found in seen.items()}


class Writer:
    """Builds the new graph: every feature map is held in 8 bits and widened where float nodes read it."""

    def __init__(self, spans):
        self.nodes, self.tensors, self._spans, self._scales = [], [], spans, {}

    def constant(self, name, value):
        self.tensors.append(numpy_helper.from_array(value, name))
        return name

    def quantised(self, name, activated, source=None):
        """Adds the pair of nodes that rounds the tensor; what reads ``name`` then sees the rounded values."""
        low, high = self._spans[name]
        low, high = (0.0, min(6.0, high)) if activated else (min(0.0, low), max(0.0, high))
        scale = max((high - low) / ACTIVATION_STEPS, 1e-8)
        zero = int(np.clip(round(-low / scale), 0, ACTIVATION_STEPS))
        self._scales[name] = scale
        parameters = [self.constant(name + ".scale", np.float32(scale)), self.constant(name + ".zero", np.uint8(zero))]
        rounded = name + ".rounded"
        self.nodes.append(helper.make_node("QuantizeLinear", [source or name + ".exact", *parameters], [rounded]))
        self.nodes.append(helper.make_node("DequantizeLinear", [rounded, *parameters], [name if source is None else name + ".widened"]))

    def convolution(self, step, source):
        scales = np.maximum(np.abs(step.weight).reshape(len(step.weight), -1).max(1), 1e-8) / WEIGHT_STEPS
        weight = np.clip(np.round(step.weight / scales[:, None, None, None]), -WEIGHT_STEPS, WEIGHT_STEPS).astype(np.int8)
        bias_scales = (scales * self._scales[step.input]).astype(np.float32)
        name, zeros = step.result, len(scales)
        inputs = [source]
        for part, value, scale in (("weight", weight, scales.astype(np.float32)), ("bias", np.round(step.bias / bias_scales).clip(-(2**31), 2**31 - 1).astype(np.int32), bias_scales)):
            held = [self.constant(f"{name}.{part}", value), self.constant(f"{name}.{part}.scale", scale), self.constant(f"{name}.{part}.zero", np.zeros(zeros, value.dtype))]
            self.nodes.append(helper.make_node("DequantizeLinear", held, [f"{name}.{part}.widened"], axis=0))
            inputs.append(f"{name}.{part}.widened")
        self.nodes.append(helper.make_node("Conv", inputs, [name + ".exact"], pads=step.pads, strides=step.strides, group=step.group))
        self.quantised(name, step.relu6)


def quantised(model, corpus, side):
    graph = model.graph
    known = constant_results(graph)
    steps, replaced = read(graph, known)
    spans = ranges(steps, corpus, side)
    writer = Writer(spans)
    image = graph.input[0].name
    writer.quantised(image, False, source=image)
    for step in steps:
        if isinstance(step, Convolution):
            writer.convolution(step, image + ".widened" if step.input == image else step.input)
        else:
            writer.nodes.append(helper.make_node("Add", list(step.input), [step.output[0] + ".exact"]))
            writer.quantised(step.output[0], False)
    replaced |= {step.node.output[0] for step in steps if isinstance(step, Convolution)}
    rest = [node for node in graph.node if node.output[0] not in replaced]
    needed, kept = {output.name for output in graph.output}, []
    for node in reversed(rest):
        if any(name in needed for name in node.output):
            kept.insert(0, node)
            needed.update(node.input)
    tensors = writer.tensors + [tensor for tensor in graph.initializer if tensor.name in needed]
    made = helper.make_graph(writer.nodes + kept, "touchstone", graph.input, graph.output, tensors)
    return helper.make_model(made, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path, help="what export.py wrote, without --half")
    parser.add_argument("out", type=Path)
    parser.add_argument("--data", type=Path, required=True, help="the folder that pack.py wrote")
    parser.add_argument("--side", type=int, default=224)
    chosen = parser.parse_args()
    model = quantised(onnx.load(str(chosen.model)), Corpus(chosen.data), chosen.side)
    onnx.checker.check_model(model)
    onnx.save(model, str(chosen.out))
    convolutions = sum(node.op_type == "Conv" for node in model.graph.node)
    print(f"{chosen.out}: {convolutions} convolutions in 8 bits, {chosen.out.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
