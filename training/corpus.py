"""The packed pictures: index.jsonl says where each one lies in the parts, duplicates.json which pairs show the same thing.

Kinds: catalogue (cut-outs on white), photo (one photo per thing), varied (anything), mark (black on white), and background, which is
never asked for itself.
Splits: train and test; what is in test is never trained on.
"""

import json
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from pictures import cut_out, decode

KINDS = ("catalogue", "photo", "varied", "mark")


def is_test(key):
    """A fifth of all keys, chosen by their hash: the same fifth on every machine."""
    return int(sha256(key.encode()).hexdigest(), 16) % 5 == 0


@dataclass(frozen=True)
class Entry:
    """One packed picture."""

    kind: str
    split: str
    name: str
    part: str
    offset: int
    length: int


class Corpus:
    """The pictures of a folder that pack.py wrote, still encoded: they are decoded when asked for."""

    def __init__(self, folder, limit=None):
        folder = Path(folder)
        index = folder / "index.jsonl"
        if not index.exists():
            raise SystemExit(f"{folder} holds no packed pictures (index.jsonl is missing); make them with pack.py")
        counts = {}
        self._entries = {}
        self._bytes = {}
        parts = {}
        for line in index.read_text(encoding="utf-8").splitlines():
            entry = Entry(**json.loads(line))
            key = entry.kind, entry.split
            counts[key] = counts.get(key, 0) + 1
            if limit is not None and counts[key] > limit:
                continue
            if entry.part not in parts:
                parts[entry.part] = (folder / entry.part).read_bytes()
            self._entries.setdefault(key, []).append(entry)
            self._bytes[entry] = parts[entry.part][entry.offset : entry.offset + entry.length]
        self._masks = {}
        positions = {entry.name: i for i, entry in enumerate(self._entries.get(("catalogue", "train"), []))}
        pairs = json.loads((folder / "duplicates.json").read_text(encoding="utf-8"))
        known = [(positions[a], positions[b]) for a, b in pairs if a in positions and b in positions]
        self.duplicates = {(a, b) for a, b in known} | {(b, a) for a, b in known}

    def size(self, kind, split="train"):
        return len(self._entries.get((kind, split), []))

    def picture(self, kind, number, split="train"):
        return decode(self._bytes[self._entries[kind, split][number]])

    def product(self, number, split="train"):
        """A catalogue picture and its mask. Masks are kept: they cost more than decoding."""
        picture = self.picture("catalogue", number, split)
        key = split, number
        if key not in self._masks:
            self._masks[key] = cut_out(picture)
        return picture, self._masks[key]


class Backgrounds:
    """Photos to lay things on, behaving as a list of arrays."""

    def __init__(self, corpus):
        self._corpus = corpus
        self._varied = corpus.size("varied")

    def __len__(self):
        return self._varied + self._corpus.size("background")

    def __getitem__(self, number):
        if number < self._varied:
            return self._corpus.picture("varied", int(number))
        return self._corpus.picture("background", int(number) - self._varied)
