"""Trains the embedding. A stopped run goes on when the same command is given again.

    python train.py --data packed --run run-1 --minutes 60 --side 160 --device cpu --start efficientnet_lite2.pth
"""

import argparse
import copy
import json
import math
import signal
import time
from pathlib import Path

import numpy as np
import torch

import checkpoints
from batches import Batches, Pairs, loader
from corpus import KINDS, Corpus
from losses import total
from network import BLOCKS, EMBEDDING, Embedder
from pictures import as_input, squared
from recall import embed, recall

NEIGHBOUR_SIDE = 96
NEIGHBOURS_KEPT = 40


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the folder that pack.py wrote")
    parser.add_argument("--run", type=Path, required=True, help="the folder of this run: checkpoint, log, weights")
    parser.add_argument("--start", type=Path, help="weights to begin with: the public efficientnet-lite2 checkpoint, or weights.pt of a run")
    parser.add_argument("--minutes", type=float, default=60, help="training time over all sittings [60]")
    parser.add_argument("--side", type=int, default=160, help="side of the pictures in px, a multiple of 32 [160]")
    parser.add_argument("--device", choices=["cpu", "cuda"], default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--batch", type=int, default=48, help="pairs a step [48]")
    parser.add_argument("--frozen", type=int, help=f"first blocks left as they are, 0 to {BLOCKS}; the stem stays with them [7 on a CPU with --start, else 0]")
    parser.add_argument("--rate", type=float, default=3e-4, help="learning rate of the backbone [0.0003]")
    parser.add_argument("--workers", type=int, default=2, help="processes that make pictures [2]")
    parser.add_argument("--threads", type=int, default=2, help="threads of the CPU's mathematics [2]")
    parser.add_argument("--limit", type=int, help="at most so many pictures of each kind, for a short look")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    if chosen.side % 32 or chosen.side < 64:
        parser.error(f"--side {chosen.side} is not a multiple of 32 from 64 on")
    if chosen.frozen is None:
        chosen.frozen = 7 if chosen.device == "cpu" and chosen.start else 0
    if not 0 <= chosen.frozen <= BLOCKS:
        parser.error(f"--frozen {chosen.frozen} is not within 0 and {BLOCKS}")
    return chosen


class Training:
    """One run: the network, its average, the optimiser and the clock."""

    def __init__(self, chosen):
        torch.set_num_threads(chosen.threads)
        torch.manual_seed(chosen.seed)
        self.chosen = chosen
        self.device = torch.device(chosen.device)
        self.corpus = Corpus(chosen.data, chosen.limit)
        print(json.dumps({kind: [self.corpus.size(kind), self.corpus.size(kind, "test")] for kind in KINDS}), flush=True)
        self.step, self.seconds = 0, 0.0
        self.network = Embedder()
        state = checkpoints.load(self.checkpoint, self.device)
        if state is None:
            self._begin()
        else:
            if state["things"] != self.things:
                raise SystemExit(f"{self.checkpoint} was trained on other pictures ({state['things']}, now {self.things}); give the same --data and --limit, or another --run")
            self.neighbours = state["neighbours"]
        self.network.to(self.device, memory_format=torch.channels_last)
        self.average = copy.deepcopy(self.network).eval()
        self.optimiser = torch.optim.AdamW(self._groups(), weight_decay=0.02, betas=(0.9, 0.99))
        self.rates = [group["lr"] for group in self.optimiser.param_groups]
        if state is not None:
            self._resume(state)

    @property
    def checkpoint(self):
        return self.chosen.run / "checkpoint.pt"

    @property
    def things(self):
        """How many of each kind are trained on: what the step's numbers refer to."""
        return {kind: self.corpus.size(kind) for kind in KINDS}

    def _begin(self):
        if self.chosen.start:
            state = checkpoints.read(self.chosen.start)
            if "network" in state:
                self.network.load_state_dict(state["network"])
            else:
                self.network.backbone.load_public(state)
        self.network.to(self.device, memory_format=torch.channels_last).eval()
        if not (self.chosen.start and "network" in state):
            self._project_onto_spread()
        self.neighbours = self._neighbours()

    def _project_onto_spread(self):
        """Begins the projection as the whitened main directions of the features on pairs, which is far better than chance."""
        random = np.random.default_rng(self.chosen.seed)
        pairs = Pairs(self.corpus, self.chosen.side)
        pictures = []
        for kind, count in (("catalogue", 200), ("mark", 80), ("varied", 80)):
            for number in random.integers(self.corpus.size(kind), size=count) if self.corpus.size(kind) else ():
                pictures += pairs.make(kind, int(number), random)
        with torch.no_grad():
            parts = [self.network.pooled(self.network.backbone(as_input(np.stack(pictures[i : i + 64])).to(self.device)))[:, 0] for i in range(0, len(pictures), 64)]
            features = torch.nn.functional.normalize(torch.cat(parts), dim=1).double()
            mean = features.mean(0)
            _, spread, directions = torch.linalg.svd(features - mean, full_matrices=False)
            kept = min(EMBEDDING, len(directions))
            weight = torch.zeros_like(self.network.project.weight, dtype=torch.float64)
            weight[:kept] = directions[:kept] / (spread[:kept, None] / math.sqrt(len(features)) + 1e-3) * 0.05
            self.network.project.weight.copy_(weight)
            self.network.project.bias.copy_(-(weight @ mean))

    def _neighbours(self):
        """For each product and each mark those that look most like it to the network as it begins."""
        neighbours = {}
        for kind in ("catalogue", "mark"):
            count = self.corpus.size(kind)
            if count == 0:
                continue
            pictures = [squared(self.corpus.picture(kind, i), min(NEIGHBOUR_SIDE, self.chosen.side)) for i in range(count)]
            embedded = embed(self.network, pictures, self.device)
            neighbours[kind] = (embedded @ embedded.T).topk(min(NEIGHBOURS_KEPT, count), 1).indices.numpy()
        return neighbours

    def _groups(self):
        """What is trained, and how fast; normalisation keeps the statistics that it came with when it came with any."""
        still = tuple(f"backbone._blocks.{i}." for i in range(self.chosen.frozen)) + (("backbone._conv_stem", "backbone._bn0") if self.chosen.frozen else ())
        backbone = [p for name, p in self.network.named_parameters() if name.startswith("backbone.") and not name.startswith(still or ("\0",))]
        return [
            {"params": backbone, "lr": self.chosen.rate},
            {"params": list(self.network.project.parameters()), "lr": self.chosen.rate * 3},
            {"params": [self.network.power], "lr": 1e-2},
        ]

    def _resume(self, state):
        self.network.load_state_dict(state["network"])
        self.average.load_state_dict(state["average"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.step, self.seconds = state["step"], state["seconds"]
        print(f"goes on at step {self.step} after {self.seconds / 60:.1f} min", flush=True)

    def save(self):
        checkpoints.save(
            self.checkpoint, network=self.network.state_dict(), average=self.average.state_dict(), optimiser=self.optimiser.state_dict(),
            neighbours=self.neighbours, things=self.things, step=self.step, seconds=self.seconds,
        )
        checkpoints.save(self.chosen.run / "weights.pt", network={name: value.cpu() for name, value in self.average.state_dict().items()}, step=self.step, side=self.chosen.side)

    def one_step(self, references, queries, numbers):
        done = self.seconds / 60 / self.chosen.minutes
        pace = min(1.0, (self.step + 1) / 60) * (0.5 + 0.5 * math.cos(math.pi * min(1.0, done))) + 0.01
        for group, rate in zip(self.optimiser.param_groups, self.rates):
            group["lr"] = rate * pace
        # From public weights the normalisation stays as it is; from nothing it must learn its statistics.
        self.network.train(self.chosen.start is None)
        pictures = as_input(np.concatenate([references, queries])).to(self.device, non_blocking=True)
        numbers = torch.as_tensor(numbers, device=self.device)
        half = len(numbers)
        on_card = self.device.type == "cuda"
        # A processor is quick at bfloat16 forwards and slow at going back: there only the frozen part uses it.
        with torch.autocast(self.device.type, torch.bfloat16, enabled=on_card or self.chosen.frozen > 0):
            with torch.set_grad_enabled(self.chosen.frozen == 0):
                early = self.network.backbone.early(pictures, self.chosen.frozen)
        with torch.autocast(self.device.type, torch.bfloat16, enabled=on_card):
            features = self.network.backbone.late(early if on_card else early.float(), self.chosen.frozen)
        features = features.float()
        whole = self.network.embed(features)
        regions = torch.cat([whole[half:], self.network.embed(features[half:], 2), self.network.embed(features[half:], 3)], 1)
        loss = total(whole[:half, 0], whole[half:, 0], regions, numbers, self.corpus.duplicates)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.optimiser.param_groups[0]["params"], 5.0)
        self.optimiser.step()
        self._follow()
        self.step += 1
        return float(loss)

    def _follow(self):
        keep = min(0.998, (1 + self.step) / (20 + self.step))
        with torch.no_grad():
            for own, mean in zip(self.network.parameters(), self.average.parameters()):
                mean.lerp_(own, 1 - keep)
            for own, mean in zip(self.network.buffers(), self.average.buffers()):
                mean.copy_(own)


def main():
    chosen = options()
    chosen.run.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    training = Training(chosen)
    print(f"ready after {time.monotonic() - began:.0f} s on {chosen.device}, {chosen.frozen} blocks frozen", flush=True)
    stops = []
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stops.append(True))
    batches = Batches(training.corpus, chosen.side, chosen.batch, chosen.seed, training.neighbours)
    losses, saved, earlier, sitting = [], time.monotonic(), training.seconds, time.monotonic()
    if training.seconds < chosen.minutes * 60:
        for references, queries, numbers in loader(batches, training.step, chosen.workers):
            losses.append(training.one_step(np.asarray(references), np.asarray(queries), np.asarray(numbers)))
            training.seconds = earlier + time.monotonic() - sitting
            if training.step % 10 == 0:
                said = {"step": training.step, "minutes": round(training.seconds / 60, 2), "loss": round(float(np.mean(losses[-10:])), 3), "power": round(float(training.network.power.detach()), 2)}
                print(json.dumps(said), flush=True)
                with open(chosen.run / "log.jsonl", "a", encoding="utf-8") as log:
                    log.write(json.dumps(said) + "\n")
            if time.monotonic() - saved > 120:
                training.save()
                saved = time.monotonic()
            if stops or training.seconds >= chosen.minutes * 60:
                break
    training.save()
    if stops:
        print(f"stopped at step {training.step}; the same command goes on", flush=True)
        return
    print(json.dumps({"steps": training.step, "seconds a step": round(training.seconds / max(1, training.step), 2), "recall at 1": recall(training.average, training.corpus, chosen.side, training.device)}), flush=True)


if __name__ == "__main__":
    main()
