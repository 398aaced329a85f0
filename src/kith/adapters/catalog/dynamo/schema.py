"""The table: its keys, its two local indexes, and what the items in it hold.

One table holds one library, or several that are told apart by a prefix of the partition keys. It
has a partition key ``pk`` and a sort key ``sk``, both strings; two local secondary indexes that
project everything, ``by_similarity`` and ``by_time``, each sorted by a string attribute of its own
name; and ``expires``, seconds since 1970, for DynamoDB's time to live, which nothing sets yet. It
has no global index, because those are read eventually and the ports promise that what was written
is read. ``table_definition`` says the same to DynamoDB.

An item is ``pk``, ``sk``, what the indexes sort by, and ``doc``: a JSON text in ASCII, so that
every name that a file may have and every figure comes back as it was. What is longer than an item
may be lies in pieces (``long``, and items of ``LONG#...``).

==================  =======================  =====================================================
pk                  sk                       what it is
==================  =======================  =====================================================
HEAD                -                        the edition, all that is counted, and a change that
                                             is not applied yet (``ledger``)
PHOTO#<photo>       PHOTO                    a photo: data, arrival, places, whose each face is
PHOTO#<photo>       TINY                     its placeholder
PHOTO#<photo>       FOUND                    its labels, text and look
LABELS              <label>                  how many photos have it
ARRIVED#<n/4096>    <arrival>                which photo arrived then
MONTH#<2024-06>     <second>#<arrival>       which photo was taken then; month ``-``: not known
MONTHS              <2024-06>                how many photos were taken in it
FILES#<0-f>         <path>                   a file: its photo, or that it was refused
REFUSED             <path>                   why a file was refused
FOLDERS             <folder>                 a folder that holds photos: how many, from when to when
FOLDER#<folder>     <second>#<arrival>       a photo that lies in that folder
FACE#<face>         FACE                     a face: its photo, detail, whose it is, standing, seat
ASIDE               <face>                   a face that a human set aside, and as what
PEOPLE#<0-f>        <person>                 a person: name and so on, counts, best face, or who it
                                             is now; by the first character of the id
PERSON#<person>     FACE#<face>              an appearance; sorted ``by_similarity`` and ``by_time``
PERSON#<person>     WAS#<person>             somebody who became part of this person
PERSON#<person>     HOME#<group>             a group whose faces are this person's
GROUPS#<0-f>        <group>                  a group: whose it is, what it is part of
GROUP#<group>       STEP#<number>            a seat in it as it was called then, or how it went
GROUP#<group>       PART#<group>             a group that is part of it
JOURNAL#<n/1024>    <number>                 a decision
DECISION#<id>       -                        at which number it stands
ABOUT#<id>          <number>                 a decision about this photo or person, ``*``: about all
RULES               <rule>                   a rule for notices, and since when it holds
OUTBOX              <number>                 a posting; ``OUTBOX#<state>``: its number, by how far
                                             it is; ``MESSAGE#<id>``: by what it goes with
NOTICE#<id>         <channel>                that it was posted there, so that it is once
PHOTO#<photo>       NOTICE#<number>          a posting about the photo
SHELF               -                        like HEAD, of the albums
ACCESS              -                        like HEAD, of accounts, sessions, keys, links, replies
ACCOUNTS …          <id>                     an account; ``SESSIONS``, ``KEYS``, ``LINKS``,
                                             ``REPLIES`` and ``TRIES`` as well
ALBUMS              <key>                    an album
ALBUM#<key>         <photo>                  a photo picked into it
LOG#<change>        <page>                   a page of a change that is too large for one request
LOGS                <change>                 when that change was begun
==================  =======================  =====================================================

No partition is written to more often than ``HEAD``, which every change passes: about a hundred
changes a second, whatever they are made of. So none of the others can be hot, as long as a change
does not consist of items of one partition alone; those that do, such as merging two people, are
written one request after the other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from kith.adapters.catalog.dynamo.sorting import UNDATED, text_key, utf8
from kith.domain.face import FaceId
from kith.domain.grouping import GroupId
from kith.domain.notice import NoticeId, RuleId
from kith.domain.person import PersonId
from kith.domain.photo import PhotoId


class Key(NamedTuple):
    """Where an item lies."""

    pk: str
    sk: str


BY_SIMILARITY: Final = "by_similarity"
BY_TIME: Final = "by_time"

HEAD: Final = Key("HEAD", "-")
ACCESS: Final = Key("ACCESS", "-")
SHELF: Final = Key("SHELF", "-")
MONTHS: Final = "MONTHS"
REFUSED: Final = "REFUSED"
FOLDERS: Final = "FOLDERS"
ASIDE: Final = "ASIDE"
ALBUMS: Final = "ALBUMS"
LOGS: Final = "LOGS"
RULES: Final = "RULES"
OUTBOX: Final = "OUTBOX"
LABELS: Final = "LABELS"
ALWAYS: Final = "*"
"""The subject of decisions that concern everybody."""


UNKNOWN_MONTH: Final = "-"
SHARDS: Final = "0123456789abcdef"

_ARRIVALS: Final = 4096
_DECISIONS: Final = 1024


def table_definition(name: str) -> dict[str, Any]:
    """What ``CreateTable`` is told. Time to live is switched on by another call."""
    texts = ("pk", "sk", BY_SIMILARITY, BY_TIME)
    return {
        "TableName": name,
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": each, "AttributeType": "S"} for each in texts],
        "KeySchema": _sorted_by("sk"),
        "LocalSecondaryIndexes": [
            {
                "IndexName": index,
                "KeySchema": _sorted_by(index),
                "Projection": {"ProjectionType": "ALL"},
            }
            for index in (BY_SIMILARITY, BY_TIME)
        ],
    }


def _sorted_by(attribute: str) -> list[dict[str, str]]:
    return [
        {"AttributeName": "pk", "KeyType": "HASH"},
        {"AttributeName": attribute, "KeyType": "RANGE"},
    ]


# -- keys ------------------------------------------------------------------------------------------


def photo(photo_id: PhotoId) -> str:
    """The partition of what is of a photo."""
    return f"PHOTO#{photo_id}"


def photo_key(photo_id: PhotoId) -> Key:
    """A photo."""
    return Key(photo(photo_id), "PHOTO")


def tiny_key(photo_id: PhotoId) -> Key:
    """A photo's placeholder."""
    return Key(f"PHOTO#{photo_id}", "TINY")


def found_key(photo_id: PhotoId) -> Key:
    """What else was found in a photo."""
    return Key(f"PHOTO#{photo_id}", "FOUND")


def label_key(name: str, parents: Sequence[str], aliases: Sequence[str]) -> Key:
    """A label of one family: how many photos have it."""
    family = hashlib.blake2b(utf8(repr((list(parents), list(aliases)))), digest_size=8)
    return Key(LABELS, f"{text_key(name)}#{family.hexdigest()}")


def arrived_key(arrival: int) -> Key:
    """Which photo arrived then."""
    return Key(arrived(arrival // _ARRIVALS), number_key(arrival))


def arrived(bucket: int) -> str:
    """The partition of so many photos that arrived one after the other."""
    return f"ARRIVED#{bucket}"


def arrival_buckets(last: int) -> range:
    """The buckets of all that arrived so far."""
    return range(last // _ARRIVALS + 1)


def month_key(second: str | None, arrival: int) -> Key:
    """Which photo was taken then."""
    return Key(month(second[:7] if second else UNKNOWN_MONTH), moment_key(second, arrival))


def month(name: str) -> str:
    """The partition of a month's photos."""
    return f"MONTH#{name}"


def moment_key(second: str | None, arrival: int) -> str:
    """Sorts photos by when they were taken, then by arrival; undated ones last."""
    return f"{second or UNDATED}#{number_key(arrival)}"


def number_key(number: int) -> str:
    """Sorts numbers."""
    return f"{number:012d}"


def file_key(path: str) -> Key:
    """A file."""
    shard = hashlib.blake2b(utf8(path), digest_size=1).hexdigest()[0]
    return Key(files(shard), text_key(path))


def files(shard: str) -> str:
    """A partition of files."""
    return f"FILES#{shard}"


def refused_key(path: str) -> Key:
    """Why a file was refused."""
    return Key(REFUSED, text_key(path))


def folder_key(path: str) -> Key:
    """A folder that holds photos."""
    return Key(FOLDERS, text_key(path))


def folder(path: str) -> str:
    """The partition of a folder's photos."""
    return f"FOLDER#{text_key(path)}"


def face_key(face_id: FaceId) -> Key:
    """A face."""
    return Key(f"FACE#{face_id}", "FACE")


def aside_key(face_id: FaceId) -> Key:
    """That a human set a face aside."""
    return Key(ASIDE, face_id)


def person_key(person_id: PersonId) -> Key:
    """A person."""
    return Key(f"PEOPLE#{_shard(person_id)}", person_id)


def people(shard: str) -> str:
    """A partition of people."""
    return f"PEOPLE#{shard}"


def person(person_id: PersonId) -> str:
    """The partition of what is a person's."""
    return f"PERSON#{person_id}"


def appearance_key(person_id: PersonId, face_id: FaceId) -> Key:
    """An appearance."""
    return Key(person(person_id), f"FACE#{face_id}")


def was_key(person_id: PersonId, gone: PersonId) -> Key:
    """Somebody who became part of a person."""
    return Key(person(person_id), f"WAS#{gone}")


def home_key(person_id: PersonId, group_id: GroupId) -> Key:
    """A group whose faces are a person's."""
    return Key(person(person_id), f"HOME#{group_id}")


def group_key(group_id: GroupId) -> Key:
    """A group."""
    return Key(groups(_shard(group_id)), group_id)


def groups(shard: str) -> str:
    """A partition of groups."""
    return f"GROUPS#{shard}"


def group(group_id: GroupId) -> str:
    """The partition of what is a group's."""
    return f"GROUP#{group_id}"


def step_key(group_id: GroupId, number: int) -> Key:
    """A step."""
    return Key(group(group_id), f"STEP#{number_key(number)}")


def part_key(group_id: GroupId, gone: GroupId) -> Key:
    """A group that is part of another."""
    return Key(group(group_id), f"PART#{gone}")


def journal_key(number: int) -> Key:
    """A decision."""
    return Key(journal(number // _DECISIONS), number_key(number))


def journal(bucket: int) -> str:
    """The partition of so many decisions."""
    return f"JOURNAL#{bucket}"


def journal_buckets(last: int) -> range:
    """The buckets of all decisions so far."""
    return range(last // _DECISIONS + 1)


def decision_key(decision_id: str) -> Key:
    """At which number a decision stands."""
    return Key(f"DECISION#{text_key(decision_id)}", "-")


def about(subject: str) -> str:
    """The partition of the decisions that mention a photo or person."""
    return f"ABOUT#{subject}"


def rule_key(rule_id: RuleId) -> Key:
    """A rule for notices."""
    return Key(RULES, rule_id)


def posting_key(number: int) -> Key:
    """A posting in the outbox."""
    return Key(OUTBOX, number_key(number))


def outbox(state: str) -> str:
    """The partition of the numbers of postings that are so far."""
    return f"OUTBOX#{state}"


def message(message_id: str) -> str:
    """The partition of the numbers of the postings that are one message."""
    return f"MESSAGE#{message_id}"


def notice_key(notice_id: NoticeId, channel: str) -> Key:
    """That a notice was posted to a channel."""
    return Key(f"NOTICE#{notice_id}", text_key(channel))


def album_key_of(key: str) -> Key:
    """An album."""
    return Key(ALBUMS, text_key(key))


def album(key: str) -> str:
    """The partition of what was picked into an album."""
    return f"ALBUM#{text_key(key)}"


def log_key(change: str, page: int) -> Key:
    """A page of a large change."""
    return Key(f"LOG#{change}", number_key(page))


def long_key(key: Key, version: str, piece: int) -> Key:
    """A piece of an item that is longer than one may be."""
    digest = hashlib.blake2b(utf8(f"{key.pk}\n{key.sk}"), digest_size=16).hexdigest()
    return Key(f"LONG#{digest}#{version}", number_key(piece))


def _shard(beginning: str) -> str:
    """One of ``SHARDS`` by the first character, so that ids which begin alike lie together."""
    first = beginning[:1]
    return first if first and first in SHARDS else SHARDS[ord(first or "0") % len(SHARDS)]
