"""Guests of a link: they see the photos of its query, and nothing of anything else."""

from __future__ import annotations

import io
import json
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from PIL import Image
from visitors import API, BASE, PASSWORD, access_of, log_in, open_album, stranger

from kith.config import Settings
from kith.domain.access import Role
from kith.pipeline.access.accounts import add_account
from kith.pipeline.serving.signing import PhotoPicture

pytestmark = [pytest.mark.weights, pytest.mark.photos]


class Clock:
    """A clock that goes on when it is told to."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        """Seconds since 1970."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """The clock of the album."""
    return Clock()


@pytest.fixture
def album(settings: Settings, clock: Clock) -> Generator[FastAPI]:
    """Portraits of three people and pictures of a family; links are made by Ann."""
    with open_album(replace(settings, login=True), clock=clock) as app:
        add_account(access_of(app), "Owner", PASSWORD, Role.OWNER)
        add_account(access_of(app), "Ann", PASSWORD, Role.EDITOR)
        yield app


@pytest.fixture
def ann(album: FastAPI) -> TestClient:
    """Who makes the links."""
    return log_in(album, "Ann")


@pytest.fixture
def guest(album: FastAPI) -> TestClient:
    """A browser in which nobody ever logged in."""
    return stranger(album)


@pytest.fixture
def family(photo_folder: Path) -> str:
    """The query for the pictures of the family, which show nobody of the portraits."""
    return f'path:"{photo_folder / "family"}"'


def make(ann: TestClient, **terms: Any) -> dict[str, Any]:
    """A new link."""
    answer = ann.post(f"{API}/links", json={"title": "For you"} | terms)
    assert answer.status_code == 201, answer.text
    return answer.json()


def below(link: dict[str, Any], path: str = "") -> str:
    """A path of the API for guests."""
    return f"{API}/shared/{link['token']}{path}"


def say(ann: TestClient, person_id: str, **change: Any) -> None:
    """Something of a person."""
    answer = ann.patch(f"{API}/people/{person_id}", json=change)
    assert answer.status_code == 200, answer.text


def ids_of(answer: Any) -> set[str]:
    """The photos of a page."""
    assert answer.status_code == 200, answer.text
    return {photo["id"] for photo in answer.json()["photos"]}


# -- which photos ----------------------------------------------------------------------------------


def test_a_guest_sees_the_photos_of_the_query_alone(
    ann: TestClient, guest: TestClient, family: str
) -> None:
    """Page, timeline, cover and total are of those photos; every other one is not found."""
    link = make(ann, query=family, people=True)
    every = ids_of(ann.get(f"{API}/photos"))
    shared = ids_of(ann.get(f"{API}/photos", params={"query": family}))
    assert set() < shared < every

    seen = guest.get(below(link)).json()

    assert (seen["total"], seen["cover"]["id"] in shared) == (len(shared), True)
    assert ids_of(guest.get(below(link, "/photos"))) == shared
    assert guest.get(below(link, "/timeline")).json()["total"] == len(shared)
    for photo_id in every:
        status = guest.get(below(link, f"/photos/{photo_id}")).status_code
        assert status == (200 if photo_id in shared else 404)


def test_a_cursor_or_a_person_of_elsewhere_shows_no_other_photo(
    ann: TestClient, guest: TestClient, family: str
) -> None:
    """What a guest hands over can only make the photos fewer."""
    link = make(ann, query=family, people=True)
    shared = ids_of(guest.get(below(link, "/photos")))
    cursor = ann.get(f"{API}/photos", params={"limit": 1}).json()["next_cursor"]

    assert ids_of(guest.get(below(link, "/photos"), params={"cursor": cursor})) <= shared
    for person in ann.get(f"{API}/people").json()["people"]:
        answer = guest.get(below(link, "/photos"), params={"person": person["id"]})
        assert ids_of(answer) <= shared
    for month in ("2024-01", "none"):
        answer = guest.get(below(link, "/photos"), params={"month": month})
        assert ids_of(answer) <= shared


def test_a_guest_is_told_nothing_of_files_and_places(
    ann: TestClient, guest: TestClient, photo_folder: Path
) -> None:
    """Neither paths, nor cameras, nor coordinates, in any answer."""
    link = make(ann, people=True, download=True, find_me=True)
    photo_id = next(iter(ids_of(guest.get(below(link, "/photos")))))
    paths = ["", "/photos", "/timeline", "/people", f"/photos/{photo_id}"]

    told = json.dumps([guest.get(below(link, path)).json() for path in paths])

    for word in (photo_folder.name, ".jpg", "Canon", "camera", "location", "places", "latitude"):
        assert word not in told
    for path in ("/exif", f"/photos/{photo_id}/exif", "/albums", "/history"):
        assert guest.get(below(link, path)).status_code == 404
    assert guest.get(f"{API}/photos/{photo_id}").status_code == 401


# -- who is in them --------------------------------------------------------------------------------


def test_people_are_told_only_where_the_link_says_so(
    ann: TestClient, guest: TestClient, family: str
) -> None:
    """Without it there is no list, no name beside a photo, and no way to ask for somebody."""
    link = make(ann, query=family)
    photo_id = next(iter(ids_of(guest.get(below(link, "/photos")))))
    person = ann.get(f"{API}/people").json()["people"][0]["id"]

    assert guest.get(below(link, "/people")).status_code == 403
    assert guest.get(below(link, f"/photos/{photo_id}")).json()["people"] is None
    asked = guest.get(below(link, "/photos"), params={"person": person})
    assert asked.status_code == 404


def test_who_is_hidden_or_refused_is_nobody_to_guests(
    album: FastAPI, ann: TestClient, guest: TestClient, photo_folder: Path
) -> None:
    """Only people of these photos are shown, by faces of these photos, and not all of those."""
    link = make(ann, query=f'path:"{photo_folder / "portraits"}"', people=True)
    catalog = album.state.services.catalog
    people = guest.get(below(link, "/people")).json()["people"]
    assert len(people) >= 3
    say(ann, people[0]["id"], name="Open")
    say(ann, people[1]["id"], hidden=True)
    say(ann, people[2]["id"], consent=False)

    shown = guest.get(below(link, "/people")).json()["people"]

    ids = {person["id"] for person in shown}
    assert ids == {person["id"] for person in people} - {people[1]["id"], people[2]["id"]}
    assert "Open" in {person["name"] for person in shown}
    for person in shown:
        assert guest.get(person["cover_url"]).status_code == 200
        face_id = person["cover_url"].split("/")[-1].split("?")[0]
        (face,) = catalog.faces_by_id([face_id]).values()
        assert face.photo_id in ids_of(guest.get(below(link, "/photos")))
    for gone in people[1:3]:
        asked = guest.get(below(link, "/photos"), params={"person": gone["id"]})
        assert asked.status_code == 404


# -- find me ---------------------------------------------------------------------------------------


def find(guest: TestClient, link: dict[str, Any], file: Path, consent: str = "true") -> Any:
    """Look for the face of a file."""
    return guest.post(
        below(link, "/find"),
        files={"picture": ("me.jpg", file.read_bytes())},
        data={"consent": consent},
    )


def test_a_guest_finds_himself_among_the_photos_of_the_link(
    ann: TestClient, guest: TestClient, photo_folder: Path, family: str
) -> None:
    """His portraits, where the link has them; nothing elsewhere, and never without consent."""
    first, second, *_ = sorted((photo_folder / "portraits").glob("*.jpg"))
    portraits = make(ann, query=f'path:"{photo_folder / "portraits"}"', find_me=True)
    other = make(ann, query=family, find_me=True)

    found = ids_of(find(guest, portraits, first))

    of_the_files = (
        ids_of(ann.get(f"{API}/photos", params={"query": f'path:"{file}"'}))
        for file in (first, second)
    )
    assert found == set().union(*of_the_files)
    assert ids_of(find(guest, other, first)) == set()
    assert find(guest, portraits, first, consent="false").status_code == 403
    assert find(guest, make(ann), first).status_code == 403


def test_who_refused_is_found_by_nobody(
    ann: TestClient, guest: TestClient, photo_folder: Path
) -> None:
    """Not even by himself: that he refused counts for every door."""
    first, *_ = sorted((photo_folder / "portraits").glob("*.jpg"))
    link = make(ann, find_me=True)
    for person in ann.get(f"{API}/people").json()["people"]:
        say(ann, person["id"], consent=False)

    assert ids_of(find(guest, link, first)) == set()


# -- pictures --------------------------------------------------------------------------------------


def test_pictures_die_with_the_link(ann: TestClient, guest: TestClient, family: str) -> None:
    """Addresses that were handed out are as good as the link is, and no better elsewhere."""
    link, other = make(ann, query=family), make(ann)
    urls = guest.get(below(link, "/photos")).json()["photos"][0]["urls"]
    assert guest.get(urls["small"]).status_code == 200
    moved = urls["small"].replace(link["id"], other["id"])
    bare = urls["small"].split("&link=")[0]
    large = urls["small"].replace("/small?", "/large?")
    original = urls["small"].replace("/small?", "/original?")

    for forged in (moved, bare, large, original):
        assert guest.get(forged).status_code == 403

    assert ann.delete(f"{API}/links/{link['id']}").status_code == 204
    assert guest.get(urls["small"]).status_code == 410
    assert guest.get(urls["small"], headers={"If-None-Match": "*"}).status_code == 410


def test_originals_only_where_the_link_gives_them(
    album: FastAPI, ann: TestClient, guest: TestClient, photo_folder: Path
) -> None:
    """Without what the camera wrote into them, and no longer when that is taken back."""
    link = make(ann, query=f'path:"{photo_folder / "portraits"}"', download=True)
    photo_id = next(iter(ids_of(guest.get(below(link, "/photos")))))
    url = guest.get(below(link, f"/photos/{photo_id}")).json()["download_url"]

    given = guest.get(url)
    assert given.headers["content-disposition"].startswith("attachment")
    with Image.open(io.BytesIO(given.content)) as picture:
        assert not picture.getexif()
    ann.patch(f"{API}/links/{link['id']}", json={"download": False})
    assert guest.get(below(link, f"/photos/{photo_id}")).json()["download_url"] is None
    assert guest.get(url).status_code == 403
    own = album.state.services.urls.photo_url(photo_id, PhotoPicture.DOWNLOAD)
    assert guest.get(f"{own}&link={link['id']}").status_code == 403


# -- the link itself -------------------------------------------------------------------------------


def test_a_link_that_does_not_work_leads_nowhere(
    ann: TestClient, guest: TestClient, clock: Clock
) -> None:
    """Unknown, ended and revoked ones answer alike, on every path."""
    ends = "2027-01-15T08:00:10+00:00"
    ended, revoked, kept = make(ann, expires_at=ends), make(ann), make(ann)
    ann.delete(f"{API}/links/{revoked['id']}")
    clock.now += 20
    forged = kept | {"token": kept["token"][:-1] + ("A" if kept["token"][-1] != "A" else "B")}
    unknown = kept | {"token": "A" * 32}

    answers = {
        (guest.get(below(link, path)).status_code, guest.get(below(link, path)).text)
        for link in (ended, revoked, forged, unknown, kept | {"token": "x"})
        for path in ("", "/photos", "/people", "/timeline", "/photos/1")
    }

    assert {status for status, _ in answers} == {404}
    assert len(answers) == 1
    assert guest.get(below(kept)).status_code == 200


def test_a_password_is_asked_for_first(
    album: FastAPI, ann: TestClient, guest: TestClient, family: str
) -> None:
    """While it is locked, a guest sees the title alone; another password locks everybody out."""
    link = make(ann, query=family, password="seaside", people=True)
    photo_id = next(iter(ids_of(ann.get(f"{API}/photos", params={"query": family}))))
    locked = guest.get(below(link)).json()
    assert (locked["locked"], locked["total"], locked["cover"]) == (True, None, None)
    for path in ("/photos", "/timeline", "/people", f"/photos/{photo_id}"):
        assert guest.get(below(link, path)).status_code == 401

    assert guest.post(below(link, "/unlock"), json={"password": "seasick"}).status_code == 403
    done = guest.post(below(link, "/unlock"), json={"password": "seaside"})

    assert done.status_code == 204
    assert "HttpOnly" in done.headers["set-cookie"]
    assert guest.get(below(link)).json()["locked"] is False
    assert ids_of(guest.get(below(link, "/photos")))
    assert stranger(album).get(below(link, "/photos")).status_code == 401
    ann.patch(f"{API}/links/{link['id']}", json={"password": "lakeside"})
    assert guest.get(below(link, "/photos")).status_code == 401


def test_the_cookie_of_one_link_opens_no_other(ann: TestClient, guest: TestClient) -> None:
    """Even where both have the same password."""
    one, other = make(ann, password="seaside"), make(ann, password="seaside")
    guest.post(below(one, "/unlock"), json={"password": "seaside"})
    proof = next(cookie.value for cookie in guest.cookies.jar)

    planted = {"Cookie": f"kith_link_{other['id']}={proof}"}

    assert guest.get(below(other, "/photos"), headers=planted).status_code == 401


def test_guessing_the_password_of_a_link_gets_slower(ann: TestClient, album: FastAPI) -> None:
    """As for accounts."""
    link = make(ann, password="seaside")
    guesser = TestClient(album, base_url=BASE, client=("198.51.100.9", 40000))

    tried = [
        guesser.post(below(link, "/unlock"), json={"password": f"guess {n}"}).status_code
        for n in range(8)
    ]

    assert tried[:5] == [403] * 5
    assert tried[-1] == 429


def test_openings_are_counted(ann: TestClient, guest: TestClient) -> None:
    """Once for each time that a guest sees what is inside."""
    link = make(ann, password="seaside")
    guest.get(below(link))
    guest.post(below(link, "/unlock"), json={"password": "seaside"})
    guest.get(below(link))
    guest.get(below(link))

    (told,) = ann.get(f"{API}/links").json()["links"]

    assert (told["opened"], bool(told["last_opened_at"])) == (2, True)
    assert "seaside" not in json.dumps(told)


def test_a_link_keeps_meaning_the_same_person(ann: TestClient, guest: TestClient) -> None:
    """Whoever gets that name later is not in it."""
    one, other = (person["id"] for person in ann.get(f"{API}/people").json()["people"][:2])
    say(ann, one, name="Ana")
    link = make(ann, query="person:Ana")
    before = ids_of(guest.get(below(link, "/photos")))

    say(ann, one, name="Berta")
    say(ann, other, name="Ana")

    assert ids_of(guest.get(below(link, "/photos"))) == before
    assert ann.get(f"{API}/links").json()["links"][0]["query"] == 'person:"Berta"'
