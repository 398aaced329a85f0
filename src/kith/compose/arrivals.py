"""What a watch works with: a library that is open only while there is something to do."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from kith.compose.ears import DEAF, Ears
from kith.compose.library import open_catalog, open_library
from kith.compose.turns import patient_turn
from kith.config import Settings

if TYPE_CHECKING:
    from kith.pipeline.library import Library
    from kith.pipeline.watching import Station
    from kith.ports.depots import Depot


@contextmanager
def open_station(
    settings: Settings, *, check: Callable[[], None], ears: Ears = DEAF
) -> Generator[Station]:
    """A library to which photos are added now and then; made where there is none.

    Between two times it takes neither the turn of other writers nor the memory of models, and what
    others changed meanwhile, the model pack included, is there the next time. It is opened once at
    the beginning, so that what cannot work is said at once.

    Args:
        settings: where it lies, and how it works.
        check: called while waiting for one's turn; raises to give up.
        ears: who hears of downloads.

    Raises:
        LibraryError: it cannot be used.
        ModelError: its models cannot be had.
    """
    from kith.pipeline.add import recovering
    from kith.pipeline.watching import Station

    @contextmanager
    def library() -> Generator[Library]:
        with (
            patient_turn(settings.library, check),
            open_library(settings, writing=True, ears=ears, in_turn=True) as opened,
        ):
            yield opened

    with library() as opened, recovering(opened):
        pass
    with open_catalog(settings) as catalog:
        yield Station(catalog, library)


@contextmanager
def open_depot(address: str) -> Generator[Depot]:
    """A part of a bucket that is filled.

    Raises:
        UsageError: it is no address in S3.
        SettingError: boto3 is not installed, or cannot work with what it found.
    """
    from contextlib import closing

    from kith.adapters.storage.s3 import S3Depot, S3Service, address_parts

    bucket, prefix = address_parts(address)
    with closing(S3Service().client()) as client:
        yield S3Depot(client, bucket, prefix)
