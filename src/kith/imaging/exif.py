"""When, where and with what a photo was taken, from its EXIF; nonsense reads as absent.

Source: CIPA DC-008 (Exif 2.32), tables 4, 7, 8 and 15.
"""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import cast

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base
from PIL.Image import Transpose

from kith.domain.photo import Location

TURNS: Mapping[object, Transpose] = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}
"""EXIF orientation -> what makes the picture upright; everything else is upright as stored."""

Tags = Mapping[int, object]


@dataclass(frozen=True, slots=True)
class ExifFacts:
    """What EXIF says of a photo; fields as in ``kith.domain.photo.Photo``.

    Attributes:
        turn: what makes the stored picture upright; ``None`` if it is.
        taken_at: when the shutter opened; aware if the camera recorded its offset.
        camera: maker and model in one line.
        location: where it was taken.
    """

    turn: Transpose | None = None
    taken_at: datetime | None = None
    camera: str | None = None
    location: Location | None = None


@dataclass(frozen=True, slots=True)
class Directories:
    """The directories of EXIF, by tag; empty where they are absent or damaged."""

    main: Tags
    details: Tags
    gps: Tags


def read_exif(image: Image.Image) -> ExifFacts:
    """The facts of an opened image; those that are absent or damaged are ``None``."""
    found = read_directories(image)
    return exif_facts(found.main, found.details, found.gps)


def read_directories(image: Image.Image) -> Directories:
    """What stands in the EXIF of an opened image; never raises."""
    try:
        exif = image.getexif()
        main = dict(exif)
    except _DAMAGED:
        return Directories({}, {}, {})
    return Directories(main, _directory(exif, IFD.Exif), _directory(exif, IFD.GPSInfo))


def exif_facts(main: Tags, details: Tags, gps: Tags) -> ExifFacts:
    """The facts in the main directory, the Exif directory and the GPS directory; never raises."""
    return ExifFacts(
        turn=_turn(main.get(Base.Orientation)),
        taken_at=_taken_at(main, details),
        camera=_camera(_text(main.get(Base.Make)), _text(main.get(Base.Model))),
        location=_location(gps),
    )


_DAMAGED = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
)
"""What Pillow raises over damaged EXIF. The picture is fine without it."""


def _directory(exif: Image.Exif, which: IFD) -> Tags:
    try:
        return dict(exif.get_ifd(which))
    except _DAMAGED:
        return {}


def _turn(value: object) -> Transpose | None:
    return TURNS.get(value) if isinstance(value, int) else None


def _taken_at(main: Tags, details: Tags) -> datetime | None:
    """The first of the three dates that makes sense, each with its own offset and fraction."""
    candidates = (
        (details, Base.DateTimeOriginal, Base.OffsetTimeOriginal, Base.SubsecTimeOriginal),
        (details, Base.DateTimeDigitized, Base.OffsetTimeDigitized, Base.SubsecTimeDigitized),
        (main, Base.DateTime, Base.OffsetTime, Base.SubsecTime),
    )
    for tags, date, offset, fraction in candidates:
        # Some writers put the Exif directory's tags into the main one.
        taken = _date(_text(tags.get(date)) or _text(main.get(date)))
        if taken is not None:
            taken = taken.replace(microsecond=_microsecond(_text(details.get(fraction))))
            return taken.replace(tzinfo=_offset(_text(details.get(offset))))
    return None


_DATE = re.compile(r"(\d{4})[:/-](\d\d?)[:/-](\d\d?)[ T](\d\d?):(\d\d?):(\d\d?)", re.ASCII)
_OFFSET = re.compile(r"([+-])(\d\d):(\d\d)", re.ASCII)


def _date(text: str) -> datetime | None:
    found = _DATE.match(text)
    if not found:
        return None
    year, month, day, hour, minute, second = (int(part) for part in found.groups())
    try:
        return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 EXIF's dates are naive
    except ValueError:
        return None


def _microsecond(text: str) -> int:
    digits = text[:6]
    return int(digits.ljust(6, "0")) if digits.isascii() and digits.isdigit() else 0


def _offset(text: str) -> timezone | None:
    if text == "Z":
        return UTC
    found = _OFFSET.fullmatch(text)
    if not found:
        return None
    minutes = int(found[2]) * 60 + int(found[3])
    # The earth's offsets run from -12:00 to +14:00.
    if minutes > 14 * 60 or int(found[3]) > 59:
        return None
    return timezone(timedelta(minutes=-minutes if found[1] == "-" else minutes))


def _camera(maker: str, model: str) -> str | None:
    """``Canon`` with ``Canon EOS 5D`` is ``Canon EOS 5D``; with ``EOS 5D`` it is the same."""
    repeated = model.casefold().split()[:1] == maker.casefold().split()[:1]
    return (model if repeated else f"{maker} {model}".strip()) or None


def _location(gps: Tags) -> Location | None:
    latitude = _angle(gps.get(GPS.GPSLatitude), gps.get(GPS.GPSLatitudeRef), "NS", 90)
    longitude = _angle(gps.get(GPS.GPSLongitude), gps.get(GPS.GPSLongitudeRef), "EW", 180)
    if latitude is None or longitude is None:
        return None
    if latitude == longitude == 0:
        return None  # what a receiver without a fix writes; the real place is open sea
    return Location(latitude, longitude, _altitude(gps))


def _angle(value: object, reference: object, letters: str, limit: float) -> float | None:
    """Degrees, minutes and seconds as one signed number; ``letters`` are plus and minus."""
    letter = _text(reference)[:1].upper()
    if not letter or letter not in letters or isinstance(value, str | bytes):
        return None
    if not isinstance(value, Sequence):
        return None
    parts = [_number(part) for part in cast("Sequence[object]", value)[:3]]
    known = [part for part in parts if part is not None and part >= 0]
    if len(known) != 3:
        return None
    degrees = known[0] + known[1] / 60 + known[2] / 3600
    if degrees > limit:
        return None
    return -degrees if letter == letters[1] else degrees


def _altitude(gps: Tags) -> float | None:
    meters = _number(gps.get(GPS.GPSAltitude))
    # No place on earth, and no plane's passenger, is beyond these.
    if meters is None or abs(meters) > 50_000:
        return None
    below = gps.get(GPS.GPSAltitudeRef) in (1, b"\x01")
    return -meters if below else meters


def _number(value: object) -> float | None:
    if isinstance(value, str | bytes | bool) or not hasattr(value, "__float__"):
        return None
    try:
        number = float(cast("float", value))
    except _DAMAGED:
        return None
    return number if math.isfinite(number) else None


def _text(value: object) -> str:
    """A tag's text without padding, in one line; empty if it is none."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if not isinstance(value, str):
        return ""
    shown = "".join(letter if letter.isprintable() else " " for letter in value.split("\0")[0])
    return " ".join(shown.split())
