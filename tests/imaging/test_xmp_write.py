"""Named faces written as XMP: beside everything else, and the same for exiftool."""

from __future__ import annotations

import json
import shutil
import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from PIL import Image

from kith.domain.face import Box
from kith.domain.region import NamedRegion, likeness
from kith.imaging.xmp.frame import Frame
from kith.imaging.xmp.packet import read_header
from kith.imaging.xmp.rdf import XmpError
from kith.imaging.xmp.regions import read_people
from kith.imaging.xmp.write import Renamed, Written, with_regions

ANA = NamedRegion("Ana", Box(0.1, 0.2, 0.1, 0.15))
ODD = NamedRegion(
    'O\'Neill & "Zoë" <|{[],}> \u0645\u0631\u06cc\u0645\u200c\u0633\u0627', Box(0.6, 0.3, 0.2, 0.2)
)
UNNAMED = NamedRegion(None, Box(0.4, 0.7, 0.1, 0.1))
EVERYONE = [ANA, ODD, UNNAMED]

ORIENTATIONS = [Frame(4000, 3000, orientation) for orientation in range(1, 9)]


@pytest.fixture(scope="session")
def exiftool() -> str:
    """The exiftool program."""
    found = shutil.which("exiftool")
    if found is None:
        pytest.skip("exiftool is not installed; on Debian: apt install libimage-exiftool-perl")
    return found


def write(packet: bytes | None, *regions: NamedRegion, frame: Frame = ORIENTATIONS[0]) -> Written:
    """The packet with these regions in it."""
    return with_regions(packet, regions, frame, "holiday.jpg.xmp")


def read(data: bytes, frame: Frame = ORIENTATIONS[0]) -> list[NamedRegion]:
    """The regions in a packet, from left to right."""
    people = read_people([data], frame, "holiday.jpg.xmp")
    found = [rounded(one) for marked in people.sets for one in marked.readings[0]]
    return sorted(found, key=lambda region: (region.box.left, region.box.top))


def rounded(region: NamedRegion) -> NamedRegion:
    """To five digits: six are written, of centers and sizes."""
    box = region.box
    numbers = (box.left, box.top, box.width, box.height)
    return NamedRegion(region.name, Box(*(round(number, 5) for number in numbers)))


def in_order(*regions: NamedRegion) -> list[NamedRegion]:
    """As ``read`` has them."""
    return sorted(map(rounded, regions), key=lambda region: (region.box.left, region.box.top))


@st.composite
def separate_regions(draw: st.DrawFn) -> list[NamedRegion]:
    """Regions of any name that do not mark the same face."""
    found: list[NamedRegion] = []
    for _ in range(draw(st.integers(0, 6))):
        left, top = draw(st.integers(0, 900)) / 1000, draw(st.integers(0, 900)) / 1000
        size = draw(st.integers(10, 100)) / 1000
        name = draw(st.none() | st.text(min_size=1, max_size=20).filter(str.isprintable))
        region = NamedRegion(" ".join((name or "").split()) or None, Box(left, top, size, size))
        if not any(likeness(region.box, other.box) for other in found):
            found.append(region)
    return found


@given(separate_regions(), st.sampled_from(ORIENTATIONS))
def test_what_is_written_is_read(regions: list[NamedRegion], frame: Frame) -> None:
    """The same names in the same places, however the picture is turned."""
    assert read(write(None, *regions, frame=frame).data, frame) == in_order(*regions)


@given(separate_regions(), separate_regions(), st.sampled_from(ORIENTATIONS))
def test_a_second_time_changes_no_byte(
    theirs: list[NamedRegion], ours: list[NamedRegion], frame: Frame
) -> None:
    """Whatever was there before."""
    before = write(None, *theirs, frame=frame).data
    first = write(before, *ours, frame=frame)

    again = write(first.data, *ours, frame=frame)

    assert again == Written(first.data, ())


@pytest.mark.parametrize(
    "frame", ORIENTATIONS, ids=lambda frame: f"orientation {frame.orientation}"
)
def test_exiftool_reads_what_we_write(tmp_path: Path, exiftool: str, frame: Frame) -> None:
    """Names to the letter, and the areas of the stored picture."""
    path = tmp_path / "holiday.jpg.xmp"
    path.write_bytes(write(None, *EVERYONE, frame=frame).data)

    info = run(exiftool, "-struct", "-json", "-n", "-XMP:all", path)["RegionInfo"]

    assert info["AppliedToDimensions"] == {"W": 4000, "H": 3000, "Unit": "pixel"}
    found = {region.get("Name"): region for region in info["RegionList"]}
    assert found.keys() == {"Ana", ODD.name, None}
    for region in EVERYONE:
        there, box = found[region.name], frame.stored(region.box)
        assert there["Type"] == "Face"
        assert there["Area"]["Unit"] == "normalized"
        numbers = [there["Area"][field] for field in "XYWH"]
        center = box.left + box.width / 2, box.top + box.height / 2
        assert numbers == pytest.approx([*center, box.width, box.height], abs=1e-6)


@pytest.mark.parametrize(
    "frame", ORIENTATIONS, ids=lambda frame: f"orientation {frame.orientation}"
)
def test_we_read_what_exiftool_writes(tmp_path: Path, exiftool: str, frame: Frame) -> None:
    """In a sidecar of its own making, and in a JPEG of that orientation."""
    listed = [
        {
            "Area": {
                "X": box.left + box.width / 2,
                "Y": box.top + box.height / 2,
                "W": box.width,
                "H": box.height,
                "Unit": "normalized",
            },
            "Name": region.name,
            "Type": "Face",
        }
        for region in (ANA, ODD)
        for box in [frame.stored(region.box)]
    ]
    size = {"W": frame.width, "H": frame.height, "Unit": "pixel"}
    photo, sidecar, source = (tmp_path / name for name in ("a.jpg", "a.jpg.xmp", "a.json"))
    info = {"AppliedToDimensions": size, "RegionList": listed}
    source.write_text(json.dumps([{"SourceFile": "*", "XMP-mwg-rs:RegionInfo": info}]))
    photo.write_bytes(_jpeg(frame))
    turn = f"-IFD0:Orientation#={frame.orientation}"
    for command in (["-o", sidecar], [photo, turn]):
        subprocess.run([exiftool, "-q", "-struct", f"-json={source}", *command], check=True)

    header = read_header(photo.read_bytes(), "a.jpg")

    assert header.frame.orientation == frame.orientation
    assert read(sidecar.read_bytes(), frame) == in_order(ANA, ODD)
    assert read(header.packets[0], frame) == in_order(ANA, ODD)


def test_regions_beyond_64_kilobytes_are_read(tmp_path: Path, exiftool: str) -> None:
    """A JPEG's packet may be continued in further segments."""
    photo, source = tmp_path / "a.jpg", tmp_path / "a.json"
    photo.write_bytes(_jpeg(ORIENTATIONS[0]))
    areas = [(x / 100, y / 100) for x in range(5, 100, 5) for y in range(5, 100, 5)]
    listed = [
        {"Area": {"X": x, "Y": y, "W": 0.02, "H": 0.02}, "Name": f"{x} {y}" * 15, "Type": "Face"}
        for x, y in areas
    ]
    info = {"RegionList": listed}
    source.write_text(json.dumps([{"SourceFile": "*", "XMP-mwg-rs:RegionInfo": info}]))
    subprocess.run([exiftool, "-q", "-struct", f"-json={source}", photo], check=True)

    header = read_header(photo.read_bytes(), "a.jpg")

    (marked,) = read_people(header.packets, header.frame, "a.jpg").sets
    assert len(header.packets) == 2
    assert len(marked.readings[0]) == len(areas)


def test_everything_else_stays(exiftool: str, tmp_path: Path) -> None:
    """Ratings, keywords, histories, other regions, comments and instructions."""
    path = tmp_path / "holiday.jpg.xmp"
    path.write_bytes(FOREIGN)
    before = run(exiftool, "-struct", "-json", "-a", "-G1", "-XMP:all", path)

    path.write_bytes(write(FOREIGN, ANA, NamedRegion("Ben", Box(0.7, 0.7, 0.1, 0.1))).data)

    after = run(exiftool, "-struct", "-json", "-a", "-G1", "-XMP:all", path)
    old, new = (one.pop("XMP-mwg-rs:RegionInfo") for one in (before, after))
    assert after == before
    assert new["RegionList"][:3] == old["RegionList"]
    assert [region["Name"] for region in new["RegionList"][3:]] == ["Ana", "Ben"]
    kept = path.read_bytes()
    for part in (
        b"<!-- mine -->",
        b"<?mine as it is?>",
        b"a&#10;b",
        b'x:xmptk="Other"',
        b'end="r"',
    ):
        assert part in kept


@pytest.mark.photos
def test_real_sidecars_keep_everything(photos: Path, exiftool: str, tmp_path: Path) -> None:
    """Those of Lightroom and others, and the packets of real photos taken out of them."""
    packets = [path.read_bytes() for path in sorted(photos.glob("odd/immich-test-assets/**/*.xmp"))]
    for path in sorted(photos.glob("odd/immich-test-assets/**/*.jpg")):
        packets += read_header(path.read_bytes(), path.name).packets[:1]
    assert len(packets) > 10
    before, after = tmp_path / "before", tmp_path / "after"
    for folder in (before, after):
        folder.mkdir()
    for number, packet in enumerate(packets):
        (before / f"{number:02}.xmp").write_bytes(packet)
        written = write(packet, NamedRegion("New", Box(0.0, 0.9, 0.1, 0.1)))
        (after / f"{number:02}.xmp").write_bytes(written.data)

    old, new = (run_all(exiftool, folder) for folder in (before, after))

    for packet, was, now in zip(packets, old, new, strict=True):
        listed = was.pop("XMP-mwg-rs:RegionInfo", {"RegionList": []})["RegionList"]
        added = now.pop("XMP-mwg-rs:RegionInfo")["RegionList"]
        assert added[: len(listed)] == listed, packet
        assert [region["Name"] for region in added[len(listed) :]] == ["New"]
        # Three are in UTF-16 and damaged so that only our parser reads them; written, all can.
        assert now == was if was else now


def test_a_region_of_the_same_face_gets_our_name() -> None:
    """It keeps its place and what else it says, and the change is told."""
    theirs = write(None, NamedRegion("Anna", Box(0.09, 0.18, 0.12, 0.18)), ODD).data

    written = write(theirs, ANA)

    assert written.renamed == (Renamed("Anna", "Ana"),)
    assert read(written.data) == in_order(NamedRegion("Ana", Box(0.09, 0.18, 0.12, 0.18)), ODD)


def test_a_region_without_a_name_gets_one() -> None:
    """In the place that it has."""
    written = write(write(None, UNNAMED).data, NamedRegion("Cleo", UNNAMED.box))

    assert (written.renamed, read(written.data)) == ((), [NamedRegion("Cleo", UNNAMED.box)])


def test_names_in_attributes_are_changed_there() -> None:
    """The compact spelling of Adobe's programs stays valid: no property is there twice."""
    area = '<mwg-rs:Area stArea:x=".15" stArea:y=".275" stArea:w=".1" stArea:h=".15"/>'
    item = f'<rdf:li><rdf:Description mwg-rs:Name="Anna">{area}</rdf:Description></rdf:li>'
    packet = FOREIGN.replace(b"<!-- more -->", item.encode())

    data = write(packet, ANA).data

    assert b'mwg-rs:Name="Ana"' in data
    assert b"Anna" not in data


def test_the_faces_tell_in_which_frame_a_list_is() -> None:
    """Where its dimensions are upright: ours go into the frame in which theirs are."""
    frame, shown = Frame(4000, 3000, 6), Frame(3000, 4000)
    ben = NamedRegion("Ben", Box(0.6, 0.6, 0.1, 0.1))
    as_shown = write(None, ANA, frame=shown).data
    as_stored = (
        write(None, ANA, frame=frame)
        .data.replace(b"<stDim:w>4000</stDim:w>", b"<stDim:w>3000</stDim:w>")
        .replace(b"<stDim:h>3000</stDim:h>", b"<stDim:h>4000</stDim:h>")
    )

    for before, meant in ((as_shown, shown), (as_stored, frame)):
        after = write(before, ANA, ben, frame=frame).data
        found = read_people([after], frame, "x").sets[0].readings
        stored, upright = ([rounded(one) for one in reading] for reading in found)
        assert (upright if meant is shown else stored) == in_order(ANA, ben)


def test_what_lies_outside_is_cut_off() -> None:
    """The standard has no ratios beyond 0 and 1; a face outside has no region."""
    data = write(
        None, NamedRegion("Ana", Box(-0.1, 0.9, 0.3, 0.2)), NamedRegion("Ben", Box(1.1, 0, 1, 1))
    ).data

    assert read(data) == [NamedRegion("Ana", Box(0.0, 0.9, 0.2, 0.1))]


def test_characters_that_xml_does_not_know_are_left_out() -> None:
    """And the second time nothing changes for them."""
    region = NamedRegion("A\0n\x1ba\ud800", ANA.box)
    data = write(None, region).data

    assert [one.name for one in read(data)] == ["Ana"]
    assert write(data, region).data is data


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
def test_the_encoding_stays(encoding: str) -> None:
    """With an XML declaration where there was one."""
    text = FOREIGN.decode().replace("\ufeff", "").replace("<?xpacket begin", "<?xpacket start")
    before = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>\n{text}'

    after = write(before.encode(encoding), ODD).data

    name = encoding.removesuffix("-sig")
    assert after.decode(name).startswith("<?xml")
    assert etree.fromstring(after).getroottree().docinfo.encoding.lower() == name
    assert ODD.name in [one.name for one in read(after)]


@pytest.mark.parametrize("packet", [b"\xff\xfe", b"<x:xmpmeta", b"<gpx/>"])
def test_what_is_no_xmp_is_never_written_over(packet: bytes) -> None:
    """The error comes before a byte is written."""
    with pytest.raises(XmpError, match="holiday"):
        write(packet, ANA)


def run(exiftool: str, *arguments: str | Path) -> dict[str, Any]:
    """What exiftool says of one file, without what depends on the file system."""
    done = subprocess.run([exiftool, *arguments], capture_output=True, check=True)
    document: dict[str, Any] = json.loads(done.stdout)[0]
    document.pop("SourceFile")
    return document


def run_all(exiftool: str, folder: Path) -> list[dict[str, Any]]:
    """All properties of a folder's sidecars, by name of the file."""
    command = [exiftool, "-struct", "-json", "-a", "-G1", "-XMP:all", "-ext", "xmp", folder]
    done = subprocess.run(command, capture_output=True, check=True)
    documents: list[dict[str, Any]] = json.loads(done.stdout)
    documents.sort(key=lambda document: document.pop("SourceFile").rpartition("/")[2])
    return documents


def _jpeg(frame: Frame) -> bytes:
    stream = BytesIO()
    Image.new("L", (frame.width // 100, frame.height // 100)).save(stream, "JPEG")
    return stream.getvalue()


FOREIGN = """\
<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<!-- mine -->
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="Other">
  <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
    <rdf:Description rdf:about="uuid:1" xmlns:dc="http://purl.org/dc/elements/1.1/"
        xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/"
        xmlns:stEvt="http://ns.adobe.com/xap/1.0/sType/ResourceEvent#"
        xmlns:mwg-rs="http://www.metadataworkinggroup.com/schemas/regions/"
        xmlns:stArea="http://ns.adobe.com/xmp/sType/Area#" xmp:Rating="5" xmp:Label="a&#10;b">
      <dc:subject><rdf:Bag><rdf:li>sea &amp; sand</rdf:li></rdf:Bag></dc:subject>
      <xmpMM:History><rdf:Seq><rdf:li stEvt:action="saved" stEvt:when="2020-01-02"/></rdf:Seq>
      </xmpMM:History><?mine as it is?>
      <mwg-rs:Regions rdf:parseType="Resource">
        <mwg-rs:RegionList>
          <rdf:Bag>
            <rdf:li rdf:parseType="Resource"><mwg-rs:Name>Rex</mwg-rs:Name>
              <mwg-rs:Type>Pet</mwg-rs:Type><mwg-rs:Area stArea:x="0.15" stArea:y="0.275"
              stArea:w="0.1" stArea:h="0.15" stArea:unit="normalized"/></rdf:li>
            <rdf:li rdf:parseType="Resource"><mwg-rs:Name>Far</mwg-rs:Name>
              <mwg-rs:Type>Face</mwg-rs:Type><mwg-rs:Description>my aunt</mwg-rs:Description>
              <mwg-rs:Area stArea:x="0.9" stArea:y="0.1" stArea:w="0.1" stArea:h="0.1"
              stArea:unit="normalized"/></rdf:li>
            <rdf:li rdf:parseType="Resource"><mwg-rs:Name>Nowhere</mwg-rs:Name></rdf:li>
            <!-- more -->
          </rdf:Bag>
        </mwg-rs:RegionList>
      </mwg-rs:Regions>
    </rdf:Description>
  </rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>
""".encode()
