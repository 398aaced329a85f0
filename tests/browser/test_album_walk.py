"""The walk of somebody with new photos: from the first upload to a link that is taken back."""

from __future__ import annotations

import base64
import re
from collections.abc import Generator, Sequence
from pathlib import Path

import pytest
from browsing import Served, Visit, profile, serving, visiting
from playwright.sync_api import Browser, Locator, Page, expect

DROP = """
([name, files]) => {
  const bytes = (text) => Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
  const dataTransfer = new DataTransfer();
  for (const { name, text } of files) {
    dataTransfer.items.add(new File([bytes(text)], name, { type: "image/jpeg" }));
  }
  document.body.dispatchEvent(
    new DragEvent(name, { dataTransfer, bubbles: true, cancelable: true }),
  );
}
"""
"""What the browser does when files of the desktop are held over the page, or dropped on it."""


@pytest.fixture(scope="module")
def served(weights: Path, tmp_path_factory: pytest.TempPathFactory) -> Generator[Served]:
    """An album without a photo."""
    with serving(tmp_path_factory.mktemp("walk") / "library", weights) as running:
        yield running


@pytest.fixture
def visit(browser: Browser, served: Served) -> Generator[Visit]:
    """The owner, at the machine itself."""
    with profile(browser) as context, visiting(context, served.url) as opened:
        yield opened


def test_walk_from_upload_to_a_revoked_link(
    visit: Visit, browser: Browser, album_photos: Path
) -> None:
    """Photos go in, faces get names, a merge is undone, a face is found, a link works and ends."""
    portraits = album_photos / "Portraits"
    family = next((album_photos / "Family").glob("*agung*"))
    others = [portraits / f"{name}.jpg" for name in ("003-neutral", "003-smiling")]

    upload(visit, dropped=[portraits / "001-neutral.jpg", family], chosen=others)
    name_in_photo(visit, "Photo of May 14, 2022, 1 face", "Ana")
    name_among_people(visit, "Ben")
    merge_and_undo(visit)
    find_by_picture(visit, portraits / "001-smiling.jpg")
    link = share(visit)
    with profile(browser) as stranger, visiting(stranger, visit.url) as guest:
        picture = look_as_guest(guest, link)
        revoke(visit)
        come_again(guest, link, picture)


# -- uploading -------------------------------------------------------------------------------------


def upload(visit: Visit, dropped: Sequence[Path], chosen: Sequence[Path]) -> None:
    """Some photos are dropped on the page, others chosen; all are there soon."""
    page = visit.page
    visit.go("/")
    expect(page.get_by_role("heading", name="No photos yet")).to_be_visible()
    _drag(page, "dragenter", dropped)
    expect(page.get_by_text("Drop to add photos")).to_be_visible()
    _drag(page, "drop", dropped)
    uploads = page.get_by_role("region", name="Uploads")
    expect(uploads).to_contain_text(f"{len(dropped)} photos uploaded")
    page.get_by_label("Photos to upload").set_input_files(chosen)
    expect(uploads).to_contain_text(f"{len(dropped) + len(chosen)} photos uploaded")
    expect(page.get_by_role("link", name="Photo of")).to_have_count(len(dropped) + len(chosen))


def _drag(page: Page, name: str, paths: Sequence[Path]) -> None:
    files = [
        {"name": path.name, "text": base64.b64encode(path.read_bytes()).decode()} for path in paths
    ]
    page.evaluate(DROP, [name, files])


# -- people ----------------------------------------------------------------------------------------


def name_in_photo(visit: Visit, photo: str, name: str) -> None:
    """The face in a photo, which was found by itself, gets a name that nobody had."""
    page = visit.page
    page.get_by_role("link", name=photo).click()
    people = page.get_by_role("group", name="In this photo")
    people.get_by_role("button", name="Add name").click()
    field = page.get_by_role("dialog", name="Face without a name").get_by_role("combobox")
    field.fill(name)
    field.press("Enter")
    expect(people.get_by_role("button", name=name)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name=photo)).to_be_focused()


def name_among_people(visit: Visit, name: str) -> None:
    """Somebody who was put together by himself gets a name where his face is."""
    page = visit.page
    page.get_by_role("navigation").get_by_role("link", name="People").click()
    unnamed = page.get_by_role("region", name="Without a name").get_by_role("listitem")
    unnamed.filter(has=_person(page, "Someone without a name, 2 photos")).get_by_role(
        "button", name="Add a name"
    ).click()
    page.get_by_role("combobox", name="Name").fill(name)
    page.keyboard.press("Enter")
    expect(_person(page, f"{name}, 2 photos")).to_be_visible()


def _person(page: Page, label: str) -> Locator:
    return page.get_by_role("link", name=label, exact=True)


def merge_and_undo(visit: Visit) -> None:
    """Two people become one in the direction that is shown; undoing makes them two again."""
    page = visit.page
    for label in ("Ana, 1 photo", "Ben, 2 photos"):
        page.get_by_role("checkbox", name=f"Select: {label}", exact=True).check()
    page.get_by_role("toolbar", name="Selected people").get_by_role("button", name="Merge").click()
    dialog = page.get_by_role("dialog", name="Merge 2 people")
    expect(dialog.get_by_role("group", name="Stays")).to_contain_text("Ben")
    dialog.get_by_role("button", name="Swap").click()
    expect(dialog.get_by_role("group", name="Stays")).to_contain_text("Ana")
    expect(dialog.get_by_role("group", name="Goes")).to_contain_text("Ben")
    dialog.get_by_role("button", name="Merge").click()
    expect(_person(page, "Ana, 3 photos")).to_be_visible()
    expect(_person(page, "Ben, 2 photos")).to_have_count(0)
    page.get_by_role("status").get_by_role("button", name="Undo").last.click()
    expect(_person(page, "Ana, 1 photo")).to_be_visible()
    expect(_person(page, "Ben, 2 photos")).to_be_visible()


def find_by_picture(visit: Visit, selfie: Path) -> None:
    """Another picture of somebody, which is in no album, brings the photos of that person."""
    page = visit.page
    page.get_by_role("navigation").get_by_role("link", name="Find a face").click()
    page.get_by_role("button", name="Choose a picture").set_input_files(selfie)
    heading = page.get_by_role("heading", name=re.compile(r"^Ana, \d\d% similar · 1 photo$"))
    expect(heading).to_be_visible()
    page.get_by_role("link", name="All photos of Ana").click()
    expect(page.get_by_role("button", name="Change the name Ana")).to_be_visible()


# -- sharing ---------------------------------------------------------------------------------------


def share(visit: Visit) -> str:
    """The photos of the person who is looked at get a link; its address is the answer."""
    page = visit.page
    page.get_by_role("button", name="More for this person").click()
    page.get_by_role("menuitem", name="Share by a link").click()
    terms = page.get_by_role("dialog", name="Make a link")
    expect(terms.get_by_label("Title")).to_have_value("Ana")
    terms.get_by_role("checkbox", name="People").check()
    terms.get_by_role("button", name="Make the link").click()
    made = page.get_by_role("dialog", name="The link to Ana")
    address = made.get_by_label("Address").input_value()
    made.get_by_role("button", name="Close").click()
    return address


def look_as_guest(guest: Visit, link: str) -> str:
    """Who has the link sees these photos and nothing else; a picture's address is the answer."""
    page = guest.page
    page.goto(link)
    expect(page.get_by_role("heading", name="Ana", exact=True)).to_be_visible()
    expect(page.get_by_role("navigation", name="Main")).to_have_count(0)
    photo = page.get_by_role("link", name="Photo of")
    expect(photo).to_have_count(1)
    photo.click()
    expect(page.get_by_role("group", name="In this photo")).to_contain_text("Ana")
    picture = page.get_by_role("img", name="Photo of May 14, 2022")
    expect(picture).to_be_visible()
    address = picture.get_attribute("src")
    assert address
    return address


def revoke(visit: Visit) -> None:
    """The link is taken back."""
    page = visit.page
    page.get_by_role("button", name="More for Ana").click()
    page.get_by_role("menuitem", name="Revoke").click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(page.get_by_role("heading", name="No longer working")).to_be_visible()


def come_again(guest: Visit, link: str, picture: str) -> None:
    """Who comes by the link now finds nothing, and the addresses of pictures have ended."""
    guest.page.goto(link)
    expect(guest.page.get_by_role("heading", name="This link leads nowhere")).to_be_visible()
    guest.forgive("status of 404")
    assert guest.page.request.get(picture).status in {403, 404, 410}
