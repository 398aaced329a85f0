"""``kith export --site``: an album as files that any web host serves."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kith.cli.queries import pointing

if TYPE_CHECKING:
    from kith.config import Settings
    from kith.pipeline.sharing.site.export import SiteReport
    from kith.pipeline.sharing.site.terms import SiteTerms


def write_site(
    settings: Settings, folder: Path, query: str, chosen: Mapping[str, Any], *, as_json: bool
) -> None:
    """Write a site, and tell what became of it.

    Args:
        settings: of the library.
        folder: where the site goes.
        query: which photos.
        chosen: the command's flags for sites, by name.
        as_json: tells it as a document.
    """
    from kith.adapters.storage.filesystem import FilesystemStorage
    from kith.cli.output import print_json, progress_bar
    from kith.compose.site import open_site_source
    from kith.pipeline.sharing.site.export import export_site

    terms = _terms(settings, query, chosen)
    page = Path(str(files("kith.web") / "static"))
    with open_site_source(settings) as source, pointing(), progress_bar("Writing") as advance:
        report = export_site(source, FilesystemStorage(folder), page, terms, advance)
    if as_json:
        print_json(_report_json(report, folder))
    else:
        _tell(report, folder)


def _terms(settings: Settings, query: str, chosen: Mapping[str, Any]) -> SiteTerms:
    from kith.imaging.encode import Encoding
    from kith.pipeline.sharing.site.terms import SiteTerms

    return SiteTerms(
        query=query,
        title=chosen["title"] or settings.title or SiteTerms().title,
        people=chosen["people"],
        downloads=chosen["downloads"],
        location=chosen["location"],
        exif=chosen["exif"],
        encoding=Encoding.JPEG if chosen["jpeg"] else Encoding.WEBP,
    )


def _tell(report: SiteReport, folder: Path) -> None:
    from kith.cli.output import say

    say(f"{report.photos} photos are in {folder}")
    say(f"  {report.written} files written, {report.unchanged} as before, {report.removed} removed")
    if report.people:
        say(f"  {report.people} people are shown with them")
    if report.without_original:
        say(f"  {report.without_original} photos are small, for their originals are not there")
    if report.problems:
        say(f"Not shown, {len(report.problems)}:")
    for problem in report.problems:
        say(f"  {problem.path} {problem.reason}. {problem.advice}".rstrip())


def _report_json(report: SiteReport, folder: Path) -> dict[str, object]:
    return {
        "site": str(folder),
        "photos": report.photos,
        "people": report.people,
        "without_original": report.without_original,
        "written": report.written,
        "unchanged": report.unchanged,
        "removed": report.removed,
        "problems": [
            {"path": str(one.path), "reason": one.reason, "advice": one.advice}
            for one in report.problems
        ],
    }
