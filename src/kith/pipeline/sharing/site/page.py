"""The page of a site: the album's own, told to read files instead of asking the API."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Final

from kith.pipeline.sharing.site.folder import SiteFolder
from kith.pipeline.sharing.site.terms import DATA

_INDEX: Final = "index.html"
_NOT_SENT: Final = frozenset({"README.md", ".DS_Store"})

_POLICY: Final = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'none'"
)
"""As ``kith serve`` sends it with every answer, as far as a page may say it of itself."""


def write_page(site: SiteFolder, page: Path, title: str) -> None:
    """Write the page; its index comes last, so that it never leads to what is not there.

    Args:
        site: where to.
        page: the folder of the album's page.
        title: what the album is called.
    """
    files = {str(path.relative_to(page).as_posix()): path for path in _files(page)}
    # A folder of photos that this lies in is to find no photos here.
    site.claim([*files, _INDEX, ".nomedia"])
    site.put(".nomedia", b"")
    for name, path in files.items():
        site.put(name, path.read_bytes())
    site.put(_INDEX, site_index((page / _INDEX).read_text(encoding="utf-8"), title).encode())


def _files(page: Path) -> Iterator[Path]:
    for path in sorted(page.rglob("*")):
        if path.is_file() and path.name not in _NOT_SENT and path != page / _INDEX:
            yield path


def site_index(index: str, title: str) -> str:
    """The index of a site, made of the album's own.

    Its addresses are relative, so that it works in any folder of a host. Search engines are asked
    not to list it, and whoever is led elsewhere is not told where from.
    """
    told = [
        f'<meta name="kith-site" content="{DATA}">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        '<meta name="referrer" content="no-referrer">',
        '<meta name="robots" content="noindex">',
    ]
    changes = {
        '    <base href="/">\n': "",
        '<meta name="kith-api" content="/api/v1">': "\n    ".join(told),
        "<title>Kith</title>": f"<title>{escape(title)}</title>",
        'content="Who is in your photos."': f'content="{escape(title)}"',
        "views/timeline/timeline.js": "views/shared/shared.js",
    }
    for part, other in changes.items():
        if index.count(part) != 1:
            raise RuntimeError(f"the page's index has no {part.strip()!r} to be changed")
        index = index.replace(part, other)
    return index
