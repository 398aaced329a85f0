"""The journal as a file: everything that was said, to be kept or taken to another library.

JSON Lines: first ``{"kith_journal": 1}``, then one decision a line, as ``kith.domain.journal`` has
them. Files may be put together with ``cat``, and lines taken out: the first line may be missing, or
come again.
"""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

from kith.domain.decision import Decision, photos_in
from kith.domain.errors import UsageError
from kith.domain.journal import from_json, to_json
from kith.domain.photo import PhotoId
from kith.pipeline.chunks import in_chunks
from kith.pipeline.decisions.decide import Effect, adopt, require_fit_names
from kith.pipeline.sorting.manifest import sync_folder
from kith.ports.catalog import Catalog

VERSION: Final = 1
"""Of the file; changes when an older Kith would misread it."""

_MARK: Final = "kith_journal"


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an import.

    Attributes:
        new: decisions that this library did not have.
        known: those that it had.
        waiting: new ones that mention photos, none of which is here; they take effect when one is.
        partly_waiting: new ones of whose photos some are here.
        effect: whose faces changed.
    """

    new: int
    known: int
    waiting: int
    partly_waiting: int
    effect: Effect


# -- writing ---------------------------------------------------------------------------------------


def journal_lines(catalog: Catalog) -> Iterator[str]:
    """The file's lines, each with its end."""
    yield from _lines(catalog.decisions())


def journal_text(decisions: Iterable[Decision]) -> str:
    """A file of these decisions, in ASCII."""
    return "".join(_lines(decisions))


def write_journal(catalog: Catalog, out: Path) -> int:
    """Write the file as a whole or not at all, durably; answers how many decisions are in it.

    Raises:
        UsageError: it cannot be written there.
    """
    target = out.resolve()
    part = target.with_name(f".kith-{uuid.uuid4().hex}")
    try:
        try:
            count = _write(part, journal_lines(catalog))
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
        sync_folder(target.parent)
    except OSError as error:
        raise UsageError(
            f"{out} cannot be written ({error.strerror or error})", "Name another file."
        ) from error
    return count - 1


def _lines(decisions: Iterable[Decision]) -> Iterator[str]:
    yield json.dumps({_MARK: VERSION}) + "\n"
    for decision in decisions:
        yield json.dumps(to_json(decision)) + "\n"


def _write(path: Path, lines: Iterable[str]) -> int:
    count = 0
    with path.open("x", encoding="ascii", newline="") as file:
        for line in lines:
            file.write(line)
            count += 1
        file.flush()
        os.fsync(file.fileno())
    return count


# -- reading ---------------------------------------------------------------------------------------


def read_journal(
    lines: Iterable[bytes], source: str, listener: Callable[[int], None] = lambda _: None
) -> list[Decision]:
    """The decisions of a file.

    Args:
        lines: as they are in the file.
        source: what the file is called in errors.
        listener: told the number of each line that was read.

    Raises:
        UsageError: the file is no journal, or a line of it is not one of a journal that this Kith
            can read; the message says which, and what is wrong with it.
    """
    decisions: dict[str, Decision] = {}
    empty = True
    for number, line in enumerate(lines, start=1):
        listener(number)
        if not line.strip():
            continue
        empty = False
        try:
            decision = _decision(line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line)
        except UsageError as error:
            raise UsageError(
                f"{source}, line {number}: {error.message}",
                f"Nothing was imported. {error.advice}".rstrip(),
            ) from error
        if decision:
            decisions.setdefault(decision.id, decision)
    if empty:
        raise UsageError(
            f"{source} is empty, and no journal", "Write one with `kith journal export`."
        )
    return list(decisions.values())


def import_journal(catalog: Catalog, decisions: Sequence[Decision]) -> Imported:
    """Take over all of these decisions, or, where something fails, none."""
    effect = adopt(catalog, decisions)
    here = _here(catalog, effect.decisions)
    mentioned = [photos_in(decision.said) for decision in effect.decisions]
    absent = [photos for photos in mentioned if photos - here]
    waiting = sum(1 for photos in absent if not photos & here)
    return Imported(
        new=len(effect.decisions),
        known=len(decisions) - len(effect.decisions),
        waiting=waiting,
        partly_waiting=len(absent) - waiting,
        effect=effect,
    )


def _decision(line: bytes) -> Decision | None:
    """The decision in a line; ``None`` for the line that says that this is a journal."""
    try:
        value: object = json.loads(line.decode())
    except UnicodeDecodeError:
        raise UsageError("these are bytes that no text has") from None
    except json.JSONDecodeError as error:
        raise UsageError(f"this is not JSON ({error.msg} at column {error.colno})") from None
    except (RecursionError, ValueError):  # too many brackets, or a number of thousands of digits
        raise UsageError("this is no JSON that a journal could have") from None
    if isinstance(value, dict):
        values = cast("dict[str, Any]", value)
        if _MARK in values:
            _check_version(values[_MARK])
            return None
    decision = from_json(cast("object", value))
    require_fit_names([decision.said])
    return decision


def _check_version(version: object) -> None:
    if version != VERSION or isinstance(version, bool):
        raise UsageError(
            f"this is a journal of version {version!r}; this Kith reads version {VERSION}",
            "Update Kith, and try again.",
        )


def _here(catalog: Catalog, decisions: Sequence[Decision]) -> set[PhotoId]:
    mentioned = {photo_id for decision in decisions for photo_id in photos_in(decision.said)}
    chunks = in_chunks(mentioned)
    return {photo_id for chunk in chunks for photo_id in catalog.has_photos(chunk)}
