"""Who is in a picture, read from an XMP packet.

Which picture do coordinates refer to where EXIF turns it? For MWG regions the standard says: the
stored one ("Region metadata is applied to the stored image. When applying a rotation by applying
Exif Orientation, the rotation must be applied to the regions as well", Guidelines for Handling
Image Metadata 2.0, 5.9). digiKam reads and writes them so (``ItemScanner::commitFaces``), Immich
reads them so since its PR 18021, and exiftool's ``rotate_regions.config`` turns them so. Programs
that turn the picture first and forget about it write upright coordinates, and then their
``AppliedToDimensions`` are upright, too. But there are also files whose regions are stored and
whose dimensions are upright, because a tool turned one and not the other. So the standard's meaning
holds unless the dimensions contradict it. If they do, every frame that they allow is a reading, and
the faces of the photo decide: as stored, as shown, or, of a file that says nothing of being turned,
as before somebody turned its pixels to the right or to the left.

Microsoft's people tags have no dimensions, and its "People Tagging Overview" no word on turned
pictures. digiKam takes them as stored; in photos that were turned by other tools they stay as they
were. So of a turned picture, both readings are given.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from kith.domain.face import Box
from kith.domain.region import MarkedPeople, NamedRegion, RegionSet, likeness
from kith.imaging.xmp import names
from kith.imaging.xmp.frame import Frame
from kith.imaging.xmp.rdf import Value, properties


def read_people(packets: Sequence[bytes], frame: Frame, name: str) -> MarkedPeople:
    """Who the packets of one file say is in the picture that is stored in this frame.

    Only regions of faces count, and those of no type. ``name`` is what errors call the file.

    Raises:
        XmpError: a packet cannot be read.
    """
    found: dict[str, Value] = {}
    for packet in packets:
        found |= properties(packet, name)
    info = structure(found.get(names.REGIONS))
    size = applied_size(info, frame)
    standard = [
        region
        for item in _structures(info.get(names.REGION_LIST))
        if (region := mwg_face(item, size)) is not None
    ]
    frames = possible_frames(size, frame)
    shown = [frame, replace(frame, orientation=1)]
    known = [(one.name, each.upright(one.box)) for one in standard for each in frames]
    others = [
        one
        for one in _microsoft_faces(found)
        if not any(_is_copy(one, name, box, shown) for name, box in known)
    ]
    sets = (_region_set(standard, frames), _region_set(others, shown))
    return MarkedPeople(tuple(one for one in sets if one), tuple(_names(found)))


_COPY: Final = 0.5
"""Likeness of two marks of one face that some program wrote in both schemas."""


def _is_copy(one: NamedRegion, name: str | None, box: Box, frames: Sequence[Frame]) -> bool:
    """Whether a people tag repeats what the standard's region says, or said.

    Who writes both writes each face twice, and a later writer may have changed the standard's copy
    only. So that one counts: it says more about the frame, and is the one that is kept up.
    """
    same_name = one.name is not None and one.name == name
    return same_name or any(likeness(each.upright(one.box), box) >= _COPY for each in frames)


def applied_size(info: dict[str, Value], frame: Frame) -> tuple[float, float]:
    """Width and height of the picture that the writer of MWG regions had before him."""
    applied = structure(info.get(names.APPLIED_TO))
    width = _number(applied.get(names.dimension("w"))) or 0
    height = _number(applied.get(names.dimension("h"))) or 0
    return (width, height) if width > 0 and height > 0 else (frame.width, frame.height)


def possible_frames(size: tuple[float, float], frame: Frame) -> list[Frame]:
    """The frames that MWG regions may be in, given their writer's dimensions; the likeliest first.

    Dimensions are compared by shape, for he may have had a copy of another size.
    """
    width, height = size
    if (width - height) * (frame.width - frame.height) >= 0:
        return [frame]
    others = (1,) if frame.turned else (6, 8)
    return [frame, *(replace(frame, orientation=other) for other in others)]


def mwg_face(item: dict[str, Value], size: tuple[float, float]) -> NamedRegion | None:
    """An item of a region list, in the writer's frame; ``None`` if it is no face, or has no place.

    ``size`` is what ``applied_size`` says.
    """
    if _text(item.get(names.TYPE)).casefold() not in {"", names.FACE.casefold()}:
        return None
    box = _area(structure(item.get(names.AREA)), size)
    return box and NamedRegion(_name(item.get(names.NAME)), box)


def person_name(text: str) -> str | None:
    """A name as it is compared: without surrounding space; ``None`` if nothing is left."""
    return " ".join(text.split()) or None


def _region_set(regions: Sequence[NamedRegion], frames: Sequence[Frame]) -> RegionSet | None:
    """The same regions as they are in each frame; ``None`` if there are none."""
    readings = dict.fromkeys(
        tuple(NamedRegion(one.name, frame.upright(one.box)) for one in regions) for frame in frames
    )
    return RegionSet(tuple(readings)) if regions else None


def _area(area: dict[str, Value], size: tuple[float, float]) -> Box | None:
    """A rectangle, a circle or a point around its center, as ratios."""
    x, y, w, h, d = (_number(area.get(names.area(field))) for field in "xywhd")
    if x is None or y is None:
        return None
    width, height = size
    if _text(area.get(names.area("unit"))).casefold() == "pixel":
        x, y, w, h = x / width, y / height, (w or 0) / width, (h or 0) / height
        d = d and d / min(width, height)
    if not w and not h and d:
        # A circle's diameter is a ratio of the shorter side.
        w, h = d * min(size) / width, d * min(size) / height
    return _sensible(Box(x - (w or 0) / 2, y - (h or 0) / 2, w or 0, h or 0))


def _microsoft_faces(found: dict[str, Value]) -> Iterator[NamedRegion]:
    """People tags: ``left, top, width, height`` as ratios (Microsoft: People Tagging Overview)."""
    info = structure(found.get(names.MP_INFO))
    for region in _structures(info.get(names.MP_REGIONS)):
        numbers = [_number(part) for part in _text(region.get(names.MP_RECTANGLE)).split(",")]
        known = [number for number in numbers if number is not None]
        if len(known) == len(numbers) == 4 and (box := _sensible(Box(*known))):
            yield NamedRegion(_name(region.get(names.MP_NAME)), box)


def _names(found: dict[str, Value]) -> Iterator[str]:
    """Everyone named without a place, each once: in keywords, people tags, and IPTC's list."""
    seen: set[str] = set()
    for name in [*_keyword_names(found), *_listed_names(found)]:
        if name and name not in seen:
            seen.add(name)
            yield name


def _keyword_names(found: dict[str, Value]) -> Iterator[str | None]:
    for key, separator in names.KEYWORD_PATHS.items():
        for keyword in _array(found.get(key)):
            root, *rest = _text(keyword).split(separator)
            if rest and root.strip().casefold() == names.PEOPLE_KEYWORD:
                yield person_name(rest[-1])


def _listed_names(found: dict[str, Value]) -> Iterator[str | None]:
    for name in _array(found.get(names.PERSON_IN_IMAGE)):
        yield person_name(_text(name))
    info = structure(found.get(names.MP_INFO))
    for region in _structures(info.get(names.MP_REGIONS)):
        if not _text(region.get(names.MP_RECTANGLE)):
            yield person_name(_text(region.get(names.MP_NAME)))


def _sensible(box: Box) -> Box | None:
    """The box if it may lie in a picture: other programs' numbers may be anything."""
    inside = -1 <= box.left <= 2 and -1 <= box.top <= 2
    return box if inside and 0 <= box.width <= 2 and 0 <= box.height <= 2 else None


def _name(value: Value | None) -> str | None:
    return person_name(_text(value))


def _number(value: Value | None) -> float | None:
    try:
        number = float(_text(value))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _text(value: Value | None) -> str:
    """Text, or the first of several, as of a text in several languages."""
    if isinstance(value, list):
        value = value[0] if value else None
    return value if isinstance(value, str) else ""


def _array(value: Value | None) -> list[Value]:
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def structure(value: Value | None) -> dict[str, Value]:
    """The fields of a structure; none where there is another kind of value, or nothing."""
    return value if isinstance(value, dict) else {}


def _structures(value: Value | None) -> Iterator[dict[str, Value]]:
    for item in _array(value):
        if isinstance(item, dict):
            yield item
