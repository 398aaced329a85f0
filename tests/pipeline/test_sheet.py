"""The contact sheet: everyone's faces, to see whether grouping worked."""

from __future__ import annotations

import io
import re
from base64 import b64decode
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from kith.adapters.storage.memory import MemoryStorage
from kith.domain.errors import LibraryReadOnlyError
from kith.pipeline.crops import CROP_SIZE, Crops
from kith.pipeline.decisions.corrections import name_person
from kith.pipeline.sheet import PersonRow, as_html, as_jpeg, sheet_rows

if TYPE_CHECKING:
    from tests.pipeline.conftest import World


class ReadOnlyStorage(MemoryStorage):
    """A storage on a medium that may not be written to."""

    def write(self, key: str, data: bytes, /, *, durable: bool = True) -> None:  # noqa: ARG002
        """See ``ObjectStorage.write``."""
        raise LibraryReadOnlyError(f"{key} may not be written to")


def rows_of(world: World, *, least_photos: int = 1, faces_each: int = 12) -> list[PersonRow]:
    """Everyone, named or not."""
    library = world.library
    crops = Crops(library.catalog, library.derived, library.originals)
    return list(
        sheet_rows(library.catalog, crops, least_photos=least_photos, faces_each=faces_each)
    )


def filled(world: World) -> World:
    """Two people: one in six photos, one in one, whose name looks like a tag."""
    for number in range(6):
        world.draw(f"{number}.png", 0, gray=100 + number)
    world.draw("one.png", 8)
    world.add()
    catalog = world.library.catalog
    person = catalog.person(world.person_in("one.png"))
    name_person(catalog, person, "<b>Bert & Co</b>", by="test")
    return world


def colors_of(jpeg: bytes) -> tuple[float, float]:
    """The parts of a picture that are red and green: the colors of the two people."""
    with Image.open(io.BytesIO(jpeg)) as image:
        pixels = np.asarray(image.convert("RGB"), np.int16)
    red, green, blue = pixels[..., 0], pixels[..., 1], pixels[..., 2]
    strong = 100
    return (
        float((red - np.maximum(green, blue) > strong).mean()),
        float((green - np.maximum(red, blue) > strong).mean()),
    )


def test_a_row_holds_the_faces_of_one_person(world: World) -> None:
    """Cut from the photos, square, and every crop shows that person's color."""
    bert, anna = rows_of(filled(world))

    assert (len(bert.crops), len(anna.crops)) == (1, 6)
    for crop in anna.crops:
        red, green = colors_of(crop)
        assert red > 0.15
        assert green == 0
        with Image.open(io.BytesIO(crop)) as image:
            assert image.size == (CROP_SIZE, CROP_SIZE)
    assert colors_of(bert.crops[0])[1] > 0.15


def test_few_photos_can_be_left_out_and_rows_be_cut(world: World) -> None:
    """People in fewer photos are not shown; of many faces the best and worst fitting are."""
    (row,) = rows_of(filled(world), least_photos=2, faces_each=4)

    assert row.summary.photo_count == 6
    assert len(row.crops) == 4


def test_crops_are_kept_and_made_once(world: World) -> None:
    """The second sheet needs no photo: the files may even be gone."""
    first = rows_of(filled(world))
    for path in world.root.iterdir():
        path.unlink()

    assert rows_of(world) == first
    assert len(list(world.library.derived.list("crops/"))) == 7


def test_a_photo_that_is_gone_leaves_a_gap_not_an_error(world: World) -> None:
    """Its faces are not shown; its person is."""
    filled(world)
    (world.root / "one.png").unlink()

    bert, _ = rows_of(world)

    assert bert.crops == ()
    assert as_jpeg(iter([bert]))
    assert "Bert" in as_html(iter([bert]))


def test_a_library_that_may_not_be_written_to_has_a_sheet_too(world: World) -> None:
    """Keeping crops only saves time."""
    library = filled(world).library
    crops = Crops(library.catalog, ReadOnlyStorage(), library.originals)

    assert [len(row.crops) for row in sheet_rows(library.catalog, crops)] == [1, 6]


def test_the_page_is_whole_and_shows_names_as_they_are(world: World) -> None:
    """It needs no other file, its tags are closed, and a name is no markup."""
    page = as_html(iter(rows_of(filled(world))))
    pictures = re.findall(r'src="data:image/jpeg;base64,([^"]+)"', page)

    assert page.lower().startswith("<!doctype html>")
    assert "&lt;b&gt;Bert &amp; Co&lt;/b&gt;" in page
    assert "http" not in page
    assert len(pictures) == page.count("<img") == 7
    assert all(max(colors_of(b64decode(picture))) > 0.15 for picture in pictures)
    assert unclosed(page) == []


def unclosed(page: str) -> list[str]:
    """The elements that are not closed, void ones aside."""
    open_: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
            if tag not in {"meta", "img", "br", "link"}:
                open_.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert open_.pop() == tag

    Reader().feed(page)
    return open_


def test_the_picture_has_a_row_for_everyone(world: World) -> None:
    """A JPEG, higher with more people, in which their colors stand."""
    one = as_jpeg(iter(rows_of(filled(world), least_photos=2)))
    both = as_jpeg(iter(rows_of(world)))

    with Image.open(io.BytesIO(one)) as small, Image.open(io.BytesIO(both)) as large:
        assert small.format == large.format == "JPEG"
        assert large.height > small.height >= CROP_SIZE
    red, green = colors_of(both)
    assert red > green > 0
    assert colors_of(one)[1] == 0


def test_nobody_makes_a_page_and_a_picture(world: World) -> None:
    """An empty library has an empty sheet."""
    assert rows_of(world) == []
    assert "People" in as_html(iter([]))
    assert as_jpeg(iter([]))
