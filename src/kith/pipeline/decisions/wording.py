"""Decisions in plain words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Sized

from kith.domain.decision import (
    BirthDate,
    Confirm,
    Consent,
    Cover,
    Decision,
    DifferentPeople,
    Hide,
    Merge,
    MissedFace,
    Name,
    NotAFace,
    NotThisPerson,
    PersonRef,
    Repeats,
    Reset,
    SamePerson,
    Split,
    Statement,
    Strangers,
    Undo,
    in_order,
)
from kith.domain.person import PersonId

SHORT_ID = 8
"""Characters of an id that are shown: enough to be typed as its beginning."""

UNNAMED = "someone"
"""Who has no name, where an id would say nothing."""


def describe_all(journal: Sequence[Decision], unnamed: str | None = None) -> dict[str, str]:
    """What each decision of a journal said, by its id.

    People are called as they were called at that time. Numbers are places in ``journal``.

    Args:
        journal: as it stands.
        unnamed: what everybody without a name is called; else the beginning of the id.
    """
    numbers = {decision.id: number for number, decision in enumerate(journal, start=1)}
    names = _Names(journal, unnamed)
    texts: dict[str, str] = {}
    for decision in in_order(journal):
        texts[decision.id] = _words(decision.said, names, numbers)
        names.hear(decision)
    return texts


class _Names:
    """How people are called, while a journal is read from its beginning."""

    def __init__(self, journal: Sequence[Decision], unnamed: str | None) -> None:
        self._journal = {decision.id: decision.said for decision in journal}
        self._unnamed = unnamed
        self._given: dict[PersonId, list[tuple[str, str | None]]] = {}
        self._undone: set[str] = set()

    def hear(self, decision: Decision) -> None:
        """From now on this counts, too."""
        match decision.said:
            case Name(person, name):
                self._given.setdefault(person.person_id, []).append((decision.id, name))
            case Undo(decision_id):
                self._take_back(decision_id)
            case _:
                pass

    def of(self, person: PersonRef | PersonId) -> str:
        """A person's name, or what one without is called."""
        person_id = person.person_id if isinstance(person, PersonRef) else person
        given = reversed(self._given.get(person_id, []))
        name = next((name for id_, name in given if id_ not in self._undone), None)
        return name or self._unnamed or person_id[:SHORT_ID]

    def _take_back(self, decision_id: str) -> None:
        """Undo a decision; if it is an undo, what that one undid counts again, and so on."""
        undoing = True
        seen: set[str] = set()  # a file from elsewhere may hold undos that undo each other
        while decision_id not in seen:
            seen.add(decision_id)
            if undoing:
                self._undone.add(decision_id)
            else:
                self._undone.discard(decision_id)
            said = self._journal.get(decision_id)
            if not isinstance(said, Undo):
                return
            decision_id = said.decision_id
            undoing = not undoing


def _words(said: Statement, names: _Names, numbers: Mapping[str, int]) -> str:
    match said:
        case Repeats() | MissedFace():
            return _words_of_photo(said)
        case Reset(person_id):
            whom = names.of(person_id) if person_id else "everyone"
            return f"set aside everything said of {whom}"
        case Undo(decision_id):
            number = numbers.get(decision_id)
            return f"undid {number}" if number else "undid a decision that is not here"
        case NotAFace() | Strangers() | Split() | NotThisPerson() | Confirm():
            return _words_of_faces(said, names)
        case Merge() | SamePerson() | DifferentPeople():
            return _words_of_pairs(said, names)
        case _:
            return _words_of_person(said, names)


def _words_of_photo(said: Repeats | MissedFace) -> str:
    match said:
        case Repeats(photo_id, allowed):
            how = "may show one person several times" if allowed else "shows each person only once"
            return f"said that photo {photo_id[:SHORT_ID]} {how}"
        case MissedFace(face):
            return f"drew a face that was missed in photo {face.photo_id[:SHORT_ID]}"


def _words_of_faces(
    said: NotAFace | Strangers | Split | NotThisPerson | Confirm, names: _Names
) -> str:
    faces = counted(said.faces, "face")
    are = "is" if len(said.faces) == 1 else "are"
    match said:
        case NotAFace():
            return f"said that {faces} {are} {'no face' if len(said.faces) == 1 else 'no faces'}"
        case Strangers():
            return (
                f"said that {faces} {are} {'a stranger' if len(said.faces) == 1 else 'strangers'}"
            )
        case Split(_, person, into):
            return f"split {faces} off {names.of(person)}, as {names.of(into)}"
        case NotThisPerson(_, person):
            return f"said that {faces} {are} not {names.of(person)}"
        case Confirm(_, person):
            return f"confirmed {faces} as {names.of(person)}"


def _words_of_pairs(said: Merge | SamePerson | DifferentPeople, names: _Names) -> str:
    match said:
        case Merge(gone, stays):
            return f"merged {names.of(gone)} into {names.of(stays)}"
        case SamePerson(one, other):
            return f"said that {names.of(one)} and {names.of(other)} are one person"
        case DifferentPeople(one, other):
            return f"said that {names.of(one)} and {names.of(other)} are different people"


def _words_of_person(said: Name | Hide | Cover | BirthDate | Consent, names: _Names) -> str:
    who = names.of(said.person)
    match said:
        case Name(_, name):
            return f"took the name of {who} away" if name is None else f"named {who} {name}"
        case Hide(_, hidden):
            return f"hid {who}" if hidden else f"showed {who} again"
        case Cover():
            return f"chose a cover for {who}"
        case BirthDate(_, born):
            return (
                f"said that {who} was born {born}" if born else f"took the birth date of {who} away"
            )
        case Consent(_, given):
            answers = {True: "agreed to be recognized", False: "refused to be recognized"}
            answer = answers.get(given) if given is not None else None
            return f"noted that {who} {answer}" if answer else f"took back whether {who} agreed"


def counted(things: Sized | int, word: str) -> str:
    """So many of them, in words: "1 face", "2 faces"."""
    count = things if isinstance(things, int) else len(things)
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"
