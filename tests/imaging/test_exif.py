from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base
from PIL.TiffImagePlugin import IFDRational

from kith.domain.photo import Location
from kith.imaging.exif import exif_facts
from kith.imaging.picture import Picture

Encode = Callable[..., bytes]

NOON = "2023:07:14 12:00:00"
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=30),
    st.binary(max_size=30),
    st.builds(IFDRational, st.integers(-(2**31), 2**32), st.integers(0, 2**32)),
    st.from_regex(r"\d{4}:\d\d:\d\d \d\d:\d\d:\d\d", fullmatch=True),
    st.from_regex(r"[+-]\d\d:\d\d", fullmatch=True),
)
TAGS = st.dictionaries(
    st.sampled_from([int(tag) for tag in (*Base, *GPS)]),
    VALUES | st.lists(VALUES, max_size=4) | st.lists(VALUES, max_size=4).map(tuple),
    max_size=12,
)


@settings(deadline=None)
@given(main=TAGS, details=TAGS, gps=TAGS)
def test_never_raises(
    main: dict[int, object], details: dict[int, object], gps: dict[int, object]
) -> None:
    """Whatever the tags hold, facts come out, and they are within their bounds."""
    facts = exif_facts(main, details, gps)

    if facts.location:
        assert -90 <= facts.location.latitude <= 90
        assert -180 <= facts.location.longitude <= 180
    assert facts.camera is None or facts.camera == facts.camera.strip() != ""


@settings(deadline=None, max_examples=60)
@given(
    data=st.binary(max_size=200), order=st.sampled_from([b"II*\0\x08\0\0\0", b"MM\0*\0\0\0\x08"])
)
def test_damaged_exif_harms_no_photo(data: bytes, order: bytes) -> None:
    """A photo with random bytes for EXIF is a photo."""
    from io import BytesIO  # noqa: PLC0415 hypothesis cannot take function-scoped fixtures

    stream = BytesIO()
    Image.new("RGB", (8, 8)).save(stream, "JPEG", exif=b"Exif\0\0" + order + data)

    photo = Picture(stream.getvalue()).describe()

    assert (photo.width, photo.height) == (8, 8)


@pytest.mark.parametrize(
    ("details", "expected"),
    [
        ({Base.DateTimeOriginal: NOON}, datetime(2023, 7, 14, 12)),  # noqa: DTZ001
        (
            {Base.DateTimeOriginal: NOON, Base.OffsetTimeOriginal: "-05:30"},
            datetime(2023, 7, 14, 12, tzinfo=timezone(timedelta(hours=-5, minutes=-30))),
        ),
        (
            {
                Base.DateTimeOriginal: NOON,
                Base.OffsetTimeOriginal: "Z",
                Base.SubsecTimeOriginal: "05",
            },
            datetime(2023, 7, 14, 12, 0, 0, 50_000, tzinfo=UTC),
        ),
        (
            {Base.DateTimeOriginal: NOON, Base.OffsetTimeOriginal: "+99:00"},
            datetime(2023, 7, 14, 12),  # noqa: DTZ001
        ),
        (
            {Base.DateTimeOriginal: "0000:00:00 00:00:00", Base.DateTimeDigitized: NOON},
            datetime(2023, 7, 14, 12),  # noqa: DTZ001
        ),
        ({Base.DateTimeOriginal: "2023:13:45 99:00:00"}, None),
        ({Base.DateTimeOriginal: "    :  :     :  :  "}, None),
        ({Base.DateTimeOriginal: "2023-07-14T12:00:00\0"}, datetime(2023, 7, 14, 12)),  # noqa: DTZ001
        ({}, None),
    ],
)
def test_date(details: dict[int, object], expected: datetime | None) -> None:
    """The date is that of the shutter, aware if the camera knew its offset; nonsense is none."""
    assert exif_facts({}, details, {}).taken_at == expected


def test_file_date_is_last() -> None:
    """The main directory's date counts only where the others make no sense."""
    facts = exif_facts({Base.DateTime: NOON}, {Base.DateTimeOriginal: "?"}, {})

    assert facts.taken_at == datetime(2023, 7, 14, 12)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("maker", "model", "expected"),
    [
        ("Canon", "Canon EOS 5D", "Canon EOS 5D"),
        ("NIKON CORPORATION", "NIKON D750", "NIKON D750"),
        ("Apple", "iPhone 7", "Apple iPhone 7"),
        ("Apple\0\0", " iPhone 7 \0junk", "Apple iPhone 7"),
        ("SONY", None, "SONY"),
        (None, "DSC", "DSC"),
        (None, None, None),
        (" \0", 17, None),
    ],
)
def test_camera(maker: object, model: object, expected: str | None) -> None:
    """Maker and model in one line, the maker once."""
    assert exif_facts({Base.Make: maker, Base.Model: model}, {}, {}).camera == expected


def gps(**changes: object) -> dict[int, object]:
    """Tags of a place in New York, some of them changed."""
    tags: dict[str, object] = {
        "GPSLatitudeRef": "N",
        "GPSLatitude": (IFDRational(40), IFDRational(42), IFDRational(46, 1)),
        "GPSLongitudeRef": "W",
        "GPSLongitude": (74.0, 0.0, 21.6),
        **changes,
    }
    return {int(GPS[name]): value for name, value in tags.items()}


def test_location() -> None:
    """Degrees, minutes and seconds become degrees; south, west and below the sea are negative."""
    place = exif_facts({}, {}, gps(GPSAltitude=IFDRational(25, 2), GPSAltitudeRef=b"\1")).location

    assert place == Location(40 + 42 / 60 + 46 / 3600, -74.006, -12.5)


@pytest.mark.parametrize(
    "changes",
    [
        {"GPSLatitude": (IFDRational(0, 0), 0.0, 0.0)},
        {"GPSLatitude": (float("nan"), 0.0, 0.0)},
        {"GPSLatitude": (91.0, 0.0, 0.0)},
        {"GPSLongitude": (180.0, 1.0, 0.0)},
        {"GPSLatitude": (40.0, 42.0)},
        {"GPSLatitude": "40,42,46"},
        {"GPSLatitudeRef": "X"},
        {"GPSLongitudeRef": None},
        {"GPSLatitude": (0.0, 0.0, 0.0), "GPSLongitude": (0.0, 0.0, 0.0)},
    ],
)
def test_no_location(changes: dict[str, object]) -> None:
    """A place that is not on earth, or where no receiver had a fix, is none."""
    assert exif_facts({}, {}, gps(**changes)).location is None


def test_impossible_altitude_is_dropped() -> None:
    """An altitude that cannot be leaves the place without one."""
    place = exif_facts({}, {}, gps(GPSAltitude=IFDRational(1, 0))).location

    assert place is not None
    assert place.altitude is None


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "HEIF", "AVIF", "TIFF"])
def test_read_from_every_format(format_: str, scene: Image.Image, encode: Encode) -> None:
    """Date, camera and place arrive whatever container carries them."""
    exif = Image.Exif()
    exif[Base.Make], exif[Base.Model] = "Kodak", "Brownie"
    exif.get_ifd(IFD.Exif)[Base.DateTimeOriginal] = NOON
    exif.get_ifd(IFD.GPSInfo).update(gps())

    picture = Picture(encode(scene, format_, exif=exif.tobytes()))
    photo = picture.describe()

    assert photo.camera == "Kodak Brownie"
    assert photo.taken_at == datetime(2023, 7, 14, 12)  # noqa: DTZ001
    assert photo.location is not None
    assert round(photo.location.longitude, 3) == -74.006


@pytest.mark.photos
@pytest.mark.parametrize(
    ("name", "date"),
    [
        ("dates/date-priority-test.jpg", "2023-02-02T02:00:00"),
        ("dates/datetimeoriginal-gps.jpg", "2025-12-01T11:30:00"),
        ("dates/gps-datetime.jpg", None),
        ("gps-position/empty_gps.jpg", "2025-06-01T16:59:26.023460"),
    ],
)
def test_dates_of_real_files(name: str, date: str | None, photos: Path) -> None:
    """Files that other albums stumbled over: the shutter's date first, the satellites' never."""
    photo = Picture.open(photos / "odd" / "immich-test-assets" / "metadata" / name).describe()

    assert (photo.taken_at.isoformat() if photo.taken_at else None) == date
