"""What the doctor finds, and what it can mend."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from kith.imaging.picture import Picture, PictureLimits
from kith.pipeline.add_photo import thumbnail_key
from kith.pipeline.doctor import Finding, examine
from kith.pipeline.library import Library
from kith.ports.recognition import IndexEntry

if TYPE_CHECKING:
    from tests.pipeline.conftest import World


def only_finding(library: Library, *, fix: bool = False) -> Finding:
    """The one thing that is wrong."""
    (finding,) = examine(library, fix=fix)
    return finding


def mended(library: Library) -> Finding:
    """Found, mended as a whole, and not found again."""
    found = only_finding(library)
    fixed = only_finding(library, fix=True)
    assert fixed == replace(found, fixed=len(found.items))
    assert examine(library) == []
    return found


def filled(world: World) -> Library:
    """Three photos, and one without a face."""
    world.draw("a.png", 0)
    world.draw("b.png", 0, 1, gray=120)
    world.draw("c.png", 2)
    world.draw("nobody.png")
    world.add()
    return world.library


def test_a_whole_library_has_no_findings(world: World) -> None:
    """Nothing is said, and mending changes nothing."""
    library = filled(world)
    before = world.groups()

    assert examine(library) == examine(library, fix=True) == []
    assert world.groups() == before


def test_orphan_faces_are_forgotten(world: World) -> None:
    """Faces in the collection whose photo was never stored, as a killed run leaves them."""
    library = filled(world)
    picture = Picture.open(world.draw("orphan.png", 3, 4))
    (row,) = library.collection.index([IndexEntry(picture.photo_id, picture)])

    found = mended(library)

    assert found.what == "orphan faces"
    assert set(found.items) == {face.id for face in row.faces}
    assert list(library.collection.faces([picture.photo_id])) == []
    assert len(list(library.collection.faces())) == 4


def test_photos_whose_faces_cannot_be_searched_are_looked_at_again(world: World) -> None:
    """Even if only one of several faces is lost; ids and people stay."""
    library = filled(world)
    before = world.groups()
    faces = list(library.catalog.faces())
    both = next(face for face in faces if face.photo_id != faces[0].photo_id)
    library.collection.forget([both.id])

    found = mended(library)

    assert (found.what, found.items) == ("unsearchable photos", (both.photo_id,))
    assert {face.id for face in library.collection.faces()} == {face.id for face in faces}
    assert world.groups() == before


def test_an_unsearchable_photo_without_a_file_is_not_called_mended(world: World) -> None:
    """What cannot be mended stays in the findings."""
    library = filled(world)
    face = next(library.catalog.faces())
    library.collection.forget([face.id])
    for place in library.catalog.places_of([face.photo_id])[face.photo_id]:
        Path(place.path).write_bytes(b"something else")

    (finding,) = examine(library, fix=True)

    assert (finding.what, finding.fixed) == ("unsearchable photos", 0)


def test_missing_files_lose_their_place_and_leave_a_lost_photo(world: World) -> None:
    """The photo, its faces and its people stay, until a file is back."""
    library = filled(world)
    before = world.groups()
    path = world.root / "c.png"
    data = path.read_bytes()
    path.unlink()

    missing = only_finding(library)
    assert (missing.what, missing.items) == ("missing files", (str(path),))
    fixed = examine(library, fix=True)
    assert [(one.what, one.fixed) for one in fixed] == [("missing files", 1), ("lost photos", 0)]
    assert only_finding(library).what == "lost photos"
    assert world.groups().keys() == before.keys()

    path.write_bytes(data)
    world.add()
    assert examine(library) == []
    assert world.groups() == before


def test_missing_and_empty_thumbnails_are_made_again(world: World) -> None:
    """A power cut may leave an empty file where a thumbnail was."""
    library = filled(world)
    first, second, *_ = [photo.id for photo in library.catalog.photos()]
    whole = library.derived.read(thumbnail_key(first))
    library.derived.delete(thumbnail_key(first))
    library.derived.write(thumbnail_key(second), b"")

    found = mended(library)

    assert (found.what, found.items) == ("missing thumbnails", (first, second))
    assert library.derived.read(thumbnail_key(first)) == whole


def test_a_thumbnail_beyond_the_present_limits_is_a_finding_not_a_crash(world: World) -> None:
    """Limits may have been lowered since the photo was added."""
    library = filled(world)
    (photo, *_) = library.catalog.photos()
    library.derived.delete(thumbnail_key(photo.id))
    strict = replace(library, limits=PictureLimits(pixels=100, scaled_pixels=100))

    finding = only_finding(strict, fix=True)

    assert (finding.what, finding.fixed) == ("missing thumbnails", 0)


def test_a_run_after_a_kill_forgets_what_the_killed_one_left(world: World) -> None:
    """The mark that a run is under way tells the next one to clean up; then it is gone."""
    library = filled(world)
    picture = Picture.open(world.draw("orphan.png", 3))
    library.collection.index([IndexEntry(picture.photo_id, picture)])
    (world.root / "orphan.png").unlink()
    library.derived.write("state/adding", b"")

    world.add()

    assert examine(library) == []
    assert list(library.derived.list("state/")) == []


class Decaying:
    """The upkeep of a library whose index is damaged until it is rebuilt, beside its database."""

    def __init__(self) -> None:
        self.wrong = ["The database says: page 7 is lost.", "The search index differs."]

    def damages(self) -> tuple[str, ...]:
        """See ``Upkeep.damages``."""
        return tuple(self.wrong)

    def rebuild_index(self) -> None:
        """See ``Upkeep.rebuild_index``."""
        self.wrong = self.wrong[:1]


def test_damage_is_reported_and_counted_as_mended_only_as_far_as_it_is(world: World) -> None:
    """A rebuilt index is mended; a lost page of the database is not."""
    library = replace(filled(world), upkeep=Decaying())

    found, fixed = only_finding(library), only_finding(library, fix=True)

    assert (found.what, len(found.items), found.fixed) == ("damage", 2, 0)
    assert (fixed.items, fixed.fixed) == (found.items, 1)
