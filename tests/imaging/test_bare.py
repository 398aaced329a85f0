"""What is taken out of a file, and what stays: the pixels, their colors, and which way is up."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps, PngImagePlugin
from PIL.ExifTags import GPS, IFD, Base

from kith.domain.errors import UnsupportedFormatError
from kith.imaging.bare import without_metadata

SECRET = "Ana at the hospital"
PROFILE = b"not read by anybody here, but kept"


def picture() -> Image.Image:
    """Colors that are not the same any way round."""
    ramp = np.linspace(0, 255, 40 * 30 * 3).reshape(30, 40, 3)
    return Image.fromarray(ramp.astype(np.uint8))


def exif(orientation: int) -> Image.Exif:
    """What a camera writes, the place included."""
    made = Image.Exif()
    made[Base.Orientation] = orientation
    made[Base.ImageDescription] = SECRET
    made[Base.Make] = "Canon"
    made.get_ifd(IFD.GPSInfo)[GPS.GPSLatitude] = (48.0, 51.0, 24.0)
    return made


def saved(kind: str, orientation: int = 1, **options: object) -> bytes:
    """The picture in a file, with all that can be said of it."""
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", SECRET)
    more = {"pnginfo": text} if kind == "PNG" else {"xmp": f"<x>{SECRET}</x>".encode()}
    stream = io.BytesIO()
    options = {"exif": exif(orientation), "icc_profile": PROFILE} | more | options
    picture().save(stream, kind, **options)
    return stream.getvalue()


def upright(data: bytes) -> Image.Image:
    """As a viewer shows it."""
    with Image.open(io.BytesIO(data)) as image:
        return ImageOps.exif_transpose(image).convert("RGB")


@pytest.mark.parametrize(
    ("kind", "orientation"), [("JPEG", 1), ("JPEG", 6), ("PNG", 1), ("WEBP", 1)]
)
def test_nothing_is_left_but_the_picture(kind: str, orientation: int) -> None:
    """No text, no place, no camera; the profile stays, and the same pixels are shown."""
    data = saved(kind, orientation, comment=SECRET)

    bare = without_metadata(data)

    assert SECRET.encode() in data
    for word in (SECRET.encode(), b"Canon", b"GPS"):
        assert word not in bare
    with Image.open(io.BytesIO(bare)) as image:
        assert image.info.get("icc_profile") == PROFILE
        assert set(image.getexif()) <= {Base.Orientation}
        assert not image.getexif().get_ifd(IFD.GPSInfo)
    assert np.array_equal(np.asarray(upright(bare)), np.asarray(upright(data)))


def test_what_phones_hang_on_behind_is_cut_off() -> None:
    """Films, and second pictures with places of their own; progressive scans are whole."""
    data = saved("JPEG", progressive=True)

    bare = without_metadata(data + b"ftypmp42 a film of " + SECRET.encode())

    assert SECRET.encode() not in bare
    assert np.array_equal(np.asarray(upright(bare)), np.asarray(upright(data)))


def test_of_other_formats_nothing_can_be_taken_out() -> None:
    """It is said, so that nothing is handed out by mistake."""
    for data in (saved("TIFF"), saved("PNG", 6), saved("WEBP", 6), b"", b"GIF89a"):
        with pytest.raises(UnsupportedFormatError):
            without_metadata(data)


@given(st.integers(2, 400), st.sampled_from(["JPEG", "PNG", "WEBP"]))
def test_a_broken_file_is_refused_or_bare(length: int, kind: str) -> None:
    """Cut off anywhere, it raises no other error, and tells nothing."""
    try:
        bare = without_metadata(saved(kind)[:length])
    except UnsupportedFormatError:
        return
    assert SECRET.encode() not in bare
