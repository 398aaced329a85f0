"""Boxes of the stored picture and of the upright one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from kith.domain.face import Box
from kith.imaging.exif import TURNS
from kith.imaging.xmp.frame import Frame
from kith.imaging.xmp.heif import heif_orientation
from kith.imaging.xmp.packet import read_header

Encode = Callable[..., bytes]

ratios = st.floats(0, 1)
orientations = st.integers(1, 8)


def as_tuple(box: Box) -> tuple[float, float, float, float]:
    """For ``approx``."""
    return box.left, box.top, box.width, box.height


@given(orientations, ratios, ratios, ratios, ratios)
def test_there_and_back_is_the_same_box(
    orientation: int, left: float, top: float, width: float, height: float
) -> None:
    """For all eight orientations, whichever way one goes first."""
    frame, box = Frame(400, 300, orientation), Box(left, top, width, height)

    assert as_tuple(frame.stored(frame.upright(box))) == pytest.approx(as_tuple(box), abs=1e-9)
    assert as_tuple(frame.upright(frame.stored(box))) == pytest.approx(as_tuple(box), abs=1e-9)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_box_goes_where_its_pixels_go(orientation: int) -> None:
    """What Pillow's transposition does to pixels, the frame does to boxes."""
    stored = Image.new("L", (40, 30))
    stored.paste(255, (4, 6, 12, 15))
    turn = TURNS.get(orientation)
    upright = stored if turn is None else stored.transpose(turn)
    found = upright.getbbox()
    assert found
    left, top, right, bottom = found
    width, height = upright.size

    box = Frame(40, 30, orientation).upright(Box(4 / 40, 6 / 30, 8 / 40, 9 / 30))

    assert as_tuple(box) == pytest.approx(
        (left / width, top / height, (right - left) / width, (bottom - top) / height)
    )


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "TIFF", "HEIF", "AVIF"])
@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_every_format_tells_how_it_is_stored(
    scene: Image.Image, encode: Encode, format_: str, orientation: int
) -> None:
    """Size before turning and orientation, whether or not the decoder turns the picture itself."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encode(scene, format_, exif=exif.tobytes())

    header = read_header(data, "x")

    assert header.frame == Frame(scene.width, scene.height, orientation)
    assert header.packets == ()


@pytest.mark.photos
def test_a_heic_tells_how_its_decoder_turns_it(photos: Path) -> None:
    """By its own property: exiftool reads 4000 x 3000 and a rotation of 270 from this file."""
    data = (
        photos / "odd/immich-test-assets/formats/motionphoto/samsung-one-ui-6.heic"
    ).read_bytes()

    assert read_header(data, "x").frame == Frame(4000, 3000, 6)


@given(st.binary(max_size=200))
def test_any_bytes_can_be_asked_for_their_turn(noise: bytes) -> None:
    """Whatever is in the boxes, the answer is an orientation."""
    box = len(noise) + 12
    data = box.to_bytes(4, "big") + b"meta" + bytes(4) + noise

    assert heif_orientation(data) in range(1, 9)
