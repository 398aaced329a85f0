"""Named faces as XMP that other programs read, beside everything that is there already.

Only the regions of the Metadata Working Group are written: they say who and where, and digiKam,
Lightroom, Immich, PhotoPrism and exiftool read them. Keywords are not: they would be a second copy
of the names, among keywords of the user's own, and after a change of name nobody could tell which
of them came from here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from lxml import etree

from kith.domain.face import Box
from kith.domain.region import NamedRegion, likeness, pairs_by_likeness
from kith.imaging.xmp import names
from kith.imaging.xmp.frame import Frame
from kith.imaging.xmp.rdf import RDF, Element, Tree, XmpError, descriptions, parse, value_of
from kith.imaging.xmp.regions import applied_size, mwg_face, person_name, possible_frames, structure

_NOTHING: Final = """\
<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="Kith">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>
""".encode()

_UNKNOWN_TO_XML: Final = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

_PREFIXES: Final = {"mwg-rs": names.MWG_RS, "stArea": names.ST_AREA, "stDim": names.ST_DIM}


@dataclass(frozen=True, slots=True)
class Renamed:
    """A region that was there and shows a face of ours: its name until now, and from now on."""

    before: str
    now: str


@dataclass(frozen=True, slots=True)
class Written:
    """A packet with our regions in it.

    Attributes:
        data: its bytes; those that were given if nothing was to be changed.
        renamed: regions whose name changed.
    """

    data: bytes
    renamed: tuple[Renamed, ...]


def with_regions(
    packet: bytes | None, regions: Sequence[NamedRegion], frame: Frame, name: str
) -> Written:
    """A packet that holds these regions, and all that it held before.

    A region that is there already and marks the same face keeps its place and whatever else it
    says, and gets our name. Others stay as they are. Where nothing is missing, the bytes do not
    change.

    Args:
        packet: an XMP packet or the contents of a sidecar; ``None`` for a new one.
        regions: faces in the upright picture. What lies outside the picture is cut off.
        frame: how the picture is stored.
        name: what errors call the packet.

    Raises:
        XmpError: the packet cannot be read; then nothing may be written over it.
    """
    tree = parse(packet or _NOTHING, name)
    ours = sorted(filter(None, map(_writable, regions)), key=_by_place)
    meant, there = _existing(tree, ours, frame, name)
    same = _same_faces(ours, there)
    renaming = [
        (there[j], now)
        for i, j in same.items()
        if (now := ours[i].name) and now != there[j].region.name
    ]
    for one, now in renaming:
        _rename(one.item, now)
    missing = [region for i, region in enumerate(ours) if i not in same]
    if missing:
        _add(tree, missing, meant, name)
    elif packet is not None and not renaming:
        return Written(packet, ())
    renamed = [Renamed(one.region.name, now) for one, now in renaming if one.region.name]
    return Written(_bytes(tree, packet or _NOTHING), tuple(renamed))


@dataclass(frozen=True, slots=True)
class _There:
    """A face region that is there already: its item, and what it says of the upright picture."""

    item: Element
    region: NamedRegion


def _existing(
    tree: Tree, ours: Sequence[NamedRegion], frame: Frame, name: str
) -> tuple[Frame, list[_There]]:
    """The face regions that are there, and the frame in which they, and so ours, are written."""
    element = _info(tree)
    if element is None:
        return frame, []
    info = structure(value_of(element, name))
    size = applied_size(info, frame)
    items = [
        (item, region)
        for item in _items(element)
        if (region := mwg_face(structure(value_of(item, name)), size)) is not None
    ]
    readings = [
        (meant, [_There(item, _upright(region, meant)) for item, region in items])
        for meant in possible_frames(size, frame)
    ]
    # Which of several frames the writer meant, our faces tell.
    return max(readings, key=lambda reading: _agreement(reading[1], ours))


def _agreement(there: Sequence[_There], ours: Sequence[NamedRegion]) -> float:
    return sum(likeness(one.region.box, region.box) for one in there for region in ours)


def _upright(region: NamedRegion, frame: Frame) -> NamedRegion:
    return NamedRegion(region.name, frame.upright(region.box))


def _same_faces(ours: Sequence[NamedRegion], there: Sequence[_There]) -> dict[int, int]:
    """Which of ours is which of theirs, one to one, the most alike first."""
    same: dict[int, int] = {}
    boxes = [region.box for region in ours], [one.region.box for one in there]
    for _, i, j in pairs_by_likeness(*boxes):
        if i not in same and j not in same.values():
            same[i] = j
    return same


def _rename(item: Element, name: str) -> None:
    """Give the region of this item a name, in the spelling that it has."""
    holder = _holder(item)
    if names.NAME in holder.attrib:
        holder.set(names.NAME, name)
        return
    element = holder.find(names.NAME)
    if element is None:
        element = _append(holder, names.NAME)
    for child in list(element):
        element.remove(child)
    element.text = name


def _add(tree: Tree, regions: Sequence[NamedRegion], frame: Frame, name: str) -> None:
    """Append regions to the list, and make one if there is none."""
    info = _info(tree)
    changed = info
    if info is None:
        info = _new_info(_document(tree, name), frame)
        changed = info.getparent()
    holder = _holder(info)
    listed = holder.find(names.REGION_LIST)
    if listed is None:
        listed = _append(holder, names.REGION_LIST)
    bag = next(listed.iterchildren(f"{RDF}Bag", f"{RDF}Seq"), None)
    if bag is None:
        bag = _append(listed, f"{RDF}Bag")
    for region in regions:
        _append_item(bag, region, frame)
    if changed is not None:
        etree.indent(changed, " ", level=_depth(changed))


def _new_info(document: Element, frame: Frame) -> Element:
    """The property with the size of the picture, in a description of its own.

    A description of its own, so that no other line changes.
    """
    about = next((one.get(f"{RDF}about", "") for one in document.iterchildren("*")), "")
    description = etree.SubElement(document, f"{RDF}Description", nsmap=_PREFIXES)
    description.set(f"{RDF}about", about)
    before = description.getprevious()
    if before is not None:
        before.tail = "\n" + " " * _depth(description)
    description.tail = "\n" + " " * _depth(document)
    info = _append(description, names.REGIONS, resource=True)
    applied = _append(info, names.APPLIED_TO, resource=True)
    for field, text in (("w", str(frame.width)), ("h", str(frame.height)), ("unit", "pixel")):
        _append(applied, names.dimension(field)).text = text
    return info


def _append_item(bag: Element, region: NamedRegion, frame: Frame) -> None:
    item = _append(bag, f"{RDF}li", resource=True)
    if region.name:
        _append(item, names.NAME).text = region.name
    _append(item, names.TYPE).text = names.FACE
    box = frame.stored(region.box)
    area = _append(item, names.AREA, resource=True)
    numbers = (box.left + box.width / 2, box.top + box.height / 2, box.width, box.height)
    for field, number in zip("xywh", numbers, strict=True):
        _append(area, names.area(field)).text = f"{number:.6f}"
    _append(area, names.area("unit")).text = "normalized"


def _append(parent: Element, tag: str, *, resource: bool = False) -> Element:
    child = etree.SubElement(parent, tag, nsmap=_PREFIXES)
    if resource:
        child.set(f"{RDF}parseType", "Resource")
    return child


def _info(tree: Tree) -> Element | None:
    found = (one.find(names.REGIONS) for one in descriptions(tree))
    return next((element for element in found if element is not None), None)


def _items(info: Element) -> list[Element]:
    return [
        item
        for listed in _holder(info).iterchildren(names.REGION_LIST)
        for array in listed.iterchildren()
        for item in array.iterchildren(f"{RDF}li")
    ]


def _holder(element: Element) -> Element:
    """Where the fields of a structure are: in the element, or in a description inside it."""
    inner = element.find(f"{RDF}Description")
    return element if inner is None else inner


def _document(tree: Tree, name: str) -> Element:
    root = tree.getroot()
    document = root if root.tag == f"{RDF}RDF" else root.find(f"{RDF}RDF")
    if document is None:
        raise XmpError(f"{name} is XML, but not XMP")
    return document


def _depth(element: Element) -> int:
    return sum(1 for _ in element.iterancestors())


def _bytes(tree: Tree, before: bytes) -> bytes:
    """The packet in the encoding it had, with an XML declaration if it had one."""
    root = tree.getroot()
    around = [*reversed([*root.itersiblings(preceding=True)]), root, *root.itersiblings()]
    lines = [etree.tostring(part, encoding="unicode", with_tail=False) for part in around]
    encoding = tree.docinfo.encoding or "UTF-8"
    if before.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe").startswith(b"<?xml"):
        lines.insert(0, f'<?xml version="1.0" encoding="{encoding}"?>')
    return "\n".join([*lines, ""]).encode(encoding, "xmlcharrefreplace")


def _by_place(region: NamedRegion) -> tuple[float, float, str]:
    return region.box.left, region.box.top, region.name or ""


def _writable(region: NamedRegion) -> NamedRegion | None:
    """A region as the standard can hold it; ``None`` if it lies outside the picture.

    There are no ratios beyond 0 and 1, and no characters that XML 1.0 does not know.
    """
    left, top = max(0.0, region.box.left), max(0.0, region.box.top)
    right, bottom = min(1.0, region.box.right), min(1.0, region.box.bottom)
    if left >= right or top >= bottom:
        return None
    name = person_name(_UNKNOWN_TO_XML.sub("", region.name or ""))
    return NamedRegion(name, Box(left, top, right - left, bottom - top))
