"""Labelled photos for benchmarks: where they are, who is in them, their embeddings."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
import platformdirs
from numpy.typing import NDArray

from benchmarks.report import OUT
from kith.domain.face import FaceDetail
from kith.engine.engine import Engine
from kith.engine.pack import load_pack
from kith.engine.pixels import Vectors
from kith.engine.weights import ModelFolders, find_pack_files
from kith.imaging.picture import Picture

_SHARED = Path(__file__).resolve().parents[2] / "shared"
PHOTOS = Path(os.environ.get("KITH_TEST_PHOTOS", _SHARED / "photos"))
MODELS = Path(os.environ.get("KITH_MODELS", _SHARED / "models" / "face"))


ERRATA = {
    "Michael_Schumacher_0008": "shows Rubens Barrichello",
    "Recep_Tayyip_Erdogan_0004": "shows Abdullah Gül in its middle",
}
"""Pictures of LFW with a wrong label.

Source: seen by eye among the pairs that fit their label least.
"""

SAME_PERSON = {"Joseph_Blatter": "Sepp_Blatter", "Wang_Nan": "Nan_Wang"}
"""Two names of one person in LFW.

Source: Joseph Blatter is called Sepp, Chinese family names come first; the pictures agree.
"""


@dataclass(frozen=True, slots=True)
class Embedded:
    """Pictures of known people, one face each.

    Attributes:
        files: the pictures, for example ``Ann_Lee/Ann_Lee_0001.jpg``.
        people: who is in each, the name of the picture's folder.
        vectors: the faces' embeddings.
        overall: the faces' overall quality, percent.
    """

    files: Sequence[str]
    people: NDArray[np.str_]
    vectors: Vectors
    overall: NDArray[np.float64]


def open_engine(pack: str, *, centered: bool = True) -> Engine:
    """The engine over the model files that KITH_MODELS names, or else those in the user's cache.

    Raises:
        WeightsMissingError: the pack is in neither; ``kith models install`` brings it.
    """
    folders = ModelFolders(MODELS, platformdirs.user_cache_path("kith") / "models")
    installed = find_pack_files(load_pack(pack, folders.searched), folders)
    return Engine(installed.pack, installed.path, centered=centered)


def embed_folder(pack: str, folder: Path) -> Embedded:
    """The central face of every ``folder/PERSON/PICTURE``, embedded without the pack's center.

    Kept in ``benchmarks/out``: delete that folder after changing the engine.
    """
    engine = open_engine(pack, centered=False)
    cache = OUT / f"{folder.name}-{pack}-{engine.pack.version}.npz"
    if not cache.exists():
        OUT.mkdir(exist_ok=True)
        keep(cache, _embed_all(engine, folder))
    kept = np.load(cache)
    return Embedded(kept["files"].tolist(), kept["people"], kept["vectors"], kept["overall"])


def keep(cache: Path, arrays: Mapping[str, NDArray[np.generic]]) -> None:
    """Write arrays to an ``.npz`` file."""
    write = cast("Callable[..., None]", np.savez)  # Its type takes any array for ``allow_pickle``.
    write(cache, **arrays)


def without_errata(data: Embedded) -> Embedded:
    """The same without LFW's wrong labels, people with two names under one of them."""
    right = np.array([Path(file).stem not in ERRATA for file in data.files])
    people = np.array([SAME_PERSON.get(name, name) for name in data.people])
    files = [file for file, keep in zip(data.files, right, strict=True) if keep]
    return Embedded(files, people[right], data.vectors[right], data.overall[right])


def center_of(data: Embedded) -> Vectors:
    """The mean embedding, every person counting once."""
    names, index = np.unique(data.people, return_inverse=True)
    sums = np.zeros((len(names), data.vectors.shape[1]), dtype=np.float64)
    np.add.at(sums, index, data.vectors)
    return (sums / np.bincount(index)[:, np.newaxis]).mean(axis=0).astype(np.float32)


def centered(vectors: Vectors, center: Vectors) -> Vectors:
    """The vectors relative to a center, of length 1 again."""
    moved = vectors - center
    return moved / np.linalg.norm(moved, axis=1, keepdims=True)


def split_cosines(vectors: Vectors, people: NDArray[np.str_]) -> tuple[Vectors, Vectors]:
    """The cosines of all pairs of one person's pictures, and of all pairs of two people's."""
    index = np.unique(people, return_inverse=True)[1]
    same: list[Vectors] = []
    different: list[Vectors] = []
    for row in range(1, len(vectors)):
        cosines = vectors[:row] @ vectors[row]
        alike = index[:row] == index[row]
        same.append(cosines[alike])
        different.append(cosines[~alike])
    return np.concatenate(same), np.concatenate(different)


def central_face(faces: Sequence[FaceDetail]) -> FaceDetail:
    """The face that LFW labels: the one at the middle of the picture.

    Source: G. Huang et al., "Labeled Faces in the Wild", 2007: "it is the face that contains the
    central pixel which is considered the defining face".
    """

    def distance(face: FaceDetail) -> float:
        box = face.box
        return abs(box.left + box.right - 1) + abs(box.top + box.bottom - 1)

    return min(faces, key=distance)


def _embed_all(engine: Engine, folder: Path) -> dict[str, NDArray[np.generic]]:
    rows = list(_embed_each(engine, folder))
    return {
        "files": np.array([file for file, _, _ in rows]),
        "people": np.array([file.split("/")[0] for file, _, _ in rows]),
        "vectors": np.array([vector for _, vector, _ in rows]),
        "overall": np.array([overall for _, _, overall in rows]),
    }


def _embed_each(engine: Engine, folder: Path) -> Iterator[tuple[str, Vectors, float]]:
    for path in sorted(folder.glob("*/*")):
        if path.suffix.lower() not in {".jpg", ".jpeg", ".png", ".webp", ".heic"}:
            continue
        picture = Picture.open(path)
        faces = engine.detect(picture)
        if faces:
            face = central_face(faces)
            vector = engine.embed([(picture, face)])[0]
            yield path.relative_to(folder).as_posix(), vector, face.quality.overall
