"""The promises of the port ``FaceCollection``, asked of every adapter."""

from __future__ import annotations

import threading

import pytest
from recognition_rooms import Room

from kith.domain.errors import NoFaceError, NotFoundError, PictureError
from kith.domain.face import Box, Face, FaceId
from kith.domain.photo import photo_id_of
from kith.imaging.picture import Picture
from kith.ports.recognition import IndexEntry

# -- index -----------------------------------------------------------------------------------------


def test_index_answers_in_order(room: Room) -> None:
    """Every entry has its row, in order; a broken one has its error and stops no other."""
    pictures = [room.album.both, room.album.broken, room.album.nobody, room.album.anna]

    rows = room.collection.index([_entry(data) for data in pictures])

    assert [row.photo_id for row in rows] == [photo_id_of(data) for data in pictures]
    assert [len(row.faces) for row in rows] == [2, 0, 0, 1]
    assert [type(row.error) for row in rows][::2] == [type(None), type(None)]
    assert isinstance(rows[1].error, PictureError)
    assert rows[3].error is None


def test_index_faces_are_those_detected(room: Room) -> None:
    """Indexed faces are what detection sees, largest first, with distinct ids."""
    seen = room.recognizer.detect_faces(Picture(room.album.both))

    (row,) = room.collection.index([_entry(room.album.both)])

    assert tuple(face.detail for face in row.faces) == seen
    assert len({face.id for face in row.faces}) == 2
    assert {face.photo_id for face in row.faces} == {row.photo_id}


def test_index_is_repeatable(room: Room) -> None:
    """The same pictures under the same ids give the same faces, and add nothing."""
    entries = [room.album.both, room.album.nobody, room.album.anna]
    first = room.collection.index([_entry(data) for data in entries])

    again = room.collection.index([_entry(data) for data in [*entries, room.album.anna]])

    assert list(again[:3]) == list(first)
    assert again[3] == again[2]
    assert len(list(room.collection.faces())) == 3


def test_index_twice_at_once(room: Room) -> None:
    """Two threads that index the same photos at once get the same faces, and each is kept once."""
    answers: list[list[tuple[Face, ...]]] = []
    barrier = threading.Barrier(2)

    def work() -> None:
        barrier.wait()
        rows = room.collection.index([_entry(room.album.both), _entry(room.album.anna)])
        answers.append([row.faces for row in rows])

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(answers) == 2
    assert answers[0] == answers[1]
    assert len(list(room.collection.faces())) == 3


def test_index_nothing(room: Room) -> None:
    """No entries give no rows."""
    assert list(room.collection.index([])) == []


# -- search ----------------------------------------------------------------------------------------


def test_search_finds_the_same_person(room: Room) -> None:
    """A search finds the person's other faces, and not the face itself."""
    faces = _index_album(room)
    anna = faces[room.album.anna][0]

    (matches,) = room.collection.search([anna.id])

    expected = {faces[room.album.anna_again][0].id, faces[room.album.both][0].id}
    assert {match.face_id for match in matches} == expected
    assert [match.similarity for match in matches] == sorted(
        (match.similarity for match in matches), reverse=True
    )


def test_search_names_the_photo(room: Room) -> None:
    """Every match names the photo that its face is in."""
    photo_of = {face.id: face.photo_id for faces in _index_album(room).values() for face in faces}

    for matches in room.collection.search(list(photo_of), min_similarity=0):
        assert all(photo_of[match.face_id] == match.photo_id for match in matches)


def test_search_is_exact(room: Room) -> None:
    """A search for everything finds every other face, as similar as comparing says."""
    faces = _index_album(room)
    singles = [room.album.anna, room.album.anna_again, room.album.bert, room.album.bert_again]
    data_of = {faces[data][0].id: data for data in singles}
    total = sum(len(found) for found in faces.values())

    for face_id, data in data_of.items():
        (matches,) = room.collection.search([face_id], min_similarity=0)

        assert len(matches) == total - 1
        for match in matches:
            if match.face_id in data_of:
                compared = room.recognizer.compare_faces(
                    Picture(data), Picture(data_of[match.face_id]), min_similarity=0
                )
                assert match.similarity == pytest.approx(compared.matches[0].similarity, abs=0.01)


def test_search_is_symmetric(room: Room) -> None:
    """Two faces are as similar one way as the other, to the last bit."""
    ids = [face.id for faces in _index_album(room).values() for face in faces]
    found = dict(zip(ids, room.collection.search(ids, min_similarity=0), strict=True))

    similarity = {(a, match.face_id): match.similarity for a in ids for match in found[a]}

    assert all(similarity[a, b] == similarity[b, a] for a, b in similarity)


def test_search_limits(room: Room) -> None:
    """The least similarity is inclusive, and a limit keeps the most similar."""
    faces = _index_album(room)
    anna = faces[room.album.anna][0].id
    (every,) = room.collection.search([anna], min_similarity=0)

    for count in range(1, len(every) + 1):
        (limited,) = room.collection.search([anna], min_similarity=0, limit=count)
        (above,) = room.collection.search([anna], min_similarity=every[count - 1].similarity)

        assert limited == every[:count]
        assert above[:count] == every[:count]
        assert all(match.similarity >= every[count - 1].similarity for match in above)


def test_search_answers_in_order(room: Room) -> None:
    """Searching for several faces at once answers as for one after the other."""
    ids = [face.id for faces in _index_album(room).values() for face in faces]

    together = room.collection.search([*ids, ids[0]])

    assert list(together) == [room.collection.search([face_id])[0] for face_id in [*ids, ids[0]]]
    assert list(room.collection.search([])) == []


def test_ties_are_ordered_by_face_id(room: Room) -> None:
    """Equally similar faces come in the order of their ids, whatever the limit."""
    data = room.album.anna
    ids = ["a" * 64, "b" * 64, "c" * 64, "d" * 64, "e" * 64]
    rows = room.collection.index(
        [IndexEntry(photo_id_of(name.encode()), Picture(data)) for name in ids]
    )
    faces = sorted(row.faces[0].id for row in rows)

    for face_id in faces:
        others = [other for other in faces if other != face_id]
        for limit in (1, 2, 9):
            (matches,) = room.collection.search([face_id], limit=limit)

            assert [match.face_id for match in matches] == others[:limit]


def test_search_unknown_face(room: Room) -> None:
    """Searching for a face that is not in the collection raises NotFoundError."""
    known = _index_album(room)[room.album.anna][0].id

    with pytest.raises(NotFoundError):
        room.collection.search([known, FaceId("00000000-0000-0000-0000-000000000000")])


def test_search_by_picture(room: Room) -> None:
    """A search by picture is for its largest face, and finds the indexed one itself, too."""
    faces = _index_album(room)

    search = room.collection.search_by_picture(Picture(room.album.both))

    assert search.searched == faces[room.album.both][0].detail
    assert search.matches[0].face_id == faces[room.album.both][0].id
    assert search.matches[0].similarity == pytest.approx(100, abs=0.01)
    assert {match.face_id for match in search.matches[1:]} == {
        faces[room.album.anna][0].id,
        faces[room.album.anna_again][0].id,
    }


def test_search_by_picture_for_a_face(room: Room) -> None:
    """A search by picture can be for any face that was detected in it."""
    faces = _index_album(room)
    smaller = room.recognizer.detect_faces(Picture(room.album.both))[1]

    search = room.collection.search_by_picture(Picture(room.album.both), face=smaller)

    assert search.searched == smaller
    assert [match.face_id for match in search.matches[:1]] == [faces[room.album.both][1].id]
    assert {match.face_id for match in search.matches[1:]} == {
        faces[room.album.bert][0].id,
        faces[room.album.bert_again][0].id,
    }


def test_search_by_picture_keeps_nothing(room: Room) -> None:
    """A picture that is searched for is not kept; an empty collection has no matches."""
    search = room.collection.search_by_picture(Picture(room.album.anna))

    assert search.matches == ()
    assert list(room.collection.faces()) == []


def test_search_by_picture_without_face(room: Room) -> None:
    """A picture without a face cannot be searched for, nor can one that is broken."""
    with pytest.raises(NoFaceError):
        room.collection.search_by_picture(Picture(room.album.nobody))
    with pytest.raises(PictureError):
        room.collection.search_by_picture(Picture(room.album.broken))


# -- faces and forget ------------------------------------------------------------------------------


def test_faces_by_photo(room: Room) -> None:
    """Faces come by photo id, then largest first; unknown photos have none."""
    kept = _index_album(room)
    by_photo = {photo_id_of(data): faces for data, faces in kept.items()}
    expected = [face for photo_id in sorted(by_photo) for face in by_photo[photo_id]]

    assert list(room.collection.faces()) == expected
    both = photo_id_of(room.album.both)
    some = room.collection.faces([both, photo_id_of(b"unknown")])
    assert tuple(some) == by_photo[both]
    assert list(room.collection.faces([])) == []


def test_forget(room: Room) -> None:
    """Forgotten faces are in no list and no search; forgetting again finds none."""
    faces = _index_album(room)
    anna, again = faces[room.album.anna][0].id, faces[room.album.anna_again][0].id
    unknown = FaceId("00000000-0000-0000-0000-000000000000")

    assert room.collection.forget([again, unknown]) == {again}

    assert again not in {face.id for face in room.collection.faces()}
    (matches,) = room.collection.search([anna], min_similarity=0)
    assert again not in {match.face_id for match in matches}
    assert len(matches) == 4
    with pytest.raises(NotFoundError):
        room.collection.search([again])
    assert room.collection.forget([again]) == frozenset()
    assert room.collection.forget([]) == frozenset()


def test_forget_then_index(room: Room) -> None:
    """A picture whose face was forgotten can be indexed anew and has the faces it had."""
    faces = _index_album(room)
    anna, both = faces[room.album.anna][0], faces[room.album.both]
    room.collection.forget([both[0].id])

    (row,) = room.collection.index([_entry(room.album.both)])

    assert row.faces == both
    (matches,) = room.collection.search([anna.id])
    assert both[0].id in {match.face_id for match in matches}


def test_indexed_faces_are_found_at_once(room: Room) -> None:
    """What is indexed after a search is found by the next one."""
    (row,) = room.collection.index([_entry(room.album.anna)])
    (before,) = room.collection.search([row.faces[0].id])

    (other,) = room.collection.index([_entry(room.album.anna_again)])

    (after,) = room.collection.search([row.faces[0].id])
    assert before == ()
    assert [match.face_id for match in after] == [other.faces[0].id]


# -- faces that a human drew -----------------------------------------------------------------------


def test_a_drawn_face_is_as_any_other(room: Room) -> None:
    """A face is kept where somebody drew it, with that very box, and found by every search."""
    faces = _index_album(room)
    seen = faces[room.album.both][1].box
    drawn = Box(seen.left - 0.01, seen.top - 0.01, seen.width + 0.02, seen.height + 0.02)

    face = room.collection.add_face(_entry(room.album.both), drawn)

    assert (face.box, face.photo_id) == (drawn, photo_id_of(room.album.both))
    assert face.id not in {each.id for some in faces.values() for each in some}
    (matches,) = room.collection.search([face.id])
    berts = [faces[room.album.bert][0].id, faces[room.album.bert_again][0].id]
    assert {match.face_id for match in matches} >= set(berts)
    (back,) = room.collection.search([berts[0]])
    assert (face.id, face.photo_id) in {(match.face_id, match.photo_id) for match in back}
    assert room.collection.forget([face.id]) == {face.id}
    assert face.id not in {each.id for each in room.collection.faces()}


def test_drawing_a_face_twice_adds_one(room: Room) -> None:
    """The same box of the same photo gives the same face, whether the photo was indexed or not."""
    (seen, _) = room.recognizer.detect_faces(Picture(room.album.both))
    drawn = Box(seen.box.left + 0.01, seen.box.top, seen.box.width, seen.box.height)

    once = room.collection.add_face(_entry(room.album.both), drawn)
    again = room.collection.add_face(_entry(room.album.both), drawn)

    assert (again.id, again.box) == (once.id, drawn)
    assert [face.id for face in room.collection.faces()] == [once.id]


def test_a_face_cannot_be_drawn_in_what_is_no_picture(room: Room) -> None:
    """A picture that cannot be decoded is told so, and nothing is kept."""
    with pytest.raises(PictureError):
        room.collection.add_face(_entry(room.album.broken), Box(0.1, 0.1, 0.5, 0.5))
    assert list(room.collection.faces()) == []


# -- helpers ---------------------------------------------------------------------------------------


def _entry(data: bytes) -> IndexEntry:
    return IndexEntry(photo_id_of(data), Picture(data))


def _index_album(room: Room) -> dict[bytes, tuple[Face, ...]]:
    pictures = room.album.whole()
    rows = room.collection.index([_entry(data) for data in pictures])
    return {data: row.faces for data, row in zip(pictures, rows, strict=True)}
