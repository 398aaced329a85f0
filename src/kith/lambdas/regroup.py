"""Grouping everybody anew, as if the photos came once more: when it is worth its price."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kith.lambdas.container import cloud
from kith.lambdas.telling import count, logger, metrics, traced
from kith.pipeline.findings.renew import renew_documents
from kith.pipeline.migration.regroup import regroup

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

_MOST_FACES: Final = 2_000
"""Rekognition takes a tenth of a cent for each face that is searched for: at most two dollars."""


@traced
@logger.inject_lambda_context
@metrics.log_metrics(capture_cold_start_metric=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:  # noqa: ARG001 - Lambda passes two
    """Group all faces anew, unless there are more than the event's ``most_faces``.

    Every day needs none of it: whoever was taken for two people is put together by the next photo.
    Either way, documents of photos are then written anew in which somebody is another one, or has
    another name; that costs next to nothing, so ``most_faces`` of 0 does it alone.
    """
    faces, most = cloud().catalog.counts().faces, int(event.get("most_faces", _MOST_FACES))
    count("Faces", faces)
    said = _regrouped() if faces <= most else _left_alone(faces, most)
    documents = renew_documents(cloud().records, cloud().storage)
    count("Documents", documents)
    logger.info("documents renewed", documents=documents)
    return {**said, "documents": documents}


def _regrouped() -> dict[str, Any]:
    done = regroup(cloud().library)
    count("Moved", done.moved)
    logger.info("regrouped", faces=done.faces, moved=done.moved, people=done.people)
    return {"regrouped": True, "faces": done.faces, "moved": done.moved, "people": done.people}


def _left_alone(faces: int, most: int) -> dict[str, Any]:
    logger.warning("not regrouped", faces=faces, most_faces=most)
    return {"regrouped": False, "faces": faces, "most_faces": most}
