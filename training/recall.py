"""R@1 on things that training never saw: scenes, edited copies and marks made with a fixed seed."""

import numpy as np
import torch

from corpus import Backgrounds
from edits import edited
from marks import mark_pair
from pictures import as_input, framed, squared
from scenes import scene

GALLERY = 500
QUERIES = 250


def embed(network, pictures, device, batch=64):
    with torch.no_grad():
        parts = [network.embed(network.backbone(as_input(np.stack(pictures[i : i + batch])).to(device)))[:, 0].float().cpu() for i in range(0, len(pictures), batch)]
    return torch.cat(parts)


def first_hits(queries, gallery, wanted):
    return round(float((queries @ gallery.T).argmax(1).eq(torch.as_tensor(wanted)).float().mean()), 3)


def recall(network, corpus, side, device, queries=QUERIES, gallery=GALLERY):
    """Shares of 0..1 by kind of query; kinds without test pictures are left out."""
    training = network.training
    network.eval()
    random = np.random.default_rng(99)
    pool = Backgrounds(corpus)
    result = {}
    products = min(gallery, corpus.size("catalogue", "test"))
    if products:
        wanted = random.permutation(products)[:queries]
        references = embed(network, [squared(corpus.product(i, "test")[0], side) for i in range(products)], device)
        scenes = [scene(*corpus.product(i, "test"), pool, random, side) for i in wanted]
        copies = [edited(corpus.product(i, "test")[0], pool, random, side) for i in wanted]
        result["scene"] = first_hits(embed(network, scenes, device), references, wanted)
        result["copy"] = first_hits(embed(network, copies, device), references, wanted)
    marks = min(gallery, corpus.size("mark", "test"))
    if marks:
        wanted = random.permutation(marks)[:queries]
        drawings = [corpus.picture("mark", i, "test") for i in range(marks)]
        references = embed(network, [squared(framed(x, x.shape[0] // 14), side) for x in drawings], device)
        seen = [mark_pair(drawings[i], pool, random, side)[1] for i in wanted]
        result["mark"] = first_hits(embed(network, seen, device), references, wanted)
    network.train(training)
    return result
