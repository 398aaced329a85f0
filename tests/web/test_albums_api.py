"""Albums over HTTP: folders, queries, and what is picked by hand."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

pytestmark = [pytest.mark.weights, pytest.mark.photos]

ALBUMS = "/api/v1/albums"


def _listed(client: TestClient, query: str) -> list[str]:
    answer = client.get("/api/v1/photos", params={"query": query}).json()
    return [photo["id"] for photo in answer["photos"]]


def _made(client: TestClient, **body: Any) -> dict[str, Any]:
    answer = client.post(ALBUMS, json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_folders_are_albums(client: TestClient) -> None:
    """Each with its name, photos, feature photo and the times between which they were taken."""
    albums = client.get(ALBUMS).json()["albums"]

    assert [album["name"] for album in albums] == ["family", "portraits"]
    family, portraits = albums
    assert (family["first_taken"], family["last_taken"]) == (None, None)
    assert portraits["first_taken"] == "2024-01-15T12:00:00"
    assert portraits["last_taken"] > portraits["first_taken"]
    for album in albums:
        listed = _listed(client, album["query"])
        assert len(listed) == album["photo_count"]
        assert album["feature"]["id"] in listed
        assert client.get(f"{ALBUMS}/{album['id']}").json() == album


def test_an_album_of_a_query_has_what_it_means(client: TestClient) -> None:
    """Its photos are those of the query, also when that is changed; its name can be changed."""
    album = _made(client, name="Groups", query="faces:>=2")
    assert _listed(client, album["query"]) == _listed(client, "faces:>=2")
    assert (album["kind"], album["rule"]) == ("query", "faces:>=2")

    changed = client.patch(f"{ALBUMS}/{album['id']}", json={"query": "faces:1", "name": "Alone"})

    assert changed.status_code == 200, changed.text
    assert _listed(client, changed.json()["query"]) == _listed(client, "faces:1")
    assert [
        one["name"] for one in client.get(ALBUMS, params={"kind": "query"}).json()["albums"]
    ] == ["Alone"]


def test_photos_are_picked_by_hand(client: TestClient) -> None:
    """They go in and out, one of them is shown for all, and a new name loses none."""
    ids = _listed(client, "")
    album = _made(client, name="Best", photo_ids=ids[:2])
    client.post(f"{ALBUMS}/{album['id']}/photos", json={"photo_ids": ids[2:4]})
    client.request("DELETE", f"{ALBUMS}/{album['id']}/photos", json={"photo_ids": ids[:1]})
    _made(client, name="Best faces", query='album:"best" faces:>=1')

    renamed = client.patch(
        f"{ALBUMS}/{album['id']}", json={"name": "Finest", "feature_photo_id": ids[3]}
    ).json()

    assert sorted(_listed(client, renamed["query"])) == sorted(ids[1:4])
    assert renamed["feature"]["id"] == ids[3]
    assert client.get(f"{ALBUMS}/{album['id']}").status_code == 404
    names = {one["name"]: one for one in client.get(ALBUMS).json()["albums"]}
    assert names["Best faces"]["problem"] is None
    assert set(_listed(client, names["Best faces"]["query"])) <= set(ids[1:4])


def test_what_cannot_be_is_refused(client: TestClient) -> None:
    """A name that is taken, a folder's photos, both kinds at once: each is a problem."""
    best = _made(client, name="Best", photo_ids=[])
    (family, _) = client.get(ALBUMS, params={"kind": "folder"}).json()["albums"]
    ids = _listed(client, "")

    def status(method: str, path: str, **body: Any) -> int:
        return client.request(method, f"{ALBUMS}{path}", json=body).status_code

    assert status("POST", "", name="best", query="faces:1") == 400
    assert status("POST", "", name="Both", query="", photo_ids=[]) == 422
    assert status("POST", "", name="/a/path", query="") == 400
    assert status("POST", f"/{family['id']}/photos", photo_ids=ids[:1]) == 400
    assert status("PATCH", f"/{family['id']}", name="Mine") == 400
    assert status("DELETE", f"/{family['id']}") == 400
    assert status("PATCH", f"/{best['id']}", feature_photo_id=ids[0]) == 400
    assert status("GET", f"/{'0' * 64}") == 404
    assert status("DELETE", f"/{best['id']}") == 204
    assert status("GET", f"/{best['id']}") == 404
