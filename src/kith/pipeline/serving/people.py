"""Lists of people, and pages of where somebody appears."""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from kith.domain.errors import NotFoundError, UsageError
from kith.domain.face import FaceId
from kith.domain.names import folded
from kith.domain.person import Person, PersonId
from kith.domain.photo import PhotoId
from kith.pipeline.serving.cursors import from_cursor, to_cursor
from kith.ports.catalog import Catalog, PersonSummary
from kith.ports.people import InYear, Order, PeopleQueries, Seen
from kith.ports.queries import PhotoQueries


class Show(StrEnum):
    """Which people a list holds, as for hiding."""

    VISIBLE = "visible"
    HIDDEN = "hidden"
    ALL = "all"


class Named(StrEnum):
    """Which people a list holds, as for names."""

    ALL = "all"
    NAMED = "named"
    UNNAMED = "unnamed"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which people are meant.

    Attributes:
        show: hidden ones or not.
        named: with a name or without.
        search: beginnings of words of the name, in whatever case; empty for everyone.
    """

    show: Show = Show.VISIBLE
    named: Named = Named.ALL
    search: str = ""

    def holds(self, person: Person) -> bool:
        """Whether this person is meant."""
        if self.show is not Show.ALL and person.hidden != (self.show is Show.HIDDEN):
            return False
        if self.named is not Named.ALL and (person.name is None) != (self.named is Named.UNNAMED):
            return False
        return not self.search.strip() or _has_words(person.name or "", self.search)


def _has_words(name: str, search: str) -> bool:
    """Whether every word that is searched for begins a word of the name."""
    words = [word for part in folded(name).split() for word in (part, *part.split("-"))]
    return all(any(word.startswith(wanted) for word in words) for wanted in folded(search).split())


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """Some people of a list.

    Attributes:
        people: they.
        next_cursor: where the list goes on; ``None`` where nobody follows.
        named: how many visible people have a name.
        unnamed: how many visible people have none.
        hidden: how many are hidden.
    """

    people: Sequence[PersonSummary]
    next_cursor: str | None
    named: int
    unnamed: int
    hidden: int


class PeopleList:
    """Everyone in a library, counted once for each of its editions. For several threads."""

    def __init__(self, catalog: Catalog, queries: PeopleQueries) -> None:
        self._catalog = catalog
        self._queries = queries
        self._reading = threading.Lock()
        self._known: tuple[int, Sequence[PersonSummary]] | None = None

    def everyone(self) -> Sequence[PersonSummary]:
        """Everyone with an appearance: named first, then by number of photos, then by id."""
        with self._reading:
            edition = self._catalog.edition()
            if self._known is None or self._known[0] != edition:
                self._known = edition, self._catalog.people()
            return self._known[1]

    def some(self, person_ids: Collection[PersonId]) -> Mapping[PersonId, PersonSummary]:
        """Those of these people who appear; without counting everyone just for them."""
        known = self._known
        if known is not None and known[0] == self._catalog.edition():
            found: Iterable[PersonSummary] = known[1]
        else:
            found = self._queries.summaries(person_ids)
        wanted = set(person_ids)
        return {each.person.id: each for each in found if each.person.id in wanted}

    def page(self, wanted: Wanted, cursor: str | None, limit: int) -> PeoplePage:
        """The next of those who are wanted.

        Raises:
            UsageError: the cursor is of another list.
        """
        everyone = self.everyone()
        found = [each for each in everyone if wanted.holds(each.person)]
        start = bisect_right(found, _position(cursor), key=_key) if cursor else 0
        some = found[start : start + limit]
        more = start + limit < len(found)
        visible = [each.person.name is not None for each in everyone if not each.person.hidden]
        return PeoplePage(
            people=some,
            next_cursor=to_cursor(*_key(some[-1])) if more else None,
            named=sum(visible),
            unnamed=len(visible) - sum(visible),
            hidden=len(everyone) - len(visible),
        )


def _key(summary: PersonSummary) -> tuple[int, int, str]:
    """What the list is sorted by: the unnamed (1) come after the named (0)."""
    return (int(summary.person.name is None), -summary.photo_count, summary.person.id)


def _position(cursor: str) -> tuple[int, int, str]:
    unnamed, photos, person_id = from_cursor(cursor, int, int, str)
    return unnamed, photos, person_id


# -- who is meant ----------------------------------------------------------------------------------


def people_of(catalog: Catalog, person_ids: Sequence[str]) -> list[Person]:
    """The people of these ids; ids that were merged away count as who they became.

    Raises:
        NotFoundError: one of them is nobody's.
    """
    return [catalog.person(PersonId(person_id)) for person_id in person_ids]


def person_called(catalog: Catalog, queries: PhotoQueries, name: str) -> Person | None:
    """The one person of that name, in whatever case; ``None`` where nobody has it.

    Raises:
        UsageError: several people have it.
    """
    names = queries.named_people()
    exact = [person_id for person_id, one in names.items() if one == name.strip()]
    alike = [id_ for id_, one in names.items() if folded(one) == folded(name.strip())]
    found = exact or alike
    if len(found) > 1:
        raise UsageError(
            f"{len(found)} people are called {name.strip()!r}", "Say who is meant by the id."
        )
    return catalog.person(found[0]) if found else None


def summary_of(catalog: Catalog, everyone: PeopleList, person_id: str) -> PersonSummary:
    """Somebody who appears; an id that was merged away counts as who it became.

    Raises:
        NotFoundError: there is nobody of that id, or no face is theirs any more.
    """
    person = catalog.person(PersonId(person_id))
    found = everyone.some([person.id]).get(person.id)
    if found is None:
        raise NotFoundError(
            f"No photo shows the person {person_id} any more", "Undo what was said of their faces."
        )
    return found


# -- where somebody appears ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AppearancesPage:
    """Some appearances of a person; ``next_cursor`` is ``None`` where none follows."""

    seen: Sequence[Seen]
    next_cursor: str | None


def appearances_page(
    queries: PeopleQueries,
    person: Person,
    *,
    order: Order,
    within: InYear | None,
    cursor: str | None,
    limit: int,
) -> AppearancesPage:
    """The next appearances of a person.

    Raises:
        UsageError: the cursor is of another list.
    """
    after = _seen_in(cursor, order) if cursor else None
    found = queries.appearances(person.id, order=order, within=within, after=after, limit=limit + 1)
    some = found[:limit]
    more = len(found) > limit
    return AppearancesPage(some, _cursor_behind(some[-1], order) if more else None)


def _cursor_behind(seen: Seen, order: Order) -> str:
    return to_cursor(order.value, seen.face_id, seen.similarity, seen.second)


def _seen_in(cursor: str, order: Order) -> Seen:
    of, face_id, similarity, second = from_cursor(cursor, str, str, float, str | None)
    if of != order.value:
        raise UsageError("This cursor is of another order", "Begin anew without one.")
    return Seen(FaceId(face_id), PhotoId(""), similarity, second)
