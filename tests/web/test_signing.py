"""Addresses of pictures: what is good, and what is refused."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith.domain.errors import ForbiddenError, GoneError
from kith.domain.face import FaceId
from kith.domain.photo import PhotoId
from kith.pipeline.serving.signing import PhotoPicture, UrlSigner

STEP = 3600
KEY = b"k" * 32
PHOTO, OTHER = PhotoId("0a" * 32), PhotoId("0b" * 32)
FACE = FaceId("0a0a0a0a-0a0a-4a0a-8a0a-0a0a0a0a0a0a")

moments = st.integers(1_700_000_000, 1_900_000_000)


def _signer(now: float, key: bytes = KEY) -> UrlSigner:
    return UrlSigner(key, "https://photos.example/api/v1/", step_seconds=STEP, clock=lambda: now)


def _parts(url: str) -> tuple[str, int, str]:
    split = urlsplit(url)
    asked = parse_qs(split.query)
    return split.path, int(asked["until"][0]), asked["sign"][0]


@given(now=moments, kind=st.sampled_from(PhotoPicture))
def test_an_address_is_good_for_one_to_two_steps(now: int, kind: PhotoPicture) -> None:
    """It is good at once and for a step, and not after two."""
    path, until, sign = _parts(_signer(now).photo_url(PHOTO, kind))

    assert path == f"/api/v1/pictures/{PHOTO}/{kind.value}"
    assert STEP <= until - now <= 2 * STEP
    _signer(until - 1).check_photo(PHOTO, kind, until, sign)
    with pytest.raises(GoneError):
        _signer(until).check_photo(PHOTO, kind, until, sign)


@given(now=moments, later=st.integers(0, STEP))
def test_an_address_stays_the_same_for_a_step(now: int, later: int) -> None:
    """Within a step it changes at most once, so that a browser finds what it kept."""
    first, middle, last = (_signer(at).crop_url(FACE) for at in (now, now + later, now + STEP))
    assert middle in {first, last}


@given(now=moments, change=st.sampled_from(["photo", "kind", "until", "sign", "key"]))
def test_a_changed_address_is_refused(now: int, change: str) -> None:
    """Whatever is changed of it, even to make it last, it is not one that was made here."""
    _, until, sign = _parts(_signer(now).photo_url(PHOTO, PhotoPicture.SMALL))
    signer = _signer(now, b"another key" if change == "key" else KEY)

    photo_id = OTHER if change == "photo" else PHOTO
    kind = PhotoPicture.ORIGINAL if change == "kind" else PhotoPicture.SMALL
    until += change == "until"
    sign = sign[::-1] if change == "sign" else sign
    with pytest.raises(ForbiddenError):
        signer.check_photo(photo_id, kind, until, sign)
    with pytest.raises(ForbiddenError):
        signer.check_crop(PHOTO, until, sign)


@given(sign=st.text(max_size=64), until=st.integers(0, 1 << 53))
def test_any_text_may_come_as_a_signature(sign: str, until: int) -> None:
    """Whatever is sent, it is refused as forged, and never as an error of another kind."""
    with pytest.raises(ForbiddenError):
        _signer(0).check_crop(FACE, until, sign)
