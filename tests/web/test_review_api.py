"""The review queue over HTTP."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from fastapi.testclient import TestClient

from kith.pipeline.serving.reviews import Reviews
from kith.web.app import create_app
from kith.web.services import Services

pytestmark = [pytest.mark.weights, pytest.mark.photos]


def questions(client: TestClient) -> list[dict[str, Any]]:
    """What is asked."""
    answer = client.get("/api/v1/review", params={"limit": 20})
    assert answer.status_code == 200, answer.text
    return answer.json()["questions"]


@pytest.fixture
def asked(client: TestClient) -> dict[str, Any]:
    """A question: two halves of one person, whom somebody had split, may be one again."""
    people = client.get("/api/v1/people").json()["people"]
    person = max(people, key=lambda each: each["face_count"])
    found = client.get(f"/api/v1/people/{person['id']}/appearances").json()["appearances"]
    half = [each["face"]["id"] for each in found][: len(found) // 2]
    # Said of single faces, so nobody said that the halves are two people.
    client.post("/api/v1/faces/assign", json={"face_ids": half, "name": "Half"})
    asked = questions(client)
    assert asked
    return asked[0]


def test_a_question_shows_both_sides(client: TestClient, asked: dict[str, Any]) -> None:
    """A question tells who the two are, and which faces to look at."""
    assert asked["settles"] == asked["other"]["face_count"]
    assert 0 < asked["similarity"] <= 100
    for side in (asked["one"], asked["other"]):
        assert side["faces"]
        assert side["photo_count"] <= side["face_count"]
        for face in side["faces"]:
            for crop in ("crop_url", "large_crop_url"):
                assert client.get(face[crop]).status_code == 200
            assert (face["person"] and face["person"]["id"]) == (
                side["person"] and side["person"]["id"]
            )


def test_yes_makes_them_one(client: TestClient, asked: dict[str, Any]) -> None:
    """A yes makes one person of both, and taking it back asks again."""
    answer = client.post(f"/api/v1/review/{asked['id']}", json={"answer": "yes"}).json()
    assert answer["moved_faces"] == asked["settles"]
    assert asked["id"] not in {each["id"] for each in questions(client)}
    assert client.get("/api/v1/review").json()["answered"] == 1
    again = client.post("/api/v1/review/undo").json()
    assert again["question"]["id"] == asked["id"]
    assert questions(client)[0]["id"] == asked["id"]
    assert client.post("/api/v1/review/undo").json() == {"question": None}


def test_no_is_never_asked_again(client: TestClient, asked: dict[str, Any]) -> None:
    """A no is a decision, and the question is gone for every session."""
    change = client.post(f"/api/v1/review/{asked['id']}", json={"answer": "no"}).json()
    assert change["moved_faces"] == 0
    assert change["entries"]
    assert asked["id"] not in {each["id"] for each in questions(client)}


def test_a_skip_changes_nothing(client: TestClient, asked: dict[str, Any]) -> None:
    """A skip is no decision, and comes back when nothing else is left."""
    before = client.get("/api/v1/history").json()
    answer = client.post(f"/api/v1/review/{asked['id']}", json={"answer": "skip"})
    assert answer.json() == {}
    assert client.get("/api/v1/history").json() == before
    for question in questions(client):
        if question["id"] != asked["id"]:
            client.post(f"/api/v1/review/{question['id']}", json={"answer": "no"})
    assert [each["id"] for each in questions(client)] == [asked["id"]]


def test_a_session_follows_what_others_say(client: TestClient, asked: dict[str, Any]) -> None:
    """What was decided elsewhere is not asked any more."""
    ids = [asked[side]["person"]["id"] for side in ("one", "other") if asked[side]["person"]]
    if len(ids) == 2:
        client.post("/api/v1/people/different", json={"one": ids[0], "other": ids[1]})
    else:
        client.patch(f"/api/v1/people/{ids[0]}", json={"hidden": True})
    assert asked["id"] not in {each["id"] for each in questions(client)}


def test_an_answer_outlives_the_session(services: Services, asked: dict[str, Any]) -> None:
    """A question asked before the server was restarted can be answered after it."""
    restarted = replace(services, reviews=Reviews(services.library))
    with TestClient(create_app(restarted), base_url="http://localhost") as later:
        later.headers["X-Kith-CSRF"] = later.get("/api/v1/session").json()["csrf"]
        answer = later.post(f"/api/v1/review/{asked['id']}", json={"answer": "yes"})
        assert answer.json()["moved_faces"] == asked["settles"]


def test_what_is_no_question_is_refused(client: TestClient) -> None:
    """Answers to nothing, and answers that are none, are told so."""
    for id_, status in [("x", 400), ("a+b", 404), ("a+b+c", 400)]:
        answer = client.post(f"/api/v1/review/{id_}", json={"answer": "yes"})
        assert answer.status_code == status, id_
    assert client.post("/api/v1/review/a+b", json={"answer": "maybe"}).status_code == 422
