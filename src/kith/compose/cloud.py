"""A library on AWS: its record in DynamoDB, its pictures in S3, its faces with Rekognition.

What it is made of is named by the environment of each function, which Terraform writes; see
infra/terraform/README.md. Whatever is not named is not there, and asking for it says so.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import cached_property
from typing import TYPE_CHECKING, Any

from kith.compose.places import limits_of
from kith.config import ENVIRONMENT_PREFIX, load_settings
from kith.domain.errors import SettingError

if TYPE_CHECKING:
    from kith.adapters.aws import Client
    from kith.adapters.catalog.dynamo.table import Table
    from kith.adapters.storage.s3 import S3Addresses, S3Source, S3Storage
    from kith.compose.cloud_engine import Recognition
    from kith.pipeline.albums.records import Records
    from kith.pipeline.findings.on_arrival import Desk
    from kith.pipeline.library import Library
    from kith.pipeline.notices.announcer import Announcer
    from kith.pipeline.notices.deliver import Courier
    from kith.pipeline.serving.services import Services
    from kith.ports.catalog import Catalog
    from kith.ports.outbox import Outbox
    from kith.ports.queue import PhotoQueue

Heard = Callable[[str, int], None]
"""Told of each answer of AWS: which operation, such as ``S3.GetObject``, and how often it was tried
again because it was throttled or lost."""


TOPIC = "topic"
"""The channel of notices that there is on AWS; see ``KITH_TOPIC_ARN``."""

_EVERYBODY = [{"name": "Who appears", "faces": "any", "digest": "hour", "channels": [TOPIC]}]
"""What is told unless ``KITH_RULES`` says otherwise: one mail an hour at most."""


def _unheard(_operation: str, _again: int, /) -> None:
    """Whoever counts nothing."""


class Cloud:
    """The parts of a library on AWS, for one function to pick from; each is made when asked for.

    Args:
        environment: names them: ``KITH_TABLE``, ``KITH_COLLECTION``, ``KITH_ORIGINALS_BUCKET`` ...
        heard: told of each answer of AWS.

    Raises:
        SettingError: a setting cannot be understood.
    """

    def __init__(self, environment: Mapping[str, str], heard: Heard = _unheard) -> None:
        self._environment = environment
        self.settings = load_settings(environment=environment)
        self._heard = heard
        self._closing = ExitStack()

    def close(self) -> None:
        """Close what was opened."""
        self._closing.close()

    @property
    def originals(self) -> str:
        """The bucket of photos as they came."""
        return self.named("ORIGINALS_BUCKET")

    @property
    def photos(self) -> str:
        """The address below which everything is a photo: the bucket, or some of its folders."""
        prefix = self.setting("KEY_PREFIX")
        return f"s3://{self.originals}/{prefix}".rstrip("/")

    @property
    def derived(self) -> str:
        """The bucket of what is made of them."""
        return self.named("DERIVED_BUCKET")

    @cached_property
    def library(self) -> Library:
        """The whole.

        Raises:
            SettingError: something that it needs is not named.
            ModelError: its models are not in the image.
        """
        from kith.pipeline.library import Library

        return Library(
            catalog=self.catalog,
            collection=self.recognition.collection,
            recognizer=self.recognition.recognizer,
            derived=self.storage,
            upkeep=self.recognition.upkeep,
            limits=limits_of(self.settings),
            workers=self.settings.worker_count,
            ordered=self.recognition.ordered,
            source=self.source,
            announcer=self.announcer if self._topic else None,
        )

    @cached_property
    def recognition(self) -> Recognition:
        """What recognizes faces, and sees what else photos show: see ``KITH_ENGINE``."""
        from kith.compose.cloud_engine import open_recognition

        return self._closing.enter_context(open_recognition(self))

    @cached_property
    def catalog(self) -> Catalog:
        """What is known of photos, faces and people."""
        from kith.adapters.catalog.dynamo.catalog import DynamoCatalog

        return DynamoCatalog(self.table)

    @cached_property
    def records(self) -> Records:
        """What is known of photos, and which of them are meant."""
        from kith.adapters.catalog.dynamo.albums import DynamoAlbums
        from kith.adapters.catalog.dynamo.findings import DynamoFindings
        from kith.adapters.catalog.dynamo.queries import DynamoPhotoQueries
        from kith.pipeline.albums.records import Records

        table = self.table
        return Records(
            self.catalog, DynamoPhotoQueries(table), DynamoAlbums(table), DynamoFindings(table)
        )

    @cached_property
    def desk(self) -> Desk:
        """Where new photos are looked at for labels and text: each, unless it is set to ``off``."""
        from kith.pipeline.findings.kit import Looking
        from kith.pipeline.findings.on_arrival import Desk

        library = self.library
        kit = Looking(
            records=self.records,
            recognizer=library.recognizer,
            versions=self.recognition.versions,
            originals=library.originals,
            announcer=library.announcer,
        )
        return Desk(kit, self.storage, face_engine=self.recognition.name)

    @cached_property
    def announcer(self) -> Announcer:
        """What finds out who is to be told; its rules hold from now on at the latest."""
        self.rules.begin()
        return self.rules

    @cached_property
    def rules(self) -> Announcer:
        """The same, which may not have begun.

        Raises:
            SettingError: ``KITH_RULES`` cannot be understood.
        """
        from kith.domain.notice_rules import rule_of
        from kith.pipeline.notices.announcer import Announcer

        written = self.setting("RULES")
        try:
            rules = [rule_of(each) for each in (json.loads(written) if written else _EVERYBODY)]
        except (ValueError, TypeError, AttributeError) as error:
            raise SettingError(f"KITH_RULES is no list of rules ({error})") from error
        return Announcer(self.outbox, rules, self.settings.notify.zone)

    @cached_property
    def courier(self) -> Courier:
        """What sends what is due to the topic, in words alone: a topic takes no pictures."""
        from kith.adapters.notifier.sns import SnsNotifier, sns_client
        from kith.adapters.storage.memory import MemoryStorage
        from kith.pipeline.crops import Crops
        from kith.pipeline.notices.deliver import Courier
        from kith.pipeline.notices.describe import Describer
        from kith.pipeline.originals import Originals

        topic = SnsNotifier(self.client(sns_client()), self.named("TOPIC_ARN"))
        crops = Crops(self.catalog, MemoryStorage(), Originals())
        settings = self.settings
        describer = Describer(self.catalog, crops, settings.title or "Kith", settings.public_url)
        patience = settings.notify.patience
        return Courier(self.outbox, describer, {TOPIC: topic}, self.announcer, patience)

    @cached_property
    def source(self) -> S3Source:
        """Photos as they came."""
        from kith.adapters.storage.s3 import S3Source

        return S3Source(lambda: self._s3)

    @cached_property
    def storage(self) -> S3Storage:
        """Thumbnails, crops, and documents of findings."""
        from kith.adapters.storage.s3 import S3Storage

        return S3Storage(self._s3, self.derived)

    @cached_property
    def addresses(self) -> S3Addresses:
        """What makes addresses under which S3 itself hands out objects of both buckets."""
        from kith.adapters.storage.s3 import S3Addresses

        return S3Addresses(self._s3)

    @cached_property
    def services(self) -> Services:
        """What the album's API answers with."""
        from kith.compose.cloud_album import open_cloud_services

        return open_cloud_services(self)

    @cached_property
    def queue(self) -> PhotoQueue:
        """Of photos that wait to be taken in."""
        from kith.adapters.queue.sqs import SqsPhotoQueue, sqs_client

        return SqsPhotoQueue(self.client(sqs_client()), self.named("QUEUE_URL"))

    @property
    def _topic(self) -> str:
        return self.setting("TOPIC_ARN")

    @cached_property
    def outbox(self) -> Outbox:
        """What is to be told."""
        from kith.adapters.catalog.dynamo.outbox import DynamoOutbox

        return DynamoOutbox(self.table)

    @cached_property
    def table(self) -> Table:
        """Where the record lies."""
        from kith.adapters.catalog.dynamo.client import dynamodb_client
        from kith.adapters.catalog.dynamo.table import Table

        return Table(self.client(dynamodb_client()), self.named("TABLE"))

    @cached_property
    def _s3(self) -> Any:
        from kith.adapters.storage.s3 import S3Service

        return self.client(S3Service().client())

    def setting(self, name: str) -> str:
        """A variable of the environment, by its name without ``KITH_``; empty if it is not set."""
        return self._environment.get(ENVIRONMENT_PREFIX + name, "")

    def named(self, name: str) -> str:
        """The same of what must be set.

        Raises:
            SettingError: it is not.
        """
        if not (value := self.setting(name)):
            raise SettingError(
                f"{ENVIRONMENT_PREFIX}{name} is not set", "Terraform sets it for each function."
            )
        return value

    def client(self, client: Client) -> Client:
        """A client that is heard, and closed in the end."""
        self._closing.callback(client.close)

        def hear(model: Any, parsed: Any, **_: Any) -> None:
            again = parsed.get("ResponseMetadata", {}).get("RetryAttempts", 0)
            self._heard(f"{model.service_model.service_id}.{model.name}", again)

        client.meta.events.register("after-call", hear)
        return client
