"""The journal as a file: what was said in one library holds in another."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cast import VERBS, Cast
from catalog_records import say
from hypothesis import given
from hypothesis import strategies as st

from kith.adapters.catalog.memory import MemoryCatalog
from kith.domain.decision import Decision, Name, PersonRef, Reset, Undo, in_force
from kith.domain.errors import UsageError
from kith.domain.person import PersonId
from kith.pipeline.decisions.corrections import name_person, split_off
from kith.pipeline.decisions.journal_entries import entries, take_back
from kith.pipeline.decisions.journal_file import (
    import_journal,
    journal_lines,
    read_journal,
    write_journal,
)
from kith.pipeline.library import Library
from kith.ports.catalog import Catalog

if TYPE_CHECKING:
    pass

Make = Callable[[Catalog], Library]


def lines_of(catalog: Catalog) -> list[bytes]:
    """The journal's file, as lines."""
    return [line.encode() for line in journal_lines(catalog)]


def copy(source: Catalog, target: Catalog) -> Any:
    """Take the journal from one library to the other."""
    return import_journal(target, read_journal(lines_of(source), "file"))


# -- there and back --------------------------------------------------------------------------------


def test_another_library_has_the_same_people_afterwards(cast: Cast, twin: Cast) -> None:
    """Every kind of decision travels, undone ones and undos too; twice changes nothing."""
    for verb in ("name", "hide", "split", "different people", "cover", "repeats", "consent"):
        VERBS[verb](cast)
    take_back(cast.catalog, [2], by="me")
    for verb in ("birth date", "confirm", "not a face", "strangers", "merge", "same person"):
        VERBS[verb](cast)

    first = copy(cast.catalog, twin.catalog)
    state, edition = twin.state(), twin.catalog.edition()
    again = copy(cast.catalog, twin.catalog)

    count = len(list(cast.catalog.decisions()))
    assert (first.new, first.known, first.waiting, first.partly_waiting) == (count, 0, 0, 0)
    assert (again.new, again.known) == (0, count)
    assert twin.state() == state == cast.state()
    assert lines_of(twin.catalog) == lines_of(cast.catalog)
    assert edition <= twin.catalog.edition()


def test_decisions_wait_for_their_photos(cast: Cast, library_of: Make) -> None:
    """A library without the photos keeps what was said of them, until they arrive."""
    VERBS["confirm"](cast)
    VERBS["repeats"](cast)
    world = type(cast.world)(library_of(MemoryCatalog()), cast.world.root)
    world.add(cast.world.root / "bert-1.png")

    done = copy(cast.catalog, world.library.catalog)

    # Bert's name and the confirmed face speak of photos with Bert; the mirror is not here.
    assert (done.new, done.waiting, done.partly_waiting) == (3, 1, 2)
    world.add()
    assert Cast(world).state().people == cast.state().people
    assert Cast(world).faces_of(cast.bert) == cast.faces_of(cast.bert)


def test_what_was_said_here_stays_and_the_later_word_counts(cast: Cast, twin: Cast) -> None:
    """An import adds to a journal; it replaces nothing."""
    name_person(twin.catalog, twin.anna, "Ann", by="there")
    name_person(cast.catalog, cast.anna, "Anna", by="here")

    copy(cast.catalog, twin.catalog)
    copy(twin.catalog, cast.catalog)

    assert twin.anna.name == cast.anna.name == "Anna"
    assert sorted(lines_of(twin.catalog)) == sorted(lines_of(cast.catalog))
    assert cast.state() == twin.state()


def test_files_can_be_put_together_and_cut(cast: Cast) -> None:
    """The first line may be missing or come again; blank lines, a BOM and repeats do no harm."""
    VERBS["name"](cast)
    header, one, two = lines_of(cast.catalog)
    decisions = list(cast.catalog.decisions())

    for lines in (
        [header, one, two],
        [one, two],
        [header, one, b"\n", header, one, b"  \r\n", two],
        [b"\xef\xbb\xbf" + header, one, two.rstrip()],
    ):
        assert read_journal(lines, "file") == decisions
    assert read_journal([header], "file") == []


# -- what cannot be read ---------------------------------------------------------------------------

NAMED = (
    b'{"id": "a", "at": "2026-01-01T00:00:00Z", "by": "me", "kind": "name", "name": "%s",'
    b' "person": {"person_id": "b", "anchors": []}}'
)


@pytest.mark.parametrize(
    ("line", "what"),
    [
        (b"{", "not JSON"),
        (b"\xff\xfe", "bytes"),
        (b"[" * 100_000, "no JSON"),
        (b'{"id": ' + b"9" * 5_000 + b"}", "no JSON"),
        (b"[]", "a list"),
        (b'"text"', "a text"),
        (b"{}", "kind"),
        (b'{"kith_journal": 2}', "version 2"),
        (b'{"kith_journal": true}', "version True"),
        (b'{"kith_journal": "1"}', "version '1'"),
        (b'{"id": "a", "at": "2026-01-01T00:00:00+00:00", "by": "me", "kind": "marry"}', "marry"),
        (b'{"id": "a", "at": "2026-01-01T00:00:00", "by": "me", "kind": "undo"}', '"at"'),
        (b'{"id": "a", "at": "2026-01-01T00:00:00Z", "by": "me", "kind": "undo"}', "decision_id"),
        (NAMED % rb"An\u0000na", "a NUL character"),
        (NAMED % rb"Anna\ud83d", "half of a character"),
    ],
)
def test_a_line_that_cannot_be_understood_is_named(cast: Cast, line: bytes, what: str) -> None:
    """The error says which file, which line and what is wrong with it, and that all was in vain."""
    good = lines_of(cast.catalog)

    with pytest.raises(UsageError) as caught:
        read_journal([*good, line], "names.jsonl")

    assert caught.value.message.startswith(f"names.jsonl, line {len(good) + 1}: ")
    assert what in caught.value.message
    assert "Nothing was imported." in caught.value.advice


@pytest.mark.parametrize("lines", [[], [b"\n", b" "]])
def test_an_empty_file_is_no_journal(lines: Sequence[bytes]) -> None:
    """Whoever imports nothing at all has named the wrong file."""
    with pytest.raises(UsageError, match="empty"):
        read_journal(lines, "names.jsonl")


# -- the file --------------------------------------------------------------------------------------


def test_the_file_is_written_as_a_whole(cast: Cast, tmp_path: Path) -> None:
    """It replaces an earlier one, through a link too, and leaves nothing else in the folder."""
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "names.jsonl").write_text("an earlier one")
    (folder / "link.jsonl").symlink_to("names.jsonl")

    count = write_journal(cast.catalog, folder / "link.jsonl")

    assert count == 1
    written = (folder / "names.jsonl").read_bytes().splitlines(keepends=True)
    assert written == lines_of(cast.catalog)
    assert json.loads(written[0]) == {"kith_journal": 1}
    assert sorted(path.name for path in folder.iterdir()) == ["link.jsonl", "names.jsonl"]


def test_a_file_that_cannot_be_finished_changes_nothing(cast: Cast, tmp_path: Path) -> None:
    """If the library fails in between, the earlier file is still there, and no other."""

    class Failing:
        """A catalog whose journal breaks off."""

        def decisions(self) -> Iterator[Decision]:
            yield from cast.catalog.decisions()
            raise RuntimeError("the disk is gone")

    failing: Any = Failing()
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "names.jsonl").write_text("an earlier one")

    with pytest.raises(RuntimeError):
        write_journal(failing, folder / "names.jsonl")

    assert (folder / "names.jsonl").read_text() == "an earlier one"
    assert len(list(folder.iterdir())) == 1
    with pytest.raises(UsageError, match="cannot be written"):
        write_journal(cast.catalog, folder / "absent" / "names.jsonl")


# -- its entries -----------------------------------------------------------------------------------


_SAID = st.one_of(st.none(), st.integers(0, 12), st.sampled_from(["anna", "bert", "all"]))
"""A name, the undoing of the decision of that number, or a reset."""


@given(st.lists(_SAID, max_size=12))
def test_an_entry_counts_exactly_if_it_is_in_force(said: list[int | str | None]) -> None:
    """The marks that a reader sees are the rule by which decisions count, whatever undoes what."""
    catalog = MemoryCatalog()
    journal = [_decision(index, what) for index, what in enumerate(said)]
    say(catalog, *journal)

    marked = {
        entry.decision.id
        for entry in entries(catalog)
        if entry.counts and isinstance(entry.decision.said, Name)
    }

    assert marked == {decision.id for decision in in_force(journal)}


def _decision(index: int, what: int | str | None) -> Decision:
    """Said in another order than that of the journal, as after an import."""
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=index * 7 % 31)
    if what is None:
        who = PersonRef(PersonId(("anna", "bert")[index % 2]), ())
        return Decision(f"id {index}", at, "me", Name(who, f"name {index}"))
    said = (
        Undo(f"id {what}")
        if isinstance(what, int)
        else Reset(None if what == "all" else PersonId(what))
    )
    return Decision(f"id {index}", at, "me", said)


def test_entries_say_in_words_what_was_decided(cast: Cast) -> None:
    """People are called as they were called at that time; numbers are those of the journal."""
    catalog, anna = cast.catalog, cast.anna
    name_person(catalog, anna, "Anna", by="me")
    take_back(catalog, by="me")
    take_back(catalog, [3], by="me")
    apart = split_off(catalog, cast.anna, [cast.face("anna-2.png")], by="me")
    for verb in ("hide", "confirm", "merge"):
        VERBS[verb](cast)
    VERBS["reset of everyone"](cast)

    texts = [entry.text for entry in entries(catalog)]

    bert, carl = cast.bert.id[:8], cast.carl.id[:8]
    assert texts == [
        f"named {bert} Bert",
        f"named {anna.id[:8]} Anna",
        "undid 2",
        "undid 3",
        f"split 1 face off Anna, as {apart[:8]}",
        f"hid {carl}",
        "confirmed 1 face as Bert",
        "merged Bert into Anna",
        "set aside everything said of everyone",
    ]


@pytest.mark.parametrize(
    ("verb", "text"),
    [
        ("take the name", "took the name of Bert away"),
        ("same person", "said that Bert and {anna} are one person"),
        ("different people", "said that {anna} and {carl} are different people"),
        ("not this person", "said that 1 face is not {anna}"),
        ("not a face", "said that 1 face is no face"),
        ("strangers", "said that 1 face is a stranger"),
        ("cover", "chose a cover for {anna}"),
        ("birth date", "said that {anna} was born 2000-01-01"),
        ("repeats", "said that photo {mirror} may show one person several times"),
        ("consent", "noted that {anna} agreed to be recognized"),
        ("refusal", "noted that {anna} refused to be recognized"),
        ("reset of a person", "set aside everything said of Bert"),
    ],
)
def test_every_kind_of_decision_has_its_words(cast: Cast, verb: str, text: str) -> None:
    """Whom and what it concerns; of who has no name, and of photos, the beginning of the id."""
    who = {"anna": cast.anna.id[:8], "carl": cast.carl.id[:8]}
    photo = cast.photo("mirror.png")[:8]

    VERBS[verb](cast)

    assert entries(cast.catalog)[-1].text == text.format(mirror=photo, **who)
