"""The documents of a site: what the page otherwise asks the API for, as a guest is answered.

Photos are numbered, the oldest is 0, and so are the pages that hold them: a newer photo changes the
last page alone, so that little has to be brought to the host again.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, TypeAlias

from kith.domain.errors import KithError, LibraryError, StaleError
from kith.domain.person import PersonId
from kith.domain.photo import Photo, PhotoId
from kith.pipeline.serving.details import tags_of
from kith.pipeline.serving.renditions import Size
from kith.pipeline.sharing.shown import GuestPerson, faces_of_people, people_shown
from kith.pipeline.sharing.site.folder import SiteFolder
from kith.pipeline.sharing.site.pictures import Pictured, write_face
from kith.pipeline.sharing.site.terms import (
    DATA,
    SiteSource,
    SiteTerms,
    detail_path,
    face_path,
    person_path,
    picture_path,
)
from kith.ports.queries import Tile

Json: TypeAlias = dict[str, Any]


def write_documents(
    source: SiteSource, site: SiteFolder, terms: SiteTerms, photos: Sequence[Pictured]
) -> int:
    """Write what the page asks for; the photos are the newest first. Says how many people it shows.

    Raises:
        StaleError: photos were taken out of the library meanwhile.
    """
    who = _people(source, site, terms, photos)
    site.claim(detail_path(one.photo_id) for one in photos)
    site.claim(_page_path(number) for number in range(-(-len(photos) // terms.page_size)))
    months: list[str | None] = []
    numbers: dict[PersonId, list[int]] = {one: [] for one in who}
    cover: Json | None = None
    for number, chunk in enumerate(_pages(photos, terms.page_size)):
        items = _items(source, terms, chunk)
        present = _present(source, who, chunk)
        for one, photo in zip(chunk, _photos(source, chunk), strict=True):
            cover = items[one.photo_id]
            people = present.get(one.photo_id, [])
            for person_id in people:
                numbers[person_id].append(len(months))
            detail = cover | _about(source, terms, photo) | {"download_url": one.download}
            detail["people"] = [who[person_id] for person_id in people] if terms.people else None
            site.put_json(detail_path(one.photo_id), detail)
            months.append(cover["taken_at"] and cover["taken_at"][:7])
        site.put_json(_page_path(number), list(items.values()))
    if terms.people:
        _write_people(site, who, numbers)
    _write_album(site, terms, months, cover)
    return len(who)


# -- photos ----------------------------------------------------------------------------------------


def _pages(photos: Sequence[Pictured], size: int) -> Iterator[Sequence[Pictured]]:
    """The photos by their numbers."""
    for end in range(len(photos), 0, -size):
        yield photos[max(0, end - size) : end][::-1]


def _page_path(number: int) -> str:
    return f"{DATA}pages/{number}.json"


def _items(source: SiteSource, terms: SiteTerms, photos: Sequence[Pictured]) -> dict[PhotoId, Json]:
    """Each photo as a grid shows it."""
    tiles = source.records.queries.tiles([one.photo_id for one in photos])
    if len(tiles) < len(photos):
        raise _gone()
    return {one.photo_id: _item(terms, one, tiles[one.photo_id]) for one in photos}


def _photos(source: SiteSource, photos: Sequence[Pictured]) -> list[Photo]:
    found = source.records.catalog.photos([one.photo_id for one in photos])
    known = {photo.id: photo for photo in found}
    if len(known) < len(photos):
        raise _gone()
    return [known[one.photo_id] for one in photos]


def _gone() -> StaleError:
    return StaleError("Photos were taken out of the library meanwhile", "Run it again.")


def _item(terms: SiteTerms, photo: Pictured, tile: Tile) -> Json:
    """As the API has it."""
    small = picture_path(photo.photo_id, Size.SMALL, terms.encoding)
    large = picture_path(photo.photo_id, Size.LARGE, terms.encoding)
    return {
        "id": photo.photo_id,
        "width": tile.width,
        "height": tile.height,
        "taken_at": tile.taken_at and tile.taken_at.isoformat(),
        "placeholder": b64encode(tile.placeholder).decode() if tile.placeholder else None,
        "face_count": tile.face_count,
        "urls": {"small": small, "large": large if photo.large else small},
    }


def _about(source: SiteSource, terms: SiteTerms, photo: Photo) -> Json:
    """What the file says, as far as that is to be told."""
    if not (terms.exif or terms.location):
        return {}
    told: Json = {"format": photo.format, "byte_size": photo.byte_size}
    if terms.location and photo.location:
        place = photo.location
        told["location"] = {"latitude": place.latitude, "longitude": place.longitude}
    if terms.exif:
        told |= {"camera": photo.camera, "tags": _tags(source, terms, photo.id)}
    return told


def _tags(source: SiteSource, terms: SiteTerms, photo_id: PhotoId) -> Mapping[str, Any]:
    try:
        tags = tags_of(source.records.catalog, source.originals, photo_id)
    except LibraryError:
        raise
    except KithError:  # the original is not there now
        return {}
    return {group: tags[group] for group in tags if terms.location or group != "GPS"}


# -- people ----------------------------------------------------------------------------------------


def _people(
    source: SiteSource, site: SiteFolder, terms: SiteTerms, photos: Sequence[Pictured]
) -> dict[PersonId, Json]:
    """Whom the site shows, those in most photos first; nobody unless that is wanted."""
    if not terms.people:
        return {}
    found = people_shown(source.records, [one.photo_id for one in photos])
    site.claim(face_path(person.cover, terms.encoding) for person in found)
    shown: dict[PersonId, Json] = {}
    for person in found:
        try:
            write_face(source, site, terms, person.cover)
        except LibraryError:
            raise
        except KithError:  # nobody is shown without a face
            continue
        shown[person.id] = _person(terms, person)
    return shown


def _person(terms: SiteTerms, person: GuestPerson) -> Json:
    return {
        "id": person.id,
        "name": person.name,
        "photo_count": person.photo_count,
        "cover_url": face_path(person.cover, terms.encoding),
    }


def _present(
    source: SiteSource, who: Mapping[PersonId, Json], photos: Sequence[Pictured]
) -> dict[PhotoId, list[PersonId]]:
    """Who of these people is in each photo, once; the largest face comes first."""
    if not who:
        return {}
    found = faces_of_people(source.records, [one.photo_id for one in photos])
    return {
        photo_id: list(dict.fromkeys(one for _face, one in faces if one in who))
        for photo_id, faces in found.items()
    }


def _write_people(
    site: SiteFolder, who: Mapping[PersonId, Json], numbers: Mapping[PersonId, Sequence[int]]
) -> None:
    listed = f"{DATA}people.json"
    site.claim([listed, *map(person_path, who)])
    for person_id in who:
        site.put_json(person_path(person_id), {"numbers": numbers[person_id][::-1]})
    site.put_json(listed, {"people": list(who.values())})


# -- the album -------------------------------------------------------------------------------------


def _write_album(
    site: SiteFolder, terms: SiteTerms, months: Sequence[str | None], cover: Json | None
) -> None:
    """What the page asks first, and therefore is written last."""
    album = {
        "title": terms.title,
        "total": len(months),
        "download": terms.downloads,
        "people": terms.people,
        "find_me": False,
        "consent_text": None,
        "locked": False,
        "cover": cover,
        "page_size": terms.page_size,
        "months": [
            {"month": month, "photos": len(list(photos))}
            for month, photos in groupby(reversed(months))
        ],
    }
    site.claim([f"{DATA}album.json"])
    site.put_json(f"{DATA}album.json", album)
