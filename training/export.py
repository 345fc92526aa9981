"""Writes a trained run as ONNX: image N×3×side×side to embedding N×256 and regions N×13×256, each of length 1.

    python export.py run-1/weights.pt model.onnx --side 224
With --general FILE (the public efficientnet-lite2 weights) the embedding joins a general branch on the blocks that training left frozen:
N×512, whose inner product is the weighted sum of both branches' cosines; the weights come from each branch's spread on training scenes.
With --head FILE too (head.py) the second half and the regions are that projection of both branches' features.
A joined model has a third output, cells N×(side/32)²×256, row by row: what each cell of the picture adds to the second half; their sum is that half at
length 1, so that an inner product with another embedding says where the likeness lies. The first cell looks at pixel 3 (the padding at the first two strides is one-sided), each next
one 32 pixels further: the manifest's cells.first is 3 / side.
"""

import argparse
import inspect
import json
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

import checkpoints
from corpus import Backgrounds, Corpus
from head import Head
from network import EMBEDDING, FEATURES, Backbone, Embedder, window_spans
from pictures import as_input, squared
from scenes import scene

OPSET = 16


class Joint(nn.Module):
    """The trained and the general network on shared early blocks."""

    def __init__(self, trained, general, shared, basis, weights, head=None):
        super().__init__()
        self.trained, self.general, self.shared, self.head = trained, general, shared, head
        self.register_buffer("basis", basis)
        self.weights = weights

    def own(self, features, other, windows=1):
        """The instance embedding of the whole or of each window: of the trained branch, or of both by the head."""
        if self.head is None:
            return self.trained.embed(features, windows)
        return self.head(torch.cat([F.normalize(self.trained.pooled(features, windows), dim=2), F.normalize(means(other, windows), dim=2)], 2))

    def cells(self, features, other):
        """What each cell adds to the instance embedding, N×cells×256. A generalised mean g = (Σ xᵖ / n)^(1/p) is the sum of xᵖ / (n gᵖ⁻¹) over
        the cells, and all that follows is linear, so the parts add up exactly."""
        own, power = features.clamp(min=1e-5).flatten(2).transpose(1, 2), self.trained.power
        whole = self.trained.pooled(features)
        parts = own.pow(power) / whole.pow(power - 1) / own.shape[1] / whole.norm(dim=2, keepdim=True)
        project = self.trained.project
        if self.head is not None:
            plain = other.flatten(2).transpose(1, 2)
            parts = torch.cat([parts, plain / plain.shape[1] / plain.mean(1, keepdim=True).norm(dim=2, keepdim=True)], 2)
            project = self.head.project
        parts = project(parts) - project.bias * (1 - 1 / own.shape[1])
        return parts / parts.sum(1, keepdim=True).norm(dim=2, keepdim=True)

    def kinds(self, other):
        """The general embedding: what sort of thing it is."""
        return F.normalize(F.normalize(other.mean((2, 3)), dim=1) @ self.basis, dim=1)

    def branches(self, image):
        early = self.trained.backbone.early(image, self.shared)
        return self.trained.backbone.late(early, self.shared), self.general.late(early, self.shared)

    def forward(self, image):
        features, other = self.branches(image)
        both = torch.cat([self.weights[0] * self.kinds(other), self.weights[1] * self.own(features, other)[:, 0]], 1)
        return F.normalize(both, dim=1), torch.cat([self.own(features, other, 2), self.own(features, other, 3)], 1), self.cells(features, other)


def means(features, windows):
    """Plain means over windows × windows overlapping parts: N×windows²×1280."""
    if windows == 1:
        return features.mean((2, 3)).unsqueeze(1)
    spans = [window_spans(size, windows) for size in features.shape[2:]]
    return torch.stack([features[:, :, top:bottom, left:right].mean((2, 3)) for top, bottom in spans[0] for left, right in spans[1]], 1)


def shared_blocks(trained, general):
    """How many of the first blocks are equal in both networks."""
    for name in ("_conv_stem", "_bn0"):
        if not equal(getattr(trained, name), getattr(general, name)):
            return None
    count = 0
    for own, other in zip(trained._blocks, general._blocks):
        if not equal(own, other):
            break
        count += 1
    return count


def equal(own, other):
    return all(torch.allclose(a.float(), b.float(), atol=1e-6) for a, b in zip(own.state_dict().values(), other.state_dict().values()))


def joined(trained, general, head, share, corpus, side):
    shared = shared_blocks(trained.backbone, general)
    if shared is None:
        raise SystemExit("the run trained the first layers too: it shares no blocks with the general network")
    count = min(400, corpus.size("catalogue"))
    random = np.random.default_rng(3)
    pool = Backgrounds(corpus)
    references = [squared(corpus.picture("catalogue", i), side) for i in range(count)]
    scenes = [scene(*corpus.product(i), pool, random, side) for i in range(count)]
    others = [squared(corpus.picture("varied", i), side) for i in range(min(400, corpus.size("varied")))]
    joint = Joint(trained, general, shared, torch.eye(FEATURES), None, head)

    def both(pictures):
        features, own = [], []
        with torch.no_grad():
            for i in range(0, len(pictures), 32):
                of_trained, of_general = joint.branches(as_input(np.stack(pictures[i : i + 32])))
                features.append(F.normalize(of_general.mean((2, 3)), dim=1))
                own.append(joint.own(of_trained, of_general)[:, 0])
        return torch.cat(features), torch.cat(own)

    (reference_features, reference_own), (scene_features, scene_own), (other_features, _) = both(references), both(scenes), both(others)
    directions = torch.linalg.svd(torch.cat([reference_features, scene_features, other_features]).double(), full_matrices=False)[2]
    basis = directions[:EMBEDDING].T.contiguous().float()
    general_scores = F.normalize(scene_features @ basis, dim=1) @ F.normalize(reference_features @ basis, dim=1).T
    own_scores = scene_own @ reference_own.T
    by_spread = [float(general_scores.std()) ** -0.5, float(own_scores.std()) ** -0.5]
    weights = torch.tensor(by_spread if share is None else [share**0.5, (1 - share) ** 0.5])
    weights = (weights / weights.norm()).tolist()
    wanted = torch.arange(count)
    for name, scores in (("general", general_scores), ("instance", own_scores), ("joint", weights[0] ** 2 * general_scores + weights[1] ** 2 * own_scores)):
        print(json.dumps({name: round(float((scores.argmax(1) == wanted).float().mean()), 3)}))
    return Joint(trained, general, shared, basis, weights, head)


def write(network, path, side):
    example = torch.zeros(2, 3, side, side)
    outputs = ["embedding", "regions", "cells"] if isinstance(network, Joint) else ["embedding", "regions"]
    arguments = {"input_names": ["image"], "output_names": outputs, "opset_version": OPSET, "dynamic_axes": {name: {0: "n"} for name in ["image", *outputs]}}
    if "dynamo" in inspect.signature(torch.onnx.export).parameters:
        arguments["dynamo"] = False
    torch.onnx.export(network, (example,), str(path), **arguments)


def halve(path):
    """Keeps large weights as float16, widened when a session loads: half the file, computed as float32. Needs the onnx package."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    model = onnx.load(str(path))
    kept, widened = [], []
    for tensor in model.graph.initializer:
        if tensor.data_type != TensorProto.FLOAT or np.prod(tensor.dims) < 256:
            kept.append(tensor)
            continue
        half = numpy_helper.from_array(numpy_helper.to_array(tensor).astype(np.float16), tensor.name + ".half")
        kept.append(half)
        widened.append(helper.make_node("Cast", [half.name], [tensor.name], to=TensorProto.FLOAT, name="widen." + tensor.name))
    nodes = widened + list(model.graph.node)
    del model.graph.initializer[:], model.graph.node[:]
    model.graph.initializer.extend(kept)
    model.graph.node.extend(nodes)
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights", type=Path, help="weights.pt of a run")
    parser.add_argument("onnx", type=Path)
    parser.add_argument("--side", type=int, default=224, help="side of the pictures in px, a multiple of 32 [224]")
    parser.add_argument("--general", type=Path, help="public weights to join as a general branch; needs --data")
    parser.add_argument("--share", type=float, help="share of the general branch in the inner product, 0..1 [by the spread of both on training scenes]")
    parser.add_argument("--head", type=Path, help="what head.py wrote; needs --general")
    parser.add_argument("--data", type=Path, help="the folder that pack.py wrote")
    parser.add_argument("--limit", type=int)
    parser.add_argument("--half", action="store_true", help="store large weights as float16")
    chosen = parser.parse_args()
    network = Embedder()
    network.load_state_dict(checkpoints.read(chosen.weights)["network"])
    network = network.eval()
    if chosen.general:
        if not chosen.data:
            parser.error("--general needs --data")
        general = Backbone()
        general.load_public(checkpoints.read(chosen.general))
        head = Head() if chosen.head else None
        if head is not None:
            head.load_state_dict(checkpoints.read(chosen.head)["head"])
        network = joined(network, general.eval(), head, chosen.share, Corpus(chosen.data, chosen.limit), chosen.side).eval()
    write(network.to(memory_format=torch.contiguous_format), chosen.onnx, chosen.side)
    if chosen.half:
        halve(chosen.onnx)
    print(f"{chosen.onnx}: {chosen.onnx.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
