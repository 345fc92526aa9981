"""Pooled features of drawn pairs, made once and kept: what head.py learns a projection on.

    python features.py --data packed --start weights.pt --general efficientnet_lite2.pth --out features --pairs 15000 --side 224 --processes 2
Both branches stand still, so a pair has to pass through them only once. A stopped run goes on when the same command is given again.
"""

import argparse
import json
import multiprocessing
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

import checkpoints
from batches import Pairs
from corpus import KINDS, Backgrounds, Corpus
from edits import edited
from export import means, shared_blocks
from marks import mark_pair
from network import FEATURES, Backbone, Embedder
from pictures import as_input, framed, squared
from scenes import scene

WINDOWS = (1, 2, 3)
VECTORS = sum(count * count for count in WINDOWS)
WIDTH = 2 * FEATURES
CHUNK = 64

# Shares of the training pairs; the test pairs are all products' and marks' of the test split, up to TESTS of each.
SHARES = {"catalogue": 0.4, "photo": 0.04, "varied": 0.08, "mark": 0.48}
TESTS = 600


class Branches:
    """The trained and the general branch on their shared early blocks."""

    def __init__(self, start, general):
        self.trained = Embedder()
        self.trained.load_state_dict(checkpoints.read(start)["network"])
        self.trained.eval()
        self.general = Backbone()
        self.general.load_public(checkpoints.read(general))
        self.general.eval()
        self.shared = shared_blocks(self.trained.backbone, self.general)

    def pooled(self, pictures):
        """N pictures of one side to N×14×2560: of the whole and of each window, the trained branch's pooled features, then the general one's."""
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
            early = self.trained.backbone.early(as_input(np.stack(pictures)), self.shared)
            own, other = self.trained.backbone.late(early, self.shared).float(), self.general.late(early, self.shared).float()
        with torch.no_grad():
            parts = [torch.cat([F.normalize(self.trained.pooled(own, count), dim=2), F.normalize(means(other, count), dim=2)], 2) for count in WINDOWS]
        return torch.cat(parts, 1).half().numpy()


def chosen_things(corpus, pairs):
    """Kind and number of each pair's thing; things come again when there are fewer of them than pairs."""
    things = []
    for kind, share in SHARES.items():
        size = corpus.size(kind)
        things += [(kind, i % size) for i in range(round(share * pairs))] if size else []
    return things


def train_pair(made, corpus, thing, number, side):
    return made.make(thing[0], thing[1], np.random.default_rng([7, number]))


def test_pair(pool, corpus, thing, number, side):
    """Like recall.py: a scene of a product, an edited copy of it, a made mark."""
    random = np.random.default_rng([99, number])
    kind, i = thing
    if kind == "mark":
        drawing = corpus.picture("mark", i, "test")
        return squared(framed(drawing, drawing.shape[0] // 14), side), mark_pair(drawing, pool, random, side)[1]
    picture, mask = corpus.product(i, "test")
    seen = scene(picture, mask, pool, random, side) if kind == "catalogue" else edited(picture, pool, random, side)
    return squared(picture, side), seen


def work(arguments):
    chosen, part = arguments
    torch.set_num_threads(1)
    corpus = Corpus(chosen.data)
    branches = Branches(chosen.start, chosen.general)
    made, pool = Pairs(corpus, chosen.side), Backgrounds(corpus)
    plan = json.loads((chosen.out / "plan.json").read_text())
    for split, things in plan["things"].items():
        make, source = (train_pair, made) if split == "train" else (test_pair, pool)
        for first in range(part * CHUNK, len(things), CHUNK * chosen.processes):
            path = chosen.out / f"{split}-{first:06}.npz"
            if path.exists():
                continue
            pairs = [make(source, corpus, tuple(things[n]), n, chosen.side) for n in range(first, min(first + CHUNK, len(things)))]
            references, queries = branches.pooled([pair[0] for pair in pairs])[:, 0], branches.pooled([pair[1] for pair in pairs])
            unfinished = path.with_suffix(".part.npz")
            np.savez(unfinished, references=references, queries=queries)
            unfinished.rename(path)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the folder that pack.py wrote")
    parser.add_argument("--start", type=Path, required=True, help="weights.pt of a run: the trained branch")
    parser.add_argument("--general", type=Path, required=True, help="public weights: the general branch")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--pairs", type=int, default=15000)
    parser.add_argument("--side", type=int, default=224)
    parser.add_argument("--processes", type=int, default=2)
    chosen = parser.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    corpus = Corpus(chosen.data)
    tests = [(kind, i) for kind, of in (("catalogue", "catalogue"), ("photo", "catalogue"), ("mark", "mark")) for i in range(min(TESTS, corpus.size(of, "test")))]
    things = {"test": tests, "train": chosen_things(corpus, chosen.pairs)}
    order = np.random.default_rng(5).permutation(len(things["train"]))
    things["train"] = [things["train"][i] for i in order]
    plan = json.dumps({"side": chosen.side, "things": things, "sizes": {kind: corpus.size(kind) for kind in KINDS}})
    kept = chosen.out / "plan.json"
    if kept.exists() and kept.read_text() != plan:
        raise SystemExit(f"{chosen.out} holds features of other pairs, of another side or of other pictures; give the same --data, --pairs and --side, or another --out")
    kept.write_text(plan)
    began = time.monotonic()
    with multiprocessing.Pool(chosen.processes) as pool:
        pool.map(work, [(chosen, part) for part in range(chosen.processes)], chunksize=1)
    print(f"{sum(map(len, things.values()))} pairs in {(time.monotonic() - began) / 60:.1f} min")


if __name__ == "__main__":
    main()
