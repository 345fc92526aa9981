"""The contrastive loss: van den Oord, Li & Vinyals, InfoNCE, 2018, within one batch.

There is no queue of earlier embeddings (He et al., MoCo, CVPR 2020): what was remembered does not move with the gradient, so that all that is
new can flee from it by moving the same way. Measured on the projection alone (head.py): with a queue of 14,000 and batches of 512 the loss rose
while it was minimised and R@1 of made marks stayed at .37; without it, in batches of 2,048, it came to .47.
"""

import torch
import torch.nn.functional as F

TEMPERATURE = 0.06
NEVER = -1e4


def same_things(numbers, duplicates):
    """Which pairs of a batch are no honest negatives: listed near-duplicates. The diagonal is left to be the positives."""
    listed = numbers.tolist()
    same = [[i != j and (a == b or (a, b) in duplicates) for j, b in enumerate(listed)] for i, a in enumerate(listed)]
    return torch.tensor(same, device=numbers.device)


def contrastive(anchors, partners, excluded):
    """Cross-entropy of finding each anchor's partner in the batch."""
    scores = (anchors @ partners.T).masked_fill(excluded, NEVER) / TEMPERATURE
    return F.cross_entropy(scores, torch.arange(len(anchors), device=scores.device))


def regional(regions, references, excluded):
    """The same by parts: the score of a scene and a reference is a soft maximum over the scene's regions. regions: N×R×D."""
    scores = torch.einsum("nrd,md->nmr", regions, references) / TEMPERATURE
    best = (scores.softmax(2) * scores).sum(2).masked_fill(excluded, NEVER)
    return F.cross_entropy(best, torch.arange(len(references), device=best.device))


def total(references, queries, regions, numbers, duplicates):
    excluded = same_things(numbers, duplicates)
    return contrastive(queries, references, excluded) + contrastive(references, queries, excluded) + 0.5 * regional(regions, references, excluded)
