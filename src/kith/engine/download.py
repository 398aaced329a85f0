"""Downloading one file whose length and hash are known beforehand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

import httpx

from kith.domain.errors import WeightsCorruptError, WeightsMissingError
from kith.engine.weights import sha256_of

_TIMEOUT: Final = httpx.Timeout(30, connect=5)
"""Seconds. Without a network a first run must not wait long before it falls back."""

_ATTEMPTS: Final = 4
"""How often a download that was cut is taken up again, if each attempt brought it further."""

_PARTIAL: Final = 206
_NOTHING_LEFT: Final = 416
"""HTTP status codes: this is the part that was asked for; there is nothing behind that point."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file on the network.

    Attributes:
        url: where it is.
        byte_size: its length in bytes.
        sha256: its hash in lower-case hex.
    """

    url: str
    byte_size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one file has come.

    Attributes:
        name: what is being fetched, for people.
        done: bytes that are here.
        total: bytes it will have.
    """

    name: str
    done: int
    total: int


ProgressListener: TypeAlias = Callable[[Progress], None]
"""Called with every piece that arrives; ``done`` never shrinks but where a file starts over."""


def download(source: Source, target: Path, progress: ProgressListener) -> None:
    """Bring the file to ``target``, whole or not at all.

    It arrives in ``target`` + ``.part``, which outlives failures: the next call goes on where this
    one was cut. Not more than ``byte_size`` bytes are ever taken from the server. One process at a
    time: callers hold a lock.

    Raises:
        WeightsMissingError: it cannot be had now; says why.
        WeightsCorruptError: the server sent something else.
        OSError: it cannot be written.
    """
    part = target.with_name(target.name + ".part")
    resumed = part.is_file() and part.stat().st_size > 0
    target.parent.mkdir(parents=True, exist_ok=True)
    _fetch(source, part, progress)
    if resumed and sha256_of(part) != source.sha256:
        # The beginning was of another file; once more from the start.
        part.unlink()
        _fetch(source, part, progress)
    if sha256_of(part) != source.sha256:
        part.unlink()
        raise _corrupt(source, "its hash is not the pinned one")
    part.replace(target)


def _fetch(source: Source, part: Path, progress: ProgressListener) -> None:
    """Fill the part file up to the file's length."""
    with httpx.Client(timeout=_TIMEOUT, follow_redirects=True) as client:
        for attempt in range(1, _ATTEMPTS + 1):
            before = _length(part)
            try:
                _fetch_rest(client, source, part, progress)
            except (httpx.TransportError, _CutError) as error:
                if attempt == _ATTEMPTS or _length(part) <= before:
                    raise _unreachable(source, str(error) or type(error).__name__) from error
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                raise _unreachable(source, str(error)) from error
            else:
                return


def _fetch_rest(
    client: httpx.Client, source: Source, part: Path, progress: ProgressListener
) -> None:
    start = _length(part)
    if start > source.byte_size:
        part.unlink()
        start = 0
    if start == source.byte_size:
        return
    # Without "identity" a server may compress, and then lengths and ranges mean something else.
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={start}-"} if start else {})
    with client.stream("GET", source.url, headers=headers) as response:
        if start and response.status_code == _NOTHING_LEFT:
            part.unlink()
            raise _CutError("the server has less than was already here")
        if not response.is_success:
            raise _unreachable(source, f"the server answered {response.status_code}")
        _take(response, source, part, progress)


def _take(response: httpx.Response, source: Source, part: Path, progress: ProgressListener) -> None:
    """Write what arrives behind what is there; a server that ignores ranges starts over."""
    goes_on = response.status_code == _PARTIAL
    done = _length(part) if goes_on else 0
    name = source.url.rpartition("/")[2]
    with part.open("ab" if goes_on else "wb") as file:
        for chunk in response.iter_raw():
            done += len(chunk)
            if done > source.byte_size:
                break
            file.write(chunk)
            progress(Progress(name, done, source.byte_size))
    if done > source.byte_size:
        part.unlink()
        raise _corrupt(source, f"it is longer than the pinned {source.byte_size} bytes")
    if done < source.byte_size:
        raise _CutError(f"the connection ended after {done} of {source.byte_size} bytes")


class _CutError(Exception):
    """The server stopped before the end."""


def _length(part: Path) -> int:
    return part.stat().st_size if part.is_file() else 0


def _unreachable(source: Source, why: str) -> WeightsMissingError:
    return WeightsMissingError(f"{source.url} could not be downloaded: {why}")


def _corrupt(source: Source, why: str) -> WeightsCorruptError:
    return WeightsCorruptError(
        f"What {source.url} sent is not the expected file: {why}",
        "A proxy or sign-in page may have answered instead; try another network.",
    )
