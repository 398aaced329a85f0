"""Every view, in light, dark and on a phone: kept as a picture, open to everybody, within the page.

The pictures lie in ``build/screenshots``, or where KITH_SCREENSHOTS says.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from browsing import LOOKS, Served, Visit, profile, serving, visiting
from playwright.sync_api import Browser, BrowserContext, expect

from kith.compose import open_records
from kith.config import Settings
from kith.domain.face import Point
from kith.domain.findings import PhotoFindings
from kith.domain.label import Label, SeenLabels
from kith.domain.photo import PhotoId
from kith.domain.text import ReadText, TextLine, TextWord

NAMES: Final = ("Ana", "Ben", "Chloe", "Dmitri Aleksandrovich Vostrikov-Szymanowski")


@dataclass(frozen=True, slots=True)
class Story:
    """A served album in which something has happened.

    Attributes:
        url: of the server.
        person: an id of somebody with a name.
        photo: an id of a photo with several people.
        album: an id of a hand-picked album.
        link: an address for guests, with all that they may be allowed.
        locked: one that needs a password.
        selfie: a picture of somebody in the album.
    """

    url: str
    person: str
    photo: str
    album: str
    link: str
    locked: str
    selfie: Path


@pytest.fixture(scope="module")
def story(own_library: Path, weights: Path, album_photos: Path) -> Generator[Story]:
    """Names, a hidden person, albums, labels, links, a rule and a job."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("KITH_NOTIFY", json.dumps({"channel": {"diary": {"kind": "log"}}}))
        with serving(own_library, weights) as running, running.owner() as owner:
            told = _told(running, owner, album_photos)
            _look_at(Settings(library=own_library, models=weights), PhotoId(told.photo))
            yield told


def _look_at(settings: Settings, photo_id: PhotoId) -> None:
    """As a model would have looked at the photo, and read it."""
    corners = (Point(0.1, 0.1), Point(0.9, 0.1), Point(0.9, 0.3), Point(0.1, 0.3))
    named = ("Person", "Adult", "Clothing", "Telephone", "Black and White", "Paper", "Jewelry")
    labels = tuple(Label(name, 98.0 - 5 * rank) for rank, name in enumerate(named))
    lines = tuple(
        TextLine(text, 95.0, corners, (TextWord(text, 95.0, corners),))
        for text in ("MORNING", "POST")
    )
    found = PhotoFindings(photo_id, SeenLabels(labels, "test"), ReadText(lines, "test"))
    with open_records(settings, writing=True) as records:
        records.findings.keep([found])


def _told(running: Served, owner: httpx.Client, folder: Path) -> Story:
    people = _get(owner, "people")["people"]
    for person, name in zip(people, NAMES, strict=False):
        _send(owner, "PATCH", f"people/{person['id']}", name=name)
    _send(owner, "PATCH", f"people/{people[-1]['id']}", hidden=True)
    _send(owner, "PATCH", f"people/{people[0]['id']}", born="1990-04-02")
    _send(owner, "PATCH", f"people/{people[0]['id']}", consent=True)
    _ask(owner, people[len(NAMES)]["id"])
    newest = _get(owner, "photos", limit=6)["photos"]
    picked = [photo["id"] for photo in newest]
    album = _send(owner, "POST", "albums", name="Our best of", photo_ids=picked)
    _send(owner, "POST", "albums", name="Ana and others", query='person:"Ana"')
    allowed = {"download": True, "people": True, "find_me": True}
    link = _send(owner, "POST", "links", title="Three years", query="", **allowed)
    locked = _send(owner, "POST", "links", title="Family only", query="", password="sesame")
    ended = _send(owner, "POST", "links", title="Summer party", query='person:"Ben"')
    owner.delete(f"links/{ended['id']}").raise_for_status()
    _send(owner, "POST", "jobs", kind="add", path=str(folder))
    rule = {"people": [NAMES[0]], "channels": ["diary"], "digest": "day", "quiet": "22:00-07:00"}
    _send(owner, "POST", "notices/rules", name="Ana is here", **rule)
    crowd = max(_get(owner, "photos", limit=100)["photos"], key=lambda photo: photo["face_count"])
    selfie = folder / "Portraits" / "001-smiling.jpg"
    return Story(
        running.url, people[0]["id"], crowd["id"], album["id"], link["url"], locked["url"], selfie
    )


def _ask(owner: httpx.Client, person_id: str) -> None:
    """Give a question to the review: of one person, somebody has said that one face is Elif."""
    found = _get(owner, f"people/{person_id}/appearances")["appearances"]
    _send(owner, "POST", "faces/assign", face_ids=[found[0]["face"]["id"]], name="Elif")


def _get(owner: httpx.Client, path: str, **asked: Any) -> dict[str, Any]:
    answer = owner.get(path, params=asked)
    assert answer.is_success, answer.text
    return answer.json()


def _send(owner: httpx.Client, method: str, path: str, /, **said: Any) -> dict[str, Any]:
    answer = owner.request(method, path, json=said)
    assert answer.is_success, answer.text
    return answer.json()


# -- what is looked at -----------------------------------------------------------------------------


def _path(path: str) -> Callable[[Visit, Story], None]:
    return lambda visit, story: visit.go(path.format(story=story))


def _guest(name: str) -> Callable[[Visit, Story], None]:
    return lambda visit, story: visit.go(getattr(story, name).removeprefix(story.url))


def _picked(visit: Visit, _story: Story) -> None:
    visit.go("/")
    marks = visit.page.get_by_role("checkbox", name="Select: Photo")
    marks.nth(0).dispatch_event("click")
    marks.nth(1).dispatch_event("click")
    expect(visit.page.get_by_role("toolbar", name="Selected photos")).to_be_visible()


def _faces(visit: Visit, story: Story) -> None:
    visit.go(f"/photos/{story.photo}")
    visit.page.get_by_role("button", name="Show the faces").click()


def _face(visit: Visit, story: Story) -> None:
    visit.go(f"/photos/{story.photo}")
    people = visit.page.get_by_role("group", name="In this photo")
    people.get_by_role("button").first.click()
    expect(visit.page.get_by_role("combobox", name="Name")).to_be_visible()


def _information(visit: Visit, story: Story) -> None:
    visit.go(f"/photos/{story.photo}")
    visit.page.get_by_role("button", name="Information").click()
    expect(visit.page.get_by_text("All EXIF tags")).to_be_visible()


def _drawing(visit: Visit, story: Story) -> None:
    visit.go(f"/photos/{story.photo}")
    visit.page.get_by_role("button", name="Draw a missed face").click()
    visit.page.keyboard.press("ArrowRight")
    visit.page.keyboard.press("Enter")
    expect(visit.page.get_by_role("option").first).to_be_visible()


def _merging(visit: Visit, _story: Story) -> None:
    visit.go("/people")
    marks = visit.page.get_by_role("checkbox", name="Select:")
    marks.nth(0).dispatch_event("click")
    marks.nth(1).dispatch_event("click")
    visit.page.get_by_role("button", name="Merge").click()
    expect(visit.page.get_by_role("dialog", name="Merge 2 people")).to_be_visible()


def _hidden(visit: Visit, _story: Story) -> None:
    visit.go("/people")
    visit.page.get_by_role("button", name="Show hidden people").click()
    expect(visit.page.get_by_role("region", name="Hidden")).to_be_visible()


def _found(visit: Visit, story: Story) -> None:
    visit.go("/search")
    visit.page.get_by_role("button", name="Choose a picture").set_input_files(story.selfie)
    expect(visit.page.get_by_role("heading", level=2).last).to_contain_text("similar")


def _question(visit: Visit, _story: Story) -> None:
    visit.go("/review")
    expect(visit.page.get_by_role("button", name="Same")).to_be_visible()


def _new_link(visit: Visit, _story: Story) -> None:
    visit.go("/links")
    visit.page.get_by_role("button", name="Make a link").click()
    expect(visit.page.get_by_role("dialog", name="Make a link")).to_be_visible()


def _menu(visit: Visit, story: Story) -> None:
    visit.go(f"/people/{story.person}")
    visit.page.get_by_role("button", name="More for this person").click()
    expect(visit.page.get_by_role("menu")).to_be_visible()


def _completions(visit: Visit, _story: Story) -> None:
    visit.go("/")
    visit.page.get_by_role("combobox", name="Search photos").fill("an")
    expect(visit.page.get_by_role("option").first).to_be_visible()


def _help(visit: Visit, _story: Story) -> None:
    visit.go("/people")
    visit.page.keyboard.press("?")
    expect(visit.page.get_by_role("dialog", name="Keyboard")).to_be_visible()


def _guest_photo(visit: Visit, story: Story) -> None:
    visit.go(story.link.removeprefix(story.url))
    visit.page.get_by_role("link", name="Photo of").first.click()
    expect(visit.page.get_by_role("button", name="Back")).to_be_visible()


def _no_photo(visit: Visit, _story: Story) -> None:
    visit.go("/photos/nothing")
    expect(visit.page.get_by_role("heading", name="There is no such photo")).to_be_visible()
    visit.forgive("status of 4")


def _no_link(visit: Visit, _story: Story) -> None:
    visit.go("/s/nothing")
    visit.forgive("status of 404")


def _bad_query(visit: Visit, _story: Story) -> None:
    visit.go("/?query=taken%3Ayesterdayish")
    visit.forgive("status of 400")


VIEWS: Final[dict[str, Callable[[Visit, Story], None]]] = {
    "photos": _path("/"),
    "photos-picked": _picked,
    "photos-found": _path("/?query=person:Ana"),
    "photos-none": _path("/?query=taken:1990"),
    "photos-bad-query": _bad_query,
    "photos-completions": _completions,
    "photo": _path("/photos/{story.photo}"),
    "photo-faces": _faces,
    "photo-face": _face,
    "photo-information": _information,
    "photo-drawing": _drawing,
    "photo-unknown": _no_photo,
    "albums": _path("/albums"),
    "album": _path("/albums/{story.album}"),
    "people": _path("/people"),
    "people-hidden": _hidden,
    "people-merging": _merging,
    "person": _path("/people/{story.person}"),
    "person-menu": _menu,
    "review": _question,
    "search": _path("/search"),
    "search-found": _found,
    "history": _path("/history"),
    "jobs": _path("/jobs"),
    "links": _path("/links"),
    "links-new": _new_link,
    "settings": _path("/settings"),
    "more": _path("/more"),
    "help": _help,
    "shared": _guest("link"),
    "shared-locked": _guest("locked"),
    "shared-photo": _guest_photo,
    "shared-unknown": _no_link,
}


@pytest.fixture(scope="module", params=["light", "phone"])
def look(request: pytest.FixtureRequest) -> str:
    """How the album is looked at; the dark is a light one after sunset."""
    return request.param


@pytest.fixture(scope="module")
def window(browser: Browser, look: str) -> Generator[BrowserContext]:
    """A browser that has such a look; what it has fetched once, it has."""
    with profile(browser, **LOOKS[look], reduced_motion="reduce") as context:
        yield context


@pytest.mark.parametrize("view", VIEWS)
def test_view_is_whole(view: str, look: str, window: BrowserContext, story: Story) -> None:
    """Every view fits its window, keeps nobody out, asks only the server, and can be dark."""
    with visiting(window, story.url) as visit:
        VIEWS[view](visit, story)
        visit.settle()

        visit.picture(view, look)
        assert visit.overhang() == 0
        assert visit.barriers() == []
        if look == "light":
            visit.page.emulate_media(color_scheme="dark", reduced_motion="reduce")
            visit.settle()
            visit.picture(view, "dark")
            assert visit.barriers("color-contrast") == []
