"""What pictures are taken, and in which words others are refused."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

Refusal = Callable[..., tuple[str, str]]
INVALID = ("InvalidParameterException", "Request has invalid parameters")
WRONG_FORMAT = ("InvalidImageFormatException", "Request has invalid image format")
NO_OBJECT = (
    "InvalidS3ObjectException",
    "Unable to get object metadata from S3. Check object key, region and/or access permissions.",
)


@pytest.mark.parametrize("format_", ["WEBP", "GIF", "TIFF", "BMP"])
def test_other_formats(door: Any, refusal: Refusal, format_: str) -> None:
    """Only JPEG and PNG are taken."""
    file = io.BytesIO()
    Image.new("RGB", (100, 100)).save(file, format_)

    answer = refusal(door.client.detect_faces, Image={"Bytes": file.getvalue()})

    assert answer == WRONG_FORMAT


def test_broken_pictures(door: Any, refusal: Refusal) -> None:
    """What cannot be decoded, in its header or in its pixels, is of an invalid format."""
    for data in (b"x", door.album.broken, door.album.anna[: len(door.album.anna) // 2]):
        assert refusal(door.client.detect_faces, Image={"Bytes": data}) == WRONG_FORMAT


def test_small_pictures(door: Any, refusal: Refusal, jpeg: Callable[..., bytes]) -> None:
    """Pictures of less than 80 pixels on a side are refused."""
    for size in ((79, 200), (200, 79)):
        data = jpeg(Image.new("RGB", size))
        assert refusal(door.client.detect_faces, Image={"Bytes": data}) == INVALID
    door.client.detect_faces(Image={"Bytes": jpeg(Image.new("RGB", (80, 80)))})


def test_bombs(door: Any, refusal: Refusal) -> None:
    """A small file that says it is huge is refused before it is decoded."""
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(part)) + kind + part + struct.pack(">I", zlib.crc32(kind + part))
        for kind, part in ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(1000))))
    )

    answer = refusal(door.client.detect_faces, Image={"Bytes": data})

    assert answer == ("ImageTooLargeException", "Image size is too large")


def test_a_picture_is_named_once(door: Any, refusal: Refusal) -> None:
    """Neither bytes nor an object, both, or half an object: invalid parameters."""
    half: list[dict[str, Any]] = [{"Bucket": "bucket"}, {"Name": "x"}, {}]
    both = {"Bytes": door.album.anna, "S3Object": {"Bucket": "bucket", "Name": "x"}}

    for image in ({}, both, *({"S3Object": one} for one in half)):
        assert refusal(door.client.detect_faces, Image=image) == INVALID


def test_objects_of_a_folder(door: Any, refusal: Refusal) -> None:
    """A folder serves as a bucket; what is not in it is missing, whatever it is called."""
    bucket = door.buckets / "photos"
    (bucket / "2026" / "may").mkdir(parents=True)
    (bucket / "2026" / "may" / "an na.png").write_bytes(door.album.anna)
    (door.buckets / "secret.png").write_bytes(door.album.anna)
    (bucket / "link.png").symlink_to(door.buckets / "secret.png")

    def image(name: str, bucket: str = "photos") -> dict[str, Any]:
        return {"S3Object": {"Bucket": bucket, "Name": name}}

    seen = door.client.detect_faces(Image=image("2026/may/an na.png"))

    assert len(seen["FaceDetails"]) == 1
    wrong = ("absent.png", "2026", "../secret.png", "/2026/may/an na.png", "link.png", "2026//x")
    for name in wrong:
        assert refusal(door.client.detect_faces, Image=image(name)) == NO_OBJECT
    for name in ("...", "absent"):
        assert refusal(door.client.detect_faces, Image=image("secret.png", name)) == NO_OBJECT
    versioned = {"S3Object": {"Bucket": "photos", "Name": "2026/may/an na.png", "Version": "1"}}
    assert refusal(door.client.detect_faces, Image=versioned) == NO_OBJECT


def test_large_objects(door: Any, refusal: Refusal) -> None:
    """An object of more than 15 MB is too large; of more than 5 MB, it is not."""
    (door.buckets / "big").mkdir()
    padding = bytes(6_000_000)
    (door.buckets / "big" / "6.png").write_bytes(door.album.anna + padding)
    (door.buckets / "big" / "16.png").write_bytes(door.album.anna + bytes(15_728_640))

    seen = door.client.detect_faces(Image={"S3Object": {"Bucket": "big", "Name": "6.png"}})
    answer = refusal(
        door.client.detect_faces, Image={"S3Object": {"Bucket": "big", "Name": "16.png"}}
    )

    assert len(seen["FaceDetails"]) == 1
    assert answer == ("ImageTooLargeException", "Image size is too large")


def test_only_jpegs_are_turned(door: Any) -> None:
    """EXIF turns a JPEG, whose boxes are of the upright picture; a PNG it does not turn."""
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned clockwise
    boxes = list[float]()
    for format_ in ("PNG", "JPEG"):
        file = io.BytesIO()
        stored = Image.open(io.BytesIO(door.album.anna))  # its face is at the left
        stored.save(file, format_, exif=exif, quality=95)
        (face,) = door.client.detect_faces(Image={"Bytes": file.getvalue()})["FaceDetails"]
        boxes += [face["BoundingBox"]["Left"], face["BoundingBox"]["Top"]]

    # Turned clockwise, what is 0.2 from the top and as high as 0.6 of it is 0.2 from the left.
    assert boxes == pytest.approx([0.1, 0.2, 0.2, 0.1], abs=0.02)


def test_image_properties(door: Any, jpeg: Callable[..., bytes]) -> None:
    """Dominant colors are those of the pixels, with their shares; black has no brightness."""
    image = Image.new("RGB", (200, 100), "red")
    image.paste("blue", (0, 0, 50, 100))

    told = _properties(door, jpeg(image))
    one = _properties(door, jpeg(image), MaxDominantColors=1)
    black = _properties(door, jpeg(Image.new("RGB", (100, 100))))

    shares = [(color["SimplifiedColor"], color["PixelPercent"]) for color in told["DominantColors"]]
    assert [name for name, _ in shares[:2]] == ["red", "blue"]
    assert [share for _, share in shares[:2]] == pytest.approx([75, 25], abs=2)
    assert told["DominantColors"][0]["CSSColor"] == "red"
    assert len(one["DominantColors"]) == 1
    assert black["Quality"] == pytest.approx({"Brightness": 0, "Sharpness": 0, "Contrast": 0})
    assert [color["HexCode"] for color in black["DominantColors"]] == ["#000000"]


def _properties(door: Any, data: bytes, **settings: Any) -> Any:
    return door.client.detect_labels(
        Image={"Bytes": data},
        Features=["IMAGE_PROPERTIES"],
        Settings={"ImageProperties": settings},
    )["ImageProperties"]
