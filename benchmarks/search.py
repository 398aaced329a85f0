"""How long exact search takes among synthetic faces, in process and on one thread.

    OMP_NUM_THREADS=1 python -m benchmarks.search --faces 1000000

The faces are those of a library: people with a Zipf-like number of photos, a quarter of the faces
alone, cosine 0.6 ± 0.12 within a person and 0 ± 0.06 between people (random directions in 256
dimensions). Some answers are compared with brute force before the clock runs. Needs 4 GB of memory
for a million faces: the index, and the same vectors once more for brute force and numpy.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from benchmarks.report import Section, publish
from kith.engine.pixels import Vectors
from kith.engine.scan import Neighbors, cosines_with
from kith.engine.vector_file import Source, read_index, write_index
from kith.engine.vectors import VectorIndex

_T = TypeVar("_T")

DIMENSIONS = 256
LIMIT = 4096
CHUNK = 65_536
COSINES = {"60 %": 0.342, "90 %": 0.509}
"""The cosines of two similarities with pack ``open``, when this was measured."""


_NOTE = """`OMP_NUM_THREADS=1 python -m benchmarks.search`: synthetic unit vectors of people, one
thread, in process; each search alone. p50 and p90 are by the clock, and so is "at once"; where
the machine was busy, the CPU time is the better figure. numpy is `vectors @ query`."""


def main() -> None:
    """Measure, print, and write the figures down."""
    parser = argparse.ArgumentParser(description="Time exact search among synthetic faces.")
    parser.add_argument("--faces", type=int, default=1_000_000)
    parser.add_argument("--queries", type=int, default=100)
    arguments = parser.parse_args()
    random = np.random.default_rng(1)

    vectors, build_seconds = _timed(lambda: synthetic_faces(arguments.faces, random))
    index, add_seconds = _timed(lambda: _index_of(vectors))
    queries = vectors[random.choice(arguments.faces, arguments.queries, replace=False)]
    _check(index, vectors, queries[:5])
    figures: dict[str, float | int] = {
        "faces": arguments.faces,
        "dimensions": DIMENSIONS,
        "seconds to make up the faces": round(build_seconds, 1),
        "seconds to add all": round(add_seconds, 2),
        **_search_figures(index, vectors, queries),
        **_file_figures(index, queries),
        "peak memory, MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    _report(figures)


def synthetic_faces(count: int, random: np.random.Generator) -> Vectors:
    """Unit vectors of people: count x 256, in random order."""
    people = np.concatenate([_zipf_people(count * 3 // 4, random), np.arange(count)])[:count]
    people[count * 3 // 4 :] += count  # a quarter is alone
    random.shuffle(people)
    _, person = np.unique(people, return_inverse=True)
    centers = _directions(int(person.max()) + 1, random)
    vectors = np.empty((count, DIMENSIONS), np.float32)
    for start in range(0, count, CHUNK):
        rows = person[start : start + CHUNK]
        # Two faces that share a center with these weights have their product as cosine.
        weight = np.sqrt(np.clip(random.normal(0.6, 0.12, (len(rows), 1)), 0.05, 0.95))
        own = _directions(len(rows), random)
        part = weight * centers[rows] + np.sqrt(1 - weight**2) * own
        vectors[start : start + CHUNK] = part / np.linalg.norm(part, axis=1, keepdims=True)
    return vectors


def _zipf_people(count: int, random: np.random.Generator) -> NDArray[np.int64]:
    people = max(1, count // 12)
    share = 1 / np.arange(1, people + 1) ** 0.8
    return random.choice(people, count, p=share / share.sum())


def _directions(count: int, random: np.random.Generator) -> Vectors:
    rows = random.standard_normal((count, DIMENSIONS), np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def _index_of(vectors: Vectors) -> VectorIndex:
    index = VectorIndex(DIMENSIONS)
    for start in range(0, len(vectors), CHUNK):
        numbers = np.arange(start, min(start + CHUNK, len(vectors)), dtype=np.int64)
        keys = np.stack([numbers, numbers], axis=1).astype(np.uint64)
        index.add(numbers, keys, vectors[start : start + CHUNK])
    return index


def _check(index: VectorIndex, vectors: Vectors, queries: Vectors) -> None:
    found = index.search(queries, min_cosine=COSINES["60 %"], limit=LIMIT)
    for query, neighbors in zip(queries, found, strict=True):
        cosines = np.concatenate(
            [cosines_with(query, vectors[at : at + CHUNK]) for at in range(0, len(vectors), CHUNK)]
        )
        order = np.argsort(-cosines, kind="stable")
        expected = order[cosines[order] >= COSINES["60 %"]][:LIMIT]
        assert neighbors.numbers.tolist() == expected.tolist(), "the search is not exact"


def _search_figures(
    index: VectorIndex, vectors: Vectors, queries: Vectors
) -> dict[str, float | int]:
    figures: dict[str, float | int] = {}
    for percent, cosine in COSINES.items():
        figures |= _figures_of(
            f"one face above {percent}",
            queries,
            lambda query, c=cosine: index.search(query, min_cosine=c, limit=LIMIT),
        )
    figures |= _figures_of(
        "the 20 nearest", queries, lambda query: index.search(query, min_cosine=-1, limit=20)
    )
    for size in (16, 64):
        some = queries[:size]
        took = [
            _timed(lambda s=some: index.search(s, min_cosine=COSINES["60 %"], limit=LIMIT))[1]
            for _ in range(3)
        ]
        figures[f"{size} faces at once: ms a face"] = round(1000 * min(took) / len(some), 1)
    figures |= _figures_of(
        "numpy float32, above 60 %", queries[:20], lambda query: _with_numpy(vectors, query)
    )
    return figures


def _with_numpy(vectors: Vectors, query: Vectors) -> list[Neighbors]:
    rows = np.flatnonzero(vectors @ query[0] >= COSINES["60 %"])
    return [Neighbors(rows, np.zeros((len(rows), 2), np.uint64), np.zeros(len(rows)))]


def _file_figures(index: VectorIndex, queries: Vectors) -> dict[str, float | int]:
    source = Source("benchmark", "synthetic 1", DIMENSIONS)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "index"
        _, write_seconds = _timed(lambda: write_index(file, index, source, 1))
        (mapped, _), open_seconds = _timed(lambda: read_index(file, source))
        return {
            "file: MB": file.stat().st_size // 2**20,
            "file: seconds to write": round(write_seconds, 2),
            "file: ms to open and check": round(1000 * open_seconds),
            **_figures_of(
                "from the file, one face above 60 %",
                queries,
                lambda query: mapped.search(query, min_cosine=COSINES["60 %"], limit=LIMIT),
            ),
        }


def _figures_of(
    what: str, queries: Vectors, search: Callable[[Vectors], list[Neighbors]]
) -> dict[str, float | int]:
    """Times of each query alone, after a first one to warm up: by the clock, and of this thread."""
    search(queries[:1])
    wall: list[float] = []
    cpu: list[float] = []
    answers: list[int] = []
    for at in range(len(queries)):
        began = time.thread_time()
        (found,), seconds = _timed(lambda a=at: search(queries[a : a + 1]))
        cpu.append(1000 * (time.thread_time() - began))
        wall.append(1000 * seconds)
        answers.append(len(found.numbers))
    return {
        f"{what}: ms, p50": round(float(np.median(wall)), 1),
        f"{what}: ms, p90": round(float(np.quantile(wall, 0.9)), 1),
        f"{what}: ms of CPU, p50": round(float(np.median(cpu)), 1),
        f"{what}: answers, mean": round(float(np.mean(answers))),
    }


def _timed(work: Callable[[], _T]) -> tuple[_T, float]:
    start = time.perf_counter()
    return work(), time.perf_counter() - start


def _report(figures: dict[str, float | int]) -> None:
    rows = [(name, f"{value:,}") for name, value in figures.items()]
    section = Section("Exact search", ("what", "value"), rows)
    publish("search", [section], figures, _NOTE)


if __name__ == "__main__":
    main()
