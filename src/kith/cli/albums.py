"""``kith albums``: folders, kept queries and photos picked by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from kith.cli.groups import DefaultGroup
from kith.cli.options import json_option, library_options
from kith.cli.queries import QueryCommand, pointing, query_argument

if TYPE_CHECKING:
    from kith.config import Settings
    from kith.domain.album import Album
    from kith.pipeline.albums.albums import AlbumSummary

_HELP = """Albums: photos to look at together. list, show, save, pick, feature, remove.

Every folder that holds photos is an album, called by the last parts of its path. Others are made:
of a query, whose photos are those that it means at the time, or of photos picked by hand. A NAME is
unique, whatever its case; the name of an album that was made goes before that of a folder.

\b
  kith albums
  kith albums save "Ana and Ben" 'person:"Ana" person:"Ben"'
  kith albums pick Best ~/Pictures/a.jpg ~/Pictures/b.jpg
  kith photos 'album:"Ana and Ben" taken:2024'

\b
Exit status:
  0  done
  2  the name or the query cannot be used
  3  there is no such album or photo
  5  there is no library yet, or it cannot be used
"""

_LIST_HELP = """List every album: those that were made, by name; then the folders.

\b
  kith albums list --json

\b
Exit status: 0 done; 5 the library cannot be used.
"""

_SHOW_HELP = """The photos of one album, in the order in which they were taken.

\b
  kith albums show Lisbon
  kith albums show 2024/Lisbon --json

For paths alone, `kith photos 'album:"Lisbon"' --paths`.

\b
Exit status: 0 done; 2 it could be several folders; 3 there is no such album.
"""

_SAVE_HELP = """Make an album of a query; see `kith photos` for what a query can say.

It keeps meaning the same people and folders, whatever they are called later. With --replace, an
album of that name may be there already and gets this query.

\b
  kith albums save "Ana and Ben" 'person:"Ana" person:"Ben"'
  kith albums save Lately taken:2024.. --replace

\b
Exit status:
  0  done
  2  the query cannot be understood, or the name is another album's
  5  the library cannot be used
"""

_PICK_HELP = """Put photos into an album that is picked by hand; it is made if there is none.

A PHOTO is a path, a photo id, or the beginning of one. With --out they are taken out again.

\b
  kith albums pick Best ~/Pictures/a.jpg 3fa9c1
  kith albums pick Best ~/Pictures/a.jpg --out

\b
Exit status: 0 done; 2 the album is a query; 3 there is no such photo, or album to take out of.
"""

_FEATURE_HELP = """Choose the photo that stands for an album, or leave it to Kith with --none.

Without a choice it is the album's first photo.

\b
  kith albums feature Lisbon ~/Pictures/Lisbon/tram.jpg
  kith albums feature Lisbon --none

\b
Exit status: 0 done; 2 the photo is not in the album; 3 there is no such album or photo.
"""

_REMOVE_HELP = """Forget an album that was made; its photos stay where they are.

\b
  kith albums remove "Ana and Ben"

\b
Exit status: 0 done; 2 it is a folder, or another album is made of it; 3 there is no such album.
"""


@click.group(
    "albums",
    cls=DefaultGroup,
    default="list",
    help=_HELP,
    short_help="Folders, kept queries, photos picked by hand.",
)
def command() -> None:
    """The group."""


@command.command("list", help=_LIST_HELP, short_help="List every album.")
@json_option
@library_options
def list_(*, settings: Settings, as_json: bool) -> None:
    """Parse, call the pipeline, present."""
    from kith.cli.output import print_json, print_table, remark, say
    from kith.compose import open_records
    from kith.pipeline.albums.albums import list_albums

    with open_records(settings) as records:
        albums = list_albums(records)
    if as_json:
        print_json([_summary_json(one) for one in albums])
        return
    if albums:
        rows = [(one.name, one.photo_count, _kind(one.album)) for one in albums]
        print_table(("album", "photos", "made of"), rows)
    else:
        say("None yet. Add photos with: kith add PATH")
    for one in albums:
        if one.problem:
            remark(f"{one.name}: {one.problem}")


@command.command("show", help=_SHOW_HELP, short_help="The photos of one album.")
@click.argument("name")
@json_option
@library_options
def show(*, name: str, settings: Settings, as_json: bool) -> None:
    """Parse, call the pipeline, present."""
    from kith.cli.output import print_json, say
    from kith.cli.photos import listed_json, print_photos
    from kith.compose import open_records
    from kith.domain.album import QueryAlbum
    from kith.pipeline.albums.albums import feature_of, find_album, query_of, selection_of
    from kith.pipeline.albums.photos import list_photos

    with open_records(settings) as records, pointing():
        album = find_album(records, name)
        found = records.queries.matching(selection_of(records, album))
        query = query_of(records, album) if isinstance(album, QueryAlbum) else None
        photos = list_photos(records, found)
        if as_json:
            about = _album_json(album) | {"query": query, "feature": feature_of(records, album)}
            print_json(about | {"photos": [listed_json(one) for one in photos]})
            return
        say(f"{_called(album)}, {len(found)} photos" + (f": {query}" if query else ""))
        print_photos(photos)


@command.command("save", cls=QueryCommand, help=_SAVE_HELP, short_help="Make an album of a query.")
@click.argument("name")
@query_argument(required=True)
@click.option("--replace", is_flag=True, help="Give an album that is there this query.")
@json_option
@library_options
def save(*, name: str, query: str, replace: bool, settings: Settings, as_json: bool) -> None:
    """Parse, call the pipeline, present."""
    from kith.cli.output import print_json, say
    from kith.compose import open_records
    from kith.pipeline.albums.albums import query_of, save_query, selection_of

    with open_records(settings, writing=True) as records, pointing():
        album = save_query(records, name, query, replacing=replace)
        count = records.queries.count(selection_of(records, album))
        means = query_of(records, album)
    if as_json:
        print_json(_album_json(album) | {"query": means, "photo_count": count})
    else:
        say(f"{album.name} has {count} photos now: {means}")


@command.command("pick", help=_PICK_HELP, short_help="Put photos into an album by hand.")
@click.argument("name")
@click.argument("photos", nargs=-1, required=True, metavar="PHOTO...")
@click.option("--out", "out", is_flag=True, help="Take them out.")
@json_option
@library_options
def pick_(
    *, name: str, photos: tuple[str, ...], out: bool, settings: Settings, as_json: bool
) -> None:
    """Parse, call the pipeline, present."""
    from kith.cli.output import print_json, say
    from kith.compose import open_records
    from kith.pipeline.albums.albums import find_album, pick, selection_of
    from kith.pipeline.people import find_photo

    with open_records(settings, writing=True) as records:
        photo_ids = [find_photo(records.catalog, which).id for which in photos]
        if out:
            records.albums.unpick(name, photo_ids)
        else:
            pick(records, name, photo_ids)
        album = find_album(records, name)
        count = records.queries.count(selection_of(records, album))
    if as_json:
        print_json(_album_json(album) | {"photo_count": count})
    else:
        say(f"{_called(album)} has {count} photos now")


@command.command("feature", help=_FEATURE_HELP, short_help="Choose the photo that stands for it.")
@click.argument("name")
@click.argument("photo", required=False)
@click.option("--none", "nobody", is_flag=True, help="Leave it to Kith.")
@json_option
@library_options
def feature(
    *, name: str, photo: str | None, nobody: bool, settings: Settings, as_json: bool
) -> None:
    """Parse, call the pipeline, present."""
    if (photo is None) != nobody:
        raise click.UsageError("Say the PHOTO, or --none to leave it to Kith.")
    from kith.cli.output import print_json, say
    from kith.compose import open_records
    from kith.pipeline.albums.albums import choose_feature, feature_of, find_album
    from kith.pipeline.people import find_photo

    with open_records(settings, writing=True) as records, pointing():
        album = find_album(records, name)
        choose_feature(records, album, find_photo(records.catalog, photo).id if photo else None)
        shown = feature_of(records, find_album(records, name))
    if as_json:
        print_json(_album_json(album) | {"feature": shown})
    else:
        say(f"Photo {shown} stands for {_called(album)}" if shown else "The album is empty")


@command.command("remove", help=_REMOVE_HELP, short_help="Forget an album; its photos stay.")
@click.argument("name")
@json_option
@library_options
def remove(*, name: str, settings: Settings, as_json: bool) -> None:
    """Parse, call the pipeline, present."""
    from kith.cli.output import print_json, say
    from kith.compose import open_records
    from kith.pipeline.albums.albums import find_album, remove_album

    with open_records(settings, writing=True) as records:
        album = find_album(records, name)
        remove_album(records, album)
    if as_json:
        print_json(_album_json(album))
    else:
        say(f"Removed {_called(album)}; its photos stay")


def _called(album: Album) -> str:
    from kith.domain.album import FolderAlbum

    return album.path if isinstance(album, FolderAlbum) else album.name


def _kind(album: Album) -> str:
    from kith.domain.album import FolderAlbum, QueryAlbum

    match album:
        case FolderAlbum():
            return "folder"
        case QueryAlbum():
            return "query"
        case _:
            return "picked"


def _album_json(album: Album) -> dict[str, Any]:
    return {"name": _called(album), "kind": _kind(album)}


def _summary_json(one: AlbumSummary) -> dict[str, Any]:
    return {
        "name": one.name,
        "kind": _kind(one.album),
        "path": _called(one.album) if _kind(one.album) == "folder" else None,
        "photo_count": one.photo_count,
        "problem": one.problem or None,
    }
