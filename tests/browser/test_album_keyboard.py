"""The album without a mouse, and in the narrowest window."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import Final

import pytest
from browsing import Served, Visit, profile, serving, visiting
from playwright.sync_api import Browser, Locator, Page, Route, ViewportSize, expect

NARROWEST: Final[ViewportSize] = {"width": 360, "height": 740}

PATHS: Final = (
    "/",
    "/albums",
    "/people",
    "/review",
    "/search",
    "/history",
    "/jobs",
    "/links",
    "/settings",
    "/more",
)

SHOWS_FOCUS: Final = """
() => {
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(document.activeElement);
  const ring = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
  return document.activeElement.getBoundingClientRect().width > 0 && (ring || boxShadow !== "none");
}
"""


PHOTOS: Final = "**/api/v1/photos?*"
"""What the grid asks for, once it is there."""

STEP_AND_LEAVE: Final = """
async () => {
  const press = (key) => document.activeElement.dispatchEvent(
    new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }),
  );
  const before = location.href;
  press("ArrowRight");
  while (location.href === before) await new Promise(queueMicrotask);
  press("Escape");
}
"""
"""Two keys, of which the second comes as soon as the address is that of the next photo."""


@pytest.fixture(scope="module")
def served(own_library: Path, weights: Path) -> Generator[Served]:
    """An album of photos, in which nobody has a name."""
    with serving(own_library, weights) as running:
        yield running


@pytest.fixture
def visit(browser: Browser, served: Served) -> Generator[Visit]:
    """The owner before all photos, with a keyboard."""
    with (
        profile(browser, reduced_motion="reduce") as context,
        visiting(context, served.url) as opened,
    ):
        opened.go("/")
        expect(photos_of(opened.page).first).to_be_visible()
        yield opened


def photos_of(page: Page) -> Locator:
    """The photos in the grid, the newest first."""
    return page.get_by_role("link", name="Photo of")


def test_arrows_walk_and_escape_goes_back(visit: Visit) -> None:
    """From photo to photo in the grid, into one, to the next, and back to that one in the grid."""
    page = visit.page
    photos = photos_of(page)
    page.keyboard.press("ArrowRight")
    expect(photos.nth(0)).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(photos.nth(1)).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(photos.nth(0)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(photos.nth(0)).not_to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(photos.nth(0)).to_be_focused()

    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Photo after")).to_be_visible()
    first = page.url
    page.keyboard.press("ArrowRight")
    page.wait_for_url(lambda url: url != first)
    page.keyboard.press("Escape")

    expect(page.get_by_role("dialog", name="Photo")).to_have_count(0)
    expect(photos.nth(1)).to_be_focused()


def test_keys_faster_than_the_page_lose_no_step(visit: Visit) -> None:
    """On to the next photo and back at once: the photo to come back to is the next one."""
    page = visit.page
    photos = photos_of(page)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Photo after")).to_be_visible()

    page.evaluate(STEP_AND_LEAVE)

    expect(page.get_by_role("dialog", name="Photo")).to_have_count(0)
    expect(photos.nth(1)).to_be_focused()


def test_an_arrow_before_the_photos_are_there_leads_to_the_first(visit: Visit) -> None:
    """Who presses a key while photos are still loaded gets where the key leads."""
    page = visit.page
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(PHOTOS, hold, times=1)
    with page.expect_request(PHOTOS):
        page.reload()
    page.keyboard.press("ArrowRight")
    for route in held:
        route.continue_()

    expect(photos_of(page).nth(0)).to_be_focused()


def test_photos_are_picked_and_dropped_by_key(visit: Visit) -> None:
    """``x`` picks the photo that has the focus, once more lets it go, Escape drops them all."""
    page = visit.page
    bar = page.get_by_role("toolbar", name="Selected photos")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("x")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("x")
    expect(bar).to_contain_text("2 photos selected")
    page.keyboard.press("x")
    expect(bar).to_contain_text("1 photo selected")

    page.keyboard.press("Escape")

    expect(bar).to_have_count(0)


def test_slash_searches_and_escape_leaves_the_field(visit: Visit) -> None:
    """``/`` goes to the search field, where letters are letters; Escape gives the keys back."""
    page = visit.page
    field = page.get_by_role("combobox", name="Search photos")
    page.keyboard.press("/")
    expect(field).to_be_focused()
    page.keyboard.type("x?u")
    expect(field).to_have_value("x?u")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")

    expect(field).not_to_be_focused()


def test_question_mark_tells_the_keys_of_the_view(visit: Visit) -> None:
    """``?`` opens a help that names the keys which work here; Escape closes it."""
    page = visit.page
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keyboard")
    for label in ("Search", "Undo the last change", "Select the photo", "Photo after"):
        expect(keys.get_by_text(label, exact=True)).to_be_visible()

    page.keyboard.press("Escape")

    expect(keys).to_have_count(0)


def test_name_is_given_and_taken_back_by_key(visit: Visit) -> None:
    """``n`` names the person who has the focus, ``u`` takes that back."""
    page = visit.page
    visit.go("/people")
    nameless = page.get_by_role("link", name="Someone without a name").first
    nameless.focus()
    page.keyboard.press("n")
    page.keyboard.type("Zoe")
    page.keyboard.press("Enter")
    named = page.get_by_role("link", name="Zoe, ")
    expect(named).to_be_visible()
    named.focus()

    page.keyboard.press("u")

    expect(named).to_have_count(0)


def test_face_that_was_drawn_and_taken_back_is_gone(visit: Visit) -> None:
    """A frame is drawn and named without a mouse; ``u`` takes back the face, not only its name."""
    page = visit.page
    page.get_by_role("link", name="3 faces").first.click()
    people = page.get_by_role("group", name="In this photo")
    expect(people.get_by_role("button", name="Add name")).to_have_count(3)
    page.keyboard.press("p")
    expect(page.get_by_role("application", name="Draw a frame")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    field = page.get_by_role("combobox", name="Name of the drawn face")
    field.fill("Nora")
    field.press("Enter")
    nora = people.get_by_role("button", name="Nora")
    expect(nora).to_be_visible()

    page.keyboard.press("u")

    expect(nora).to_have_count(0)
    expect(people.get_by_role("button", name="Add name")).to_have_count(3)
    expect(page.get_by_role("button", name="Not a face")).to_have_count(0)


def test_focus_can_be_seen_wherever_it_goes(visit: Visit) -> None:
    """Tab goes first past the navigation if one wishes, and everything it reaches shows it."""
    page = visit.page
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    for _ in range(20):
        assert page.evaluate(SHOWS_FOCUS), page.evaluate("document.activeElement.outerHTML")
        page.keyboard.press("Tab")


@pytest.mark.parametrize("path", PATHS)
def test_narrowest_window_holds_every_view(path: str, visit: Visit) -> None:
    """At a width of 360 pixels nothing is pushed out at the side."""
    visit.page.set_viewport_size(NARROWEST)

    visit.go(path)

    assert visit.overhang() == 0
