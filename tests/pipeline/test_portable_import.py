"""Names from other programs become names in the library, as far as they are sure."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from PIL.Image import Transpose
from portable_names import PLACES, carry_out, ignore, names

from kith.domain.decision import Merge, Name
from kith.domain.errors import NotFoundError
from kith.domain.face import Box
from kith.domain.region import NamedRegion
from kith.imaging.exif import TURNS
from kith.imaging.xmp.frame import Frame
from kith.imaging.xmp.write import with_regions
from kith.pipeline.decisions.corrections import name_person
from kith.pipeline.decisions.journal_entries import take_back
from kith.pipeline.portable.picasa import parse_ini
from kith.pipeline.portable.plan import ImportPlan, plan_import
from kith.pipeline.portable.sources import from_picasa, from_xmp

if TYPE_CHECKING:
    from tests.pipeline.conftest import World


def mark(world: World, photo: str, *names: str | None, sidecar: str = "") -> Path:
    """A sidecar that names the people of a photo in the order in which they were drawn."""
    path = world.root / (sidecar or f"{photo}.xmp")
    regions = [NamedRegion(name, box) for name, box in zip(names, PLACES, strict=False)]
    path.write_bytes(with_regions(None, regions, Frame(640, 480), photo).data)
    return path


def plan_xmp(world: World, *paths: Path) -> ImportPlan:
    """What the sidecars mean."""
    catalog = world.library.catalog
    return plan_import(catalog, "xmp", from_xmp(catalog, paths or [world.root], ignore))


def test_one_name_on_many_faces_of_a_person_is_one_decision(world: World) -> None:
    """And it reaches photos that no program has marked; a second time there is nothing to do."""
    for number in range(3):
        world.draw(f"{number}.png", 0, 1, gray=200 + number)
    world.add()
    mark(world, "0.png", "Ana", "Ben")
    mark(world, "1.png", "Ana", None)

    said = carry_out(world, plan_xmp(world))

    assert sorted(one.name or "" for one in said if isinstance(one, Name)) == ["Ana", "Ben"]
    assert len(said) == 2
    everywhere = frozenset({"0.png", "1.png", "2.png"})
    assert names(world) == {"Ana": everywhere, "Ben": everywhere}
    assert {one.by for one in world.library.catalog.decisions()} == {"import:xmp"}
    again = plan_xmp(world)
    assert (again.namings, again.known, again.conflicts) == ((), 3, ())


def test_an_import_can_be_undone(world: World) -> None:
    """Each name is an entry of the journal."""
    world.draw("a.png", 0)
    world.add()
    mark(world, "a.png", "Ana")
    carry_out(world, plan_xmp(world))

    take_back(world.library.catalog, by="test")

    assert names(world) == {}


def test_several_people_without_a_name_become_one(world: World) -> None:
    """The one with most of the faces is named, and the other becomes part of it."""
    for name, person in (("a.png", 0), ("b.png", 1), ("c.png", 1)):
        world.draw(name, person, gray=100 + ord(name[0]))
    world.add()
    stays = world.person_in("c.png")
    for name in ("a.png", "b.png", "c.png"):
        mark(world, name, "Ana")

    said = carry_out(world, plan_xmp(world))

    assert [type(one) for one in said] == [Name, Merge]
    assert names(world) == {"Ana": frozenset({"a.png", "b.png", "c.png"})}
    assert world.person_in("a.png") == stays


def test_a_name_that_several_people_bear_says_nobody(world: World) -> None:
    """There may be two of that name; which one is meant, the mark does not say."""
    for name, person in (("a.png", 0), ("b.png", 1), ("c.png", 2)):
        world.draw(name, person)
    world.add()
    catalog = world.library.catalog
    for name in ("a.png", "b.png"):
        name_person(catalog, catalog.person(world.person_in(name)), "Ana", by="test")
    mark(world, "c.png", "Ana")

    plan = plan_xmp(world)

    assert plan.namings == ()
    assert [one.reason for one in plan.conflicts] == ["several people have this name already"]


def test_several_people_of_one_name_become_one(world: World) -> None:
    """The machine took them for two; someone who bears the name already is who stays."""
    world.draw("a.png", 0)
    world.draw("b.png", 1)
    world.draw("c.png", 2)
    world.add()
    catalog = world.library.catalog
    name_person(catalog, catalog.person(world.person_in("c.png")), "ana", by="test")
    mark(world, "a.png", "Ana")
    mark(world, "b.png", "Ana")

    said = carry_out(world, plan_xmp(world))

    assert [type(one) for one in said] == [Merge, Merge]
    assert names(world) == {"ana": frozenset({"a.png", "b.png", "c.png"})}


def test_people_of_one_photo_never_become_one(world: World) -> None:
    """A name for two people who are in a photo together is a conflict for the second of them."""
    world.draw("a.png", 0)
    world.draw("b.png", 1)
    world.draw("both.png", 0, 1)
    world.add()
    mark(world, "a.png", "Ana")
    mark(world, "b.png", "Ana")

    plan = plan_xmp(world)
    carry_out(world, plan)

    assert [one.reason for one in plan.conflicts] == ["they are in one photo together"]
    assert len(names(world)["Ana"]) == 2


def test_two_names_for_one_person_are_a_conflict(world: World) -> None:
    """Also a name beside another that a human gave here; nobody is renamed."""
    world.draw("a.png", 0)
    world.draw("b.png", 0, gray=90)
    world.draw("c.png", 1)
    world.add()
    catalog = world.library.catalog
    name_person(catalog, catalog.person(world.person_in("c.png")), "Cleo", by="test")
    mark(world, "a.png", "Ana")
    mark(world, "b.png", "Anna")
    mark(world, "c.png", "Dora")

    plan = plan_xmp(world)

    assert plan.namings == ()
    assert sorted(one.names for one in plan.conflicts) == [("Ana", "Anna"), ("Cleo", "Dora")]
    assert carry_out(world, plan) == []


def test_what_is_not_sure_is_listed(world: World) -> None:
    """Marks without a face, the last name beside the last face, and files that cannot be read."""
    for name in ("a.png", "b.png", "c.png", "d.png"):
        world.draw(name, 0, gray=150 + ord(name[0]))
    world.add()
    frame = Frame(640, 480)
    far = NamedRegion("Far", Box(0.8, 0.8, 0.1, 0.1))
    (world.root / "a.png.xmp").write_bytes(with_regions(None, [far], frame, "x").data)
    (world.root / "b.png.xmp").write_text(KEYWORDS)
    (world.root / "c.png.xmp").write_text("<x:xmpmeta")
    (world.root / "d.png").write_bytes(b"changed")

    plan = plan_xmp(world)

    assert [(Path(path).name, name) for path, name in plan.unmatched] == [("a.png", "Far")]
    assert [(Path(one.path).name, one.name) for one in plan.suggestions] == [("b.png", "Ana")]
    assert [one.path.name for one in plan.problems] == ["c.png.xmp", "d.png"]
    assert (plan.namings, plan.photos) == ((), 4)


def test_the_second_kind_of_sidecar_counts_where_it_can_belong_to_one_photo_only(
    world: World,
) -> None:
    """``IMG.xmp`` beside a photo and a raw file is the photo's; beside two pictures, nobody's."""
    world.draw("one.png", 0)
    world.draw("two.png", 1)
    world.add()
    (world.root / "one.dng").write_bytes(b"raw")
    (world.root / "two.jpg").write_bytes(b"another")
    mark(world, "one.png", "Ana", sidecar="one.XMP")
    mark(world, "two.png", "Ben", sidecar="two.xmp")

    carry_out(world, plan_xmp(world))

    assert names(world) == {"Ana": frozenset({"one.png"})}


def test_only_photos_below_the_path_count(world: World) -> None:
    """And a path without any is an error that says what to do."""
    world.draw("in/a.png", 0)
    world.draw("out/b.png", 1)
    world.add()
    mark(world, "in/a.png", "Ana")
    mark(world, "out/b.png", "Ben")

    carry_out(world, plan_xmp(world, world.root / "in"))

    assert names(world).keys() == {"Ana"}
    with pytest.raises(NotFoundError, match="nowhere"):
        plan_xmp(world, world.root / "nowhere")


def rect64(box: Box) -> str:
    """A box as Picasa writes it."""
    edges = (box.left, box.top, box.right, box.bottom)
    return f"rect64({''.join(f'{round(edge * 65536):04x}' for edge in edges).lstrip('0')})"


def test_picasa_names_come_from_the_folders_and_from_contacts(world: World, tmp_path: Path) -> None:
    """Its ``contacts.xml`` outweighs an ini, an ini above a folder counts; numbers are told."""
    world.draw("in/a.png", 0, 1, 2)
    world.draw("in/deep/B.png", 3, 4)
    world.add()
    (world.root / "in/.picasa.ini").write_text(
        "[Picasa]\nname=in\n[Contacts2]\nabc=Anna;;\nbcd=Ben;;\n"
        f"[a.png]\nrotate=rotate(1)\nfaces={rect64(PLACES[0])},abc;{rect64(PLACES[1])},bcd;"
        f"{rect64(PLACES[2])},ffffffffffffffff\n"
    )
    (world.root / "in/deep/.picasa.ini").write_text(
        f"[b.PNG]\nfaces={rect64(PLACES[0])},0000000000000bcd;{rect64(PLACES[1])},def\n"
    )
    contacts = tmp_path / "contacts.xml"
    contacts.write_text('<contacts><contact id="0abc" name="Ana Lima" display="A"/></contacts>')
    catalog = world.library.catalog

    marked = from_picasa(catalog, [world.root, contacts], ignore)
    plan = plan_import(catalog, "picasa", marked)
    carry_out(world, plan)

    both = frozenset({"in/a.png", "in/deep/B.png"})
    assert names(world) == {"Ana Lima": frozenset({"in/a.png"}), "Ben": both}
    assert ["1 people by number" in one.reason for one in plan.problems] == [True]


@pytest.mark.parametrize("source", ["xmp", "picasa"])
def test_marks_find_their_faces_however_a_photo_is_turned(world: World, source: str) -> None:
    """Both write the coordinates of the stored picture, for all eight orientations of EXIF."""
    lines: list[str] = []
    for orientation in range(1, 9):
        path = world.draw(f"{orientation}.png", 0, 1, gray=100 + orientation)
        width, height = turn(path, orientation)
        frame = Frame(width, height, orientation)
        if source == "xmp":
            regions = [NamedRegion("Ana", PLACES[0]), NamedRegion("Ben", PLACES[1])]
            data = with_regions(None, regions, frame, "x").data
            path.with_name(f"{path.name}.xmp").write_bytes(data)
        else:
            first, second = (rect64(frame.stored(box)) for box in PLACES[:2])
            lines += [f"[{path.name}]", f"faces={first},a;{second},b"]
    ini = "\n".join([*lines, "[Contacts2]", "a=Ana;;", "b=Ben;;"])
    (world.root / ".picasa.ini").write_text(ini)
    world.add()
    catalog = world.library.catalog

    read = from_xmp if source == "xmp" else from_picasa
    plan = plan_import(catalog, source, read(catalog, [world.root], ignore))

    assert {one.name: len(one.faces) for one in plan.namings} == {"Ana": 8, "Ben": 8}
    assert (plan.conflicts, plan.unmatched, plan.problems) == ((), (), ())


def turn(path: Path, orientation: int) -> tuple[int, int]:
    """Store a photo so that EXIF makes it upright again; answers its stored size."""
    with Image.open(path) as image:
        made = TURNS.get(orientation)
        back = {
            Transpose.ROTATE_90: Transpose.ROTATE_270,
            Transpose.ROTATE_270: Transpose.ROTATE_90,
        }
        stored = image.copy() if made is None else image.transpose(back.get(made, made))
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored.save(path, exif=exif)
    return stored.size


def test_any_ini_can_be_read() -> None:
    """Old encodings, lines that are none, and photos with odd names."""
    text = "stray\n[DEFAULT]\nfaces=1\n[a=b [1].jpg]\nfaces=2\nnothing\n[\n=\n[Z\u00c9.jpg]\nx=\n"

    for data in (text.encode(), text.encode("utf-8-sig"), text.encode("cp1252")):
        sections = parse_ini(data)
        assert sections["default"]["faces"] == "1"
        assert sections["a=b [1].jpg"]["faces"] == "2"
        assert sections["z\u00e9.jpg"] == {"x": ""}


KEYWORDS = """<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:lr="http://ns.adobe.com/lightroom/1.0/">
<lr:hierarchicalSubject><rdf:Bag><rdf:li>People|Ana</rdf:li></rdf:Bag></lr:hierarchicalSubject>
</rdf:Description></rdf:RDF></x:xmpmeta>"""
