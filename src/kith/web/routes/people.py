"""People: who there is, where somebody appears, and all that can be said of them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from kith.domain.errors import UsageError
from kith.domain.face import FaceId
from kith.domain.person import Person, PersonId
from kith.pipeline.decisions import corrections
from kith.pipeline.serving.decided import decided, describe_person, split
from kith.pipeline.serving.forgetting import forget_somebody
from kith.pipeline.serving.people import (
    Named,
    Show,
    Wanted,
    appearances_page,
    people_of,
    summary_of,
)
from kith.ports.people import InYear, Order
from kith.web.access.roles import Editor, Owner, Reader
from kith.web.services import Served, Services
from kith.web.shapes.asked import (
    DifferentBody,
    FacesBody,
    ForgetBody,
    MergeBody,
    PersonPatch,
    SplitBody,
)
from kith.web.shapes.found import AppearancesAnswer, appearance_items
from kith.web.shapes.people import (
    Change,
    CompanionItem,
    CompanionLabel,
    PeopleAnswer,
    PeopleCounts,
    PersonDetail,
    YearItem,
    change_item,
    person_item,
)

router = APIRouter(prefix="/people", tags=["people"])

_MOST_COMPANIONS = 24


class Erased(BaseModel):
    """What was erased for good."""

    faces: int = Field(description="With what they are recognized by.")
    photos: int = Field(description="That showed them; the photos themselves stay.")
    people: int
    decisions: int = Field(description="Entries of the journal that were removed.")
    rewritten: int = Field(description="Entries that lost a part.")
    crops: int
    thumbnails: int
    marks: int = Field(description="Places where nobody is to be recognized again.")
    copies: list[str] = Field(description="Older copies of the database that were removed.")


# -- looking ---------------------------------------------------------------------------------------


@router.get("")
def get_people(
    services: Served,
    _caller: Reader,
    show: Show = Show.VISIBLE,
    named: Named = Named.ALL,
    search: Annotated[str, Query(max_length=200, description="Beginnings of words.")] = "",
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=5000)] = 200,
) -> PeopleAnswer:
    """People: the named first, then those in most photos."""
    page = services.everyone.page(Wanted(show, named, search), cursor, limit)
    return PeopleAnswer(
        people=[person_item(services.urls, each) for each in page.people],
        next_cursor=page.next_cursor,
        counts=PeopleCounts(named=page.named, unnamed=page.unnamed, hidden=page.hidden),
    )


@router.get("/{person_id}")
def get_person(services: Served, _caller: Reader, person_id: str) -> PersonDetail:
    """One person, with the years of the photos and who else is in them.

    An id that was merged away answers as who it became.
    """
    summary = summary_of(services.catalog, services.everyone, person_id)
    span = services.people.span(summary.person.id)
    return PersonDetail(
        **person_item(services.urls, summary).model_dump(),
        first_taken=span[0] if span else None,
        last_taken=span[1] if span else None,
        years=[
            YearItem(year=each.year, photos=each.photos)
            for each in services.people.years(summary.person.id)
        ],
        together=_companions(services, summary.person),
    )


def _companions(services: Services, person: Person) -> list[CompanionItem]:
    found = services.people.together(person.id, _MOST_COMPANIONS)
    known = services.everyone.some([each.person_id for each in found])
    return [
        CompanionItem(
            person=CompanionLabel(
                id=each.person_id,
                name=known[each.person_id].person.name,
                cover_url=services.urls.crop_url(known[each.person_id].cover),
            ),
            photos=each.photos,
        )
        for each in found
        if each.person_id in known
    ]


@router.get("/{person_id}/appearances")
def get_appearances(
    services: Served,
    _caller: Reader,
    person_id: str,
    order: Order = Order.SIMILARITY,
    year: Annotated[
        int | Literal["none"] | None,
        Query(description="Only photos of that year; `none` for those of unknown date."),
    ] = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> AppearancesAnswer:
    """Where somebody appears; photos of unknown date come last."""
    page = appearances_page(
        services.people,
        services.catalog.person(PersonId(person_id)),
        order=order,
        within=None if year is None else InYear(None if year == "none" else year),
        cursor=cursor,
        limit=limit,
    )
    return AppearancesAnswer(
        appearances=appearance_items(services, page.seen), next_cursor=page.next_cursor
    )


# -- saying ----------------------------------------------------------------------------------------


@router.post("/merge")
def post_merge(services: Served, caller: Editor, body: MergeBody) -> Change:
    """Several are one person: `into`, with that name and id."""
    stays, *gone = people_of(services.catalog, [body.into, *body.ids])
    different = list({person.id: person for person in gone}.values())
    effect = corrections.merge_people(services.catalog, different, stays, by=caller.name)
    return change_item(services, decided(services.catalog, effect))


@router.post("/different")
def post_different(services: Served, caller: Editor, body: DifferentBody) -> Change:
    """Two are not one person, and are not asked about again."""
    one, other = people_of(services.catalog, [body.one, body.other])
    if one.id == other.id:
        raise UsageError("These two are one person already", "To part them, split some faces off.")
    effect = corrections.different_people(services.catalog, one, other, by=caller.name)
    return change_item(services, decided(services.catalog, effect))


@router.patch("/{person_id}")
def patch_person(services: Served, caller: Editor, person_id: str, body: PersonPatch) -> Change:
    """Say one thing of a person: a name, whether to hide, a birth date, consent, or a cover."""
    person = services.catalog.person(PersonId(person_id))
    if len(body.model_fields_set) != 1:
        raise UsageError("Say exactly one thing of a person at a time")
    (field,) = body.model_fields_set
    value: object = getattr(body, field)
    return change_item(
        services, describe_person(services.catalog, person, field, value, by=caller.name)
    )


@router.post("/{person_id}/split")
def post_split(services: Served, caller: Editor, person_id: str, body: SplitBody) -> Change:
    """Some of a person's faces are one other person."""
    person = services.catalog.person(PersonId(person_id))
    made = split(services.catalog, person, _ids(body.face_ids), name=body.name, by=caller.name)
    return change_item(services, made)


@router.post("/{person_id}/not")
def post_not(services: Served, caller: Editor, person_id: str, body: FacesBody) -> Change:
    """These faces are not this person; who they are is left open."""
    person = services.catalog.person(PersonId(person_id))
    effect = corrections.not_this_person(
        services.catalog, person, _ids(body.face_ids), by=caller.name
    )
    return change_item(services, decided(services.catalog, effect))


@router.post("/{person_id}/confirm")
def post_confirm(services: Served, caller: Editor, person_id: str, body: FacesBody) -> Change:
    """These faces are this person, whoever they seemed to be."""
    person = services.catalog.person(PersonId(person_id))
    effect = corrections.confirm(services.catalog, person, _ids(body.face_ids), by=caller.name)
    return change_item(services, decided(services.catalog, effect))


@router.post("/{person_id}/forget")
def post_forget(services: Served, _caller: Owner, person_id: str, body: ForgetBody) -> Erased:
    """Erase a person for good, and keep these faces from being recognized again.

    This cannot be undone, so the name or the id is to be said once more.
    """
    person = services.catalog.person(PersonId(person_id))
    forgotten = forget_somebody(services.library, services.turn, person, confirm=body.confirm)
    return Erased(**asdict(forgotten))


def _ids(face_ids: list[str]) -> list[FaceId]:
    """The faces, each once."""
    return [FaceId(face_id) for face_id in dict.fromkeys(face_ids)]
