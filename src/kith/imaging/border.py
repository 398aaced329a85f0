"""The border to the image libraries: what they raise or warn of stays behind it."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Generator
from contextlib import contextmanager
from typing import cast

from PIL import Image

from kith.domain.errors import BrokenPictureError, KithError, PictureTooLargeError

TOO_LARGE_ADVICE = "Save a smaller copy of it and add that."
BROKEN_ADVICE = "Open it in a viewer; if it does not show there either, restore it from a copy."


@contextmanager
def image_border(name: str) -> Generator[None]:
    """Run code of the image libraries; the picture's name goes into every error.

    Decoders meet bytes that their authors never thought of and raise whatever happens then, so this
    one place translates any exception.

    Raises:
        PictureTooLargeError: a library's own guard spoke up, or memory ran out.
        BrokenPictureError: anything else went wrong.
    """
    try:
        with _quiet():
            yield
    except KithError:
        raise
    except (Image.DecompressionBombError, MemoryError) as error:
        raise PictureTooLargeError(
            f"{name} would need too much memory to be decoded", TOO_LARGE_ADVICE
        ) from error
    except Exception as error:
        raise BrokenPictureError(
            f"{name} is truncated or damaged ({_reason(error)})", BROKEN_ADVICE
        ) from error


def _reason(error: Exception) -> str:
    text = " ".join(str(error).split()).rstrip(".")
    return text[:200] if text else type(error).__name__


class _Silence:
    """Ignores the image libraries' warnings while at least one thread is behind the border.

    ``warnings.catch_warnings`` swaps the process's filters and puts them back, which goes wrong
    when threads overlap; one filter that is counted in and out does not.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._threads = 0

    def enter(self) -> None:
        with self._lock:
            self._threads += 1
            # Inserted anew each time: others may have replaced the list of filters meanwhile.
            warnings.filterwarnings("ignore", module=_LIBRARIES)

    def leave(self) -> None:
        with self._lock:
            self._threads -= 1
            if self._threads == 0:
                filters = cast("list[tuple[object, ...]]", warnings.filters)
                filters[:] = [entry for entry in filters if not _is_ours(entry)]


_LIBRARIES = r"(PIL|pillow_heif)\."
_SILENCE = _Silence()


@contextmanager
def _quiet() -> Generator[None]:
    _SILENCE.enter()
    try:
        yield
    finally:
        _SILENCE.leave()


def _is_ours(entry: tuple[object, ...]) -> bool:
    return getattr(entry[3], "pattern", None) == _LIBRARIES
