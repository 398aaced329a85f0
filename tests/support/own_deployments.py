"""Deployments on emulators of AWS, made by hand: buckets, a table, queues, and the note of them."""

from __future__ import annotations

import json
import uuid
from collections.abc import Generator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from emulators import REGION, Endpoint

from kith.adapters.catalog.dynamo.schema import table_definition
from kith.adapters.queue.backlog import Queues
from kith.adapters.queue.sqs import message_of
from kith.domain.photo import Place
from kith.pipeline.deployment.facts import note_outputs

_TRIES: Final = 2
"""After so many failures a message is set aside."""


@dataclass(frozen=True, slots=True)
class OwnDeployment:
    """A deployment without functions.

    Attributes:
        folder: that commands are pointed to.
        outputs: what Terraform would have told.
        clients: of the emulator, by service.
    """

    folder: Path
    outputs: Mapping[str, Any]
    clients: Mapping[str, Any]

    @property
    def originals(self) -> str:
        """The bucket of photos."""
        return self.outputs["originals_bucket"]

    @property
    def queues(self) -> Queues:
        """The queues of photos."""
        told = self.outputs["queue_urls"]
        return Queues(told["photos"], told["failed"], told["undelivered"])

    def put(self, key: str, data: bytes = b"photo") -> str:
        """Put an object into the bucket of photos; answers its address."""
        self.clients["s3"].put_object(Bucket=self.originals, Key=key, Body=data)
        return f"s3://{self.originals}/{key}"

    def message(self, key: str) -> str:
        """What announces an object."""
        return message_of(Place(f"s3://{self.originals}/{key}", 1, 1))

    def send(self, url: str, body: str) -> str:
        """Put a message into a queue; answers its id."""
        return self.clients["sqs"].send_message(QueueUrl=url, MessageBody=body)["MessageId"]

    def bodies(self, url: str) -> list[str]:
        """What a queue holds; it is empty afterwards."""
        found: list[str] = []
        sqs = self.clients["sqs"]
        while taken := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            for message in taken:
                found.append(message["Body"])
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return sorted(found)


@contextmanager
def own_deployment(endpoint: Endpoint, folder: Path) -> Generator[OwnDeployment]:
    """An empty deployment at an emulator, whose folder this is."""
    name = f"kith-{uuid.uuid4().hex[:10]}"
    with ExitStack() as stack:
        clients = {service: endpoint.client(service) for service in ("s3", "sqs", "dynamodb")}
        for client in clients.values():
            stack.callback(client.close)
        for kind in ("originals", "derived"):
            clients["s3"].create_bucket(
                Bucket=f"{name}-{kind}",
                CreateBucketConfiguration={"LocationConstraint": REGION},
            )
        clients["dynamodb"].create_table(**table_definition(name))
        stack.callback(clients["dynamodb"].delete_table, TableName=name)
        outputs = {
            "region": REGION,
            "album_url": "https://album.example.org",
            "originals_bucket": f"{name}-originals",
            "derived_bucket": f"{name}-derived",
            "catalog_table": name,
            "collection_id": name,
            "queue_urls": _queues(clients["sqs"], name),
            "functions": {"ingest": f"{name}-ingest"},
        }
        note_outputs(folder, outputs)
        yield OwnDeployment(folder, outputs, clients)


def _queues(sqs: Any, name: str) -> dict[str, str]:
    """The three, as infra/terraform makes them, but quicker to set aside what fails."""
    failed = sqs.create_queue(QueueName=f"{name}-failed")["QueueUrl"]
    told = sqs.get_queue_attributes(QueueUrl=failed, AttributeNames=["QueueArn"])
    redrive = {
        "deadLetterTargetArn": told["Attributes"]["QueueArn"],
        "maxReceiveCount": _TRIES,
    }
    photos = sqs.create_queue(QueueName=name, Attributes={"RedrivePolicy": json.dumps(redrive)})[
        "QueueUrl"
    ]
    undelivered = sqs.create_queue(QueueName=f"{name}-undelivered")["QueueUrl"]
    return {"photos": photos, "failed": failed, "undelivered": undelivered}
