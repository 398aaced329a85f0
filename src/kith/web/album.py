"""The album: static files, and one page for all of its paths."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Final

from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Scope

STATIC: Final = Path(__file__).with_name("static")
"""The album's files, as they are sent: there is no build."""

_PAGE: Final = "index.html"

_OTHERS: Final = frozenset({"api", "docs"})
"""What paths begin with that are not the page's."""


class Album(StaticFiles):
    """The files of the album, and its page for every path that no file has.

    Files have an ``ETag``, and browsers are to ask each time whether theirs is the newest: a
    release is seen at once, and what did not change costs a 304.
    """

    def __init__(self, folder: Path = STATIC) -> None:
        super().__init__(directory=folder, check_dir=False)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, or the page."""
        try:
            response = await super().get_response(path, scope)
        except HTTPException as error:
            if error.status_code != 404 or not _is_of_the_page(path):
                raise
            response = await super().get_response(_PAGE, scope)
        response.headers["Cache-Control"] = "no-cache"
        return response


def _is_of_the_page(path: str) -> bool:
    """Whether the page shows something under this path, or says that there is nothing."""
    parts = PurePosixPath(path).parts
    return not (parts and (parts[0] in _OTHERS or PurePosixPath(path).suffix or ".." in parts))
