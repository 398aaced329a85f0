"""Which faces are meant, where a user types their ids or beginnings of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kith.domain.errors import NotFoundError, UsageError
from kith.domain.face import Face, FaceId
from kith.domain.person import Person
from kith.ports.catalog import Catalog

_LEAST_PREFIX = 4
"""Characters of an id that must be typed, so that a slip does not name a face."""


def find_face(catalog: Catalog, which: str, *, of: Person | None = None) -> Face:
    """The face of this id, or beginning of an id.

    Args:
        catalog: the library's.
        which: at least four characters of the id.
        of: whose face it probably is. That person's faces are looked at first: it is quick, and
            few characters tell them apart.

    Raises:
        NotFoundError: the library has no such face.
        UsageError: several faces' ids begin so.
    """
    return find_faces(catalog, [which], of=of)[0]


def find_faces(catalog: Catalog, which: Sequence[str], *, of: Person | None = None) -> list[Face]:
    """The faces of these ids, or beginnings of ids, in their order; each once.

    See ``find_face``; however many beginnings there are, the library is gone through once.
    """
    wanted = [each.strip().lower() for each in which]
    found: dict[str, FaceId] = {
        each: each for each in catalog.faces_by_id(list(map(FaceId, wanted)))
    }
    if of is not None:
        own = [appearance.face_id for appearance in catalog.appearances([of.id])]
        found |= _resolve([each for each in wanted if each not in found], own)
    rest = [each for each in wanted if each not in found]
    if rest:
        found |= _resolve(rest, (face.id for face in catalog.faces()))
    _refuse_missing(wanted, found)
    faces = catalog.faces_by_id(list(found.values()))
    return list({found[each]: faces[found[each]] for each in wanted}.values())


def _resolve(beginnings: Sequence[str], face_ids: Iterable[FaceId]) -> dict[str, FaceId]:
    """Those of the beginnings that a face has, with it.

    Raises:
        UsageError: several have it.
    """
    long_enough = tuple(each for each in beginnings if len(each) >= _LEAST_PREFIX)
    found: dict[str, FaceId] = {}
    for face_id in face_ids:
        if not face_id.startswith(long_enough):
            continue
        for beginning in long_enough:
            if face_id.startswith(beginning):
                if beginning in found:
                    raise UsageError(
                        f"Several faces' ids begin with {beginning!r}", "Say more of it."
                    )
                found[beginning] = face_id
    return found


def _refuse_missing(wanted: Sequence[str], found: dict[str, FaceId]) -> None:
    for each in wanted:
        if each not in found:
            short = f"; say at least {_LEAST_PREFIX} characters of its id"
            raise NotFoundError(
                f"There is no face {each!r} in this library"
                + (short if len(each) < _LEAST_PREFIX else ""),
                "`kith faces PHOTO` and `kith people show PERSON` list faces with their ids.",
            )
