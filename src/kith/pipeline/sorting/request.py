"""Whether what ``kith sort`` is asked can be done at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kith.domain.errors import NotFoundError, UsageError
from kith.pipeline.sorting.names import safe_name
from kith.pipeline.sorting.plan import SortPerson, SortRequest, Way


def checked(request: SortRequest) -> SortRequest:
    """The request with absolute paths, links resolved.

    Raises:
        NotFoundError: the folder of photos is missing.
        UsageError: folders lie in each other in a way that cannot work, the similarity is no
            percent, or the folder for the rest has a name that not every file system takes.
    """
    request = replace(
        request,
        reference=request.reference.resolve(),
        photos=request.photos.resolve(),
        out=request.out.resolve(),
    )
    if not request.photos.is_dir():
        raise NotFoundError(f"There is no folder of photos {request.photos}")
    if request.out.exists() and not request.out.is_dir():
        raise UsageError(f"{request.out} is no folder", "Choose another --out.")
    _require_separate_folders(request)
    if not 0 < request.min_similarity <= 100:
        raise UsageError(
            f"The least similarity is {request.min_similarity} %", "Choose one above 0, up to 100."
        )
    if request.way is Way.LINK_OR_COPY:
        raise UsageError(f"{request.way} is no way to sort", "Choose copy, a link, or move.")
    if request.unmatched is not None and safe_name(request.unmatched) != request.unmatched:
        raise UsageError(
            f"{request.unmatched!r} cannot name the folder for the rest on every system",
            f"{safe_name(request.unmatched)!r} would do.",
        )
    return request


def require_apart(request: SortRequest, people: Sequence[SortPerson]) -> None:
    """No person's folder may be the one for the rest, nor hold the photos or the references.

    Raises:
        UsageError: one is or does.
    """
    photos, reference = request.photos, request.reference
    for person in people:
        folder = (request.out / person.folder).resolve()
        if request.unmatched and person.folder.casefold() == request.unmatched.casefold():
            raise UsageError(
                f"{person.name} is a person and the folder for the rest",
                "Give --unmatched another name.",
            )
        if photos.is_relative_to(folder) or reference.is_relative_to(folder):
            raise UsageError(
                f"The folder of {person.name} would be {folder}, where photos or references lie",
                "Choose another --out.",
            )


def _require_separate_folders(request: SortRequest) -> None:
    reference, photos, out = request.reference, request.photos, request.out
    if photos.is_relative_to(reference):
        raise UsageError(
            f"The photos in {photos} lie in the reference folder {reference}",
            "Every sub-folder of the reference folder is a person; keep the photos elsewhere.",
        )
    if out.is_relative_to(reference) or out == photos:
        other = "reference folder" if out.is_relative_to(reference) else "photos' own folder"
        raise UsageError(f"{out} is or lies in the {other}", "Choose another --out.")
