"""Everything that EXIF says of a photo, as text and numbers for a human to read.

Source: CIPA DC-008 (Exif 2.32); the names are Pillow's, which are those of the standard.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias, cast

from PIL.ExifTags import GPSTAGS, TAGS

from kith.imaging.border import image_border
from kith.imaging.exif import read_directories
from kith.imaging.formats import format_of, open_image
from kith.imaging.picture import Picture

TagValue: TypeAlias = "str | int | float | list[str | int | float]"

_NOT_SHOWN: Final = frozenset(
    {"ExifOffset", "GPSInfo", "MakerNote", "PrintImageMatching", "XMLPacket", "ImageResources"}
)
"""Where other directories begin, and bytes that only their makers understand."""

_LONGEST: Final = 500
"""Characters, or parts, of a value that are shown."""


def exif_tags(picture: Picture) -> dict[str, dict[str, TagValue]]:
    """The tags by name, in the groups ``Image``, ``Exif`` and ``GPS``; no group is empty.

    Damaged tags are left out.

    Raises:
        PictureError: it is no picture, or one beyond the limits.
    """
    picture.describe()
    with image_border(picture.name):
        image = open_image(picture.data, format_of(picture.data, picture.name))
        found = read_directories(image)
    groups = {
        "Image": _named(found.main, TAGS),
        "Exif": _named(found.details, TAGS),
        "GPS": _named(found.gps, GPSTAGS),
    }
    return {name: tags for name, tags in groups.items() if tags}


def _named(tags: Mapping[int, object], names: Mapping[int, str]) -> dict[str, TagValue]:
    shown = {names.get(tag, f"0x{tag:04x}"): _shown(value) for tag, value in tags.items()}
    return {
        name: value for name, value in shown.items() if value is not None and name not in _NOT_SHOWN
    }


def _shown(value: object) -> TagValue | None:
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        parts = [_one(part) for part in cast("Sequence[object]", value)[:_LONGEST]]
        return [part for part in parts if part is not None]
    return _one(value)


def _one(value: object) -> str | int | float | None:
    match value:
        case bool():
            return int(value)
        case str() | bytes():
            return _text(value)
        case int():
            return value
        case _:
            return _number(value)


def _text(value: str | bytes) -> str | None:
    """In one piece, without padding and what cannot be printed; bytes that are no text as hex."""
    if isinstance(value, bytes):
        plain = value.rstrip(b"\0")
        if not all(32 <= byte < 127 for byte in plain):
            return value[: _LONGEST // 2].hex(" ")
        value = plain.decode("ascii")
    seen = "".join(letter if letter.isprintable() else " " for letter in value[:_LONGEST])
    return seen.strip() or None


def _number(value: object) -> float | None:
    """A ratio as a number; ``None`` for those that divide by zero."""
    try:
        number = float(cast("float", value))
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    return round(number, 6) if math.isfinite(number) else None
