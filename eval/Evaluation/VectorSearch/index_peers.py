"""Builds one peer index over vectors in a folder, finds its least effort, and then times searches when asked.

index_peers.py FOLDER DIMENSION K THREADS hnswlib|faiss
The folder holds base.f32, queries.f32 and truth.i32, row by row. Answers are JSON lines on standard output:
{"done": share} while building, {"ready": true, ...} once, and {"seconds": s} for each line "time" on standard input.
"""
import json
import os
import sys
import time

folder, dimension, k, threads, system = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), sys.argv[5]


def say(**fields):
    print(json.dumps(fields), flush=True)


try:
    import numpy as np
    if system == "hnswlib":
        import hnswlib
    else:
        import faiss
except ImportError as missing:
    say(missing=str(missing))
    sys.exit(0)

WIDTHS = [int(w) for w in os.environ["WIDTHS"].split(",")]
GOAL = float(os.environ["GOAL"])
LINKS = int(os.environ["LINKS"])
CHUNK = 10_000


def private_bytes():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("RssAnon"))


class Hnswlib:
    build_width = 200

    def __init__(self, count):
        self.index = hnswlib.Index(space="ip", dim=dimension)
        self.index.init_index(max_elements=count, ef_construction=self.build_width, M=LINKS)
        self.index.set_num_threads(threads)
        self.version = hnswlib.__version__ if hasattr(hnswlib, "__version__") else ""

    def add(self, vectors):
        self.index.add_items(vectors)

    def width(self, value):
        self.index.set_num_threads(1)
        self.index.set_ef(value)

    def search(self, queries):
        return self.index.knn_query(queries, k=k)[0]

    def save(self, path):
        self.index.save_index(path)

    def open(self, path, count):
        hnswlib.Index(space="ip", dim=dimension).load_index(path, max_elements=count)


class Faiss:
    def __init__(self, count):
        faiss.omp_set_num_threads(threads)
        self.index = faiss.IndexHNSWSQ(dimension, faiss.ScalarQuantizer.QT_8bit, LINKS, faiss.METRIC_INNER_PRODUCT)
        self.build_width = self.index.hnsw.efConstruction
        self.trained = False
        self.version = faiss.__version__

    def add(self, vectors):
        if not self.trained:
            self.index.train(vectors)
            self.trained = True
        self.index.add(vectors)

    def width(self, value):
        faiss.omp_set_num_threads(1)
        self.index.hnsw.efSearch = value

    def search(self, queries):
        return self.index.search(queries, k)[1]

    def save(self, path):
        faiss.write_index(self.index, path)

    def open(self, path, count):
        faiss.read_index(path)


base = np.memmap(os.path.join(folder, "base.f32"), dtype=np.float32, mode="r").reshape(-1, dimension)
queries = np.fromfile(os.path.join(folder, "queries.f32"), dtype=np.float32).reshape(-1, dimension)
truth = np.fromfile(os.path.join(folder, "truth.i32"), dtype=np.int32).reshape(len(queries), -1)

warm = np.array(base[:CHUNK])
before = private_bytes()
index = Hnswlib(len(base)) if system == "hnswlib" else Faiss(len(base))
start = time.time()
for first in range(0, len(base), CHUNK):
    index.add(np.array(base[first:first + CHUNK]))
    say(done=min(1, (first + CHUNK) / len(base)))
build = time.time() - start
memory = private_bytes() - before

for width in WIDTHS:
    index.width(width)
    found = index.search(queries)
    recall = float(np.mean([len(set(f) & set(t)) / len(t) for f, t in zip(found.tolist(), truth.tolist())]))
    if recall >= GOAL:
        break

path = os.path.join(folder, system + ".index")
index.save(path)
start = time.time()
index.open(path, len(base))
opened = time.time() - start
os.remove(path)
say(ready=True, version=index.version, buildWidth=index.build_width, width=width, recall=recall, build=build, memory=memory, open=opened)

for line in sys.stdin:
    if line.strip() != "time":
        break
    start = time.time()
    index.search(queries)
    say(seconds=time.time() - start)
