"""Photos that were in the bucket before Kith: announced to the queue, as if they came now."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from kith.lambdas.container import cloud
from kith.lambdas.telling import count, logger, metrics, traced
from kith.pipeline.announcing import Progress, announce_all

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

_RESERVE_MS: Final = 60_000
"""Left for the page that is being announced: a thousand objects, a hundred requests."""


@traced
@logger.inject_lambda_context
@metrics.log_metrics(capture_cold_start_metric=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Announce as much as there is time for; called again, it goes on until it says ``finished``.

    Args:
        event: may name another address ``under`` which to look than all photos.
        context: of the call.
    """
    under = event.get("under") or cloud().photos
    progress = Progress(cloud().storage, under)
    before = progress.read()
    done = announce_all(
        cloud().source,
        cloud().queue,
        progress,
        under,
        lambda: context.get_remaining_time_in_millis() < _RESERVE_MS,
    )
    count("Announced", done.photos - before.photos)
    logger.info("announced", under=under, photos=done.photos, finished=done.finished)
    return asdict(done)
