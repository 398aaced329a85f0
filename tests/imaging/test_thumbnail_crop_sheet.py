from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from kith.domain.face import Box
from kith.imaging.crop import face_crop
from kith.imaging.picture import Picture
from kith.imaging.sheet import MAX_CROPS, MAX_ROWS, SheetRow, contact_sheet
from kith.imaging.thumbnail import thumbnail

Encode = Callable[..., bytes]
Psnr = Callable[[NDArray[np.uint8], NDArray[np.uint8]], float]


def opened(data: bytes) -> Image.Image:
    """The image in these bytes, decoded."""
    image = Image.open(BytesIO(data))
    image.load()
    return image


def test_thumbnail_carries_nothing(
    scene: Image.Image, encode: Encode, psnr: Psnr, built_in_profile: Callable[[str], bytes]
) -> None:
    """A thumbnail is upright, sRGB, and without EXIF, profile, comment or XMP."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Secret"
    profile = built_in_profile("sRGB")
    stored = scene.transpose(Image.Transpose.ROTATE_90)
    data = encode(
        stored, "JPEG", exif=exif, icc_profile=profile, comment=b"Secret", xmp=b"<x>Secret</x>"
    )

    for side in (120, 240):
        small = opened(thumbnail(Picture(data), side))
        assert (small.format, small.mode, max(small.size)) == ("JPEG", "RGB", side)
        assert not {"exif", "icc_profile", "comment", "xmp"} & set(small.info)
    assert psnr(np.asarray(small), np.asarray(scene)) > 28


def test_thumbnail_is_never_larger(scene: Image.Image, encode: Encode) -> None:
    """A picture smaller than its thumbnail would be keeps its size."""
    assert opened(thumbnail(Picture(encode(scene, "PNG")), 1000)).size == (240, 160)


@pytest.fixture
def target(encode: Encode) -> Picture:
    """2000 x 1000 pixels of blue with a red square of 100 pixels at (1600, 300)."""
    image = Image.new("RGB", (2000, 1000), (0, 0, 200))
    image.paste((220, 0, 0), (1600, 300, 1700, 400))
    return Picture(encode(image, "JPEG", quality=95))


def test_crop_shows_the_face(target: Picture) -> None:
    """The box is in the middle, square, with its margin around it."""
    crop = opened(face_crop(target, Box(0.8, 0.3, 0.05, 0.1), 160, margin=0.5))

    assert crop.size == (160, 160)
    pixels = np.asarray(crop).astype(int)
    red = pixels[..., 0] > 110
    assert abs(red.mean() - 0.25) < 0.03
    assert red[42:118, 42:118].all()


def test_crop_decodes_no_more_than_it_needs(target: Picture) -> None:
    """A large face is cut from a small decoding; a small one has the detail of the original."""
    face_crop(target, Box(0.1, 0.1, 0.4, 0.8), 160)
    assert max(target.smallest_image(1).size) < 1000

    face_crop(target, Box(0.8, 0.3, 0.05, 0.1), 160)
    assert target.smallest_image(2000).size == (2000, 1000)


@settings(deadline=None, max_examples=60)
@given(
    left=st.floats(-0.5, 0.99),
    top=st.floats(-0.5, 0.99),
    width=st.floats(0.01, 2),
    height=st.floats(0.01, 2),
    margin=st.floats(0, 2),
    size=st.integers(8, 200),
)
def test_crop_is_always_square(
    left: float, top: float, width: float, height: float, margin: float, size: int
) -> None:
    """Any box that touches the picture gives a square of the size asked for, without metadata."""
    box = Box(left, top, max(width, 0.01 - left), max(height, 0.01 - top))
    stream = BytesIO()
    Image.new("RGB", (90, 60), (250, 250, 250)).save(stream, "PNG")

    crop = opened(face_crop(Picture(stream.getvalue()), box, size, margin))

    assert crop.size == (size, size)
    assert np.asarray(crop).max() > 180


def test_crop_at_the_edge_moves_inward(target: Picture) -> None:
    """A face in the corner gets its margin from inside; no padding shows."""
    crop = np.asarray(opened(face_crop(target, Box(-0.01, -0.02, 0.1, 0.2), 100))).astype(int)

    assert (crop[..., 2] > 150).all()


def test_crop_pads_what_is_too_wide(target: Picture) -> None:
    """A box wider than the picture is high is padded above and below, not cut."""
    crop = np.asarray(opened(face_crop(target, Box(0, 0, 1, 1), 100))).astype(int)

    assert np.abs(crop[5, 50] - 128).max() < 10
    assert np.abs(crop[95, 50] - 128).max() < 10
    assert crop[50, 50, 2] > 150


@pytest.mark.parametrize(
    "box",
    [Box(0.5, 0.5, 0, 0.1), Box(2, 0, 1, 1), Box(-1, 0, 0.5, 1), Box(0, 0, float("nan"), 1)],
)
def test_crop_of_nothing(box: Box, target: Picture) -> None:
    """A box that shows no part of the picture is an error."""
    with pytest.raises(ValueError, match="no face can be cut out"):
        face_crop(target, box, 100)


def solid(color: tuple[int, int, int]) -> bytes:
    """A crop of one color."""
    stream = BytesIO()
    Image.new("RGB", (112, 112), color).save(stream, "JPEG")
    return stream.getvalue()


def area_of(sheet: Image.Image, color: tuple[int, int, int]) -> float:
    """How many pixels of a sheet have about this color."""
    return float((np.abs(np.asarray(sheet).astype(int) - color).max(axis=-1) < 40).sum())


def test_sheet_shows_every_crop() -> None:
    """Every crop of every person is on the sheet, in equal size."""
    rows = [SheetRow("Ann", [solid((220, 0, 0))] * 7), SheetRow("Bo", [solid((0, 0, 220))] * 2)]

    sheet = opened(contact_sheet(rows))

    assert area_of(sheet, (220, 0, 0)) == pytest.approx(7 * 96 * 96, rel=0.06)
    assert area_of(sheet, (0, 0, 220)) == pytest.approx(2 * 96 * 96, rel=0.06)
    assert area_of(sheet, (32, 32, 32)) > 20


def test_sheet_of_many_people_stays_viewable() -> None:
    """More people and crops than fit are counted, not drawn; the shape stays that of a page."""
    row = SheetRow("Someone with a name that is far too long for one line " * 3, [b""] * 13)

    sheet = opened(contact_sheet([row] * (MAX_ROWS + 7)))

    assert sheet.width * sheet.height < 50_000_000
    assert 1 < sheet.width / sheet.height < 2
    sample = sheet.resize((sheet.width // 4, sheet.height // 4), Image.Resampling.NEAREST)
    gray = area_of(sample, (200, 200, 200)) * 16
    assert gray == pytest.approx(MAX_ROWS * MAX_CROPS * 64 * 64, rel=0.05)


def test_sheet_of_nobody() -> None:
    """Without people the sheet says so."""
    assert area_of(opened(contact_sheet([])), (32, 32, 32)) > 20


def test_sheet_survives_broken_crops() -> None:
    """A crop that is no picture leaves a gray square, and the others stay."""
    sheet = opened(contact_sheet([SheetRow("Ann", [b"no picture", solid((220, 0, 0))[:400]])]))

    assert area_of(sheet, (200, 200, 200)) > 1.9 * 96 * 96
