"""Photos through all that was deployed: from the bucket to people, and to those who are told.

The functions are those of the zip, with the environment and the roles that Terraform made; the
emulator enforces what the roles may do. Kith's own server is their Rekognition.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from io import BytesIO
from os import environ
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest
from browsing import chromium, visiting
from cloud_album import ALBUM, answering, visitor
from cloud_deployment import Deployment
from cloud_functions import Pump, Works, works
from cloud_visits import Account, make_account, token_of, visit_api
from lambda_runtime import Service, Unpacked, unpacked
from PIL import Image
from playwright.sync_api import expect

from kith.compose import open_library
from kith.compose.cloud import Cloud
from kith.config import Settings
from kith.domain.errors import SettingError
from kith.domain.face import Face
from kith.imaging.encode import Encoding
from kith.lambdas.package import build
from kith.pipeline.add_photo import thumbnail_key
from kith.pipeline.cloud_cost import PRICES, bill, calls_for, cost, cost_of_pairs
from kith.pipeline.findings.document import document_key, findings_schema
from kith.pipeline.serving.renditions import CROP_SIDE, face_key
from kith.ports.catalog import Catalog

pytestmark = [pytest.mark.terraform, pytest.mark.weights, pytest.mark.photos, pytest.mark.clients]

FOLDER = "photos/"
"""What keys begin with; see the example."""


@dataclass(frozen=True, slots=True)
class TakenIn:
    """A library on AWS into which all photos of an album came.

    Attributes:
        works: the functions.
        ingest: the one that took the photos in.
        pump: what brought them.
        cloud: the library.
        calls: what the functions asked of AWS for it.
        faces: that were found.
    """

    works: Works
    ingest: Service
    pump: Pump
    cloud: Cloud
    calls: Counter[str]
    faces: int


@pytest.fixture(scope="module")
def album(photos: Path) -> Mapping[str, Path]:
    """Two portraits of each of three people, and three pictures of one family, by name."""
    portraits = [
        photos / "portraits" / person / f"{mood}.jpg"
        for mood in ("neutral", "smiling")
        for person in ("001", "003", "005")
    ]
    family = sorted((photos / "family").glob("*agung*.jpg"))
    return {f"{path.parent.name} {path.name}": path for path in [*portraits, *family]}


@pytest.fixture(scope="module")
def code(tmp_path_factory: pytest.TempPathFactory) -> Unpacked:
    """The zip as it is built for this machine."""
    folder = tmp_path_factory.mktemp("zip")
    try:
        package = build("x86_64", folder / "kith.zip")
    except SettingError as error:
        pytest.skip(str(error))
    return unpacked(package, folder)


@pytest.fixture(scope="module")
def listener(deployment: Deployment) -> str:
    """The URL of a queue that hears what is told to those who wait for notices."""
    sqs, topic = deployment.client("sqs"), deployment.outputs["topic_arns"]["notices"]
    url = sqs.create_queue(QueueName="listener")["QueueUrl"]
    told = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    arn = told["Attributes"]["QueueArn"]
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    deployment.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    return url


@pytest.fixture(scope="module")
def working(
    deployment: Deployment,
    code: Unpacked,
    weights: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Generator[Works]:
    """The functions, ready to be started."""
    with works(deployment, code, weights, tmp_path_factory.mktemp("works")) as ready:
        yield ready


@pytest.fixture(scope="module")
def taken_in(working: Works, album: Mapping[str, Path], listener: str) -> Generator[TakenIn]:
    """All photos of the album, put into the bucket; the queue brought them to the function."""
    assert listener
    ingest = working.start("ingest")
    pump = working.pump(ingest)
    for name, path in album.items():
        put(working.deployment, name, path.read_bytes())
    pump.until(len(album))
    calls = working.aws.calls + working.rekognition.calls
    with working.cloud() as cloud:
        yield TakenIn(working, ingest, pump, cloud, calls, cloud.catalog.counts().faces)


@pytest.fixture(scope="module")
def local(
    album: Mapping[str, Path], weights: Path, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Catalog]:
    """What ``kith add`` makes of the same photos on one's own machine."""
    root = tmp_path_factory.mktemp("local")
    (root / "photos").mkdir()
    for name, path in album.items():
        (root / "photos" / name).write_bytes(path.read_bytes())
    settings = Settings(library=root / "library", models=weights)
    told = {"KITH_LIBRARY": str(settings.library), "KITH_MODELS": str(weights)}
    words = [sys.executable, "-c", "from kith.cli.main import main; main()", "add"]
    subprocess.run([*words, str(root / "photos")], env={**environ, **told}, check=True)
    with open_library(settings) as library:
        yield library.catalog


def put(deployment: Deployment, name: str, data: bytes, **more: Any) -> None:
    """Put something into the bucket of originals."""
    bucket = deployment.outputs["originals_bucket"]
    deployment.client("s3").put_object(Bucket=bucket, Key=f"{FOLDER}{name}", Body=data, **more)


def people_in(catalog: Catalog) -> set[frozenset[tuple[str, ...]]]:
    """Whose faces belong together: each by the name of its photo and its box, to a thousandth."""
    faces = {face.id: face for face in catalog.faces()}
    places = catalog.places_of({face.photo_id for face in faces.values()})
    names = {photo_id: Path(found[0].path).name for photo_id, found in places.items()}

    def known(face: Face) -> tuple[str, ...]:
        box = face.box
        sides = (box.left, box.top, box.width, box.height)
        return (names[face.photo_id], *(f"{side:.3f}" for side in sides))

    return {
        frozenset(known(faces[one.face_id]) for one in catalog.appearances([each.person.id]))
        for each in catalog.people()
    }


def test_photos_in_the_bucket_become_people(taken_in: TakenIn, album: Mapping[str, Path]) -> None:
    """What was put into the bucket is in the catalog, once, and the queue is empty."""
    counts = taken_in.cloud.catalog.counts()

    assert len(taken_in.pump.bodies) == len(album)
    assert (counts.photos, counts.places, counts.problems) == (len(album), len(album), 0)
    assert counts.faces > len(album)
    assert counts.people >= 5  # three who sat for portraits, and the family


def test_the_same_photos_give_the_same_people(taken_in: TakenIn, local: Catalog) -> None:
    """As on one's own machine: the same faces in the same places belong together."""
    assert people_in(taken_in.cloud.catalog) == people_in(local)


def test_everything_made_of_photos_is_in_its_bucket(taken_in: TakenIn) -> None:
    """A thumbnail and a document that holds to the schema of each photo, a crop of each face."""
    catalog, storage = taken_in.cloud.catalog, taken_in.cloud.storage
    ids, faces = [photo.id for photo in catalog.photos()], [*catalog.faces()]

    made = {entry.key for entry in storage.list()}

    assert made >= {
        *map(thumbnail_key, ids),
        *map(document_key, ids),
        *(face_key(face.id, CROP_SIDE, Encoding.JPEG) for face in faces),
    }
    documents = [json.loads(storage.read(document_key(photo_id))) for photo_id in ids]
    for document in documents:
        jsonschema.validate(document, findings_schema())
    assert sum(len(document["faces"]) for document in documents) == len(faces)


def test_who_appears_is_told(taken_in: TakenIn, album: Mapping[str, Path], listener: str) -> None:
    """The topic's subscribers hear of every photo that shows somebody, once."""
    notices = taken_in.works.start("notices")

    first, again = notices.call({}), notices.call({})

    assert (first["waiting"], first["dead"]) == (0, 0)
    assert first["sent"] >= 1
    assert again == {"sent": 0, "waiting": 0, "dead": 0}
    said = "".join(received(taken_in.works.deployment, listener))
    assert [name for name in album if name not in said] == []


def received(deployment: Deployment, url: str) -> list[str]:
    """What a queue has, each message once."""
    sqs = deployment.client("sqs")
    found: list[str] = []
    while taken := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for each in taken:
            found.append(each["Body"])
            sqs.delete_message(QueueUrl=url, ReceiptHandle=each["ReceiptHandle"])
    return found


def test_events_may_come_twice_and_in_any_order(taken_in: TakenIn) -> None:
    """All that was announced is announced again, the last first, some twice: nothing changes."""
    catalog, pump = taken_in.cloud.catalog, taken_in.pump
    before, edition = people_in(catalog), catalog.edition()
    sqs = taken_in.works.deployment.client("sqs")
    url = taken_in.works.deployment.outputs["queue_urls"]["photos"]
    bodies = [*reversed(pump.bodies), *pump.bodies[:3]]

    for body in bodies:
        sqs.send_message(QueueUrl=url, MessageBody=body)
    pump.until(len(bodies))

    assert (people_in(catalog), catalog.edition()) == (before, edition)


def test_what_cannot_be_done_is_dead_alone_and_says_why(
    taken_in: TakenIn, album: Mapping[str, Path]
) -> None:
    """A photo that cannot be read ends with the failed, after the tries that its queue gives it.

    Its reason stands in the log, by the number of its message. What is no picture is not dead, but
    a row in the report; photos beside them are taken in.
    """
    works, pump, catalog = taken_in.works, taken_in.pump, taken_in.cloud.catalog
    own = {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": b"a key of somebody's own, 256 bit"}
    before, photo = catalog.counts(), next(iter(album.values())).read_bytes()

    put(works.deployment, "locked.jpg", photo, **own)
    put(works.deployment, "broken.jpg", b"\xff\xd8\xff\xe0 this is no picture")
    put(works.deployment, "again.jpg", photo + b"\0")
    pump.until(3)

    sqs, queues = works.deployment.client("sqs"), works.deployment.outputs["queue_urls"]
    (dead,) = works.deployment.eventually(
        lambda: sqs.receive_message(QueueUrl=queues["failed"]).get("Messages")
    )
    assert json.loads(dead["Body"])["detail"]["object"]["key"] == f"{FOLDER}locked.jpg"
    said = [line for line in taken_in.ingest.lines() if line.get("message") == "failed"]
    assert {line["message_id"] for line in said} == {dead["MessageId"]}
    assert len(said) == 5  # the tries that Terraform gave the queue
    assert "locked.jpg" in said[0]["exception"]
    after = catalog.counts()
    assert (after.photos, after.problems) == (before.photos + 1, 1)
    (problem,) = catalog.problems()
    assert Path(problem.place.path).name == "broken.jpg"


@pytest.fixture(scope="module")
def served(taken_in: TakenIn) -> Generator[Service]:
    """The function of the API, behind what was deployed before it."""
    with answering(taken_in.works, "api") as service:
        yield service


@pytest.fixture(scope="module")
def owner(deployment: Deployment) -> Account:
    """Who may do everything."""
    return make_account(deployment, "ana@example.org", "owner")


def test_the_api_answers_and_pictures_come_from_the_bucket(
    taken_in: TakenIn, served: Service, owner: Account
) -> None:
    """To whoever has a token: people and photos, and addresses under which S3 hands out pixels."""
    assert served
    deployment, catalog = taken_in.works.deployment, taken_in.cloud.catalog
    token = token_of(deployment, owner)

    def ask(path: str, **more: Any) -> Any:
        answer = visit_api(deployment, f"/api/v1/{path}", token=token, **more)
        assert answer.status == 200, answer.body
        return json.loads(answer.body)

    assert visit_api(deployment, "/api/v1/people").status == 401
    people, photos = ask("people")["people"], ask("photos")["photos"]
    assert {each["id"] for each in people} == {each.person.id for each in catalog.people()}
    assert {each["id"] for each in photos} == {photo.id for photo in catalog.photos()}
    for address in (people[0]["cover_url"], photos[0]["urls"]["small"]):
        got = httpx.get(address, trust_env=False)
        with Image.open(BytesIO(got.content)) as picture:
            assert (picture.format, got.headers["content-type"]) == ("JPEG", "image/jpeg")
        assert httpx.get(address[:-8] + "00000000", trust_env=False).status_code == 403
    ask(f"people/{people[0]['id']}", patch={"name": "Ana"})
    assert catalog.person(people[0]["id"]).name == "Ana"


@pytest.mark.browser
def test_the_album_shows_it(taken_in: TakenIn, served: Service, owner: Account) -> None:
    """Whoever logs in at the pool's own page sees people and photos, at the album's name."""
    assert served
    counts = taken_in.cloud.catalog.counts()
    with (
        chromium() as browser,
        visitor(browser, taken_in.works) as context,
        visiting(context, ALBUM) as visit,
    ):
        page = visit.page
        page.goto(f"{ALBUM}/people")
        page.locator("[name=username]").fill(owner.name)
        page.locator("[name=password]").fill(owner.password)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"{ALBUM}/people")
        visit.settle()
        visit.picture("aws-people", "light")
        expect(page.locator("kith-person-card")).to_have_count(counts.people)
        visit.go("/")
        visit.picture("aws-photos", "light")
        expect(page.locator(".tile[data-shown]")).to_have_count(counts.photos)
        visit.forgive("401")  # by which the page learns that a login is needed
        visit.forgive("asked another host: https://[^/]*[.]amazoncognito[.]com/")
        visit.forgive("asked another host: https://[^/]*[.]s3[.]")


def test_what_it_costs(
    taken_in: TakenIn, album: Mapping[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """What was asked of AWS is what is estimated, and costs far less than comparing every pair."""
    thousand, faces = 1_000, taken_in.faces / len(album)
    estimated = calls_for(thousand, faces, findings=True)
    counted = {what: count * thousand / len(album) for what, count in taken_in.calls.items()}
    counted["S3.PutObject"] += thousand  # the photos themselves
    together = {**estimated, **counted}

    pairs = cost_of_pairs(thousand)
    lines = [f"1,000 photos with {faces:.1f} faces each: {cost(together):.2f} dollars"]
    lines += [f"  {one.dollars:8.4f}  {one.count:8,.0f}  {one.what}" for one in bill(together)]
    lines += [f"comparing every pair of them by CompareFaces: {pairs:.2f} dollars"]
    with capsys.disabled():
        print("", *lines, sep="\n")  # noqa: T201 - for whoever looks at the run

    for what in PRICES.keys() & counted.keys():
        assert counted[what] == pytest.approx(estimated[what], rel=0.25), what
    assert cost(together) < pairs / 50
