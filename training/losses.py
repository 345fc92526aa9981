"""The contrastive loss: van den Oord, Li & Vinyals, InfoNCE, 2018; with a queue of earlier embeddings as in He et al., MoCo, CVPR 2020."""

import torch
import torch.nn.functional as F

TEMPERATURE = 0.06
NEVER = -1e4


class Memory:
    """Embeddings of earlier batches and the numbers of their things; more to be told apart from than a batch holds."""

    def __init__(self, capacity, size, device):
        self._capacity = capacity
        self.references = torch.zeros(0, size, device=device)
        self.queries = torch.zeros(0, size, device=device)
        self.numbers = torch.zeros(0, dtype=torch.long, device=device)

    def add(self, references, queries, numbers):
        self.references = torch.cat([references.detach().float(), self.references])[: self._capacity]
        self.queries = torch.cat([queries.detach().float(), self.queries])[: self._capacity]
        self.numbers = torch.cat([numbers, self.numbers])[: self._capacity]

    def state(self):
        return {"references": self.references.half().cpu(), "queries": self.queries.half().cpu(), "numbers": self.numbers.cpu()}

    def restore(self, state):
        device = self.numbers.device
        self.references = state["references"].float().to(device)
        self.queries = state["queries"].float().to(device)
        self.numbers = state["numbers"].to(device)


def same_things(numbers, duplicates):
    """Which pairs of a batch are no honest negatives: listed near-duplicates. The diagonal is left to be the positives."""
    listed = numbers.tolist()
    same = [[i != j and (a == b or (a, b) in duplicates) for j, b in enumerate(listed)] for i, a in enumerate(listed)]
    return torch.tensor(same, device=numbers.device)


def contrastive(anchors, partners, numbers, excluded, remembered, remembered_numbers):
    """Cross-entropy of finding each anchor's partner among the batch's and the remembered ones."""
    within = (anchors @ partners.T).masked_fill(excluded, NEVER)
    beyond = (anchors @ remembered.T).masked_fill(numbers[:, None] == remembered_numbers[None], NEVER)
    scores = torch.cat([within, beyond], 1) / TEMPERATURE
    return F.cross_entropy(scores, torch.arange(len(anchors), device=scores.device))


def regional(regions, references, excluded):
    """The same by parts: the score of a scene and a reference is a soft maximum over the scene's regions. regions: N×R×D."""
    scores = torch.einsum("nrd,md->nmr", regions, references) / TEMPERATURE
    best = (scores.softmax(2) * scores).sum(2).masked_fill(excluded, NEVER)
    return F.cross_entropy(best, torch.arange(len(references), device=best.device))


def total(references, queries, regions, numbers, duplicates, memory):
    excluded = same_things(numbers, duplicates)
    forth = contrastive(queries, references, numbers, excluded, memory.references, memory.numbers)
    back = contrastive(references, queries, numbers, excluded, memory.queries, memory.numbers)
    return forth + back + 0.5 * regional(regions, references, excluded)
