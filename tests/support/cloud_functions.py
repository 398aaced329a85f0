"""The functions of the zip, with the environment and the rights of those that were deployed.

They run as Lambda runs them, by AWS's runtime client, and call AWS by ways on which it is counted
what they ask for; Kith's own server is their Rekognition. Between the queue and its function stands
what Lambda has there: it takes messages, and deletes those that did not fail.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
from cloud_deployment import COLLECTION, Deployment
from emulators import REGION
from lambda_runtime import Service, Unpacked, running
from rekognition_process import nursery
from relay import Relay, relaying

from kith.compose.cloud import Cloud

_LONGEST: Final = 1800
"""Seconds that Kith's server may live."""


@dataclass(frozen=True, slots=True)
class Works:
    """Functions that can be started.

    Attributes:
        deployment: whose they are.
        code: the zip.
        aws: the way to AWS.
        rekognition: the way to Rekognition.
        folder: for what they write.
        batch: messages that Lambda hands over at once, by what Terraform says.
        stack: ends them.
    """

    deployment: Deployment
    code: Unpacked
    aws: Relay
    rekognition: Relay
    folder: Path
    batch: int
    stack: ExitStack

    def pump(self, function: Service) -> Pump:
        """What stands between the queue and the function."""
        return Pump(self.deployment, function, self.batch)

    def start(self, function: str) -> Service:
        """A container for a function."""
        told = self.deployment.told(function)
        return self.stack.enter_context(
            running(self.code, function, told | self._here(), self.folder)
        )

    @contextmanager
    def cloud(self) -> Generator[Cloud]:
        """The library as the account's owner sees it, past all that is counted."""
        owner = self.deployment.endpoint.environment()
        owner |= {"AWS_CA_BUNDLE": str(self.deployment.certificate)}
        with pytest.MonkeyPatch.context() as patch:
            for name, value in owner.items():
                patch.setenv(name, value)
            with closing(Cloud(self.deployment.told("ingest") | self._here() | owner)) as cloud:
                yield cloud

    def _here(self) -> dict[str, str]:
        """Where AWS is on this machine, and folders that are the test's own."""
        return {
            "AWS_ENDPOINT_URL": self.aws.url,
            "AWS_ENDPOINT_URL_REKOGNITION": self.rekognition.url,
            "KITH_LIBRARY": str(self.folder / "kith"),
            "KITH_CACHE": str(self.folder / "kith-cache"),
            "PATH": os.environ["PATH"],
        }


@contextmanager
def works(deployment: Deployment, code: Unpacked, weights: Path, folder: Path) -> Generator[Works]:
    """The functions, as long as the block lasts, in which no other function takes photos."""
    with (
        ExitStack() as stack,
        nursery(folder / "rekognition", weights, folder, _LONGEST) as started,
        started.server() as server,
        relaying(server.address) as rekognition,
        relaying(deployment.endpoint.url, deployment.certificate) as aws,
        _without_other_takers(deployment) as batch,
    ):
        client = server.client()
        client.create_collection(CollectionId=COLLECTION)
        client.close()
        yield Works(deployment, code, aws, rekognition, folder, batch, stack)
        stack.close()


@contextmanager
def _without_other_takers(deployment: Deployment) -> Generator[int]:
    """Nobody takes photos from the queue, as long as the block lasts; how many would be taken."""
    functions = deployment.client("lambda")
    name = deployment.outputs["functions"]["ingest"]
    (mapping,) = functions.list_event_source_mappings(FunctionName=name)["EventSourceMappings"]
    functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
    try:
        yield mapping["BatchSize"]
    finally:
        functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=True)


@dataclass(slots=True)
class Pump:
    """Brings messages of the queue of photos to their function, as Lambda does.

    Attributes:
        deployment: whose queue.
        function: that takes them.
        batch: messages at once, at most.
        bodies: of all messages so far.
    """

    deployment: Deployment
    function: Service
    batch: int
    bodies: list[str] = field(default_factory=list[str])

    def until(self, more: int) -> None:
        """Go on until so many more messages were taken, and nothing waits any more."""
        all_of_them = len(self.bodies) + more

        def done() -> bool:
            self._once()
            return len(self.bodies) >= all_of_them and not self.waiting()

        self.deployment.eventually(done)

    def waiting(self) -> int:
        """Messages in the queue, also those that are being worked on."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        told = self._sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=names)
        return sum(int(told["Attributes"][name]) for name in names)

    def _once(self) -> None:
        taken = self._sqs.receive_message(
            QueueUrl=self._url,
            MaxNumberOfMessages=self.batch,
            WaitTimeSeconds=1,
            MessageSystemAttributeNames=["ApproximateReceiveCount"],
        ).get("Messages", [])
        if taken:
            self._hand_over(taken)

    def _hand_over(self, taken: list[dict[str, Any]]) -> None:
        first = [one for one in taken if one["Attributes"]["ApproximateReceiveCount"] == "1"]
        self.bodies += [one["Body"] for one in first]
        answer = self.function.call({"Records": [_record(one) for one in taken]})
        failed = {each["itemIdentifier"] for each in answer["batchItemFailures"]}
        for one in taken:
            handle = {"QueueUrl": self._url, "ReceiptHandle": one["ReceiptHandle"]}
            if one["MessageId"] in failed:
                # Else it comes again when six times the function's time is over.
                self._sqs.change_message_visibility(VisibilityTimeout=0, **handle)
            else:
                self._sqs.delete_message(**handle)

    @property
    def _sqs(self) -> Any:
        return self.deployment.client("sqs")

    @property
    def _url(self) -> str:
        return self.deployment.outputs["queue_urls"]["photos"]


def _record(message: dict[str, Any]) -> dict[str, Any]:
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message["Attributes"],
        "messageAttributes": {},
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "awsRegion": REGION,
    }
