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
    from kith.adapters.catalog.dynamo.table import Table
    from kith.adapters.storage.s3 import S3Source, S3Storage
    from kith.pipeline.library import Library
    from kith.pipeline.notices.announcer import Announcer
    from kith.pipeline.notices.deliver import Courier
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
        self._settings = load_settings(environment=environment)
        self._heard = heard
        self._closing = ExitStack()

    def close(self) -> None:
        """Close what was opened."""
        self._closing.close()

    @property
    def originals(self) -> str:
        """The bucket of photos as they came."""
        return self._named("ORIGINALS_BUCKET")

    @property
    def photos(self) -> str:
        """The address below which everything is a photo: the bucket, or some of its folders."""
        prefix = self._environment.get(f"{ENVIRONMENT_PREFIX}KEY_PREFIX", "")
        return f"s3://{self.originals}/{prefix}".rstrip("/")

    @property
    def derived(self) -> str:
        """The bucket of what is made of them."""
        return self._named("DERIVED_BUCKET")

    @cached_property
    def library(self) -> Library:
        """The whole.

        Raises:
            SettingError: it is to have another engine than Rekognition, or something is not named.
        """
        from kith.adapters.recognition.rekognition import (
            RekognitionFaceCollection,
            RekognitionRecognizer,
        )
        from kith.adapters.recognition.rekognition.client import rekognition_client
        from kith.pipeline.library import Library

        engine = self._environment.get(f"{ENVIRONMENT_PREFIX}ENGINE") or "rekognition"
        if engine != "rekognition":
            raise SettingError(f"KITH_ENGINE is {engine!r}; these functions know rekognition alone")
        client = self._client(rekognition_client())
        return Library(
            catalog=self.catalog,
            collection=RekognitionFaceCollection(client, self._named("COLLECTION")),
            recognizer=RekognitionRecognizer(client),
            derived=self.storage,
            upkeep=CloudUpkeep(),
            limits=limits_of(self._settings),
            workers=self._settings.worker_count,
            source=self.source,
            announcer=self.announcer if self._topic else None,
        )

    @cached_property
    def catalog(self) -> Catalog:
        """What is known of photos, faces and people."""
        from kith.adapters.catalog.dynamo.catalog import DynamoCatalog

        return DynamoCatalog(self._table)

    @cached_property
    def announcer(self) -> Announcer:
        """What finds out who is to be told; its rules hold from now on at the latest.

        Raises:
            UsageError: ``KITH_RULES`` cannot be understood.
        """
        from kith.domain.notice_rules import rule_of
        from kith.pipeline.notices.announcer import Announcer

        written = self._environment.get(f"{ENVIRONMENT_PREFIX}RULES")
        try:
            rules = [rule_of(each) for each in (json.loads(written) if written else _EVERYBODY)]
        except (ValueError, TypeError, AttributeError) as error:
            raise SettingError(f"KITH_RULES is no list of rules ({error})") from error
        announcer = Announcer(self._outbox, rules, self._settings.notify.zone)
        announcer.begin()
        return announcer

    @cached_property
    def courier(self) -> Courier:
        """What sends what is due to the topic, in words alone: a topic takes no pictures."""
        from kith.adapters.notifier.sns import SnsNotifier, sns_client
        from kith.adapters.storage.memory import MemoryStorage
        from kith.pipeline.crops import Crops
        from kith.pipeline.notices.deliver import Courier
        from kith.pipeline.notices.describe import Describer
        from kith.pipeline.originals import Originals

        topic = SnsNotifier(self._client(sns_client()), self._named("TOPIC_ARN"))
        crops = Crops(self.catalog, MemoryStorage(), Originals())
        settings = self._settings
        describer = Describer(self.catalog, crops, settings.title or "Kith", settings.public_url)
        patience = settings.notify.patience
        return Courier(self._outbox, describer, {TOPIC: topic}, self.announcer, patience)

    @cached_property
    def source(self) -> S3Source:
        """Photos as they came."""
        from kith.adapters.storage.s3 import S3Source

        return S3Source(lambda: self._s3)

    @cached_property
    def storage(self) -> S3Storage:
        """Thumbnails and crops."""
        from kith.adapters.storage.s3 import S3Storage

        return S3Storage(self._s3, self.derived)

    @cached_property
    def queue(self) -> PhotoQueue:
        """Of photos that wait to be taken in."""
        from kith.adapters.queue.sqs import SqsPhotoQueue, sqs_client

        return SqsPhotoQueue(self._client(sqs_client()), self._named("QUEUE_URL"))

    @property
    def _topic(self) -> str:
        return self._environment.get(f"{ENVIRONMENT_PREFIX}TOPIC_ARN", "")

    @cached_property
    def _outbox(self) -> Outbox:
        from kith.adapters.catalog.dynamo.outbox import DynamoOutbox

        return DynamoOutbox(self._table)

    @cached_property
    def _table(self) -> Table:
        from kith.adapters.catalog.dynamo.client import dynamodb_client
        from kith.adapters.catalog.dynamo.table import Table

        return Table(self._client(dynamodb_client()), self._named("TABLE"))

    @cached_property
    def _s3(self) -> Any:
        from kith.adapters.storage.s3 import S3Service

        return self._client(S3Service().client())

    def _named(self, name: str) -> str:
        variable = ENVIRONMENT_PREFIX + name
        if not (value := self._environment.get(variable)):
            raise SettingError(f"{variable} is not set", "Terraform sets it for each function.")
        return value

    def _client(self, client: Any) -> Any:
        """A client that is heard, and closed in the end."""
        self._closing.callback(client.close)

        def hear(model: Any, parsed: Any, **_: Any) -> None:
            again = parsed.get("ResponseMetadata", {}).get("RetryAttempts", 0)
            self._heard(f"{model.service_model.service_id}.{model.name}", again)

        client.meta.events.register("after-call", hear)
        return client


class CloudUpkeep:
    """How a library on AWS looks after itself: AWS does."""

    def damages(self) -> tuple[str, ...]:
        """See ``Upkeep.damages``."""
        return ()

    def rebuild_index(self) -> None:
        """See ``Upkeep.rebuild_index``; the collection is its own index."""

    def scrub(self) -> list[str]:
        """See ``Upkeep.scrub``; what is deleted in DynamoDB is gone, but for its backups."""
        return []
