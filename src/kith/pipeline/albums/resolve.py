"""From what people call things to what they are: the names in a query, looked up.

A person is called by name - as it is written, else whatever the case - or by id, or by the
beginning of an id. An album is called by its name, or, where a folder makes it, by the last parts
of the folder's path: as many as tell it from the others. A label is called by its name, another
name for it, or that of a wider one, whatever the case.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePath
from typing import Final

from kith.domain.album import FolderAlbum, NamedAlbum, PickedAlbum, name_key
from kith.domain.errors import NotFoundError
from kith.domain.names import folded
from kith.domain.person import PersonId
from kith.domain.query import (
    MOST_TERMS,
    HasSimilarity,
    InAlbum,
    LiesUnder,
    Meaning,
    Query,
    QueryError,
    ShowsAny,
    ShowsLabel,
    ShowsOnly,
    ShowsPerson,
    ShowsText,
    Term,
    Word,
    people_named,
    reworded,
)
from kith.domain.query_parse import parse_query
from kith.domain.selection import (
    Condition,
    HasAppearance,
    InFolder,
    Labelled,
    Picked,
    Selection,
    Shows,
    ShowsExactly,
    Under,
    Wanted,
    Within,
)
from kith.engine.labels.vocabulary import load_vocabulary
from kith.pipeline.albums.folder_names import folder_names, folders_called
from kith.pipeline.albums.records import Records
from kith.pipeline.originals import is_address
from kith.pipeline.walk import absolute
from kith.ports.findings import FindingCounts, KnownLabel

LEAST_PREFIX: Final = 4
"""Characters of an id that must be typed, so that a slip does not name someone."""

HOW_TO_LOOK: Final = "`kith findings update` looks, and says what it needs."
"""What to do where photos were not looked at."""

_UUID_LENGTH: Final = 36
_SUGGESTIONS: Final = 3

_COMPARED: Final = 100
"""Characters of a word that is compared with names; the time taken grows with their square."""


def resolve(records: Records, query: Query) -> Selection:
    """The photos that a query means now.

    Raises:
        QueryError: it calls someone or something that is not there, or that could be several.
    """
    return _Resolver(records, query).selection()


def resolve_saved(records: Records, text: str, album: str) -> Selection:
    """The photos that the query of an album means now.

    Who has gone since it was saved is in no photo, and that is no error.

    Raises:
        QueryError: it names an album that is not there any more.
    """
    query = parse_query(text)
    return _Resolver(records, query, opened=(name_key(album),), saved=True).selection()


def pinned(records: Records, query: Query, album: str) -> Query:
    """The query in words that keep their meaning: people by id, folders by path.

    Args:
        records: what the words mean now.
        query: as someone typed it.
        album: the album that the query is to be, which it may therefore not name.

    Raises:
        QueryError: as ``resolve``.
    """
    resolver = _Resolver(records, query, opened=(name_key(album),))
    resolver.selection()
    return reworded(
        query, person=resolver.person, album=resolver.lasting_name, path=resolver.absolute
    )


def readable(records: Records, query: Query) -> Query:
    """The query with people's names in the place of their ids, where that says the same."""
    names = records.queries.named_people()

    def name_of(word: Word) -> str:
        name = names.get(PersonId(word.text))
        return word.text if name is None or _called(name, names) != [word.text] else name

    return reworded(query, person=name_of, album=_as_it_is, path=_as_it_is)


def _as_it_is(word: Word) -> str:
    return word.text


def _called(word: str, names: Mapping[PersonId, str]) -> Sequence[PersonId]:
    """Those of the people who are called so: as it is written, else in whatever case."""
    exact = [person_id for person_id, name in names.items() if name == word]
    return exact or [person_id for person_id, name in names.items() if folded(name) == folded(word)]


@dataclass(frozen=True)
class _Resolver:
    """One query, and what its words may mean.

    Attributes:
        records: where words are looked up.
        query: the query.
        opened: the keys of the albums whose queries are being looked into, outermost first.
        saved: the query is an album's; who has gone since is no error.
        met: the terms met so far, those of albums included; shared by the resolvers of all.
    """

    records: Records
    query: Query
    opened: tuple[str, ...] = ()
    saved: bool = False
    met: list[Term] = field(default_factory=list[Term])

    def selection(self) -> Selection:
        """The query by ids."""
        return Selection(tuple(map(self._condition, self.query.terms)))

    def _condition(self, term: Term) -> Condition:
        self.met.append(term)
        at = Word("", term.at)
        if len(self.met) > MOST_TERMS:
            raise self._error(at, f"Albums included, these are more than {MOST_TERMS} terms")
        if isinstance(term.meaning, ShowsText) and not self.saved and not self._counts.read:
            raise self._error(at, "No photo was looked at for text yet", HOW_TO_LOOK)
        return Condition(self._wanted(term.meaning), term.negated)

    def _wanted(self, meaning: Meaning) -> Wanted:
        match meaning:
            case ShowsPerson() | ShowsAny():
                return Shows(self._people(people_named(meaning)))
            case ShowsOnly(people):
                return ShowsExactly(self._people(people))
            case HasSimilarity(bounds):
                return HasAppearance(bounds, self._asked_for)
            case LiesUnder() | InAlbum():
                return self._collected(meaning)
            case ShowsLabel(label, least):
                return Labelled(self._labels_called(label), least)
            case _:
                return meaning

    def _collected(self, meaning: LiesUnder | InAlbum) -> Wanted:
        """The photos of a folder or an album."""
        if isinstance(meaning, LiesUnder):
            return Under(self.absolute(meaning.path))
        return self._album(meaning.album)

    @cached_property
    def _asked_for(self) -> frozenset[PersonId] | None:
        """The people whom the query asks for, not those whom it excludes; ``None`` for nobody."""
        asked_for = [term.meaning for term in self.query.terms if not term.negated]
        return self._people(word for one in asked_for for word in people_named(one)) or None

    # -- people ------------------------------------------------------------------------------------

    def _people(self, words: Iterable[Word]) -> frozenset[PersonId]:
        return frozenset(map(self.person, words))

    def person(self, word: Word) -> PersonId:
        """Whom the word means.

        Raises:
            QueryError: nobody, or it could be several people.
        """
        if len(word.text) == _UUID_LENGTH:
            try:
                return self.records.catalog.person(PersonId(word.text)).id
            except NotFoundError:
                if self.saved:
                    return PersonId(word.text)
        found = _called(word.text, self._names)
        if not found and len(word.text) >= LEAST_PREFIX:
            found = self.records.queries.people_with_id(word.text)
        if len(found) == 1:
            return found[0]
        if found:
            ids = ", ".join(person_id[:8] for person_id in found[:_SUGGESTIONS])
            message = f"{len(found)} people could be {word.text!r}"
            raise self._error(word, message, f"Say the beginning of an id, such as {ids}.")
        raise self._error(
            word,
            f"Nobody in the photos is called {word.text!r}",
            _suggestion(word.text, self._names.values()) or "`kith people` lists everyone.",
        )

    @cached_property
    def _names(self) -> Mapping[PersonId, str]:
        return self.records.queries.named_people()

    # -- albums ------------------------------------------------------------------------------------

    def lasting_name(self, word: Word) -> str:
        """What keeps meaning this album: its name, or the path of the folder.

        Raises:
            QueryError: there is no such album, or it could be several.
        """
        album = self._named_album(word)
        return self._folder(word) if album is None else album.name

    def _album(self, word: Word) -> Wanted:
        album = self._named_album(word)
        if album is None:
            return InFolder(self._folder(word))
        if isinstance(album, PickedAlbum):
            return Picked(album.name)
        key = name_key(album.name)
        if key in self.opened:
            raise self._error(word, f"The album {album.name!r} would be a part of itself")
        try:
            query = parse_query(album.query)
            inner = _Resolver(self.records, query, (*self.opened, key), True, self.met)
            return Within(inner.selection())
        except QueryError as error:
            message = f"In the album {album.name!r}: {error.message}"
            raise self._error(word, message, error.advice) from error

    def _named_album(self, word: Word) -> NamedAlbum | None:
        return self._named.get(name_key(word.text))

    @cached_property
    def _named(self) -> Mapping[str, NamedAlbum]:
        saved = self.records.albums.saved()
        return {name_key(one.name): one for one in saved if not isinstance(one, FolderAlbum)}

    def _folder(self, word: Word) -> str:
        """The path of the folder that is meant."""
        whole = is_address(word.text) or PurePath(word.text).is_absolute()
        if whole and (self.saved or self._holds_photos(word.text)):
            return word.text  # told without a look at all files of the library
        found = folders_called(word.text, self._folders)
        if len(found) == 1:
            return found[0]
        names = folder_names(self._folders, self._named)
        if found:
            several = " or ".join(names[path] for path in found[:_SUGGESTIONS])
            message = f"{len(found)} folders are called {word.text!r}"
            raise self._error(word, message, f"Say more of the path: {several}.")
        known = [*(album.name for album in self._named.values()), *names.values()]
        advice = _suggestion(word.text, known) or "`kith albums` lists all."
        raise self._error(word, f"There is no album {word.text!r}", advice)

    def _holds_photos(self, path: str) -> bool:
        return self.records.queries.count(Selection((Condition(InFolder(path)),))) > 0

    @cached_property
    def _folders(self) -> Sequence[str]:
        return [folder.path for folder in self.records.queries.folders()]

    # -- labels ------------------------------------------------------------------------------------

    def _labels_called(self, word: Word) -> frozenset[str]:
        """The labels of photos that are called so, or are kinds of what is.

        Raises:
            QueryError: there is no label of that name.
        """
        wanted = folded(word.text)
        known = self.records.findings.labels()
        names = frozenset(one.name for one in known if wanted in _all_names(one))
        if not names and not self.saved:
            self._see_that_there_is_such_a_label(word, [one.name for one in known])
        return names

    def _see_that_there_is_such_a_label(self, word: Word, known: Sequence[str]) -> None:
        """No photo shows it: because none does, or because nothing is called so?"""
        if not self._counts.labelled:
            raise self._error(word, "No photo was looked at for labels yet", HOW_TO_LOOK)
        words = load_vocabulary().words
        names = [name for one in words.values() for name in (one.name, *one.aliases)]
        if folded(word.text) not in map(folded, names):
            raise self._error(
                word,
                f"There is no label {word.text!r}",
                _suggestion(word.text, [*names, *known])
                or "`kith findings labels` lists those of your photos.",
            )

    @cached_property
    def _counts(self) -> FindingCounts:
        return self.records.findings.counts()

    # -- paths -------------------------------------------------------------------------------------

    def absolute(self, word: Word) -> str:
        """The path from the root, ``~`` being the user's folder; or the address as it is.

        Raises:
            QueryError: that cannot be told.
        """
        if is_address(word.text):
            return word.text.rstrip("/")
        try:
            return str(absolute(Path(word.text).expanduser()))
        except (RuntimeError, ValueError, OSError) as error:
            raise self._error(word, f"{word.text!r} is not a path: {error}") from error

    def _error(self, word: Word, message: str, advice: str = "") -> QueryError:
        return QueryError(message, advice, query=self.query.text, at=word.at)


def _all_names(label: KnownLabel) -> frozenset[str]:
    return frozenset(map(folded, (label.name, *label.parents, *label.aliases)))


def _suggestion(word: str, known: Iterable[str]) -> str:
    """A question that names what is nearest to the word; empty if nothing is near."""
    by_form = {folded(name): name for name in known}
    near = difflib.get_close_matches(folded(word[:_COMPARED]), by_form, n=_SUGGESTIONS)
    return f"Did you mean {' or '.join(by_form[form] for form in near)}?" if near else ""
