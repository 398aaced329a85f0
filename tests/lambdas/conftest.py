"""A library on AWS as Terraform would make it: emulated, with Kith's own server for Rekognition."""

from __future__ import annotations

import io
import itertools
import json
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from emulators import Endpoint
from http_api import HttpApi
from PIL import Image
from rekognition_process import nursery

from kith.adapters.catalog.dynamo.schema import table_definition
from kith.adapters.queue.sqs import message_of
from kith.compose.cloud import Cloud
from kith.domain.errors import SettingError
from kith.domain.photo import Place
from kith.lambdas import api, container, ingest
from kith.lambdas.package import ARCHITECTURES, Package, build

_LONG_SIDE = 320
"""Pixels. Small photos are quick."""

_PEOPLE = ("001", "003", "005")
_MOODS = ("neutral", "smiling")

_LONGEST = 3600
"""Seconds that the server may live, which serves all these tests and ends with the whole run."""

_numbers = itertools.count()


@dataclass(frozen=True, slots=True)
class Context:
    """What Lambda tells a function of the call."""

    function_name: str = "ingest"
    function_version: str = "$LATEST"
    invoked_function_arn: str = "arn:aws:lambda:eu-west-1:123456789012:function:ingest"
    memory_limit_in_mb: int = 1536
    aws_request_id: str = "52fdfc07-2182-454f-963f-5f0f9a621d72"
    left_ms: int = 120_000

    def get_remaining_time_in_millis(self) -> int:
        """How much time the call has."""
        return self.left_ms


@dataclass(frozen=True, slots=True)
class Station:
    """A library on AWS, empty at first.

    Attributes:
        environment: of its functions.
        s3: a client of the emulator.
        sqs: another one.
        sns: another one.
        stack: closes what was opened.
    """

    environment: Mapping[str, str]
    s3: Any
    sqs: Any
    sns: Any
    stack: ExitStack

    @property
    def originals(self) -> str:
        """The bucket of photos."""
        return self.environment["KITH_ORIGINALS_BUCKET"]

    def cloud(self, heard: Callable[[str, int], None] = lambda _operation, _again: None) -> Cloud:
        """The parts of the library, as another container would have them."""
        cloud = Cloud(self.environment, heard)
        self.stack.callback(cloud.close)
        return cloud

    def put(self, key: str, data: bytes) -> dict[str, str]:
        """Put a photo into the bucket; answers the message that the queue then gets."""
        self.s3.put_object(Bucket=self.originals, Key=key, Body=data)
        return as_message(message_of(Place(f"s3://{self.originals}/{key}", len(data), 1)))

    def take_in(self, key: str) -> None:
        """Have what lies in the bucket under a key taken in."""
        place = Place(f"s3://{self.originals}/{key}", 1, 1)
        messages = [as_message(message_of(place))]
        assert ingest.take_in(self.cloud(), messages) == {"batchItemFailures": []}

    def fill(self, pictures: Mapping[str, bytes]) -> None:
        """Put photos into the bucket, by key, and have them taken in."""
        messages = [self.put(key, data) for key, data in pictures.items()]
        assert ingest.take_in(self.cloud(), messages) == {"batchItemFailures": []}

    def queue(self) -> str:
        """A new queue; answers its URL."""
        return self.sqs.create_queue(QueueName=f"{self.originals}-queue")["QueueUrl"]

    def subscribed(self) -> tuple[str, str]:
        """The URL of a queue that gets what is told to a new topic, and the topic's ARN."""
        url, topic = self.queue(), self.sns.create_topic(Name=self.originals)["TopicArn"]
        told = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        self.sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=told["Attributes"]["QueueArn"])
        return url, topic

    def received(self, url: str) -> list[dict[str, str]]:
        """All messages of a queue, as Lambda hands them over."""
        found: list[dict[str, str]] = []
        while taken := self.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get(
            "Messages"
        ):
            found += [as_message(each["Body"]) for each in taken]
        return found

    def derived(self) -> set[str]:
        """The keys of all objects that Kith made."""
        return {one.key for one in self.cloud().storage.list()}


def as_message(body: str) -> dict[str, str]:
    """A message as Lambda hands it over."""
    return {"messageId": f"message-{next(_numbers)}", "body": body, "eventSource": "aws:sqs"}


@pytest.fixture(scope="session")
def recognizing(
    weights: Path, tmp_path_factory: pytest.TempPathFactory
) -> Generator[tuple[str, Any]]:
    """Kith's server for Rekognition: its address, and a client."""
    folder = tmp_path_factory.mktemp("rekognition")
    with (
        nursery(folder / "library", weights, folder, _LONGEST) as started,
        started.server() as server,
    ):
        client = server.client()
        yield server.address, client
        client.close()


@pytest.fixture
def station(
    recognizing: tuple[str, Any], request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Generator[Station]:
    """An empty library on AWS, and the environment of this process is that of its functions.

    The emulator is moto, unless a test is parametrized by it.
    """
    emulator: Endpoint = request.getfixturevalue(f"{getattr(request, 'param', 'moto')}_endpoint")
    with open_station(recognizing, emulator, monkeypatch) as opened:
        yield opened


@contextmanager
def open_station(
    recognizing: tuple[str, Any], emulator: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> Generator[Station]:
    """An empty library on AWS, as long as the block lasts; see ``station``."""
    address, rekognition = recognizing
    name = f"kith-{next(_numbers)}"
    environment = {
        **emulator.environment(),
        "AWS_ENDPOINT_URL_REKOGNITION": address,
        "KITH_TABLE": name,
        "KITH_COLLECTION": name,
        "KITH_ORIGINALS_BUCKET": f"{name}-originals",
        "KITH_DERIVED_BUCKET": f"{name}-derived",
        "KITH_LABELS": "on",
        "KITH_TEXT": "off",  # to read a photo takes a second
        "POWERTOOLS_SERVICE_NAME": "kith",
        "POWERTOOLS_METRICS_NAMESPACE": "kith",
    }
    with ExitStack() as stack:
        for variable, value in environment.items():
            monkeypatch.setenv(variable, value)
        s3, dynamodb, sqs, sns = (
            _closed_by(stack, emulator.client(service))
            for service in ("s3", "dynamodb", "sqs", "sns")
        )
        where = {"LocationConstraint": environment["AWS_REGION"]}
        for kind in ("originals", "derived"):
            s3.create_bucket(Bucket=f"{name}-{kind}", CreateBucketConfiguration=where)
        dynamodb.create_table(**table_definition(name))
        rekognition.create_collection(CollectionId=name)
        yield Station(environment, s3, sqs, sns, stack)
        api.application.cache_clear()
        if container.cloud.cache_info().currsize:
            container.cloud().close()
            container.cloud.cache_clear()


@pytest.fixture(scope="module")
def filled(
    recognizing: tuple[str, Any], moto_endpoint: Endpoint, pictures: Mapping[str, bytes]
) -> Generator[Station]:
    """A library with two photos each of three people; who changes it takes that back."""
    with (
        pytest.MonkeyPatch.context() as monkeypatch,
        open_station(recognizing, moto_endpoint, monkeypatch) as opened,
    ):
        opened.fill(pictures)
        yield opened


@pytest.fixture
def event() -> Mapping[str, Any]:
    """A request of somebody who is logged in, in payload format 2.0."""
    return json.loads((Path(__file__).parent / "events" / "http_api.json").read_text("utf-8"))


@pytest.fixture
def album(filled: Station, event: Mapping[str, Any], context: Context) -> HttpApi:
    """The owner of that library."""
    assert filled.originals
    return HttpApi(api.handler, event, context)


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Package]:
    """A zip for each processor; slow, for it is all that the functions need, and compiled."""
    folder = tmp_path_factory.mktemp("packages")
    try:
        return {kind: build(kind, folder / f"{kind}.zip") for kind in ARCHITECTURES}
    except SettingError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def pictures(photos: Path) -> Mapping[str, bytes]:
    """Two small photos of each of three people, by key, in the order of arrival."""
    return {
        f"2024/{person} {mood}.jpg": _small(photos / "portraits" / person / f"{mood}.jpg")
        for mood in _MOODS
        for person in _PEOPLE
    }


@pytest.fixture(scope="session")
def anna_anew(photos: Path) -> Callable[[], Iterator[bytes]]:
    """Ever other photos of one person."""

    def photographed() -> Iterator[bytes]:
        for number in itertools.count():
            yield _small(photos / "portraits" / "001" / "neutral.jpg", str(number).encode())

    return photographed


@pytest.fixture
def said(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    """What the functions said to their log since this was asked last."""

    def messages() -> list[str]:
        found = [record.getMessage() for record in caplog.records if record.name == "kith"]
        caplog.clear()
        return found

    return messages


@pytest.fixture
def context() -> Context:
    """Of a call."""
    return Context()


def _closed_by(stack: ExitStack, client: Any) -> Any:
    stack.callback(client.close)
    return client


def _small(path: Path, comment: bytes = b"") -> bytes:
    with Image.open(path) as image:
        image.thumbnail((_LONG_SIDE, _LONG_SIDE))
        file = io.BytesIO()
        image.convert("RGB").save(file, "JPEG", quality=90, comment=comment)
        return file.getvalue()
