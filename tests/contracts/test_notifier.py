"""Every adapter carries messages as the port promises: through real servers on this machine."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from emulators import Endpoint
from messages import MESSAGE, NAME, TEST, a_notice, mailing, read_mail
from receivers import (
    Certificate,
    Receiver,
    web_receiver,
)

from kith.adapters.notifier.log import LogNotifier
from kith.adapters.notifier.memory import MemoryNotifier
from kith.adapters.notifier.smtp import Security
from kith.adapters.notifier.sns import SnsNotifier
from kith.adapters.notifier.webhook import WebhookNotifier
from kith.domain.errors import DeliveryError, DeliveryRefusedError
from kith.domain.message import message_document
from kith.ports.notifier import Notifier

SECRET = "sesame-0123456789"


@dataclass(frozen=True)
class Post:
    """A notifier, and what has arrived by it.

    Attributes:
        notifier: carries.
        arrived: what the receiver has: the id of each message and all text of it, in order.
    """

    notifier: Notifier
    arrived: Callable[[], list[tuple[str, str]]]


@pytest.fixture(params=["memory", "log", "webhook", "starttls", "tls", "plain"])
def post(
    request: pytest.FixtureRequest, certificate: Certificate, tmp_path: Path
) -> Generator[Post]:
    """Every adapter that needs nothing but this machine, with its receiver."""
    match request.param:
        case "memory":
            yield _by_memory()
        case "log":
            yield _by_log(tmp_path / "notices.jsonl")
        case "webhook":
            with web_receiver() as receiver:
                yield _by_webhook(receiver)
        case _:
            with mailing(Security(request.param), certificate) as (notifier, mailbox):
                yield Post(notifier, lambda: [read_mail(one) for one in mailbox.mails])


def _by_memory() -> Post:
    notifier = MemoryNotifier()
    return Post(
        notifier, lambda: [(one.id, _text(message_document(one))) for one in notifier.messages]
    )


def _by_log(file: Path) -> Post:
    def arrived() -> list[tuple[str, str]]:
        lines = file.read_text("ascii").splitlines() if file.exists() else []
        documents = [json.loads(line) for line in lines]
        return [(one["id"], _text(one)) for one in documents]

    return Post(LogNotifier(file), arrived)


def _by_webhook(receiver: Receiver) -> Post:
    def arrived() -> list[tuple[str, str]]:
        return [(one.headers["Kith-Notice-Id"], _text(one.document)) for one in receiver.posts]

    return Post(WebhookNotifier(f"{receiver.url}/hook?key=open-up", SECRET), arrived)


def _text(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False)


# -- all of them -----------------------------------------------------------------------------------


def test_a_message_arrives_with_its_id_and_its_words(post: Post) -> None:
    """Names in any script, as they are written, and markup as text."""
    answer = post.notifier.send(MESSAGE)

    ((message_id, text),) = post.arrived()
    assert message_id == MESSAGE.id
    assert NAME in text
    assert "café.jpg" in text
    assert answer
    assert answer.isprintable()


def test_the_same_message_sent_again_has_the_same_id(post: Post) -> None:
    """So that who gets it twice can tell."""
    post.notifier.send(MESSAGE)
    post.notifier.send(TEST)
    post.notifier.send(MESSAGE)

    assert [one for one, _ in post.arrived()] == [MESSAGE.id, TEST.id, MESSAGE.id]


def test_many_notices_are_one_message(post: Post) -> None:
    """However many, it arrives as one."""
    many = replace(MESSAGE, notices=tuple(a_notice(number, 2) for number in range(200)))

    post.notifier.send(many)

    assert len(post.arrived()) == 1


# -- webhook ---------------------------------------------------------------------------------------


def test_posts_are_signed_so_that_the_receiver_can_tell() -> None:
    """HMAC-SHA-256 over the moment and the body, with the secret that both know."""
    with web_receiver() as receiver:
        WebhookNotifier(receiver.url, SECRET, clock=lambda: 1_700_000_000.9).send(MESSAGE)

    (post,) = receiver.posts
    moment, _, digest = post.headers["Kith-Signature"].partition(",")
    body = f"{moment.removeprefix('t=')}.".encode() + post.body
    assert moment == "t=1700000000"
    assert digest == "v1=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    assert post.headers["Content-Type"] == "application/json"
    assert post.document == json.loads(json.dumps(message_document(MESSAGE)))


@pytest.mark.parametrize("status", [301, 307, 400, 404, 429, 500, 503])
def test_what_may_be_mended_is_tried_again(status: int) -> None:
    """A redirect is not followed: what is signed for one is not for another."""
    with web_receiver() as receiver:
        receiver.answers.append((status, {"Location": f"{receiver.url}/elsewhere"}))

        with pytest.raises(DeliveryError) as caught:
            WebhookNotifier(f"{receiver.url}/hook", SECRET).send(MESSAGE)

    assert not isinstance(caught.value, DeliveryRefusedError)
    assert caught.value.reached
    assert str(status) in caught.value.message
    assert [post.path for post in receiver.posts] == ["/hook"]


@pytest.mark.parametrize("status", [410, 413])
def test_who_is_gone_is_not_asked_again(status: int) -> None:
    """410 Gone: the receiver wants no more; 413: it can never have this."""
    with web_receiver() as receiver:
        receiver.answers.append((status, {}))

        with pytest.raises(DeliveryRefusedError):
            WebhookNotifier(receiver.url, SECRET).send(MESSAGE)


@pytest.mark.parametrize(
    ("after", "seconds"),
    [
        ("120", 120.0),
        ("Tue, 14 Nov 2023 22:15:20 GMT", 120.0),
        ("Tue, 14 Nov 2023 22:00:00 GMT", 0.0),
        ("soon", None),
        ("", None),
    ],
)
def test_a_receiver_says_when_to_come_again(after: str, seconds: float | None) -> None:
    """``Retry-After`` in seconds, or as a date."""
    with web_receiver() as receiver:
        receiver.answers.append((429, {"Retry-After": after}))

        with pytest.raises(DeliveryError) as caught:
            WebhookNotifier(receiver.url, SECRET, clock=lambda: 1_700_000_000.0).send(MESSAGE)

    assert caught.value.retry_after == seconds


def test_nothing_that_opens_anything_is_told() -> None:
    """Neither an answer nor an error names more of a URL than its host."""
    with web_receiver() as receiver:
        address = receiver.url.replace("//", "//ana:pass-w0rd@")
        notifier = WebhookNotifier(f"{address}/T0K3N?key=open-up", SECRET)
        told = [notifier.send(MESSAGE)]
        receiver.answers.append((500, {}))
        with pytest.raises(DeliveryError) as failed:
            notifier.send(MESSAGE)
    with pytest.raises(DeliveryError) as unreached:
        notifier.send(MESSAGE)

    told += [str(failed.value), str(unreached.value)]
    assert not unreached.value.reached
    for text in told:
        assert not re.search("T0K3N|open-up|pass-w0rd|sesame", text)


def test_a_receiver_that_says_nothing_is_given_up() -> None:
    """Nor one that says a little at a time for ever: the time is for the whole request."""

    def drip(handler: Any) -> None:
        try:
            handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
            while True:
                handler.wfile.write(b"X: y\r\n")
                handler.wfile.flush()
                handler.connection.settimeout(0.02)
                try:
                    if not handler.connection.recv(1):
                        return
                except TimeoutError:
                    continue
        except OSError:
            return

    with web_receiver(drip) as receiver, pytest.raises(DeliveryError) as caught:
        WebhookNotifier(receiver.url, SECRET, timeout_seconds=0.3).send(MESSAGE)

    assert not caught.value.reached


# -- log -------------------------------------------------------------------------------------------


def test_a_log_is_for_its_owners_eyes(tmp_path: Path) -> None:
    """Names stand in it; a folder that is not there is said without a traceback."""
    file = tmp_path / "notices.jsonl"

    LogNotifier(file).send(MESSAGE)

    assert file.stat().st_mode & 0o077 == 0
    with pytest.raises(DeliveryError, match="cannot be written"):
        LogNotifier(tmp_path / "absent" / "notices.jsonl").send(MESSAGE)


# -- SNS -------------------------------------------------------------------------------------------
# MiniStack loses messages of the structure "json", so moto alone is the judge.


@contextmanager
def _clients(cloud: Endpoint) -> Generator[tuple[Any, Any]]:
    sns, sqs = cloud.client("sns"), cloud.client("sqs")
    try:
        yield sns, sqs
    finally:
        sns.close()
        sqs.close()


@pytest.mark.emulators
def test_a_topic_hands_programs_the_document(moto_endpoint: Endpoint) -> None:
    """A queue that listens gets the JSON, and the id beside it."""
    with _clients(moto_endpoint) as (sns, sqs):
        topic = sns.create_topic(Name="notices")["TopicArn"]
        queue = sqs.create_queue(QueueName="notices")["QueueUrl"]
        wanted = {"QueueUrl": queue, "AttributeNames": ["QueueArn"]}
        arn = sqs.get_queue_attributes(**wanted)["Attributes"]["QueueArn"]
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)

        answer = SnsNotifier(sns, topic).send(MESSAGE)

        found = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=10)["Messages"]
    (told,) = [json.loads(one["Body"]) for one in found]
    assert json.loads(told["Message"]) == json.loads(json.dumps(message_document(MESSAGE)))
    assert told["MessageAttributes"]["kith-notice-id"]["Value"] == MESSAGE.id
    assert told["Subject"].isascii()
    assert told["MessageId"] in answer


@pytest.mark.emulators
def test_a_topic_that_is_not_there_is_tried_again_later(moto_endpoint: Endpoint) -> None:
    """Somebody may make it; the error says what SNS said."""
    with _clients(moto_endpoint) as (sns, _):
        topic = sns.create_topic(Name="gone")["TopicArn"]
        sns.delete_topic(TopicArn=topic)

        with pytest.raises(DeliveryError, match="NotFound") as caught:
            SnsNotifier(sns, topic).send(MESSAGE)

    assert not isinstance(caught.value, DeliveryRefusedError)


def test_what_is_too_large_for_a_topic_goes_in_parts() -> None:
    """Each notice in one of them, none larger than SNS takes, the same parts whenever sent."""
    many = replace(MESSAGE, notices=tuple(a_notice(number, 9) for number in range(200)))
    published: list[dict[str, Any]] = []

    class Client:
        def publish(self, **request: Any) -> dict[str, str]:
            published.append(request)
            return {"MessageId": str(len(published))}

    notifier = SnsNotifier(Client(), "arn:aws:sns:eu-west-1:123456789012:notices.fifo")
    notifier.send(many)
    first, published[:] = list(published), []
    notifier.send(many)

    assert first == published
    assert len(first) > 1
    assert max(len(one["Message"].encode()) for one in first) < 262_144
    documents = [json.loads(json.loads(one["Message"])["default"]) for one in first]
    told = [notice["id"] for document in documents for notice in document["notices"]]
    assert told == [notice.notice_id for notice in many.notices]
    assert len({one["MessageDeduplicationId"] for one in first}) == len(first)
