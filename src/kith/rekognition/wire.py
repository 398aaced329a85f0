"""From a request to its answer: who asks, for what, with which members; then the operation.

The order is the real service's: a stranger learns nothing of what there is, and a key that may not
write is told so before its request is read.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from kith.rekognition.errors import Kind, RekognitionError
from kith.rekognition.interface import Call, Operation, Operations
from kith.rekognition.json_body import parse, render
from kith.rekognition.keys import AccessKey, may
from kith.rekognition.model import Service, Structure
from kith.rekognition.reading import read
from kith.rekognition.replays import Replays
from kith.rekognition.sigv4 import SignedRequest, verify
from kith.rekognition.writing import Write, writer_of

BODY_LIMIT: Final = 14_500_000
"""Bytes of a request's body: two pictures of 5,242,880 bytes in base64, and what is around them."""

ACCOUNT: Final = "000000000000"
"""The account in ARNs; there is only one."""

Keys = Callable[[], Mapping[str, AccessKey]]
"""The keys that may sign at this moment, by id."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent back, and what may be written down of it.

    Attributes:
        status: of HTTP.
        body: JSON.
        operation: its name if the service's model has it, else empty.
        error: what went wrong, if anything did.
        key_id: who asked, if that was verified.
        failure: what went wrong in us, and is told nobody but our log.
    """

    status: int
    body: bytes
    operation: str = ""
    error: Kind | None = None
    key_id: str = ""
    failure: Exception | None = None


class Wire:
    """Answers requests. May be called by several threads at once.

    Args:
        service: the service's model.
        operations: those that are answered.
        keys: who may ask; ``None`` lets everybody on this machine ask without a signature.
        clock: the time, aware of its zone.
    """

    def __init__(
        self,
        service: Service,
        operations: Operations,
        keys: Keys | None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._service = service
        self._known = frozenset(service.operations)
        self._operations = {
            name: _Prepared(operation, service.takes(name), writer_of(service.gives(name)))
            for name, operation in operations.items()
        }
        self._keys = keys
        self._clock = clock
        self._replays = Replays()

    def answer(self, request: SignedRequest, request_id: str) -> Answer:
        """The answer to a request, whatever that holds; nothing is raised."""
        try:
            headers = _first_values(request)
            name = self._name(headers)
        except RekognitionError as error:
            return refusal(error, request_id)
        call = Call(name, request_id, account=ACCOUNT)
        try:
            call = self._admitted(call, request, headers)
            operation = self._operation(name)
            members = read(operation.takes, parse(request.body))
            body = render(operation.write(operation.answer(members, call)))
        except RekognitionError as error:
            return self._refused(error, call)
        except Exception as failure:  # noqa: BLE001 - it is logged by the door, which has a log
            return self._refused(internal_error(), call, failure)
        return Answer(200, body, name, key_id=call.key_id)

    def _name(self, headers: Mapping[str, str]) -> str:
        prefix, _, name = headers.get("x-amz-target", "").partition(".")
        if prefix != self._service.target or not _NAME.fullmatch(name):
            raise RekognitionError(
                Kind.UNKNOWN_OPERATION,
                f"The header X-Amz-Target must name an operation: {self._service.target}.NAME",
            )
        return name

    def _admitted(self, call: Call, request: SignedRequest, headers: Mapping[str, str]) -> Call:
        """The call, with who asks.

        Raises:
            RekognitionError: he may not.
        """
        if self._keys is None:
            _require_loopback_host(headers.get("host", ""))
            return call
        now = self._clock()
        signature = verify(request, self._keys(), self._service.signing_name, now)
        self._replays.check(signature, now)
        call = Call(
            call.operation, call.request_id, signature.region, call.account, signature.key.key_id
        )
        if not may(signature.key, call.operation):
            raise RekognitionError(Kind.ACCESS_DENIED, _denial(call, signature.key))
        return call

    def _operation(self, name: str) -> _Prepared:
        if name in self._operations:
            return self._operations[name]
        known = name in self._known
        told = f"{name} is not supported by this server" if known else f"There is no {name}"
        raise RekognitionError(Kind.UNKNOWN_OPERATION, told)

    def _refused(
        self, error: RekognitionError, call: Call, failure: Exception | None = None
    ) -> Answer:
        name = call.operation if call.operation in self._known else ""
        return refusal(error, call.request_id, name, call.key_id, failure)


def refusal(
    error: RekognitionError,
    request_id: str,
    operation: str = "",
    key_id: str = "",
    failure: Exception | None = None,
) -> Answer:
    """An error as an answer."""
    body = render(error.members(request_id))
    return Answer(error.status, body, operation, error.kind, key_id, failure)


def internal_error() -> RekognitionError:
    """What a client is told of an error of ours."""
    return RekognitionError(Kind.INTERNAL_SERVER_ERROR, "Internal server error")


def is_loopback(host: str) -> bool:
    """Whether a name or address of a host is this machine's own, by what it says."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class _Prepared:
    """An operation, what it takes, and how its answer is written."""

    answer: Operation
    takes: Structure
    write: Write


_NAME: Final = re.compile(r"\w{1,100}", re.ASCII)


def _first_values(request: SignedRequest) -> dict[str, str]:
    return {
        name.decode("latin-1"): value.decode("latin-1") for name, value in reversed(request.headers)
    }


def _require_loopback_host(host: str) -> None:
    """A page in a browser on this machine can be led here under a name of its own; see that not.

    Raises:
        RekognitionError: the request was meant for another name than this machine's own.
    """
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    if not is_loopback(name.strip("[]").lower()):
        raise RekognitionError(
            Kind.ACCESS_DENIED,
            "This server runs without keys, and answers only requests to localhost or 127.0.0.1",
        )


def _denial(call: Call, key: AccessKey) -> str:
    who = f"arn:aws:iam::{call.account}:user/{key.name or key.key_id}"
    what = f"arn:aws:rekognition:{call.region}:{call.account}:*"
    action = f"rekognition:{call.operation}"
    return f"User: {who} is not authorized to perform: {action} on resource: {what}"
