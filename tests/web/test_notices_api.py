"""Rules and notices over the API: made, listed, tried, sent again; secrets are never shown."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from catalog_records import NOTHING, a_record
from fastapi.testclient import TestClient
from receivers import Receiver, web_receiver

from kith.compose.web import open_services
from kith.config import Settings
from kith.domain.person import Appearance, PeopleChange, Person, PersonId
from kith.pipeline.notices.channels import NotifySettings, read_notify
from kith.pipeline.serving.services import Services
from kith.web.app import create_app

API = "/api/v1/notices"
ANA = Person(PersonId("10000000-0000-4000-8000-000000000001"), "Ana")
IDLE = 1e8
"""Seconds until the server looks whether something is due: what is sent here, the test sends."""


@pytest.fixture
def receiver() -> Generator[Receiver]:
    """Who is told."""
    with web_receiver() as receiver:
        yield receiver


@pytest.fixture
def services(receiver: Receiver, tmp_path: Path) -> Generator[Services]:
    """A library with a person, served; it needs no models."""
    library = tmp_path / "library"
    with open_services(Settings(library=library, notify=_notify(receiver))) as services:
        record = a_record("before", faces=1)
        seen = Appearance(record.faces[0].id, ANA.id, 95)
        change = PeopleChange(people=(ANA,), appearances=(seen,))
        services.catalog.store([record], (), change, services.catalog.edition())
        yield services


def _notify(receiver: Receiver) -> NotifySettings:
    hook = {"kind": "webhook", "url": f"{receiver.url}/T0K3N", "secret": "s3same"}
    return read_notify(
        {
            "poll_seconds": IDLE,
            "channel": {"hook": hook, "mute": {"kind": "webhook", "url": receiver.url}},
            "rule": [{"name": "Fixed", "label": "Dog", "digest": "day", "channels": ["hook"]}],
        },
        {},
    )


@pytest.fixture
def client(services: Services) -> Generator[TestClient]:
    """The owner at the machine itself."""
    with TestClient(create_app(services), base_url="http://localhost") as asking:
        asking.headers["X-Kith-CSRF"] = asking.get("/api/v1/session").json()["csrf"]
        yield asking


def test_a_rule_is_made_listed_and_removed(client: TestClient) -> None:
    """By name, kept by id; a name is taken once; the settings' rules stand beside it."""
    rule = {"name": "Ana at night", "people": ["ana"], "at_least": 90, "channels": ["hook"]}

    made = client.post(f"{API}/rules", json=rule | {"quiet": "22:00-07:00"})
    listed = client.get(f"{API}/rules").json()

    assert made.status_code == 201, made.text
    assert [one["name"] for one in listed["rules"]] == ["Ana at night", "Fixed"]
    assert listed["rules"][0] == made.json()
    assert made.json()["people"] == [{"word": ANA.id, "person_id": ANA.id, "name": "Ana"}]
    assert made.json()["tells"] == "Ana, from 90 %"
    assert made.json()["through"] == "hook, quiet 22:00-07:00"
    assert listed["rules"][1]["configured"]
    assert listed["channels"] == [
        {"name": "hook", "kind": "webhook", "usable": True},
        {"name": "mute", "kind": "webhook", "usable": False},
    ]
    assert client.post(f"{API}/rules", json=rule).status_code == 400
    for expected in (204, 404):
        assert client.delete(f"{API}/rules/{made.json()['id']}").status_code == expected
    assert client.delete(f"{API}/rules/{listed['rules'][1]['id']}").status_code == 400


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"people": ["Zoë"]}, 404),
        ({"channels": ["pigeon"]}, 400),
        ({"faces": "any"}, 400),
        ({"quiet": "late"}, 400),
        ({"people": []}, 422),
        ({"at_least": 101}, 422),
        ({"people": None}, 400),
    ],
)
def test_a_wrong_rule_is_a_problem(client: TestClient, change: Any, status: int) -> None:
    """It says what is wrong, and nothing is kept."""
    rule = {"name": "R", "people": ["Ana"], "channels": ["hook"]} | change

    answer = client.post(f"{API}/rules", json=rule)

    assert answer.status_code == status, answer.text
    assert answer.json()["detail"]
    assert len(client.get(f"{API}/rules").json()["rules"]) == 1


def test_a_channel_is_tried(client: TestClient, receiver: Receiver) -> None:
    """With what the receiver says; nothing of its address but the host."""
    tried = client.post(f"{API}/channels/hook/test")
    receiver.answers.append((500, {}))
    failed = client.post(f"{API}/channels/hook/test")

    assert tried.status_code == 200
    assert tried.json() == {"answer": "http://127.0.0.1 answered 200 understood"}
    assert failed.status_code == 502
    assert failed.json()["type"] == "urn:kith:delivery"
    assert client.post(f"{API}/channels/mute/test").status_code == 400
    assert client.post(f"{API}/channels/pigeon/test").status_code == 400


def test_notices_are_listed_and_the_dead_sent_again(
    client: TestClient, services: Services, receiver: Receiver
) -> None:
    """A rule that was made tells of the next photo; what failed for good is told again by hand."""
    client.post(f"{API}/rules", json={"name": "All", "faces": "any", "channels": ["hook"]})
    record = a_record("after", faces=1)
    catalog, notices = services.catalog, services.notices
    told = notices.announcer.of_faces(catalog, [record], NOTHING)
    catalog.store([record], (), NOTHING, catalog.edition(), notices=told)
    receiver.answers.append((410, {}))
    notices.courier.deliver()

    listed = client.get(API).json()
    (notice,) = listed["notices"]
    assert (notice["rule"], notice["state"], notice["attempts"]) == ("All", "dead", 1)
    assert notice["error"] == "http://127.0.0.1 answered 410 not now"
    assert listed["counts"] == {"dead": 1}
    for expected in (204, 404):
        assert client.post(f"{API}/{notice['id']}/again").status_code == expected
    notices.courier.deliver()

    assert client.get(API, params={"state": "sent"}).json()["notices"][0]["id"] == notice["id"]
    older = client.get(API, params={"before": notice["cursor"]})
    assert older.json()["notices"] == []
    assert receiver.posts[-1].headers["Kith-Notice-Id"] == notice["id"]


def test_no_answer_shows_what_opens_a_channel(client: TestClient) -> None:
    """Neither the address nor the secret."""
    for path in ("", "/rules"):
        text = client.get(f"{API}{path}").text
        assert "T0K3N" not in text
        assert "s3same" not in text
