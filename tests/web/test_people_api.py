"""People over HTTP: who there is, where they appear, what is said of them, and taking it back."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from kith.web.services import Services

pytestmark = [pytest.mark.weights, pytest.mark.photos]

Json = dict[str, Any]


def everyone(client: TestClient, **wanted: Any) -> list[Json]:
    """All people, hidden ones too unless said otherwise."""
    answer = client.get("/api/v1/people", params={"show": "all"} | wanted)
    assert answer.status_code == 200, answer.text
    return answer.json()["people"]


def appearances(client: TestClient, person_id: str, **wanted: Any) -> list[Json]:
    """Where somebody appears."""
    answer = client.get(f"/api/v1/people/{person_id}/appearances", params=wanted)
    assert answer.status_code == 200, answer.text
    return answer.json()["appearances"]


def faces_of(client: TestClient, person_id: str) -> set[str]:
    """The ids of somebody's faces."""
    return {each["face"]["id"] for each in appearances(client, person_id, limit=500)}


def say(client: TestClient, path: str, body: Json, method: str = "POST") -> Json:
    """Decide something; what came of it."""
    answer = client.request(method, f"/api/v1/{path}", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def name(client: TestClient, person_id: str, called: str | None) -> Json:
    """Give somebody a name."""
    return say(client, f"people/{person_id}", {"name": called}, "PATCH")


def whole(client: TestClient) -> Json:
    """Who everybody is, as far as the API tells; without addresses, which change with time."""
    people = everyone(client)
    return {
        each["id"]: (
            {key: each[key] for key in ("name", "hidden", "born", "consent", "cover_face_id")},
            sorted(faces_of(client, each["id"])),
        )
        for each in people
    }


# -- looking ---------------------------------------------------------------------------------------


def test_people_come_named_first_then_by_photos(client: TestClient) -> None:
    """The list has the named first, then those in most photos, and counts everyone."""
    people = everyone(client)
    assert len(people) >= 3
    last = people[-1]["id"]
    name(client, last, "Ana")
    again = client.get("/api/v1/people").json()
    assert [each["name"] for each in again["people"][:2]] == ["Ana", None]
    counts = [each["photo_count"] for each in again["people"][1:]]
    assert counts == sorted(counts, reverse=True)
    assert again["counts"] == {"named": 1, "unnamed": len(people) - 1, "hidden": 0}


def test_pages_of_people_hold_everyone_once(client: TestClient) -> None:
    """Following the cursor shows everyone once, in the order of the whole list."""
    found: list[str] = []
    cursor = None
    while True:
        wanted = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = client.get("/api/v1/people", params=wanted).json()
        found += [each["id"] for each in page["people"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert found == [each["id"] for each in everyone(client)]


def test_a_cursor_of_another_list_is_refused(client: TestClient) -> None:
    """What is no cursor of this list is told so, and crashes nothing."""
    for cursor in ["x", "W10", "WzEsMl0", "é" * 20, "." * 5000]:
        answer = client.get("/api/v1/people", params={"cursor": cursor})
        assert answer.status_code == 400, cursor
        assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("search", ["ana", "ANA m", "meier", "Änn", "ännchen"])
def test_names_are_found_by_beginnings_of_words(client: TestClient, search: str) -> None:
    """A search finds the names of which words begin so, in whatever case."""
    one, other, *_ = everyone(client)
    name(client, one["id"], "Ana Müller-Meier" if "nn" not in search else "Ännchen")
    name(client, other["id"], "Joe Banana")
    assert [each["id"] for each in everyone(client, search=search)] == [one["id"]]


def test_a_person_tells_years_and_companions(client: TestClient, services: Services) -> None:
    """A person's years sum up to the photos, and whoever is in the same photos is told."""
    for each in everyone(client):
        detail = client.get(f"/api/v1/people/{each['id']}").json()
        assert {key: detail[key] for key in each} == each
        assert sum(year["photos"] for year in detail["years"]) == each["photo_count"]
        shown = {one["face"]["photo_id"] for one in appearances(client, each["id"])}
        others = {
            appearance.person_id
            for appearance in services.catalog.appearances_of(
                [face.id for face in services.catalog.faces(shown)]
            ).values()
        } - {each["id"]}
        assert {one["person"]["id"] for one in detail["together"]} == others


def test_who_is_not_there_is_not_found(client: TestClient) -> None:
    """A person nobody knows is a 404 that says so, whatever the id looks like."""
    for person_id in ["nobody", "0" * 64, "%00", "a%20b", "😀"]:
        for path in [f"people/{person_id}", f"people/{person_id}/appearances"]:
            answer = client.get(f"/api/v1/{path}")
            assert answer.status_code == 404, path
            assert answer.json()["type"] == "urn:kith:not-found"


@pytest.mark.parametrize("order", ["similarity", "newest", "oldest"])
def test_appearances_come_in_order_a_page_at_a_time(client: TestClient, order: str) -> None:
    """Pages of every order hold each appearance once, sorted; unknown dates come last."""
    person = max(everyone(client), key=lambda each: each["face_count"])
    wanted = {"order": order, "limit": 1}
    found: list[Json] = []
    while True:
        url = f"/api/v1/people/{person['id']}/appearances"
        page = client.get(url, params=wanted).json()
        found += page["appearances"]
        if page["next_cursor"] is None:
            break
        wanted["cursor"] = page["next_cursor"]
    assert len(found) == len({each["face"]["id"] for each in found}) == person["face_count"]
    times = [each["photo"]["taken_at"] for each in found]
    dated = [time for time in times if time]
    assert times[len(dated) :] == [None] * (len(times) - len(dated))
    if order == "similarity":
        fits = [each["face"]["similarity"] for each in found]
        assert fits == sorted(fits, reverse=True)
    else:
        assert dated == sorted(dated, reverse=order == "newest")


def test_appearances_of_a_year(client: TestClient) -> None:
    """A year, or none, narrows the appearances to its photos."""
    for person in everyone(client):
        for year in client.get(f"/api/v1/people/{person['id']}").json()["years"]:
            which = "none" if year["year"] is None else year["year"]
            found = appearances(client, person["id"], year=which)
            assert len({each["photo"]["id"] for each in found}) == year["photos"]
            for each in found:
                taken = each["photo"]["taken_at"]
                assert (None if taken is None else int(taken[:4])) == year["year"]


# -- saying, and taking it back --------------------------------------------------------------------


def _someone(client: TestClient) -> Json:
    return max(everyone(client), key=lambda each: each["face_count"])


def _naming(client: TestClient) -> Json:
    return name(client, _someone(client)["id"], "Ana")


def _hiding(client: TestClient) -> Json:
    return say(client, f"people/{_someone(client)['id']}", {"hidden": True}, "PATCH")


def _birth(client: TestClient) -> Json:
    return say(client, f"people/{_someone(client)['id']}", {"born": "1987-05-12"}, "PATCH")


def _refusing(client: TestClient) -> Json:
    return say(client, f"people/{_someone(client)['id']}", {"consent": False}, "PATCH")


def _covering(client: TestClient) -> Json:
    someone = _someone(client)
    other = (faces_of(client, someone["id"]) - {someone["cover_face_id"]}).pop()
    return say(client, f"people/{someone['id']}", {"cover_face_id": other}, "PATCH")


def _merging(client: TestClient) -> Json:
    one, other, *_ = everyone(client)
    return say(client, "people/merge", {"into": one["id"], "ids": [other["id"]]})


def _telling_apart(client: TestClient) -> Json:
    one, other, *_ = everyone(client)
    return say(client, "people/different", {"one": one["id"], "other": other["id"]})


def _splitting(client: TestClient) -> Json:
    someone = _someone(client)
    some = sorted(faces_of(client, someone["id"]))[:1]
    return say(client, f"people/{someone['id']}/split", {"face_ids": some, "name": "Bo"})


def _denying(client: TestClient) -> Json:
    someone = _someone(client)
    some = sorted(faces_of(client, someone["id"]))[:1]
    return say(client, f"people/{someone['id']}/not", {"face_ids": some})


def _confirming(client: TestClient) -> Json:
    one, other, *_ = everyone(client)
    some = sorted(faces_of(client, other["id"]))[:1]
    return say(client, f"people/{one['id']}/confirm", {"face_ids": some})


def _assigning(client: TestClient) -> Json:
    some = sorted(faces_of(client, _someone(client)["id"]))[:1]
    return say(client, "faces/assign", {"face_ids": some, "name": "Cleo"})


def _no_face(client: TestClient) -> Json:
    some = sorted(faces_of(client, _someone(client)["id"]))[:1]
    return say(client, "faces/not-a-face", {"face_ids": some})


def _stranger(client: TestClient) -> Json:
    some = sorted(faces_of(client, _someone(client)["id"]))[:1]
    return say(client, "faces/strangers", {"face_ids": some})


def _strangers(client: TestClient) -> Json:
    photo = appearances(client, _someone(client)["id"])[0]["photo"]
    return say(client, f"photos/{photo['id']}/strangers", {})


def _repeating(client: TestClient) -> Json:
    photo = appearances(client, _someone(client)["id"])[0]["photo"]
    return say(client, f"photos/{photo['id']}/repeats", {"allowed": True})


DECISIONS = [
    _naming, _hiding, _birth, _refusing, _covering, _merging, _telling_apart, _splitting,
    _denying, _confirming, _assigning, _no_face, _stranger, _strangers, _repeating,
]  # fmt: skip


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda each: each.__name__.strip("_"))
def test_every_decision_can_be_undone(client: TestClient, decision: Any) -> None:
    """Whatever is said stands in the journal, and undoing it brings everything back."""
    before = whole(client)
    change = decision(client)
    assert change["entries"]
    assert change["text"][0].isupper()
    assert change["text"].endswith(".")
    history = client.get("/api/v1/history").json()["entries"]
    assert {entry["number"] for entry in history if entry["counts"]} >= set(change["entries"])
    taken = say(client, "undo", {"entries": change["entries"]})
    assert taken["edition"] > change["edition"]
    assert "Took back: " in taken["text"]
    assert whole(client) == before
    undone = {
        e["number"] for e in client.get("/api/v1/history").json()["entries"] if e["undone_by"]
    }
    assert undone == set(change["entries"])


def test_undo_without_a_number_takes_back_the_newest(client: TestClient) -> None:
    """Undo takes back one after the other, and then says that nothing is left."""
    before = whole(client)
    someone = _someone(client)["id"]
    name(client, someone, "Ana")
    name(client, someone, "Bea")
    assert client.post("/api/v1/undo").status_code == 200
    assert client.get(f"/api/v1/people/{someone}").json()["name"] == "Ana"
    say(client, "undo", {})
    assert whole(client) == before
    assert client.post("/api/v1/undo", json={}).status_code == 404


def test_undoing_an_undo_brings_it_back(client: TestClient) -> None:
    """An undo is an entry as well, and can be undone by its number."""
    someone = _someone(client)["id"]
    name(client, someone, "Ana")
    undone = say(client, "undo", {})
    say(client, "undo", {"entries": undone["entries"]})
    assert client.get(f"/api/v1/people/{someone}").json()["name"] == "Ana"
    assert client.post("/api/v1/undo", json={"entries": [1, 999]}).status_code == 404


def test_history_comes_in_pages(client: TestClient) -> None:
    """The journal comes newest first, a page at a time."""
    someone = _someone(client)["id"]
    for called in ["Ana", "Bea", "Cleo"]:
        name(client, someone, called)
    first = client.get("/api/v1/history", params={"limit": 2}).json()
    cursor = first["next_cursor"]
    second = client.get("/api/v1/history", params={"limit": 2, "cursor": cursor}).json()
    assert [each["number"] for each in first["entries"] + second["entries"]] == [3, 2, 1]
    assert second["next_cursor"] is None
    assert first["entries"][0]["text"] == "named Bea Cleo"


def test_a_merge_keeps_the_one_who_stays(client: TestClient) -> None:
    """Merged people are the one who stays, whose page the other's id leads to."""
    one, other, *_ = everyone(client)
    name(client, one["id"], "Ana")
    change = say(client, "people/merge", {"into": one["id"], "ids": [other["id"]]})
    assert change["moved_faces"] == other["face_count"]
    assert [each["name"] for each in change["people"]] == ["Ana"]
    assert change["text"] == "Both are Ana now."
    assert client.get(f"/api/v1/people/{other['id']}").json()["id"] == one["id"]
    answer = client.post("/api/v1/people/merge", json={"into": one["id"], "ids": [other["id"]]})
    assert answer.status_code == 400


def test_assigning_a_name_that_exists_confirms(client: TestClient) -> None:
    """Faces given a name that somebody has, in whatever case, are that person's, confirmed."""
    one, other, *_ = everyone(client)
    name(client, one["id"], "Ana")
    face = sorted(faces_of(client, other["id"]))[0]
    say(client, "faces/assign", {"face_ids": [face], "name": "ANA"})
    shown = client.get(f"/api/v1/faces/{face}").json()
    assert (shown["person"]["name"], shown["confirmed"]) == ("Ana", True)
    name(client, other["id"], "Ana")
    answer = client.post("/api/v1/faces/assign", json={"face_ids": [face], "name": "Ana"})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": "Ana", "hidden": True},
        {"name": ""},
        {"name": "Ana\r\nSet-Cookie: a=b"},
        {"name": "x" * 300},
        {"born": "2999-01-01"},
        {"hidden": None},
        {"cover_face_id": None},
        {"id": "other"},
    ],
)
def test_what_cannot_be_said_is_refused(client: TestClient, body: Json) -> None:
    """A person is not changed by what makes no sense, and the answer says what is wrong."""
    before = whole(client)
    answer = client.patch(f"/api/v1/people/{_someone(client)['id']}", json=body)
    assert answer.status_code in {400, 422}
    assert answer.json()["detail"]
    assert whole(client) == before


def test_faces_that_are_not_there_are_refused(client: TestClient) -> None:
    """Decisions on faces or photos nobody knows are a 404, and change nothing."""
    someone = _someone(client)["id"]
    for path, body in [
        ("faces/assign", {"face_ids": ["none"], "name": "Ana"}),
        ("faces/not-a-face", {"face_ids": ["none"]}),
        ("faces/strangers", {"face_ids": ["none"]}),
        (f"people/{someone}/split", {"face_ids": ["none"]}),
        (f"people/{someone}/confirm", {"face_ids": ["none"]}),
        ("photos/none/strangers", {}),
        ("photos/none/repeats", {"allowed": True}),
    ]:
        assert client.post(f"/api/v1/{path}", json=body).status_code == 404, path
    assert client.get("/api/v1/history").json()["entries"] == []


def test_forgetting_needs_the_name_and_is_for_good(client: TestClient) -> None:
    """Somebody is erased only by who says the name once more; then nothing tells of them."""
    someone = _someone(client)
    faces = faces_of(client, someone["id"])
    name(client, someone["id"], "Ana")
    path = f"/api/v1/people/{someone['id']}/forget"
    assert client.post(path, json={"confirm": "Bea"}).status_code == 400
    report = say(client, f"people/{someone['id']}/forget", {"confirm": "Ana"})
    assert (report["people"], report["faces"]) == (1, len(faces))
    assert client.get(f"/api/v1/people/{someone['id']}").status_code == 404
    for face in faces:
        assert client.get(f"/api/v1/faces/{face}").status_code == 404
    assert client.get("/api/v1/history").json()["entries"] == []
