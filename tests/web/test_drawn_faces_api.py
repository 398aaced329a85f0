"""Faces that somebody draws in the album, where the machine missed them."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from kith.compose import open_library
from kith.config import Settings
from kith.domain.photo import PhotoId
from kith.pipeline.forget import forget_photos
from kith.web.services import Services

pytestmark = [pytest.mark.weights, pytest.mark.photos]

Json = dict[str, Any]
CORNER = {"left": 0.02, "top": 0.03, "width": 0.11, "height": 0.17}


@pytest.fixture
def photo(services: Services) -> PhotoId:
    """A photo with one face in its middle."""
    faces = list(services.catalog.faces())
    counts = {face.photo_id: 0 for face in faces}
    for face in faces:
        counts[face.photo_id] += 1
    return next(photo_id for photo_id, count in counts.items() if count == 1)


def draw(client: TestClient, photo: PhotoId, box: Json = CORNER, **who: Any) -> Json:
    """Draw a face."""
    answer = client.post(f"/api/v1/photos/{photo}/faces", json={"box": box} | who)
    assert answer.status_code == 200, answer.text
    return answer.json()


def people_of(client: TestClient) -> dict[str, int]:
    """The named people, and in how many photos each is."""
    named = client.get("/api/v1/people", params={"named": "named"}).json()["people"]
    return {person["name"]: person["photo_count"] for person in named}


def test_a_drawn_face_is_named_and_undone_as_one(
    client: TestClient, services: Services, photo: PhotoId
) -> None:
    """A face is drawn and named at once, in one change, and undoing that takes both away."""
    drawn = draw(client, photo, name="Ana")
    assert drawn["face"]["box"] == pytest.approx(CORNER)
    assert (drawn["face"]["person"]["name"], drawn["face"]["confirmed"]) == ("Ana", True)
    assert len(drawn["change"]["entries"]) == 3
    assert people_of(client) == {"Ana": 1}
    assert client.get(drawn["face"]["crop_url"]).status_code == 200
    similar = client.get(f"/api/v1/faces/{drawn['face']['id']}/similar")
    assert similar.status_code == 200
    counted = services.catalog.counts()
    client.post("/api/v1/undo", json={"entries": drawn["change"]["entries"]})
    assert people_of(client) == {}
    assert services.catalog.counts().people == counted.people - 1
    face = client.get(f"/api/v1/faces/{drawn['face']['id']}").json()
    assert (face["person"], face["standing"]) == (None, "not a face")


def test_a_face_drawn_again_is_the_same(client: TestClient, photo: PhotoId) -> None:
    """Drawn again where it was taken back, the face comes back; where it is, nothing changes."""
    first = draw(client, photo)
    client.post("/api/v1/undo", json={"entries": first["change"]["entries"]})
    again = draw(client, photo, {**CORNER, "left": 0.025})
    assert again["face"]["id"] == first["face"]["id"]
    assert again["face"]["standing"] is None
    assert draw(client, photo)["change"] is None


def test_a_face_drawn_over_one_that_is_there_is_that_one(
    client: TestClient, services: Services, photo: PhotoId
) -> None:
    """Where the machine found a face, a drawn one is it: also if it was said to be none."""
    (found,) = [face for face in services.catalog.faces() if face.photo_id == photo]
    box = found.box
    over = {"left": box.left + 0.01, "top": box.top, "width": box.width, "height": box.height}
    drawn = draw(client, photo, over)
    assert (drawn["face"]["id"], drawn["change"]) == (found.id, None)
    client.post("/api/v1/faces/not-a-face", json={"face_ids": [found.id]})
    drawn = draw(client, photo, over)
    assert (drawn["face"]["id"], drawn["face"]["standing"]) == (found.id, None)
    client.post("/api/v1/undo", json={"entries": drawn["change"]["entries"]})
    assert client.get(f"/api/v1/faces/{found.id}").json()["standing"] == "not a face"


def test_a_drawn_face_outlives_its_photo(
    client: TestClient, services: Services, settings: Settings, photo: PhotoId
) -> None:
    """Forgotten and added again, the photo has the face that was drawn in it, with its name."""
    drawn = draw(client, photo, name="Ana")
    (place,) = services.catalog.places_of([photo])[photo]
    with open_library(settings, writing=True) as library:
        forget_photos(library, [photo])
    assert people_of(client) == {}
    job = client.post("/api/v1/jobs", json={"kind": "add", "path": place.path}).json()
    services.workshop.jobs.wait(job["id"], 60)
    assert people_of(client) == {"Ana": 1}
    assert client.get(f"/api/v1/faces/{drawn['face']['id']}").json()["person"]["name"] == "Ana"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"box": {**CORNER, "left": -0.1}}, 422),
        ({"box": {**CORNER, "left": 0.95}}, 400),
        ({"box": {**CORNER, "width": 0.001}}, 400),
        ({"box": {**CORNER, "width": 0}}, 422),
        ({"box": {"left": 0.1}}, 422),
        ({"box": CORNER, "name": ""}, 422),
        ({"box": CORNER, "person_id": "nobody"}, 404),
        ({"box": CORNER, "person_id": "nobody", "name": "Ana"}, 400),
    ],
)
def test_what_cannot_be_drawn_is_refused(
    client: TestClient, photo: PhotoId, body: Json, status: int
) -> None:
    """A box that makes no sense, or nobody's, changes nothing."""
    assert client.post(f"/api/v1/photos/{photo}/faces", json=body).status_code == status
    assert client.get("/api/v1/history").json()["entries"] == []
    assert client.post("/api/v1/photos/none/faces", json={"box": CORNER}).status_code == 404
