"""Training pairs. Batch number n is a function of the seed and n, so that a resumed run goes on with the very next batch."""

import numpy as np
import torch

from corpus import KINDS, Backgrounds
from edits import edited
from marks import mark_pair
from pictures import squared
from scenes import on_white, scene, shaped

# How many of each kind are in a batch of 48; products and marks come in groups of neighbours that are hard to tell apart.
SHARES = {"catalogue": 16, "photo": 3, "varied": 5, "mark": 24}
NEIGHBOURS = 6


class Pairs:
    """Makes the reference and the query picture of any thing in the corpus."""

    def __init__(self, corpus, side):
        self._corpus, self._side = corpus, side
        self._pool = Backgrounds(corpus)
        sizes = [corpus.size(kind) for kind in KINDS]
        self.first = dict(zip(KINDS, np.concatenate([[0], np.cumsum(sizes)[:-1]]).tolist()))

    def make(self, kind, number, random):
        if kind == "mark":
            return mark_pair(self._corpus.picture(kind, number), self._pool, random, self._side)
        if kind == "catalogue":
            picture, mask = self._corpus.product(number)
            if random.random() < 0.75:
                return on_white(picture, mask, random, self._side), scene(*shaped(picture, mask, random), self._pool, random, self._side)
            return squared(picture, self._side), edited(picture, self._pool, random, self._side)
        picture = self._corpus.picture(kind, number)
        return squared(picture, self._side, random.random() < 0.5), edited(picture, self._pool, random, self._side)


class Batches(torch.utils.data.Dataset):
    """An endless map from a step to its batch: references, queries (N×side×side×3 uint8) and the things' numbers."""

    def __init__(self, corpus, side, size, seed, neighbours):
        self._pairs = Pairs(corpus, side)
        self._corpus, self._seed, self._neighbours = corpus, seed, neighbours
        self._counts = {kind: max(1, round(size * share / 48)) if corpus.size(kind) else 0 for kind, share in SHARES.items()}

    def __len__(self):
        return 1 << 40

    def __getitem__(self, step):
        random = np.random.default_rng([self._seed, step])
        things = list(dict.fromkeys(self._choose(random)))
        pairs = [self._pairs.make(kind, number, random) for kind, number in things]
        numbers = [self._pairs.first[kind] + number for kind, number in things]
        return np.stack([pair[0] for pair in pairs]), np.stack([pair[1] for pair in pairs]), np.array(numbers)

    def _choose(self, random):
        for kind, count in self._counts.items():
            if count == 0:
                continue
            if kind not in self._neighbours:
                yield from ((kind, int(number)) for number in random.integers(self._corpus.size(kind), size=count))
                continue
            for centre in random.integers(self._corpus.size(kind), size=max(1, count // NEIGHBOURS)):
                around = self._neighbours[kind][centre]
                for number in random.choice(around, min(NEIGHBOURS, len(around)), replace=False):
                    yield kind, int(number)


class FromStep(torch.utils.data.Sampler):
    """Steps from one on, without end."""

    def __init__(self, first):
        self._first = first

    def __iter__(self):
        step = self._first
        while True:
            yield step
            step += 1


def loader(batches, first, workers):
    waiting = {"prefetch_factor": 3} if workers else {}
    return torch.utils.data.DataLoader(batches, batch_size=None, sampler=FromStep(first), num_workers=workers, **waiting)
