"""Who is in a picture, from whatever other programs wrote."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from kith.domain.errors import KithError
from kith.domain.face import Box
from kith.domain.region import MarkedPeople, NamedRegion
from kith.imaging.xmp.frame import Frame
from kith.imaging.xmp.packet import read_header
from kith.imaging.xmp.rdf import MAX_BYTES, XmpError
from kith.imaging.xmp.regions import read_people

Encode = Callable[..., bytes]

UPRIGHT = Frame(400, 300)
RESOURCE = 'rdf:parseType="Resource"'


def packet(properties: str, attributes: str = "") -> bytes:
    """A packet with these properties."""
    return f"""<x:xmpmeta xmlns:x="adobe:ns:meta/">
    <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
    <rdf:Description rdf:about=""
      xmlns:mwg-rs="http://www.metadataworkinggroup.com/schemas/regions/"
      xmlns:stArea="http://ns.adobe.com/xmp/sType/Area#"
      xmlns:stDim="http://ns.adobe.com/xap/1.0/sType/Dimensions#"
      xmlns:MP="http://ns.microsoft.com/photo/1.2/"
      xmlns:MPRI="http://ns.microsoft.com/photo/1.2/t/RegionInfo#"
      xmlns:MPReg="http://ns.microsoft.com/photo/1.2/t/Region#"
      xmlns:lr="http://ns.adobe.com/lightroom/1.0/"
      xmlns:digiKam="http://www.digikam.org/ns/1.0/"
      xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
      {attributes}>{properties}</rdf:Description></rdf:RDF></x:xmpmeta>""".encode()


def mwg(*items: str, dimensions: tuple[int, int] | None = None) -> bytes:
    """A packet with these items in its region list."""
    applied = ""
    if dimensions:
        width, height = dimensions
        applied = (
            f'<mwg-rs:AppliedToDimensions stDim:w="{width}" stDim:h="{height}" stDim:unit="pixel"/>'
        )
    listed = "".join(f"<rdf:li {RESOURCE}>{item}</rdf:li>" for item in items)
    return packet(
        f"<mwg-rs:Regions {RESOURCE}>{applied}"
        f"<mwg-rs:RegionList><rdf:Bag>{listed}</rdf:Bag></mwg-rs:RegionList></mwg-rs:Regions>"
    )


def face(area: str, name: str | None = "Ana", kind: str | None = "Face") -> str:
    """An item of a region list; ``area`` is its fields as attributes."""
    named = "" if name is None else f"<mwg-rs:Name>{name}</mwg-rs:Name>"
    typed = "" if kind is None else f"<mwg-rs:Type>{kind}</mwg-rs:Type>"
    return f"{named}{typed}<mwg-rs:Area {area}/>"


def area(x: float, y: float, w: float, h: float, unit: str = "normalized") -> str:
    """A rectangle's fields as attributes."""
    return f'stArea:x="{x}" stArea:y="{y}" stArea:w="{w}" stArea:h="{h}" stArea:unit="{unit}"'


def regions(data: bytes, frame: Frame = UPRIGHT) -> list[tuple[tuple[NamedRegion, ...], ...]]:
    """The readings of each set, with rounded boxes."""
    return [
        tuple(tuple(rounded(one) for one in reading) for reading in marked.readings)
        for marked in read_people([data], frame, "x").sets
    ]


def rounded(region: NamedRegion) -> NamedRegion:
    """Without the last digits of floating point."""
    box = region.box
    numbers = (box.left, box.top, box.width, box.height)
    return NamedRegion(region.name, Box(*(round(number, 6) for number in numbers)))


def ana(left: float, top: float, width: float, height: float) -> NamedRegion:
    """A region of that name."""
    return NamedRegion("Ana", Box(left, top, width, height))


def test_a_rectangle_is_given_by_its_center() -> None:
    """Ratios of the picture, in MWG's schema."""
    assert regions(mwg(face(area(0.5, 0.4, 0.2, 0.1)))) == [((ana(0.4, 0.35, 0.2, 0.1),),)]


def test_pixels_are_those_of_the_stated_dimensions() -> None:
    """Or of the stored picture where none are stated."""
    item = face(area(100, 50, 40, 20, "pixel"))

    assert regions(mwg(item, dimensions=(200, 100))) == [((ana(0.4, 0.4, 0.2, 0.2),),)]
    assert regions(mwg(item), Frame(400, 200)) == [((ana(0.2, 0.2, 0.1, 0.1),),)]


def test_circles_and_points_are_places_too() -> None:
    """A circle's diameter is a ratio of the shorter side; a point has no size."""
    circle = face('stArea:x="0.5" stArea:y="0.5" stArea:d="0.2" stArea:unit="normalized"')
    point = face('stArea:x="0.5" stArea:y="0.5" stArea:unit="normalized"')

    assert regions(mwg(circle)) == [((ana(0.425, 0.4, 0.15, 0.2),),)]
    assert regions(mwg(point)) == [((ana(0.5, 0.5, 0, 0),),)]


def test_only_faces_count() -> None:
    """Regions of that type, in any case, or of none; a name may be missing, a place may not."""
    here = area(0.5, 0.5, 0.2, 0.2)
    data = mwg(
        face(here, "Rex", "Pet"),
        face(here, None, "Focus"),
        face(area(0.2, 0.5, 0.2, 0.2), None),
        face(area(0.8, 0.5, 0.2, 0.2), "  ", "face"),
        face(here, kind=None),
        face('stArea:x="nan" stArea:y="0.1" stArea:w="0.1" stArea:h="0.1"'),
        face('stArea:x="9e9" stArea:y="0.1" stArea:w="0.1" stArea:h="0.1"'),
        "<mwg-rs:Name>Nowhere</mwg-rs:Name>",
    )

    ((found,),) = regions(data)

    assert found == (
        NamedRegion(None, Box(0.1, 0.4, 0.2, 0.2)),
        NamedRegion(None, Box(0.7, 0.4, 0.2, 0.2)),
        ana(0.4, 0.4, 0.2, 0.2),
    )


@pytest.mark.parametrize(
    "item",
    [
        f"<rdf:li {RESOURCE}><mwg-rs:Name>Ana</mwg-rs:Name><mwg-rs:Area {RESOURCE}>"
        "<stArea:x>0.5</stArea:x><stArea:y>0.5</stArea:y><stArea:w>0.2</stArea:w>"
        "<stArea:h>0.2</stArea:h></mwg-rs:Area></rdf:li>",
        f'<rdf:li><rdf:Description mwg-rs:Name="Ana" mwg-rs:Type="Face"><mwg-rs:Area '
        f"{area(0.5, 0.5, 0.2, 0.2)}/></rdf:Description></rdf:li>",
        f'<rdf:li mwg-rs:Name="Ana" {RESOURCE}><mwg-rs:Area><rdf:Description '
        f"{area(0.5, 0.5, 0.2, 0.2)}/></mwg-rs:Area></rdf:li>",
        "<rdf:li><rdf:Description><mwg-rs:Name rdf:parseType='Resource'>"
        "<rdf:value>Ana</rdf:value></mwg-rs:Name><!-- who --><mwg-rs:Area "
        f"{area(0.5, 0.5, 0.2, 0.2)}/></rdf:Description></rdf:li>",
    ],
)
def test_every_spelling_of_rdf_means_the_same(item: str) -> None:
    """Elements, attributes, nested descriptions and qualified values."""
    info = f"<mwg-rs:RegionList><rdf:Bag>{item}</rdf:Bag></mwg-rs:RegionList>"
    for data in (
        packet(f"<mwg-rs:Regions {RESOURCE}>{info}</mwg-rs:Regions>"),
        packet(f"<mwg-rs:Regions><rdf:Description>{info}</rdf:Description></mwg-rs:Regions>"),
    ):
        assert regions(data) == [((ana(0.4, 0.4, 0.2, 0.2),),)]


def test_regions_are_those_of_the_stored_picture() -> None:
    """With dimensions of its shape, of whatever size, or without any."""
    item, turned = face(area(0.25, 0.9, 0.1, 0.2)), Frame(400, 300, 6)
    upright = ana(0.0, 0.2, 0.2, 0.1)

    for data in (mwg(item), mwg(item, dimensions=(400, 300)), mwg(item, dimensions=(1024, 768))):
        assert regions(data, turned) == [((upright,),)]


def test_dimensions_of_the_upright_picture_leave_two_readings() -> None:
    """As stored, and as the writer's dimensions say."""
    data = mwg(face(area(0.25, 0.9, 0.1, 0.2)), dimensions=(300, 400))

    readings = ((ana(0.0, 0.2, 0.2, 0.1),), (ana(0.2, 0.8, 0.1, 0.2),))
    assert regions(data, Frame(400, 300, 6)) == [readings]


def test_dimensions_of_another_shape_are_from_before_a_turn() -> None:
    """The pixels were turned since, or the sidecar is a raw file's: right or left, who knows."""
    data = mwg(face(area(0.25, 0.9, 0.1, 0.2)), dimensions=(300, 400))

    readings = ((0.2, 0.8, 0.1, 0.2), (0.0, 0.2, 0.2, 0.1), (0.8, 0.7, 0.2, 0.1))
    assert regions(data, UPRIGHT) == [tuple((ana(*numbers),) for numbers in readings)]


def test_people_tags_are_read() -> None:
    """Top left corner and size; without these, a name is only a name. Turned, two readings."""
    data = packet(
        f"<MP:RegionInfo {RESOURCE}><MPRI:Regions><rdf:Bag>"
        f"<rdf:li {RESOURCE}><MPReg:PersonDisplayName>Ana</MPReg:PersonDisplayName>"
        f"<MPReg:Rectangle>0.4, 0.3, 0.2, 0.1</MPReg:Rectangle></rdf:li>"
        f"<rdf:li {RESOURCE}><MPReg:PersonDisplayName>Ben</MPReg:PersonDisplayName></rdf:li>"
        f"<rdf:li {RESOURCE}><MPReg:Rectangle>0.1, oops</MPReg:Rectangle></rdf:li>"
        "</rdf:Bag></MPRI:Regions></MP:RegionInfo>"
    )
    as_shown = ana(0.4, 0.3, 0.2, 0.1)

    assert regions(data) == [((as_shown,),)]
    assert read_people([data], UPRIGHT, "x").names == ("Ben",)
    assert regions(data, Frame(400, 300, 3)) == [((ana(0.4, 0.6, 0.2, 0.1),), (as_shown,))]


def test_where_both_schemas_mark_a_face_the_standard_counts() -> None:
    """Also if only one of them was renamed since; people tags of other faces count beside it."""
    tags = "".join(
        f"<rdf:li {RESOURCE}><MPReg:PersonDisplayName>{name}</MPReg:PersonDisplayName>"
        f"<MPReg:Rectangle>{rectangle}</MPReg:Rectangle></rdf:li>"
        for name, rectangle in (("Anna", "0.4, 0.35, 0.2, 0.1"), ("Ben", "0.1, 0.8, 0.1, 0.1"))
    )
    data = mwg(face(area(0.5, 0.4, 0.2, 0.1))).replace(
        b"</rdf:Description></rdf:RDF>",
        f"<MP:RegionInfo {RESOURCE}><MPRI:Regions><rdf:Bag>{tags}</rdf:Bag></MPRI:Regions>"
        "</MP:RegionInfo></rdf:Description></rdf:RDF>".encode(),
    )

    ben = NamedRegion("Ben", Box(0.1, 0.8, 0.1, 0.1))
    assert regions(data) == [((ana(0.4, 0.35, 0.2, 0.1),),), ((ben,),)]


def test_names_without_a_place_are_read() -> None:
    """From keyword paths below People, and from IPTC's list; each once."""
    data = packet(
        "<lr:hierarchicalSubject><rdf:Bag><rdf:li>People|Ana</rdf:li>"
        "<rdf:li>people|Family|Ben</rdf:li><rdf:li>Places|Lisbon</rdf:li><rdf:li>People</rdf:li>"
        "</rdf:Bag></lr:hierarchicalSubject><digiKam:TagsList><rdf:Seq><rdf:li>People/Ana</rdf:li>"
        "</rdf:Seq></digiKam:TagsList><Iptc4xmpExt:PersonInImage><rdf:Bag>"
        "<rdf:li>Cleo  Day</rdf:li></rdf:Bag></Iptc4xmpExt:PersonInImage>"
    )

    assert read_people([data], UPRIGHT, "x") == MarkedPeople((), ("Ana", "Ben", "Cleo Day"))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<x:xmpmeta",
        b"no xml",
        b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
        "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>".encode("utf-16"),
        b"<?xml version='1.0' encoding='utf-7'?>+ADwAIQ-DOCTYPE a [+ADwAIQ-ENTITY b 'c'>]><a/>",
        packet("<lr:hierarchicalSubject>&undeclared;</lr:hierarchicalSubject>"),
        b" " * (MAX_BYTES + 1),
        packet("<lr:a>" * 60 + "</lr:a>" * 60),
    ],
    ids=["empty", "cut off", "text", "entity", "external", "hidden", "undeclared", "large", "deep"],
)
def test_what_cannot_be_read_is_refused_by_name(data: bytes) -> None:
    """No entity is expanded, nothing outside is read, and the error says which file."""
    with pytest.raises(XmpError, match="holiday"):
        read_people([data], UPRIGHT, "holiday.jpg.xmp")


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_any_text_is_people_or_an_error(text: str) -> None:
    """Never another exception, and never a person."""
    with suppress(XmpError):
        assert not read_people([packet(f"<lr:a>{text}</lr:a>"), text.encode()], UPRIGHT, "x")


def test_other_xml_names_nobody() -> None:
    """A file that is called like a sidecar and is something else."""
    assert not read_people([b"<gpx version='1.1'><trk/></gpx>"], UPRIGHT, "x")


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "TIFF", "HEIF", "AVIF"])
def test_packets_are_found_in_every_format(
    scene: Image.Image, encode: Encode, format_: str
) -> None:
    """As their encoders put them there."""
    data = mwg(face(area(0.5, 0.4, 0.2, 0.1)))
    if format_ == "PNG":
        info = PngInfo()
        info.add_itxt("XML:com.adobe.xmp", data.decode())
        picture = encode(scene, format_, pnginfo=info)
    elif format_ == "TIFF":
        picture = encode(scene, format_, tiffinfo={700: data})
    else:
        picture = encode(scene, format_, xmp=data)

    header = read_header(picture, "x")

    assert read_people(header.packets, header.frame, "x").sets


@pytest.mark.photos
@pytest.mark.parametrize("name", ["portrait.jpg", "portrait-orientation-6.jpg"])
def test_a_real_photo_says_the_same_turned_or_not(photos: Path, name: str) -> None:
    """Written by digiKam, and turned by exiftool: the standard's copy of each face counts."""
    data = (photos / "odd/immich-test-assets/metadata/faces" / name).read_bytes()
    header = read_header(data, name)

    people = read_people(header.packets, header.frame, name)

    assert people.names == ("Marie Curie", "Pierre Curie")
    (marked,) = people.sets
    (reading,) = marked.readings
    assert [rounded(one) for one in reading] == [
        NamedRegion("Marie Curie", Box(0.311905, 0.208571, 0.113095, 0.198571)),
        NamedRegion("Pierre Curie", Box(0.639286, 0.118571, 0.096429, 0.241429)),
    ]


@pytest.mark.photos
def test_keywords_that_are_no_people_name_nobody(photos: Path) -> None:
    """Photos of birds, hills and towns with hierarchical keywords."""
    for path in (
        "albums/nature/prairie_falcon.jpg",
        "albums/nature/tanners_ridge.jpg",
        "metadata/gps-position/thompson-springs.jpg",
        "metadata/tags/picasa.jpg",
    ):
        header = read_header((photos / "odd/immich-test-assets" / path).read_bytes(), path)
        assert header.packets
        assert not read_people(header.packets, header.frame, path)


@pytest.mark.photos
def test_odd_files_are_people_or_an_error(photos: Path) -> None:
    """Truncated, broken, bombs and crashes: each answers, or is refused as Kith refuses."""
    refused = read = 0
    for path in sorted(one for one in (photos / "odd").rglob("*") if one.is_file()):
        try:
            header = read_header(path.read_bytes(), path.name)
            read_people(header.packets, header.frame, path.name)
            read += 1
        except KithError:
            refused += 1
    assert read > 80
    assert refused > 10
