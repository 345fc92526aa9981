"""Packs picture folders into parts that are easy to carry.

Each source is a folder with a manifest.csv that has the columns file, label and (optional) group. A picture goes to the test split if a
fifth chosen by the hash of its label (or group, for photos) holds it: all pictures of one thing, or of one sender, stay together.

    python pack.py --catalogue DIR --photos DIR --varied DIR --marks DIR --out DIR
"""

import argparse
import csv
import json
import shutil
import subprocess
from pathlib import Path

from corpus import is_test

MARK_SIDE = 192


def manifest(folder):
    with open(folder / "manifest.csv", newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def folder_pictures(kind, folder, key, backgrounds=()):
    for row in manifest(folder):
        if kind == "varied" and backgrounds and row["label"].startswith(tuple(backgrounds)):
            yield "background", "train", row["file"], (folder / row["file"]).read_bytes()
            continue
        split = "test" if kind != "varied" and is_test(row[key]) else "train"
        yield kind, split, row["file"], (folder / row["file"]).read_bytes()


def mark_pictures(folder, left_out):
    """Drawings (SVG) are rasterised black on white with rsvg-convert; PNG files are taken as they are."""
    for path in sorted([*folder.glob("*.svg"), *folder.glob("*.png")]):
        slug = path.stem
        split = "test" if is_test(slug) or plain(slug) in left_out else "train"
        yield "mark", split, slug, rasterised(path) if path.suffix == ".svg" else path.read_bytes()


def rasterised(path):
    if shutil.which("rsvg-convert") is None:
        raise SystemExit("rsvg-convert is missing: apt-get install -y librsvg2-bin, or give a folder of PNG files")
    size = ["-w", str(MARK_SIDE), "-h", str(MARK_SIDE), "--keep-aspect-ratio", "--background-color=white"]
    return subprocess.run(["rsvg-convert", *size, str(path)], check=True, capture_output=True).stdout


def plain(name):
    return "".join(letter for letter in name.lower() if letter.isalnum())


class Packer:
    """Writes parts of a bounded size and the index that finds the pictures in them."""

    def __init__(self, folder, part_bytes):
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._part_bytes = folder, part_bytes
        self._lines, self._part, self._number = [], bytearray(), 0
        self.counts = {}

    def add(self, kind, split, name, encoded):
        if self._part and len(self._part) + len(encoded) > self._part_bytes:
            self._flush()
        entry = {"kind": kind, "split": split, "name": name, "part": self._name(), "offset": len(self._part), "length": len(encoded)}
        self._lines.append(json.dumps(entry, ensure_ascii=False))
        self._part += encoded
        self.counts[f"{kind} {split}"] = self.counts.get(f"{kind} {split}", 0) + 1

    def close(self, duplicates):
        self._flush()
        (self._folder / "index.jsonl").write_text("\n".join(self._lines) + "\n", encoding="utf-8")
        (self._folder / "duplicates.json").write_text(json.dumps(duplicates), encoding="utf-8")

    def _name(self):
        return f"part-{self._number:03}.bin"

    def _flush(self):
        if self._part:
            (self._folder / self._name()).write_bytes(self._part)
            self._part = bytearray()
            self._number += 1


def main():
    parser = argparse.ArgumentParser(description="Packs picture folders into parts.")
    parser.add_argument("--catalogue", type=Path, help="products on white, one picture each; near_duplicates.csv beside the manifest is used")
    parser.add_argument("--photos", type=Path, help="photos; the column group names their sender")
    parser.add_argument("--varied", type=Path, help="any photos: backgrounds and copies")
    parser.add_argument("--background-labels", nargs="*", default=[], metavar="PREFIX", help="varied photos with such labels show one thing many times: they serve as backgrounds only")
    parser.add_argument("--marks", type=Path, help="brand marks as SVG or PNG, black on white")
    parser.add_argument("--leave-out-marks", type=Path, help="a folder whose manifest's labels are marks to keep out of training")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--part-mb", type=int, default=60, help="size of a part in 10^6 bytes [60]")
    options = parser.parse_args()

    packer = Packer(options.out, options.part_mb * 1_000_000)
    for kind, folder, key in (("catalogue", options.catalogue, "label"), ("photo", options.photos, "group"), ("varied", options.varied, "label")):
        for picture in folder_pictures(kind, folder, key, options.background_labels) if folder else ():
            packer.add(*picture)
    if options.marks:
        left_out = {plain(row["label"]) for row in manifest(options.leave_out_marks)} if options.leave_out_marks else set()
        for picture in mark_pictures(options.marks, left_out):
            packer.add(*picture)
    duplicates = options.catalogue / "near_duplicates.csv" if options.catalogue else None
    pairs = []
    if duplicates and duplicates.exists():
        with open(duplicates, newline="", encoding="utf-8") as file:
            pairs = [[row["file_a"], row["file_b"]] for row in csv.DictReader(file)]
    packer.close(pairs)
    print(json.dumps(packer.counts))


if __name__ == "__main__":
    main()
