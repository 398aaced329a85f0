"""Resized copies: their size, format, pixels, and what they say besides."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

from kith.domain.errors import PictureError
from kith.domain.rendition import Form, Format, Metadata
from kith.imaging.exif import ExifFacts, read_exif
from kith.imaging.picture import Picture
from kith.imaging.rendition import render


def camera_exif() -> Image.Exif:
    """What a phone writes that was held on its side."""
    exif = Image.Exif()
    exif[Base.Orientation], exif[Base.Make], exif[Base.Model] = 6, "Maker", "One"
    inner = exif.get_ifd(IFD.Exif)
    inner[Base.DateTimeOriginal] = "2024:06:30 12:31:05"
    inner[Base.MakerNote], inner[Base.ExifImageWidth] = b"secret", 400
    place = exif.get_ifd(IFD.GPSInfo)
    place[GPS.GPSLatitudeRef], place[GPS.GPSLatitude] = "N", (48.0, 12.0, 0.0)
    place[GPS.GPSLongitudeRef], place[GPS.GPSLongitude] = "E", (16.0, 22.0, 0.0)
    return exif


@pytest.fixture
def picture() -> Picture:
    """A photo of 400 x 200 that is 200 x 400 upright: red above, blue below."""
    pixels = np.zeros((200, 400, 3), np.uint8)
    pixels[:, :200], pixels[:, 200:] = (220, 0, 0), (0, 0, 220)
    stream = BytesIO()
    Image.fromarray(pixels).save(stream, "JPEG", quality=95, exif=camera_exif())
    return Picture(stream.getvalue(), "photo.jpg")


@pytest.mark.parametrize("kind", list(Format))
def test_a_copy_is_upright_and_as_large_as_was_asked_for(picture: Picture, kind: Format) -> None:
    """In every format; and says nothing but its pixels."""
    data = render(picture, Form(long_side=100, format=kind))

    with Image.open(BytesIO(data)) as copy:
        assert (copy.format, copy.size) == (kind.value[0], (50, 100))
        assert not copy.getexif()
        above, below = (
            copy.convert("RGB").getpixel((25, 20)),
            copy.convert("RGB").getpixel((25, 80)),
        )
    assert isinstance(above, tuple)
    assert isinstance(below, tuple)
    assert (above[0] > 180, above[2] < 60) == (True, True)
    assert (below[2] > 180, below[0] < 60) == (True, True)


@pytest.mark.parametrize(
    ("asked", "made"),
    [
        ((50, 50), (50, 50)),
        ((300, 100), (200, 67)),
        ((100, 300), (100, 300)),
        ((2000, 10), (200, 1)),
    ],
)
def test_a_cover_has_the_proportions_and_is_never_scaled_up(
    picture: Picture, asked: tuple[int, int], made: tuple[int, int]
) -> None:
    """Out of the middle: what is above and below, or left and right, is cut off alike."""
    with Image.open(BytesIO(render(picture, Form(cover=asked)))) as copy:
        assert copy.size == made


def test_nothing_is_scaled_up(picture: Picture) -> None:
    """A small photo stays as it is."""
    with Image.open(BytesIO(render(picture, Form(long_side=5000)))) as copy:
        assert copy.size == (200, 400)


@pytest.mark.parametrize("kind", list(Format))
def test_what_is_kept_of_exif_is_what_was_asked_for(picture: Picture, kind: Format) -> None:
    """The place only by ``ALL``; which way is up, and what makers hide, never."""
    told: dict[Metadata, ExifFacts] = {}
    for metadata in Metadata:
        with Image.open(BytesIO(render(picture, Form(format=kind, metadata=metadata)))) as copy:
            told[metadata] = facts = read_exif(copy)
            exif = copy.getexif()
            assert Base.MakerNote not in exif.get_ifd(IFD.Exif)
            assert (facts.turn, copy.size) == (None, (200, 400))

    assert told[Metadata.NONE].camera is None
    for metadata in (Metadata.WITHOUT_PLACE, Metadata.ALL):
        assert (told[metadata].camera, str(told[metadata].taken_at)) == (
            "Maker One",
            "2024-06-30 12:31:05",
        )
    assert told[Metadata.WITHOUT_PLACE].location is None
    assert told[Metadata.ALL].location is not None


def test_smaller_quality_is_smaller(picture: Picture) -> None:
    """And the usual one is used where none is asked for."""
    sizes = [len(render(picture, Form(quality=quality))) for quality in (5, 0, 100)]

    assert sizes == sorted(set(sizes))


def test_a_cut_picture_is_refused(picture: Picture) -> None:
    """A copy of half a photo would look like the photo."""
    with pytest.raises(PictureError):
        render(Picture(picture.data[: len(picture.data) // 2]), Form())
