"""Notices: somebody or something appeared, and somebody wants to be told.

A rule says what is worth telling. A notice is one rule that was met by one photo, and its id
follows from the two: found a second time, it is the same notice. A posting is a notice on its way
to one channel, not before it is due; those of one bundle go as one message.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import NewType, TypeAlias

from kith.domain.face import FaceId
from kith.domain.label import Label
from kith.domain.names import folded
from kith.domain.person import Person, PersonId, Standing
from kith.domain.photo import PhotoId

RuleId = NewType("RuleId", str)
"""32 hex digits, the same for names that differ in case alone."""

NoticeId = NewType("NoticeId", str)
"""32 hex digits, the same whenever a rule is met by a photo."""


def rule_id_of(name: str) -> RuleId:
    """The id of the rule that is called so."""
    return RuleId(_digest("rule", folded(name)))


def notice_id_of(rule_id: RuleId, photo_id: PhotoId) -> NoticeId:
    """The id of the notice that this photo met this rule."""
    return NoticeId(_digest("notice", rule_id, photo_id))


def message_id_of(notices: Sequence[Notice]) -> str:
    """The id of a message that tells these: of one alone, its own. 32 hex digits."""
    ids = sorted(notice.id for notice in notices)
    return ids[0] if len(ids) == 1 else _digest("message", *ids)


# -- rules -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AnyFace:
    """The photo shows a face."""


@dataclass(frozen=True, slots=True)
class UnknownFace:
    """The photo shows somebody who has no name.

    Faces too poor to be told apart are nobody's, may be anybody's, and do not count.
    """


@dataclass(frozen=True, slots=True)
class Together:
    """The photo shows each of these people: one, or several together.

    Attributes:
        people: names, whatever the case, or ids. Whom they mean is looked up when a photo comes.
    """

    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Labeled:
    """The photo shows this: a label's name or another name for it, whatever the case."""

    label: str


When: TypeAlias = AnyFace | UnknownFace | Together | Labeled


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From this time to that one, by the clock on the wall, nothing is told; over midnight, too."""

    start: time
    end: time

    def holds(self, wall: datetime) -> bool:
        """Whether it is quiet at this moment."""
        if self.start <= self.end:
            return self.start <= wall.time() < self.end
        return not self.end <= wall.time() < self.start

    def until(self, wall: datetime) -> datetime:
        """When it ends that it is quiet at this moment."""
        end = datetime.combine(wall.date(), self.end, wall.tzinfo)
        return end if end.time() > wall.time() else end + timedelta(days=1)


class Digest(StrEnum):
    """How long notices are gathered, to be told at once: until the hour, or the day, is full."""

    HOUR = "hour"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Rule:
    """What is worth telling, to whom and when.

    Attributes:
        name: unique among the rules, whatever the case.
        when: what a photo must show.
        channels: the names of those that are told.
        at_least: percent; the similarity of each person, or the confidence of the label.
        quiet: when nothing is told; what came meanwhile is told in one message afterwards.
        digest: how long notices are gathered.
    """

    name: str
    when: When
    channels: tuple[str, ...]
    at_least: float = 0.0
    quiet: QuietHours | None = None
    digest: Digest | None = None

    @property
    def id(self) -> RuleId:
        """What tells it from other rules."""
        return rule_id_of(self.name)


# -- what a photo shows ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ShownFace:
    """One face of a photo, and whose it is.

    Attributes:
        face_id: the face.
        person: whose it is; ``None`` for nobody's.
        similarity: how well it fits the person's other faces, percent.
        standing: what a human said of a face that is to be nobody's.
    """

    face_id: FaceId
    person: Person | None = None
    similarity: float = 0.0
    standing: Standing | None = None

    @property
    def counts(self) -> bool:
        """Whether rules see it: not if it is no face, or of who is hidden or has refused."""
        if self.standing is Standing.NOT_A_FACE:
            return False
        return self.person is None or not (self.person.hidden or self.person.consent is False)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a photo shows."""

    photo_id: PhotoId
    faces: tuple[ShownFace, ...] = ()
    labels: tuple[Label, ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """A photo met a rule.

    It holds ids alone: names are looked up when it is told, so that they are those of then.

    Attributes:
        rule_id: the rule.
        rule_name: what the rule is called; it may be gone when this is told.
        photo_id: the photo.
        face_ids: the faces that met the rule, as the photo has them.
        labels: the names of the labels that met it.
        created: when, in seconds since 1970.
    """

    rule_id: RuleId
    rule_name: str
    photo_id: PhotoId
    face_ids: tuple[FaceId, ...]
    labels: tuple[str, ...]
    created: float

    @property
    def id(self) -> NoticeId:
        """What tells it from other notices."""
        return notice_id_of(self.rule_id, self.photo_id)


@dataclass(frozen=True, slots=True)
class Posting:
    """A notice on its way to one channel.

    Attributes:
        notice: what is told.
        channel: the name of who is told.
        due: not before, in seconds since 1970.
        bundle: what it is told with: all of one channel and bundle go as one message; on its own
            without.
    """

    notice: Notice
    channel: str
    due: float
    bundle: str | None = None


# -- which rules a photo meets ---------------------------------------------------------------------


def notices_of(
    rules: Iterable[Rule], shown: Shown, now: float, became: Mapping[str, PersonId]
) -> list[tuple[Rule, Notice]]:
    """The rules that a photo meets, each with its notice.

    Args:
        rules: what is worth telling.
        shown: what the photo shows.
        now: in seconds since 1970.
        became: who is meant by the ids in rules now, for people were merged since.
    """
    found: list[tuple[Rule, Notice]] = []
    for rule in rules:
        faces, labels = _concerned(rule, shown, became)
        if faces or labels:
            notice = Notice(rule.id, rule.name, shown.photo_id, faces, labels, now)
            found.append((rule, notice))
    return found


def postings_of(rule: Rule, notice: Notice, zone: tzinfo | None = None) -> list[Posting]:
    """The notice on its way to each channel of the rule.

    Args:
        rule: whose notice it is.
        notice: what is told.
        zone: whose clocks quiet hours and digests go by; without, this machine's.
    """
    due = due_at(rule, notice.created, zone)
    bundle = None if due == notice.created else _digest("bundle", rule.id, repr(due))
    return [Posting(notice, channel, due, bundle) for channel in dict.fromkeys(rule.channels)]


def due_at(rule: Rule, now: float, zone: tzinfo | None = None) -> float:
    """When what happens now is told at the earliest: now, or when digest and quiet hours end."""
    due = now if rule.digest is None else max(now, _end_of(rule.digest, now, zone))
    return quiet_until(rule, due, zone)


def quiet_until(rule: Rule, now: float, zone: tzinfo | None = None) -> float:
    """When the rule's quiet hours end; now, if it is not quiet."""
    wall = datetime.fromtimestamp(now, zone)
    if rule.quiet is None or not rule.quiet.holds(wall):
        return now
    return max(now, rule.quiet.until(wall).timestamp())


def _concerned(
    rule: Rule, shown: Shown, became: Mapping[str, PersonId]
) -> tuple[tuple[FaceId, ...], tuple[str, ...]]:
    """The faces and labels that meet the rule."""
    faces = [face for face in shown.faces if face.counts]
    match rule.when:
        case AnyFace():
            return _ids(faces), ()
        case UnknownFace():
            return _ids(face for face in faces if face.person and face.person.name is None), ()
        case Together(people):
            near = [face for face in faces if face.person and face.similarity >= rule.at_least]
            return _all_of(people, near, became), ()
        case Labeled(label):
            return (), tuple(
                one.name
                for one in shown.labels
                if one.confidence >= rule.at_least and _is_called(one, label)
            )


def _all_of(
    people: Collection[str], faces: Collection[ShownFace], became: Mapping[str, PersonId]
) -> tuple[FaceId, ...]:
    """The faces of these people; none, unless everyone is there."""
    found = [[face for face in faces if _is_meant(face.person, word, became)] for word in people]
    if not all(found):
        return ()
    met = {face.face_id for each in found for face in each}
    return _ids(face for face in faces if face.face_id in met)


def _is_meant(person: Person | None, word: str, became: Mapping[str, PersonId]) -> bool:
    if person is None:
        return False
    if became.get(word, word) == person.id:
        return True
    return person.name is not None and folded(person.name) == folded(word)


def _is_called(label: Label, word: str) -> bool:
    return folded(word) in {folded(name) for name in (label.name, *label.aliases)}


def _ids(faces: Iterable[ShownFace]) -> tuple[FaceId, ...]:
    return tuple(face.face_id for face in faces)


def _end_of(digest: Digest, now: float, zone: tzinfo | None) -> float:
    """When the hour or the day that it is now is full."""
    wall = datetime.fromtimestamp(now, zone).replace(minute=0, second=0, microsecond=0)
    if digest is Digest.HOUR:
        return (wall + timedelta(hours=1)).timestamp()
    return (wall.replace(hour=0) + timedelta(days=1)).timestamp()


def _digest(*words: str) -> str:
    text = "\0".join(words)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
