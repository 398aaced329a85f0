"""Messages published to a topic of Amazon SNS."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final, cast

from kith.adapters.aws import Client, Manner, client_of
from kith.domain.errors import DeliveryError, DeliveryRefusedError
from kith.domain.message import Message, message_document, message_text

_LARGEST: Final = 240_000
"""Bytes of what is published. SNS takes 262,144, attributes included."""

_LONGEST_SUBJECT: Final = 100
"""Characters, of ASCII alone: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html."""

_NEVER: Final = frozenset({"InvalidParameter", "InvalidParameterValue", "ValidationException"})


def sns_client(endpoint: str = "") -> Client:
    """boto3's client; keys and region are found as boto3 finds them: environment, files, roles.

    Args:
        endpoint: the service's URL; empty for Amazon's own.

    Raises:
        SettingError: boto3 is not installed, or cannot work with what it found.
    """
    # Notices are sent again anyway, with pauses of their own.
    twice = Manner(attempts=2, retries="standard", read_seconds=20)
    return client_of("sns", endpoint=endpoint, manner=twice)


class SnsNotifier:
    """Publishes messages: words to who reads mail, JSON to programs.

    Args:
        client: boto3's for SNS; it stays the caller's to close.
        topic: the topic's ARN. Of a FIFO topic, deliveries of one message within five minutes are
            one, for its id is the deduplication id.
    """

    def __init__(self, client: Any, topic: str) -> None:
        self._client = client
        self._topic = topic

    def send(self, message: Message, /) -> str:
        """Publish a message; one that is too large as several, each with an id of its own."""
        published = [self._publish(part) for part in _parts(message)]
        return f"SNS took it as {', '.join(published)}"

    def _publish(self, message: Message) -> str:
        request = {
            "TopicArn": self._topic,
            "Subject": _subject(message.subject),
            "Message": _body(message),
            "MessageStructure": "json",
            "MessageAttributes": {
                "kith-notice-id": {"DataType": "String", "StringValue": message.id}
            },
        }
        if self._topic.endswith(".fifo"):
            request |= {"MessageDeduplicationId": message.id, "MessageGroupId": "kith"}
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - as above

        try:
            return str(self._client.publish(**request)["MessageId"])
        except ClientError as error:
            raise _failure(cast("Any", error).response.get("Error", {})) from error
        except BotoCoreError as error:
            raise DeliveryError(
                f"SNS cannot be reached ({type(error).__name__})", reached=False
            ) from error


def _failure(told: Mapping[str, str]) -> DeliveryError:
    kind = DeliveryRefusedError if told.get("Code") in _NEVER else DeliveryError
    return kind(f"SNS answered {told.get('Code', 'an error')}: {told.get('Message', '')}")


def _parts(message: Message) -> Iterator[Message]:
    """The message in parts that SNS takes; the same ones whenever it is sent."""
    if len(_body(message).encode()) <= _LARGEST or len(message.notices) < 2:
        yield message
        return
    middle = len(message.notices) // 2
    yield from _parts(replace(message, id=f"{message.id}-1", notices=message.notices[:middle]))
    yield from _parts(replace(message, id=f"{message.id}-2", notices=message.notices[middle:]))


def _body(message: Message) -> str:
    document = json.dumps(message_document(message))
    text = message_text(message)
    return json.dumps({"default": document, "email": text, "sms": message.subject})


def _subject(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    subject = " ".join(plain.split())[:_LONGEST_SUBJECT].strip()
    # It must begin with something that can be seen.
    return subject or "A notice from Kith"
