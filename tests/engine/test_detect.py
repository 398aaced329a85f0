from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kith.domain.face import Box, FaceDetail
from kith.engine.candidates import Candidates
from kith.engine.detect import FaceFinder
from kith.engine.engine import Engine
from kith.engine.landmarks import landmarks_of, points_of
from kith.engine.pack import load_pack
from kith.engine.pixels import Pixels, PixelSource
from kith.imaging.picture import Picture

MakeSource = Callable[[Pixels], PixelSource]

pytestmark = [pytest.mark.weights, pytest.mark.photos]

PORTRAITS = ("001", "003", "005", "007", "009", "011", "013", "016", "018", "020", "022", "025")


class NotingPicture(Picture):
    """Notes the sizes that it was asked for."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.sides: list[int] = []

    def pixels(self, long_side: int | None = None, /) -> Pixels:
        """See ``Picture.pixels``."""
        self.sides.append(long_side or max(self.width, self.height))
        return super().pixels(long_side)


class FirstGlimpse(FaceFinder):
    """Sees one small, sure face in pictures of 640, and nothing in any other."""

    def look(self, pixels: Pixels, floor: float) -> Candidates:
        """See ``FaceFinder.look``."""
        del floor
        if max(pixels.shape[:2]) != 640:
            return Candidates.none()
        box = np.array([[100, 5, 110, 15]], dtype=np.float32)
        points = np.full((1, 5, 2), 10, dtype=np.float32)
        return Candidates(box, points, np.array([0.9], dtype=np.float32))


def _scaled(pixels: Pixels, side: int) -> Image.Image:
    return Image.fromarray(pixels).resize((side, side), Image.Resampling.LANCZOS)


def group(photos: Path, engine: Engine, size: int) -> tuple[Pixels, list[Box]]:
    """Twelve people in two rows on 4000 x 3000 pixels, and their faces' boxes."""
    canvas = Image.new("RGB", (4000, 3000), (120, 130, 110))
    boxes: list[Box] = []
    for index, name in enumerate(PORTRAITS):
        picture = Picture.open(photos / "portraits" / name / "neutral.jpg")
        box = engine.detect(picture)[0].box
        side = round(size / min(box.width, box.height))
        left, top = 1500 + index % 6 * 3 * size, 1200 + index // 6 * 4 * size
        canvas.paste(_scaled(picture.pixels(), side), (left, top))
        boxes.append(
            Box(
                (left + box.left * side) / 4000,
                (top + box.top * side) / 3000,
                box.width * side / 4000,
                box.height * side / 3000,
            )
        )
    return np.asarray(canvas), boxes


def _found_of(boxes: list[Box], faces: tuple[FaceDetail, ...]) -> int:
    return sum(any(face.box.overlap(box) > 0.4 for face in faces) for box in boxes)


def test_every_face_of_the_family_is_found(engine: Engine, family: list[Picture]) -> None:
    """Three people in each picture, two of them in profile, largest first."""
    for picture in family:
        faces = engine.detect(picture)

        assert len(faces) == 3
        assert [face.box.area for face in faces] == sorted(
            (face.box.area for face in faces), reverse=True
        )
        assert all(70 <= face.confidence <= 100 for face in faces)


@pytest.mark.parametrize("size", [30, 40, 60])
def test_small_faces_of_a_large_group_are_found(
    engine: Engine, photos: Path, source_of: MakeSource, size: int
) -> None:
    """Of twelve faces in 12 megapixels at least ten are found, and nothing else."""
    pixels, boxes = group(photos, engine, size)

    faces = engine.detect(source_of(pixels))

    assert _found_of(boxes, faces) >= 10
    assert len(faces) <= 12


def test_what_only_looks_like_a_small_face_costs_no_closer_look(
    engine: Engine, photos: Path
) -> None:
    """A hint that a glance refutes leaves it at the first look: a sign of 12 megapixels."""
    path = photos / "odd/immich-test-assets/albums/text/japanese-shop.jpg"
    picture = NotingPicture(path.read_bytes())

    assert engine.detect(picture) == ()
    assert max(picture.sides) == 640


def test_a_face_that_only_the_first_look_sees_is_kept(photos: Path, source_of: MakeSource) -> None:
    """Closer looks that neither see nor hint at anything take nothing away, and are no error."""
    finder = FirstGlimpse(load_pack("open").detector, lambda: photos, workers=1, second_look=False)

    found = finder.find(source_of(np.zeros((200, 5000, 3), dtype=np.uint8)))

    assert len(found) == 1


def test_a_face_that_fills_the_frame_is_found(
    engine: Engine, portrait: Pixels, source_of: MakeSource
) -> None:
    """A crop of nothing but the face shows one face, which covers most of it."""
    box = engine.detect(source_of(portrait))[0].box
    height, width, _ = portrait.shape
    crop = portrait[
        int(box.top * height) : int(box.bottom * height),
        int(box.left * width) : int(box.right * width),
    ]

    faces = engine.detect(source_of(np.ascontiguousarray(crop)))

    assert len(faces) == 1
    assert faces[0].box.overlap(Box(0, 0, 1, 1)) > 0.6


def test_a_mirrored_picture_has_mirrored_faces(
    engine: Engine, family: list[Picture], source_of: MakeSource
) -> None:
    """Mirroring the picture mirrors boxes and swaps left and right landmarks."""
    pixels = family[2].pixels()
    straight = engine.detect(source_of(pixels))
    mirrored = engine.detect(source_of(np.ascontiguousarray(pixels[:, ::-1])))

    for face in straight:
        box = Box(1 - face.box.right, face.box.top, face.box.width, face.box.height)
        twin = max(mirrored, key=lambda other: other.box.overlap(box))
        expected = points_of(face.landmarks)[[1, 0, 2, 4, 3]] * (-1, 1) + (1, 0)
        assert twin.box.overlap(box) > 0.7
        assert np.abs(points_of(twin.landmarks) - expected).max() < 0.2 * face.box.height


@pytest.mark.parametrize("side", [200, 500, 900])
def test_a_scaled_picture_has_the_same_face(
    engine: Engine, portrait: Pixels, source_of: MakeSource, side: int
) -> None:
    """Ratios do not depend on the picture's size."""
    original = engine.detect(source_of(portrait))[0]

    (face,) = engine.detect(source_of(np.asarray(_scaled(portrait, side))))

    assert face.box.overlap(original.box) > 0.85
    gap = points_of(face.landmarks) - points_of(original.landmarks)
    assert np.abs(gap).max() < 0.05 * original.box.width


@pytest.mark.parametrize(
    "shape", [(1, 1), (10, 10_000), (10_000, 10), (640, 640), (3000, 4000), (33, 1)]
)
def test_an_empty_picture_has_no_face(
    engine: Engine, source_of: MakeSource, shape: tuple[int, int]
) -> None:
    """Black pictures of any shape show nobody, and are no error."""
    assert engine.detect(source_of(np.zeros((*shape, 3), dtype=np.uint8))) == ()


def test_animals_and_food_are_no_faces(engine: Engine, photos: Path) -> None:
    """Pictures without people show no face."""
    for name in ("cat_720p.jpg", "hot_dog.jpg", "owl.jpg", "dragonfly.bmp"):
        assert engine.detect(Picture.open(photos / "labels" / name)) == (), name


def test_the_surest_of_overlapping_candidates_stays() -> None:
    """Of candidates that overlap, one is left; those apart all stay, surest first."""
    boxes = np.array([[0, 0, 10, 10], [1, 0, 11, 10], [50, 50, 60, 60]], dtype=np.float32)
    points = np.zeros((3, 5, 2), dtype=np.float32)
    confidence = np.array([0.8, 0.9, 0.95], dtype=np.float32)

    kept = Candidates(boxes, points, confidence).distinct()

    assert kept.boxes.tolist() == [[50, 50, 60, 60], [1, 0, 11, 10]]
    assert len(Candidates.none().distinct()) == 0


def test_landmarks_survive_the_way_to_arrays_and_back() -> None:
    """Points keep their order and their values."""
    points = np.arange(10, dtype=np.float64).reshape(5, 2)

    assert np.array_equal(points_of(landmarks_of(points)), points)
    assert landmarks_of(points).mouth_right.y == 9
