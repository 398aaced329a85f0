"""How well packs tell people apart: ``python -m benchmarks.accuracy [--pack open --pack dlib]``.

Verification, separation and identification for each pack, then what each part of the first pack's
recipe gains. Embeddings are kept in ``benchmarks/out``.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.labelled import (
    MODELS,
    PHOTOS,
    Embedded,
    centered,
    embed_folder,
    keep,
    split_cosines,
    without_errata,
)
from benchmarks.report import OUT, Section, publish
from kith.engine.detect import FaceFinder
from kith.engine.embed import FaceEmbedder, read_center
from kith.engine.pack import Pack, View, load_pack
from kith.engine.pixels import Vectors
from kith.imaging.picture import Picture

RATES = (1e-3, 1e-4, 1e-5)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print and publish."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pack", action="append", dest="packs")
    parser.add_argument("--ablation", action="store_true", help="also measure the recipe's parts")
    options = parser.parse_args(arguments)
    packs: list[str] = options.packs or ["open"]
    OUT.mkdir(exist_ok=True)
    results = {pack: _measure(pack) for pack in packs}
    sections = [_compare(results)]
    numbers: dict[str, object] = {"packs": results}
    if options.ablation:
        variants = {variant.name: variant.measure(packs[0]) for variant in VARIANTS}
        numbers["parts"] = variants
        sections.append(_parts_section(packs[0], variants))
    numbers["quality"] = quality = _by_quality(packs[0])
    sections.append(_quality_section(packs[0], quality))
    publish("accuracy", sections, numbers, _NOTE)


_NOTE = """
Verification: LFW View 1 (`pairsDevTrain.txt`), the threshold from one half of the pairs applied to
the other, both ways. Separation: all pairs of the pictures in `lfw`, once with every label as it
is and once without the wrong ones listed in `benchmarks/labelled.py`. Identification: 51 neutral
studio portraits against 51 smiling ones.
"""


def _measure(pack: str) -> dict[str, float]:
    data = embed_folder(pack, PHOTOS / "lfw")
    center = read_center(load_pack(pack, [MODELS]))
    return {
        "verification": _verification(data.files, centered(data.vectors, center)),
        **_separation(data, center),
        "identification": _identification(pack, center),
    }


def _verification(files: Sequence[str], vectors: Vectors) -> float:
    cosines, same = _view_1(files, vectors)
    halves = np.arange(len(same)) % 2 == 0
    return (_carried(cosines, same, halves) + _carried(cosines, same, ~halves)) / 2


def _carried(cosines: Vectors, same: NDArray[np.bool_], half: NDArray[np.bool_]) -> float:
    """Accuracy on the other half with the threshold that was best on this one."""
    choices = np.sort(cosines[half])
    right = [float(((cosines[half] >= choice) == same[half]).mean()) for choice in choices]
    threshold = choices[int(np.argmax(right))]
    return float(((cosines[~half] >= threshold) == same[~half]).mean())


def _view_1(files: Sequence[str], vectors: Vectors) -> tuple[Vectors, NDArray[np.bool_]]:
    rows = {Path(file).stem: index for index, file in enumerate(files)}
    pairs = list(_pairs(PHOTOS / "lfw" / "pairsDevTrain.txt"))
    left = vectors[[rows[one] for one, _, _ in pairs]]
    right = vectors[[rows[other] for _, other, _ in pairs]]
    return np.sum(left * right, axis=1), np.array([same for _, _, same in pairs])


def _pairs(file: Path) -> Iterator[tuple[str, str, bool]]:
    for line in file.read_text(encoding="utf-8").splitlines():
        fields = line.split()
        if len(fields) == 3:
            yield f"{fields[0]}_{int(fields[1]):04}", f"{fields[0]}_{int(fields[2]):04}", True
        elif len(fields) == 4:
            yield f"{fields[0]}_{int(fields[1]):04}", f"{fields[2]}_{int(fields[3]):04}", False


def _separation(data: Embedded, center: Vectors) -> dict[str, float]:
    found: dict[str, float] = {}
    for name, subset in (("all labels", data), ("right labels", without_errata(data))):
        same, different = split_cosines(centered(subset.vectors, center), subset.people)
        for rate in RATES:
            found[f"TAR at {rate:.0e}, {name}"] = _share_found(same, different, rate)
    return found


def _share_found(same: Vectors, different: Vectors, rate: float) -> float:
    rank = len(different) - 1 - int(len(different) * rate)
    return float((same >= np.partition(different, rank)[rank]).mean())


def _identification(pack: str, center: Vectors) -> float:
    data = embed_folder(pack, PHOTOS / "portraits")
    vectors = centered(data.vectors, center)
    neutral = np.array(["neutral" in file for file in data.files])
    best = (vectors[neutral] @ vectors[~neutral].T).argmax(axis=1)
    return float((data.people[~neutral][best] == data.people[neutral]).mean())


@dataclass(frozen=True, slots=True)
class Variant:
    """The recipe with one part changed.

    Attributes:
        name: what is changed.
        second_look: whether landmarks are refined.
        mirrored: whether the embedding of the mirrored chip is added.
        is_centered: whether the center is subtracted.
        views: whether a face is cut in all of the pack's views, or in one.
    """

    name: str
    second_look: bool = True
    mirrored: bool = False
    is_centered: bool = True
    views: bool = True

    def measure(self, pack_name: str) -> dict[str, float]:
        """Verification and separation, and the milliseconds a picture took."""
        pack = load_pack(pack_name, [MODELS])
        data, elapsed = self._embedded(pack)
        zero = np.zeros(1, dtype=np.float32)
        center = read_center(pack) if self.is_centered else zero
        return {
            "verification": _verification(data.files, centered(data.vectors, center)),
            **_separation(data, center),
            "ms": elapsed,
        }

    def _embedded(self, pack: Pack) -> tuple[Embedded, float]:
        cache = OUT / f"{pack.name}-{self.second_look}-{self.mirrored}-{self.views}.npz"
        if not cache.exists():
            keep(cache, self._embed(pack))
        kept = np.load(cache)
        files = kept["files"].tolist()
        people = np.array([file.split("/")[0] for file in files])
        data = Embedded(files, people, kept["vectors"], np.zeros(len(files)))
        return data, float(kept["ms"])

    def _embed(self, pack: Pack) -> dict[str, NDArray[np.generic]]:
        views = pack.embedder.views if self.views else (View(1.0, 0.0),)
        changed = replace(pack.embedder, views=views, mirrored=self.mirrored)
        varied = replace(pack, embedder=changed)
        embedder = FaceEmbedder(varied, lambda: MODELS / changed.file, workers=1, centered=False)
        finder = FaceFinder(
            pack.detector,
            lambda: MODELS / pack.detector.file,
            workers=1,
            second_look=self.second_look,
        )
        paths = sorted((PHOTOS / "lfw").glob("*/*.jpg"))
        started = time.process_time()
        vectors = [_central_vector(Picture.open(path), finder, embedder) for path in paths]
        elapsed = (time.process_time() - started) / len(paths) * 1000
        files = [path.relative_to(PHOTOS / "lfw").as_posix() for path in paths]
        return {"files": np.array(files), "vectors": np.array(vectors), "ms": np.array(elapsed)}


VARIANTS = (
    Variant("the recipe"),
    Variant("no center", is_centered=False),
    Variant("no second look", second_look=False),
    Variant("one view, the points as published", views=False),
    Variant("one view and its mirrored copy", views=False, mirrored=True),
    Variant("mirrored copy added", mirrored=True),
    Variant(
        "one view, neither center nor second look",
        second_look=False,
        is_centered=False,
        views=False,
    ),
)


def _central_vector(picture: Picture, finder: FaceFinder, embedder: FaceEmbedder) -> Vectors:
    size = np.array([picture.width, picture.height], dtype=np.float64)
    found = finder.find(picture)
    away = np.abs((found.boxes[:, :2] + found.boxes[:, 2:]) - size).sum(axis=1)
    points = found.points[int(np.argmin(away))].astype(np.float64)
    return embedder.embed(embedder.cut_at(picture, points / size)[np.newaxis])[0]


def _by_quality(pack: str) -> list[dict[str, float]]:
    """How alike pairs of one person are, by the lower overall quality of the two."""
    data = without_errata(embed_folder(pack, PHOTOS / "lfw"))
    vectors = centered(data.vectors, read_center(load_pack(pack, [MODELS])))
    index = np.unique(data.people, return_inverse=True)[1]
    one, other = np.nonzero(np.triu(index[:, np.newaxis] == index, 1))
    cosines = np.sum(vectors[one] * vectors[other], axis=1)
    lower = np.minimum(data.overall[one], data.overall[other])
    edges = np.quantile(lower, [0.0, 0.05, 0.25, 0.5, 0.75, 1.0])
    strong = np.quantile(cosines, 0.05)
    rows: list[dict[str, float]] = []
    for low, high in pairwise(edges):
        inside = (lower >= low) & (lower <= high)
        rows.append(
            {
                "from": float(low),
                "to": float(high),
                "mean cosine": float(cosines[inside].mean()),
                "among the lowest 5 %": float((cosines[inside] < strong).mean()),
            }
        )
    return rows


def _compare(results: dict[str, dict[str, float]]) -> Section:
    measures = list(next(iter(results.values())))
    rows = [(name, *(f"{result[name]:.4f}" for result in results.values())) for name in measures]
    return Section("Packs", ("measure", *results), rows)


def _parts_section(pack: str, variants: dict[str, dict[str, float]]) -> Section:
    measures = list(next(iter(variants.values())))
    rows = [
        (name, *(f"{result[measure]:.4f}" for measure in measures[:-1]), f"{result['ms']:.1f}")
        for name, result in variants.items()
    ]
    columns = ("recipe", *measures[:-1], "CPU ms a picture, decoding included")
    return Section(f"What each part of pack {pack} gains", columns, rows)


def _quality_section(pack: str, quality: list[dict[str, float]]) -> Section:
    rows = [
        (
            f"{row['from']:.0f} to {row['to']:.0f} %",
            f"{row['mean cosine']:.3f}",
            f"{row['among the lowest 5 %']:.3f}",
        )
        for row in quality
    ]
    columns = ("lower overall quality of the two", "mean cosine", "share of the 5 % least alike")
    return Section(f"Pairs of one person by quality, pack {pack}", columns, rows)


if __name__ == "__main__":
    main()
