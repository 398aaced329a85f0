"""From a request to its answer, without a socket."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, cast

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rekognition_wire import READER, WRITER, Echo

from kith.rekognition.errors import Kind, RekognitionError
from kith.rekognition.interface import Call
from kith.rekognition.keys import AccessKey, Permission, may
from kith.rekognition.model import Service
from kith.rekognition.sigv4 import SignedRequest
from kith.rekognition.wire import Answer, Wire, is_loopback

HOST = "127.0.0.1:4577"
MakeWire = Callable[..., Wire]


def request(
    operation: str, body: Any = b"{}", key: AccessKey | None = None, host: str = HOST
) -> SignedRequest:
    """A request, signed if a key is given."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"X-Amz-Target": f"RekognitionService.{operation}"}
    asked = AWSRequest("POST", f"http://{host}/", headers, raw)
    if key:
        credentials = Credentials(key.key_id, key.secret)
        cast(Any, SigV4Auth(credentials, "rekognition", "eu-west-3")).add_auth(asked)
    sent = [("Host", host), *cast(Any, asked.headers).items()]
    pairs = [(name.lower().encode(), value.encode()) for name, value in sent]
    return SignedRequest("POST", "/", "", pairs, raw)


def told(answer: Answer) -> Any:
    """The document of an answer."""
    return json.loads(answer.body)


def test_an_operation_gets_its_members_and_who_calls(make_wire: MakeWire, echo: Echo) -> None:
    """The region is the one that the client signed for."""
    answer = make_wire().answer(
        request("CreateUser", {"CollectionId": "a", "UserId": "b"}, WRITER), "id"
    )

    assert (answer.status, answer.body, answer.error) == (200, b"{}", None)
    members, call = echo.calls[0]
    assert members == {"CollectionId": "a", "UserId": "b"}
    assert call == Call("CreateUser", "id", "eu-west-3", "000000000000", WRITER.key_id)


def test_an_operation_s_refusal_has_the_service_s_own_form(make_wire: MakeWire) -> None:
    """Four members, the message with a capital letter."""
    answer = make_wire().answer(
        request("DescribeCollection", {"CollectionId": "absent"}, READER), "id"
    )

    assert (answer.status, answer.error) == (400, Kind.RESOURCE_NOT_FOUND)
    assert told(answer) == {
        "__type": "ResourceNotFoundException",
        "Code": "ResourceNotFoundException",
        "Logref": "id",
        "Message": "The collection id: absent does not exist",
    }


def test_what_does_not_reach_an_operation_has_the_short_form(make_wire: MakeWire) -> None:
    """Two members, the message in small letters."""
    answer = make_wire().answer(request("DescribeCollection", {}, READER), "id")

    assert told(answer) == {
        "__type": "ValidationException",
        "message": "1 validation error detected: Value null at 'collectionId' failed to satisfy "
        "constraint: Member must not be null",
    }


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("RecognizeCelebrities", "RecognizeCelebrities is not supported by this server"),
        ("FindLove", "There is no FindLove"),
    ],
)
def test_an_operation_that_is_not_there_is_named(
    make_wire: MakeWire, name: str, message: str
) -> None:
    """Whether the real service has it or not."""
    answer = make_wire().answer(request(name, {}, WRITER), "id")

    assert (answer.status, answer.error) == (400, Kind.UNKNOWN_OPERATION)
    assert told(answer)["message"] == message


@pytest.mark.parametrize("target", ["", "Other.ListCollections", "RekognitionService.", "x" * 9999])
def test_a_request_names_an_operation(make_wire: MakeWire, target: str) -> None:
    """In the header X-Amz-Target."""
    headers = [(b"host", HOST.encode()), (b"x-amz-target", target.encode())]

    answer = make_wire(None).answer(SignedRequest("POST", "/", "", headers, b""), "id")

    assert answer.error is Kind.UNKNOWN_OPERATION


def test_an_error_of_ours_says_nothing_to_the_client(make_wire: MakeWire) -> None:
    """And is kept for the log."""
    answer = make_wire().answer(request("ListUsers", {"CollectionId": "a"}, WRITER), "id")

    assert (answer.status, told(answer)["__type"]) == (500, "InternalServerError")
    assert "secret" not in answer.body.decode()
    assert isinstance(answer.failure, ZeroDivisionError)


def test_an_answer_that_is_not_in_the_model_is_an_error_of_ours(service: Service) -> None:
    """It is not sent."""
    wire = Wire(service, {"ListUsers": lambda _members, _call: {"Nobodys": 1}}, None)

    answer = wire.answer(request("ListUsers", {"CollectionId": "a"}), "id")

    assert answer.status == 500
    assert isinstance(answer.failure, TypeError)


def test_a_key_that_reads_may_not_write(make_wire: MakeWire, echo: Echo) -> None:
    """It is told so before its request is read."""
    answer = make_wire().answer(request("CreateUser", b"no JSON", READER), "id")

    assert answer.error is Kind.ACCESS_DENIED
    assert told(answer)["Message"] == (
        "User: arn:aws:iam::000000000000:user/reader is not authorized to perform: "
        "rekognition:CreateUser on resource: arn:aws:rekognition:eu-west-3:000000000000:*"
    )
    assert echo.calls == []


def test_every_operation_reads_or_writes(service: Service) -> None:
    """Those that read are known by their names; a new one writes until it is known better."""
    reading = {name for name in service.operations if may(READER, name)}

    assert all(may(WRITER, name) for name in service.operations)
    assert {"SearchFaces", "CompareFaces", "ListTagsForResource", "DetectText"} <= reading
    assert not reading & {"IndexFaces", "TagResource", "StartFaceSearch", "AssociateFaces"}
    assert not may(AccessKey("x", "y", Permission.READ), "FrobnicateFaces")


def test_a_stranger_learns_nothing(make_wire: MakeWire) -> None:
    """Not even which operations there are."""
    for name in ("ListCollections", "FindLove"):
        answer = make_wire().answer(request(name), "id")
        assert answer.error is Kind.MISSING_AUTHENTICATION_TOKEN


@pytest.mark.parametrize("host", ["127.0.0.1:80", "localhost", "[::1]:4577", "kith.localhost:1"])
def test_without_keys_this_machine_is_answered(make_wire: MakeWire, host: str) -> None:
    """By any of its own names."""
    assert make_wire(None).answer(request("ListCollections", host=host), "id").status == 200


@pytest.mark.parametrize("host", ["evil.example", "10.0.0.1:4577", "localhost.evil.example", ""])
def test_without_keys_no_other_name_is_answered(make_wire: MakeWire, host: str) -> None:
    """A page in a browser could have been led here under its own name."""
    headers = [(b"host", host.encode()), (b"x-amz-target", b"RekognitionService.ListCollections")]

    answer = make_wire(None).answer(SignedRequest("POST", "/", "", headers, b"{}"), "id")

    assert answer.error is Kind.ACCESS_DENIED


def test_keys_that_are_removed_are_refused_at_once(service: Service, echo: Echo) -> None:
    """They are looked up for every request."""
    keys = {WRITER.key_id: WRITER}
    wire = Wire(service, echo.operations, lambda: keys)

    before = wire.answer(request("ListCollections", {}, WRITER), "id")
    keys.clear()
    after = wire.answer(request("ListCollections", {}, WRITER), "id")

    assert (before.status, after.error) == (200, Kind.UNRECOGNIZED_CLIENT)


@pytest.mark.parametrize("kind", Kind)
def test_every_error_is_one_that_sdks_understand(kind: Kind) -> None:
    """Its name in the body, a message in either case, a status that is an error's."""
    error = RekognitionError(kind, "what is wrong")

    members = {name.lower(): value for name, value in error.members("id").items()}
    assert members["__type"] == kind.value
    assert members["message"] == "what is wrong"
    assert 400 <= error.status < 600


@pytest.mark.parametrize(
    ("host", "ours"),
    [("127.8.8.8", True), ("::1", True), ("0.0.0.0", False), ("::", False), ("example.com", False)],
)
def test_loopback_is_this_machine(host: str, ours: bool) -> None:
    """All interfaces are not."""
    assert is_loopback(host) is ours


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    operation=st.sampled_from(
        ["IndexFaces", "TagResource", "DetectText", "SearchFaces", "Nothing"]
    ),
    body=st.binary(max_size=100)
    | st.text(alphabet='{}[]":,ImageBytsColctnd0189.eE-+ntruflas\\u', max_size=60).map(str.encode),
    headers=st.lists(st.tuples(st.binary(max_size=20), st.binary(max_size=40)), max_size=4),
)
def test_whatever_is_sent_is_answered(
    make_wire: MakeWire,
    operation: str,
    body: bytes,
    headers: list[tuple[bytes, bytes]],
) -> None:
    """With JSON, and no error of ours."""
    asked = request(operation, body)
    wild = SignedRequest("POST", "/", "", [*asked.headers, *headers], body)

    for wire in (make_wire(None), make_wire()):
        answer = wire.answer(wild, "id")
        assert answer.status in {200, 400}
        assert answer.failure is None
        told(answer)
