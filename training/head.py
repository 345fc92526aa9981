"""Learns one projection on the features of both branches (features.py): minutes on a CPU, and nothing that the branches know is forgotten.

    python head.py --data packed --features features --start weights.pt --out head.pt --steps 1500
"""

import argparse
import json
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

import checkpoints
from corpus import Corpus
from losses import NEVER
from network import EMBEDDING, FEATURES, Embedder

TEMPERATURE = 0.05
REGIONAL = 96  # pairs of a step whose windows are looked at


class Head(nn.Module):
    """N×…×2560 (both branches' pooled features, each of length 1) to N×…×256 of length 1."""

    def __init__(self):
        super().__init__()
        self.project = nn.Linear(2 * FEATURES, EMBEDDING)

    def begin(self, trained):
        """As the trained branch projects alone."""
        with torch.no_grad():
            self.project.weight.zero_()
            self.project.weight[:, :FEATURES] = trained.project.weight
            self.project.bias.copy_(trained.project.bias)

    def forward(self, features):
        return F.normalize(self.project(features), dim=-1)


class Features:
    """The pairs of one split: references N×2560, queries N×14×2560 as float16, and a number for each thing."""

    def __init__(self, folder, split, corpus):
        files = sorted(path for path in folder.glob(f"{split}-*.npz") if "part" not in path.name)
        loaded = [np.load(path) for path in files]
        self.references = torch.from_numpy(np.concatenate([part["references"] for part in loaded]))
        self.queries = torch.from_numpy(np.concatenate([part["queries"] for part in loaded]))
        things = json.loads((folder / "plan.json").read_text())["things"][split]
        firsts = [int(path.stem.split("-")[1]) for path in files]
        made = [things[first + i] for first, part in zip(firsts, loaded) for i in range(len(part["references"]))]
        self.kinds = [kind for kind, _ in made]
        groups = {}
        for a, b in corpus.duplicates if split == "train" else ():
            groups[max(a, b)] = min(a, b, groups.get(max(a, b), a))
        names = [(kind, groups.get(i, i) if kind == "catalogue" else i) for kind, i in made]
        known = {name: number for number, name in enumerate(dict.fromkeys(names))}
        self.numbers = torch.tensor([known[name] for name in names])

    def __len__(self):
        return len(self.numbers)


def loss_of(head, features, chosen, drop):
    """InfoNCE among the pairs of one large batch. All that is compared moves with the gradient: embeddings remembered from earlier
    steps would be fled from by moving everything the same way, which tells nothing apart."""
    references = head(drop(features.references[chosen].float()))
    queries = head(drop(features.queries[chosen, 0].float()))
    numbers = features.numbers[chosen]
    own = torch.arange(len(chosen))
    same = (numbers[:, None] == numbers[None]) & ~torch.eye(len(chosen), dtype=torch.bool)
    scores = (queries @ references.T / TEMPERATURE).masked_fill(same, NEVER)
    whole = F.cross_entropy(scores, own) + F.cross_entropy(scores.T, own)
    regions = head(drop(features.queries[chosen[:REGIONAL]].float()))
    scores = torch.einsum("nrd,md->nmr", regions, references) / TEMPERATURE
    best = (scores.softmax(2) * scores).sum(2).masked_fill(same[:REGIONAL], NEVER)
    return whole + 0.5 * F.cross_entropy(best, own[:REGIONAL])


def recalls(head, features):
    """R@1 by kind, with the whole picture and with the best of its windows."""
    result = {}
    with torch.no_grad():
        references, queries = head(features.references.float()), head(features.queries.float())
    for kind in dict.fromkeys(features.kinds):
        of = torch.tensor([i for i, other in enumerate(features.kinds) if other == kind])
        wanted = torch.arange(len(of))
        scores = torch.einsum("nrd,md->nrm", queries[of], references[of])
        result[kind] = [round(float((taken.argmax(1) == wanted).float().mean()), 3) for taken in (scores[:, 0], scores.max(1).values)]
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the folder that pack.py wrote")
    parser.add_argument("--features", type=Path, required=True, help="the folder that features.py wrote")
    parser.add_argument("--start", type=Path, required=True, help="weights.pt of a run: the trained branch")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--batch", type=int, default=2048)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--decay", type=float, default=0.05)
    parser.add_argument("--drop", type=float, default=0.1)
    parser.add_argument("--threads", type=int, default=2)
    chosen = parser.parse_args()
    torch.set_num_threads(chosen.threads)
    torch.manual_seed(1)
    corpus = Corpus(chosen.data)
    train, test = Features(chosen.features, "train", corpus), Features(chosen.features, "test", corpus)
    trained = Embedder()
    trained.load_state_dict(checkpoints.read(chosen.start)["network"])
    head = Head()
    head.begin(trained)
    print(json.dumps({"pairs": len(train), "before": recalls(head, test)}), flush=True)
    optimiser = torch.optim.AdamW(head.parameters(), lr=chosen.rate, weight_decay=chosen.decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, chosen.rate, total_steps=chosen.steps, pct_start=0.1)
    drop = nn.Dropout(chosen.drop)
    began, losses = time.monotonic(), []
    for step in range(chosen.steps):
        loss = loss_of(head, train, torch.randperm(len(train))[: chosen.batch], drop)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        schedule.step()
        losses.append(float(loss.detach()))
        if (step + 1) % 100 == 0:
            head.eval()
            print(json.dumps({"step": step + 1, "minutes": round((time.monotonic() - began) / 60, 1), "loss": round(float(np.mean(losses[-100:])), 3), "test": recalls(head, test)}), flush=True)
    checkpoints.save(chosen.out, head=head.state_dict())


if __name__ == "__main__":
    main()
