from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from kith.engine.engine import Engine
from kith.engine.pack import load_pack
from kith.engine.pixels import Pixels, PixelSource
from kith.imaging.picture import Picture

MakeSource = Callable[[Pixels], PixelSource]

pytestmark = [pytest.mark.weights, pytest.mark.photos]

PEOPLE = ("001", "003", "005", "007", "009", "011")


def _portrait_of(photos: Path, name: str, mood: str) -> Picture:
    return Picture.open(photos / "portraits" / name / f"{mood}.jpg")


def _embedded(engine: Engine, pictures: list[Picture]) -> NDArray[np.floating]:
    return engine.embed([(picture, engine.detect(picture)[0]) for picture in pictures])


def test_people_are_recognized_smiling(engine: Engine, photos: Path) -> None:
    """Each smiling face is most like the same person's neutral one; nobody else reaches 80 %."""
    neutral = _embedded(engine, [_portrait_of(photos, name, "neutral") for name in PEOPLE])
    smiling = _embedded(engine, [_portrait_of(photos, name, "smiling") for name in PEOPLE])

    percents = engine.percent(neutral @ smiling.T)

    own = np.eye(len(PEOPLE), dtype=bool)
    assert (percents.argmax(axis=1) == np.arange(len(PEOPLE))).all()
    assert percents[own].min() >= 90
    assert percents[~own].max() < 80


def test_embeddings_have_length_one(engine: Engine, family: list[Picture]) -> None:
    """One row for each face of several pictures, in their order, of length 1, float32."""
    faces = [(picture, face) for picture in family for face in engine.detect(picture)]

    vectors = engine.embed(faces)

    assert vectors.shape == (9, engine.pack.embedder.dimensions)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_chips_give_what_faces_give(engine: Engine, family: list[Picture]) -> None:
    """Cutting first and embedding later, alone or with others, changes nothing."""
    picture = family[0]
    faces = engine.detect(picture)
    chips = engine.chips(picture, faces)

    together = engine.embed_chips(chips)
    alone = np.concatenate([engine.embed_chips(chips[index : index + 1]) for index in range(3)])

    assert np.array_equal(together, engine.embed([(picture, face) for face in faces]))
    assert np.array_equal(together, alone)


def test_no_faces_give_no_vectors(engine: Engine) -> None:
    """Nothing in, nothing out, with the right number of dimensions."""
    assert engine.embed([]).shape == (0, engine.pack.embedder.dimensions)


def test_threads_get_what_one_thread_gets(engine: Engine, photos: Path) -> None:
    """Eight pictures asked from four threads at once answer as one after the other."""

    def answer(name: str) -> tuple[object, list[list[float]]]:
        picture = _portrait_of(photos, name, "smiling")
        faces = engine.detect(picture)
        return faces, engine.embed([(picture, face) for face in faces]).tolist()

    names = [*PEOPLE, *PEOPLE[:2]]
    with ThreadPoolExecutor(4) as threads:
        parallel = list(threads.map(answer, names))

    assert parallel == [answer(name) for name in names]


def test_size_hardly_changes_an_embedding(
    engine: Engine, portrait: Pixels, source_of: MakeSource
) -> None:
    """The same picture at a third of its size is the same face beyond doubt."""
    small = np.asarray(Image.fromarray(portrait).resize((450, 450), Image.Resampling.BOX))
    sources = [source_of(portrait), source_of(small)]

    vectors = engine.embed([(source, engine.detect(source)[0]) for source in sources])

    assert vectors[0] @ vectors[1] > 0.9


def test_an_engine_reads_no_file_until_it_is_asked() -> None:
    """Making an engine without model files is no error."""

    def absent(path: str) -> Path:
        raise AssertionError(path)

    engine = Engine(load_pack("open"), absent)

    assert engine.cosine(80) == pytest.approx(0.338, abs=0.1)
