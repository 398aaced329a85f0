"""Addresses of pictures that a store hands out: good for long enough, and never for too long."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from kith.domain.face import FaceId
from kith.domain.photo import PhotoId
from kith.pipeline.serving.signing import PhotoPicture, UrlSigner
from kith.pipeline.serving.store_urls import (
    GUEST_STORE_STEP_SECONDS,
    STORE_STEP_SECONDS,
    Store,
    StoreUrlSigner,
)
from kith.ports.storage import Form, Reading

MOMENTS = st.integers(1_600_000_000, 2_000_000_000)
PHOTO_IDS = st.binary(min_size=32, max_size=32).map(lambda data: PhotoId(data.hex()))
FACE = FaceId("215b9259-cd7d-5239-8b1c-05221ca0b5c4")


@dataclass
class Asked:
    """Remembers what it was asked for, as ``Addresses``."""

    spans: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])

    def to_read(self, where: str, /, *, begins: int, seconds: int, reading: Reading) -> str:
        """See ``Addresses.to_read``."""
        assert reading.caching
        self.spans.append((begins, seconds))
        return f"{where}?{begins}"

    def to_write(
        self, where: str, /, *, begins: int, seconds: int, media_type: str, most: int
    ) -> Form:
        """See ``Addresses.to_write``; nothing is written here."""
        raise NotImplementedError((where, begins, seconds, media_type, most))


def signer_at(now: int, asked: Asked) -> StoreUrlSigner:
    """Makes addresses at a moment."""
    store = Store(asked, "s3://derived/", "s3://originals/")
    return StoreUrlSigner(b"k" * 32, store, clock=lambda: now)


@given(PHOTO_IDS, MOMENTS, st.sampled_from(["", "00ff00ff00ff00ff"]))
def test_an_address_is_good_for_between_one_step_and_two(
    photo_id: PhotoId, now: int, link: str
) -> None:
    """From the past on, so that it can be used at once; and the same until the next step."""
    asked = Asked()
    signer, step = signer_at(now, asked), STORE_STEP_SECONDS
    if link:
        signer, step = signer.for_link(link), GUEST_STORE_STEP_SECONDS
    signer.photo_url(photo_id, PhotoPicture.SMALL)

    ((begins, seconds),) = asked.spans
    assert begins <= now
    assert step <= begins + seconds - now <= 2 * step
    later = signer_at(begins + step - 1, asked)
    (later.for_link(link) if link else later).photo_url(photo_id, PhotoPicture.TINY)
    assert asked.spans[-1] == (begins, seconds)


@given(PHOTO_IDS, MOMENTS)
def test_what_is_not_in_the_store_is_asked_for_here(photo_id: PhotoId, now: int) -> None:
    """By an address that other servers of this library find good, of guests too."""
    signer = signer_at(now, Asked())
    other = UrlSigner(b"k" * 32, clock=lambda: now)

    for one, checks in ((signer, other), (signer.for_link("00ff"), other.for_link("00ff"))):
        for kind in (PhotoPicture.LARGE, PhotoPicture.ORIGINAL, PhotoPicture.DOWNLOAD):
            query = parse_qs(urlsplit(one.photo_url(photo_id, kind)).query)
            checks.check_photo(photo_id, kind, int(query["until"][0]), query["sign"][0])
        query = parse_qs(urlsplit(one.crop_url(FACE, large=True)).query)
        checks.check_crop(FACE, int(query["until"][0]), query["sign"][0], large=True)


def test_thumbnails_and_crops_lie_where_they_are_written() -> None:
    """Under the keys that taking in a photo writes."""
    signer = signer_at(1_700_000_000, Asked())
    photo_id = PhotoId("ab" * 32)

    small = signer.photo_url(photo_id, PhotoPicture.SMALL)
    assert small.startswith(f"s3://derived/thumbnails/ab/{photo_id}.jpg?")
    assert signer.crop_url(FACE).startswith(f"s3://derived/crops/21/{FACE}-256.jpg?")
