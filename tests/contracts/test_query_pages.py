"""Every adapter pages through photos, counts months and shows tiles as a look at each would."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from made_photos import PEOPLE, Filled, Made, anything, libraries, made_id

from kith.domain.person import PeopleChange, Standing
from kith.domain.photo import Photo, PhotoId, Place
from kith.domain.query import HasFaces, TakenNever, TakenOn
from kith.domain.selection import Condition, InFolder, Selection, Shows, Within
from kith.pipeline.albums.records import Records
from kith.ports.catalog import Catalog, PhotoRecord
from kith.ports.queries import Month, Order, Position, Span, Tile

EVERYTHING = Selection()
_NOTHING = PeopleChange()
selections = st.sampled_from(
    [
        EVERYTHING,
        Selection((Condition(HasFaces(1, None)),)),
        Selection((Condition(Shows(frozenset(PEOPLE[:1]))),)),
        Selection((Condition(Shows(frozenset(PEOPLE))),)),
        Selection((Condition(TakenNever(), negated=True),)),
        Selection((Condition(TakenOn(date(2024, 6, 1), date(2024, 6, 30))),)),
        Selection((Condition(Within(Selection((Condition(TakenNever()),)))),)),
    ]
)
orders = st.sampled_from(Order)


def _through(
    records: Records, selection: Selection, order: Order, limit: int, after: Position | None = None
) -> list[PhotoId]:
    """All photos, page by page."""
    found: list[PhotoId] = []
    while True:
        page = records.queries.page(selection, order=order, after=after, limit=limit)
        assert len(page.photo_ids) <= limit
        found += page.photo_ids
        if page.end is None:
            return found
        assert len(page.photo_ids) == limit
        after = page.end


def _expected(made: Made, selection: Selection, order: Order) -> list[PhotoId]:
    oldest = made.meant(selection)
    if order is Order.OLDEST:
        return oldest
    dated = [n for n, photo in enumerate(made.photos) if photo.taken_at is not None]
    known = frozenset(map(made_id, dated))
    return [
        *reversed([one for one in oldest if one in known]),
        *reversed([one for one in oldest if one not in known]),
    ]


@anything
@given(made=libraries(), selection=selections, order=orders)
def test_pages_together_are_what_is_meant(
    filled: Filled, made: Made, selection: Selection, order: Order
) -> None:
    """Whatever their size, pages hold the photos in their order, undated ones last."""
    records = filled(made)

    for limit in (1, 2, 3, 10):
        assert _through(records, selection, order, limit) == _expected(made, selection, order)


@anything
@given(made=libraries(), order=orders, data=st.data())
def test_pages_lose_nothing_when_photos_come_and_go(
    filled: Filled, made: Made, order: Order, data: st.DataObject
) -> None:
    """What was there all the time is shown once, also if the photo a page ended with has gone."""
    records = filled(made)
    limit = data.draw(st.integers(1, 3))
    first = records.queries.page(EVERYTHING, order=order, limit=limit)
    gone = data.draw(st.frozensets(st.sampled_from(_expected(made, EVERYTHING, order))))

    records.catalog.remove_photos(gone)
    _add_again(records.catalog, made, gone)
    rest = _through(records, EVERYTHING, order, 2, first.end) if first.end else []

    shown = Counter([*first.photo_ids, *rest])
    stayed = [one for one in _expected(made, EVERYTHING, order) if one not in gone]
    assert [one for one in [*first.photo_ids, *rest] if one not in gone] == stayed
    assert all(shown[one] == 1 for one in stayed)


def _add_again(catalog: Catalog, made: Made, gone: Collection[PhotoId]) -> None:
    """Photos that were removed arrive as the last ones."""
    for number, photo in enumerate(made.photos):
        if made_id(number) in gone and number % 2:
            again = Photo(made_id(number), "JPEG", 4, 3, 12, photo.taken_at)
            record = PhotoRecord(again, Place(f"/again/{number}", 1, 1), ())
            catalog.store([record], (), _NOTHING, catalog.edition())


@anything
@given(made=libraries(), selection=selections)
def test_months_count_what_was_taken_in_them(
    filled: Filled, made: Made, selection: Selection
) -> None:
    """Newest first, then the photos of which nobody knows; a month without photos is not there."""
    records = filled(made)

    meant = set(made.meant(selection))
    months: Counter[date | None] = Counter(
        photo.taken_at.date().replace(day=1) if photo.taken_at else None
        for number, photo in enumerate(made.photos)
        if made_id(number) in meant
    )
    dated = sorted((one for one in months if one), reverse=True)
    expected = [Month(one, months[one]) for one in [*dated, None] if months[one]]
    assert list(records.queries.months(selection)) == expected


@anything
@given(made=libraries(), data=st.data())
def test_months_follow_photos_that_come_and_go(
    filled: Filled, made: Made, data: st.DataObject
) -> None:
    """However often they were counted before, months count the photos that are there now."""
    records = filled(made)
    gone = data.draw(st.frozensets(st.sampled_from(made.meant(EVERYTHING))))

    _months_add_up(records)
    records.catalog.remove_photos(gone)
    _months_add_up(records)
    _add_again(records.catalog, made, gone)
    _months_add_up(records)


def _months_add_up(records: Records) -> None:
    counted = sum(month.photo_count for month in records.queries.months(EVERYTHING))
    assert counted == records.queries.count(EVERYTHING)


@anything
@given(made=libraries(), selection=selections)
def test_spans_are_what_pages_begin_and_end_with(
    filled: Filled, made: Made, selection: Selection
) -> None:
    """As many as are meant, the first of them, and the seconds between which they were taken."""
    records = filled(made)

    assert records.queries.span(selection) == _span(made, made.meant(selection))
    folders = records.queries.folders()
    spans = records.queries.folder_spans()
    assert list(spans) == [folder.path for folder in folders]
    for folder in folders:
        lying = made.meant(Selection((Condition(InFolder(folder.path)),)))
        assert spans[folder.path] == _span(made, lying)


def _span(made: Made, meant: list[PhotoId]) -> Span:
    taken = {made_id(number): photo.taken_at for number, photo in enumerate(made.photos)}
    dated = sorted(
        moment.replace(tzinfo=None, microsecond=0) for one in meant if (moment := taken[one])
    )
    begins, ends = (dated[0], dated[-1]) if dated else (None, None)
    return Span(len(meant), meant[0] if meant else None, begins, ends)


@anything
@given(made=libraries())
def test_tiles_show_what_is_known(filled: Filled, made: Made) -> None:
    """Size, time, faces that are some, and the placeholder; an unknown photo has no tile."""
    records = filled(made)

    ids = [made_id(number) for number in range(len(made.photos))]
    expected = {
        made_id(number): Tile(
            made_id(number),
            4 + number,
            3,
            photo.taken_at,
            sum(face.standing is not Standing.NOT_A_FACE for face in photo.faces),
            bytes([number]) if number % 2 else None,
        )
        for number, photo in enumerate(made.photos)
    }
    assert records.queries.tiles([*ids, PhotoId("f" * 64)]) == expected
    assert records.queries.tiles([]) == {}
