"""Signatures of AWS's own signer hold, and nothing else does."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kith.rekognition.errors import Kind, RekognitionError
from kith.rekognition.keys import AccessKey, Permission
from kith.rekognition.replays import GRACE, Replays
from kith.rekognition.sigv4 import MAX_SKEW, Signature, SignedRequest, verify

KEY = AccessKey("KITHKEY", "the secret", Permission.WRITE, "test")
KEYS = {KEY.key_id: KEY}
HOST = "127.0.0.1:4577"


def signed(
    body: bytes = b"{}",
    headers: Mapping[str, str] | None = None,
    *,
    key: AccessKey = KEY,
    region: str = "eu-west-3",
    service: str = "rekognition",
    token: str | None = None,
) -> SignedRequest:
    """A request as botocore signs it, now."""
    request = AWSRequest("POST", f"http://{HOST}/", dict(headers or {}), body)
    credentials = Credentials(key.key_id, key.secret, token)
    cast(Any, SigV4Auth(credentials, service, region)).add_auth(request)
    sent = [("Host", HOST), *cast(Any, request.headers).items()]
    raw = [(name.lower().encode(), value.encode("latin-1")) for name, value in sent]
    return SignedRequest("POST", "/", "", raw, body)


def changed(request: SignedRequest, name: str, value: str | None) -> SignedRequest:
    """The request with another header, or without it."""
    others = [(known, old) for known, old in request.headers if known != name.encode()]
    fresh = [] if value is None else [(name.encode(), value.encode())]
    return replace(request, headers=others + fresh)


def header(request: SignedRequest, name: str) -> str:
    """The value of a header."""
    return dict(request.headers)[name.encode()].decode()


def check(request: SignedRequest, later: timedelta = timedelta()) -> Signature:
    """The signature of a request that arrives some time after it was signed."""
    return verify(request, KEYS, "rekognition", datetime.now(UTC) + later)


def refusal(request: SignedRequest, later: timedelta = timedelta()) -> RekognitionError:
    """Why a request is refused."""
    with pytest.raises(RekognitionError) as caught:
        check(request, later)
    assert caught.value.status == 400
    return caught.value


VALUES = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=30)
NAMES = st.from_regex(r"X-[A-Za-z0-9]{1,12}", fullmatch=True)


@settings(deadline=None)
@given(
    body=st.binary(max_size=300),
    headers=st.dictionaries(NAMES, VALUES, max_size=5),
    secret=st.text(min_size=1, max_size=40).filter(lambda text: text.isprintable()),
    region=st.from_regex(r"[a-z]{2}-[a-z]{4,9}-[1-9]", fullmatch=True),
)
def test_what_botocore_signs_holds(
    body: bytes, headers: Mapping[str, str], secret: str, region: str
) -> None:
    """Whatever the body, the headers, the secret and the region."""
    assume(len({name.lower() for name in headers}) == len(headers))
    key = replace(KEY, secret=secret)

    request = signed(body, headers, key=key, region=region)
    signature = verify(request, {key.key_id: key}, "rekognition", datetime.now(UTC))

    assert (signature.key, signature.region) == (key, region)


@settings(deadline=None)
@given(body=st.binary(max_size=50), other=st.binary(max_size=50))
def test_another_body_is_refused(body: bytes, other: bytes) -> None:
    """A signature is that of one body."""
    assume(body != other)

    assert refusal(replace(signed(body), body=other)).kind is Kind.INVALID_SIGNATURE


def test_any_change_of_what_is_signed_is_refused() -> None:
    """Each signed header, the region and the signature itself."""
    request = signed(headers={"X-Amz-Target": "RekognitionService.ListCollections"})
    authorization = header(request, "authorization")
    flipped = authorization[:-1] + ("0" if authorization[-1] != "0" else "1")

    for name, value in [
        ("x-amz-target", "RekognitionService.DeleteCollection"),
        ("host", "elsewhere"),
        ("x-amz-content-sha256", "0" * 64),
        ("authorization", flipped),
        ("authorization", authorization.replace("eu-west-3", "eu-west-2")),
    ]:
        assert refusal(changed(request, name, value)).kind is Kind.INVALID_SIGNATURE
    for part in ({"method": "GET"}, {"path": "/x"}, {"query": "a=b"}):
        assert refusal(replace(request, **part)).kind is Kind.INVALID_SIGNATURE


def test_what_is_not_signed_may_change() -> None:
    """Proxies add headers on the way."""
    request = changed(signed(), "x-forwarded-for", "somebody")

    assert check(request).key is KEY


def test_the_wrong_secret_and_a_stranger_are_told_apart_as_amazon_does() -> None:
    """By the kind of the error."""
    wrong = refusal(signed(key=replace(KEY, secret="another")))
    stranger = refusal(signed(key=replace(KEY, key_id="SOMEBODY")))

    assert wrong.kind is Kind.INVALID_SIGNATURE
    assert stranger.kind is Kind.UNRECOGNIZED_CLIENT
    assert stranger.message == "The security token included in the request is invalid."


def test_session_credentials_are_nobodys() -> None:
    """Keys of ours have no sessions; a token belongs to other credentials."""
    assert refusal(signed(token="a session of Amazon's")).kind is Kind.UNRECOGNIZED_CLIENT


@pytest.mark.parametrize("later", [MAX_SKEW, -MAX_SKEW])
def test_a_signature_holds_for_five_minutes(later: timedelta) -> None:
    """Before and after its date, by our clock."""
    nearly = later * 0.98
    too_much = later * 1.02

    assert check(signed(), nearly).key is KEY
    error = refusal(signed(), too_much)
    assert error.kind is Kind.INVALID_SIGNATURE
    assert error.message.startswith(("Signature expired", "Signature not yet current"))


def test_a_signature_for_something_else_is_refused() -> None:
    """Another service, another day than that of the request."""
    other_day = changed(signed(), "x-amz-date", f"{datetime.now(UTC):%Y}0230T000000Z")

    assert refusal(signed(service="s3")).kind is Kind.INVALID_SIGNATURE
    assert refusal(signed(region="not a region")).kind is Kind.INCOMPLETE_SIGNATURE
    assert refusal(other_day).kind is Kind.INCOMPLETE_SIGNATURE


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [
        ("authorization", None, Kind.MISSING_AUTHENTICATION_TOKEN),
        ("authorization", "Basic eDp5", Kind.INCOMPLETE_SIGNATURE),
        ("authorization", "AWS4-HMAC-SHA256 Credential=x", Kind.INCOMPLETE_SIGNATURE),
        ("x-amz-date", None, Kind.INCOMPLETE_SIGNATURE),
        ("x-amz-date", "yesterday", Kind.INCOMPLETE_SIGNATURE),
    ],
)
def test_what_is_missing_is_told(name: str, value: str | None, kind: Kind) -> None:
    """By the name that SDKs know."""
    assert refusal(changed(signed(), name, value)).kind is kind


@pytest.mark.parametrize(
    "names",
    [
        "x-amz-date;x-amz-target",
        "host;x-amz-target",
        "host;x-amz-date",
        "host;x-absent;x-amz-date;x-amz-target",
        "x-amz-date;host;x-amz-target",
        "host;host;x-amz-date;x-amz-target",
    ],
)
def test_host_date_and_operation_must_be_signed(names: str) -> None:
    """And what is said to be signed must be there, once and in order."""
    request = signed(headers={"X-Amz-Target": "RekognitionService.ListCollections"})
    authorization = header(request, "authorization")
    assert "SignedHeaders=host;x-amz-date;x-amz-target" in authorization
    other = re.sub("SignedHeaders=[^,]*", f"SignedHeaders={names}", authorization)

    error = refusal(changed(request, "authorization", other))

    assert error.kind is Kind.INVALID_SIGNATURE
    assert "SignedHeaders" in error.message


@settings(deadline=None)
@given(st.binary(max_size=200), st.binary(max_size=40))
def test_no_header_is_an_error_of_ours(authorization: bytes, date: bytes) -> None:
    """Whatever bytes it holds."""
    headers = [(b"host", b"x"), (b"authorization", authorization), (b"x-amz-date", date)]
    request = SignedRequest("POST", "/", "", headers, b"")

    assert refusal(request).kind in set(Kind)


# -- replays ---------------------------------------------------------------------------------------

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def signature(number: int, moment: datetime = NOW) -> Signature:
    """A signature that holds."""
    return Signature(KEY, "eu-west-3", moment, f"{number:064x}")


def test_a_signature_may_be_repeated_at_once_but_not_later() -> None:
    """Honest clients sign the same twice within a second; nobody does a minute later."""
    replays = Replays()

    replays.check(signature(1), NOW)
    replays.check(signature(1), NOW + GRACE)
    with pytest.raises(RekognitionError) as caught:
        replays.check(signature(1), NOW + GRACE + timedelta(seconds=1))

    assert caught.value.kind is Kind.INVALID_SIGNATURE


def test_a_repetition_does_not_make_a_signature_young_again() -> None:
    """What counts is when it was first seen."""
    replays = Replays()

    for seconds in range(16):
        replays.check(signature(1), NOW + timedelta(seconds=seconds))
    with pytest.raises(RekognitionError):
        replays.check(signature(1), NOW + timedelta(seconds=16))


def test_signatures_are_remembered_as_long_as_they_hold() -> None:
    """One of a clock that is ahead, for nearly ten minutes."""
    replays = Replays()
    ahead = signature(1, NOW + MAX_SKEW)
    replays.check(ahead, NOW)

    for number in range(2, 50):
        replays.check(signature(number, NOW), NOW + timedelta(seconds=number))
    with pytest.raises(RekognitionError):
        replays.check(ahead, NOW + 2 * MAX_SKEW)


def test_the_memory_is_bounded() -> None:
    """The oldest are forgotten when there are too many."""
    replays = Replays(remembered=3)
    for number in range(5):
        replays.check(signature(number), NOW)

    replays.check(signature(0), NOW + timedelta(minutes=1))
    with pytest.raises(RekognitionError):
        replays.check(signature(4), NOW + timedelta(minutes=1))
