"""Who is told of new photos, and by what."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from kith.compose.places import open_database_of, open_derived, originals_of, require_library
from kith.config import Settings
from kith.domain.errors import SettingError

if TYPE_CHECKING:
    from kith.database.open import Database
    from kith.pipeline.notices.announcer import Announcer
    from kith.pipeline.notices.channels import Channel, MailChannel
    from kith.pipeline.notices.kit import Notices
    from kith.ports.catalog import Catalog
    from kith.ports.notifier import Notifier


@contextmanager
def open_notices(settings: Settings) -> Generator[tuple[Notices, Catalog]]:
    """The notices of a library, and its record; needs no models.

    Raises:
        LibraryError: there is none, or it cannot be used.
    """
    from kith.adapters.catalog.sql import SqlCatalog

    require_library(settings)
    with open_database_of(settings, writing=True) as database:
        yield notices_over(settings, database), SqlCatalog(database)


def announcer_over(settings: Settings, database: Database) -> Announcer:
    """What finds out who is to be told; the rules of the settings hold from now on at the latest.

    Args:
        settings: with the rules.
        database: stays the caller's to close; may be written to.
    """
    announcer = _announcer(settings, database)
    announcer.begin()
    return announcer


def notices_over(settings: Settings, database: Database) -> Notices:
    """The notices of the library in this database, which stays the caller's to close."""
    from kith.adapters.catalog.sql import SqlCatalog
    from kith.adapters.catalog.sql.outbox import SqlOutbox
    from kith.pipeline.crops import Crops
    from kith.pipeline.notices.deliver import Courier
    from kith.pipeline.notices.describe import Describer
    from kith.pipeline.notices.kit import Notices

    notify, catalog, outbox = settings.notify, SqlCatalog(database), SqlOutbox(database)
    announcer = _announcer(settings, database)
    describer = Describer(
        catalog,
        Crops(catalog, open_derived(settings), originals_of(settings)),
        settings.title or settings.library.name,
        settings.public_url,
    )
    carriers, unusable = _notifiers(notify.channels)
    courier = Courier(outbox, describer, carriers, announcer, notify.patience)
    kinds = {name: channel.kind for name, channel in notify.channels.items()}
    return Notices(outbox, announcer, courier, kinds, unusable)


def _announcer(settings: Settings, database: Database) -> Announcer:
    from kith.adapters.catalog.sql.outbox import SqlOutbox
    from kith.pipeline.notices.announcer import Announcer

    notify = settings.notify
    return Announcer(SqlOutbox(database), notify.rules, notify.zone)


def _notifiers(
    channels: Mapping[str, Channel],
) -> tuple[dict[str, Notifier], dict[str, SettingError]]:
    """What carries messages, by channel; and of channels that cannot be used here, why not."""
    from kith.pipeline.notices.channels import require_secrets

    carriers: dict[str, Notifier] = {}
    unusable: dict[str, SettingError] = {}
    for name, channel in channels.items():
        try:
            require_secrets(name, channel)
            carriers[name] = _notifier(channel)
        except SettingError as error:
            unusable[name] = error
    return carriers, unusable


def _notifier(channel: Channel) -> Notifier:
    from kith.pipeline.notices.channels import LogChannel, MailChannel, SnsChannel

    match channel:
        case MailChannel():
            return _mail(channel)
        case SnsChannel(topic=topic, endpoint=endpoint):
            from kith.adapters.notifier.sns import SnsNotifier, sns_client

            return SnsNotifier(sns_client(endpoint), topic)
        case LogChannel(file=file):
            from kith.adapters.notifier.log import LogNotifier

            return LogNotifier(file)
        case _:
            from kith.adapters.notifier.webhook import WebhookNotifier

            return WebhookNotifier(channel.url, channel.secret)


def _mail(channel: MailChannel) -> Notifier:
    from kith.adapters.notifier.smtp import MailServer, Security, SmtpNotifier
    from kith.pipeline.notices.channels import port_of, security_of

    server = MailServer(
        host=channel.host,
        port=port_of(channel),
        security=Security(security_of(channel)),
        user=channel.user,
        password=channel.password,
        ca_file=channel.ca_file,
    )
    return SmtpNotifier(server, channel.sender, channel.to)
