"""What the album's API answers with on AWS: the record in DynamoDB, pictures from S3 itself."""

from __future__ import annotations

import hmac
import secrets
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Final

from kith.compose.cloud import TOPIC, Cloud
from kith.compose.places import limits_of
from kith.domain.errors import NotFoundError, SettingError

if TYPE_CHECKING:
    from kith.config import Settings
    from kith.pipeline.access.kit import Access
    from kith.pipeline.notices.kit import Notices
    from kith.pipeline.serving.services import Services
    from kith.ports.storage import RemoteStorage

SIGNING_KEY: Final = "secrets/signing.key"
"""The derived object that holds what addresses of pictures and tokens of links are made with: apart
from ``state/``, which functions may read that need no secret."""

_KEY_BYTES: Final = 32


def open_cloud_services(cloud: Cloud) -> Services:
    """The parts of a served library on AWS, which close with it.

    Nothing in them outlives a request but what saves time: there are no jobs, and whatever must be
    remembered is in DynamoDB or S3. How often somebody asks is counted by each process for itself.

    Args:
        cloud: which.

    Raises:
        SettingError: something is not named, or cannot be understood.
    """
    from kith.adapters.catalog.dynamo.people_queries import DynamoPeopleQueries
    from kith.pipeline.originals import Originals
    from kith.pipeline.serving.people import PeopleList
    from kith.pipeline.serving.pulse import Pulse
    from kith.pipeline.serving.renditions import Renditions
    from kith.pipeline.serving.reviews import Reviews
    from kith.pipeline.serving.services import Services
    from kith.pipeline.serving.store_urls import Store, StoreUrlSigner

    settings, records = cloud.settings, cloud.records
    originals = Originals(limits_of(settings), cloud.source)
    people = DynamoPeopleQueries(cloud.table)
    store = Store(cloud.addresses, f"s3://{cloud.derived}/", f"{cloud.photos}/")
    key = signing_key(cloud.storage)
    return Services(
        name=settings.title or "Kith",
        records=records,
        library=lambda: cloud.library,
        pack=lambda: cloud.recognition.name,
        derived=cloud.storage,
        originals=originals,
        renditions=Renditions(records.catalog, cloud.storage, originals),
        urls=StoreUrlSigner(key, store),
        access=_access(cloud, key),
        people=people,
        everyone=PeopleList(records.catalog, people),
        turn=_no_turn,
        works=None,
        reviews=Reviews(lambda: cloud.library),
        pulse=Pulse(records),
        notices=_notices(cloud),
        features=_features(settings),
        store=store,
    )


def signing_key(storage: RemoteStorage) -> bytes:
    """The key of this library, which whoever needs it first makes; of several, one does."""
    try:
        return storage.read(SIGNING_KEY)
    except NotFoundError:
        storage.write_new(SIGNING_KEY, secrets.token_bytes(_KEY_BYTES))
    return storage.read(SIGNING_KEY)


def _features(settings: Settings) -> frozenset[str]:
    """Photos are uploaded to S3, and looked at when they arrive there."""
    wanted = {"labels": settings.labels, "text": settings.text}
    return frozenset({"upload"} | {name for name, choice in wanted.items() if choice != "off"})


def _access(cloud: Cloud, key: bytes) -> Access:
    """Who may come in: whom the authorizer of API Gateway lets pass, and guests of links."""
    from kith.adapters.catalog.dynamo.access import DynamoAccess
    from kith.pipeline.access.attempts import Attempts
    from kith.pipeline.access.kit import Access
    from kith.pipeline.access.policy import Policy, parse_origins, parse_public_url

    policy = Policy(
        login=True,
        public_url=parse_public_url(cloud.settings.public_url),
        origins=parse_origins(cloud.settings.origins),
        accounts=False,
        # API Gateway lets nobody come by a link otherwise.
        guests=cloud.setting("GUESTS") in {"", "link"},
    )
    secret, records = hmac.digest(key, b"kith access", "sha256"), DynamoAccess(cloud.table)
    # Whoever guesses the password of a link meets a new container with every other request.
    attempts = Attempts(time.monotonic, records.tries)
    return Access(records, policy, attempts=attempts, secret=secret)


def _notices(cloud: Cloud) -> Notices:
    """Who is told: rules can be looked at and made; another function sends."""
    from kith.pipeline.crops import Crops
    from kith.pipeline.notices.deliver import Courier
    from kith.pipeline.notices.describe import Describer
    from kith.pipeline.notices.kit import Notices
    from kith.pipeline.originals import Originals

    settings = cloud.settings
    crops = Crops(cloud.catalog, cloud.storage, Originals())
    describer = Describer(cloud.catalog, crops, settings.title or "Kith", settings.public_url)
    announcer = cloud.rules
    courier = Courier(cloud.outbox, describer, {}, announcer, settings.notify.patience)
    elsewhere = SettingError("The function that sends notices tells this topic, and no other does")
    return Notices(cloud.outbox, announcer, courier, {TOPIC: "sns"}, {TOPIC: elsewhere})


def _no_turn(_check: Callable[[], None]) -> AbstractContextManager[None]:
    """Writers on AWS need no turn: each change happens as a whole, or is made anew."""
    return nullcontext()
