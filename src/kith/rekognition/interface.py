"""What an operation is: members in, members out; the wire does the rest.

Before an operation is called, its request has been authenticated, parsed and checked against the
service's model: required members are there, and types, lengths, ranges, patterns and enumerations
hold. What the model cannot say (an empty ``Image``, exactly one of two members) is the operation's
to check.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

Members = Mapping[str, Any]
"""The members of a structure, by their name on the wire (``CollectionId``).

In a request: text as ``str``, whole numbers as ``int``, other numbers as ``float``, flags as
``bool``, blobs as ``bytes``, lists as ``list``, maps and structures as ``dict``. A member that was
``null`` is absent, and so is one that the model does not know.

In an answer: the same, and tuples for lists; floats in double precision, which the wire narrows to
32 bits as the service does; timestamps as an aware ``datetime`` or seconds since 1970. A member
that is not known is left out, never ``None``.
"""


@dataclass(frozen=True, slots=True)
class Call:
    """One call of an operation, besides its members.

    Attributes:
        operation: as in the model, such as ``IndexFaces``.
        request_id: what the answer's ``x-amzn-RequestId`` is; for logs.
        region: the region that the client signed for; for ARNs.
        account: twelve digits; for ARNs.
        key_id: the access key that signed; empty where nobody signs.
    """

    operation: str
    request_id: str
    region: str = "us-east-1"
    account: str = "000000000000"
    key_id: str = ""


class Operation(Protocol):
    """Answers one operation of the service.

    Called in several threads at once. It may take as long as it needs, and is not interrupted: a
    client that went away does not stop it.

    Raises:
        RekognitionError: anything that the client is to know. Every other exception becomes
            ``InternalServerError``, and is logged with its traceback.
    """

    def __call__(self, members: Members, call: Call, /) -> Members:
        """The members of the answer; an empty mapping where the operation has none."""
        ...


Operations = Mapping[str, Operation]
"""The operations that a server answers, by name; every other one is ``UnknownOperationException``.
"""
