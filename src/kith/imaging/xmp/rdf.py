"""XMP packets as plain values, whichever of RDF's spellings they use.

Source: ISO 16684-1 (XMP part 1), clause 7 and annex C: a structure may be a nested
``rdf:Description``, ``rdf:parseType="Resource"``, or attributes; an array is an ``rdf:Bag``,
``rdf:Seq`` or ``rdf:Alt``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias

from lxml import etree

from kith.domain.errors import KithError

Element: TypeAlias = etree._Element  # pyright: ignore[reportPrivateUsage] lxml has no public name
Tree: TypeAlias = etree._ElementTree  # pyright: ignore[reportPrivateUsage] as above

Value: TypeAlias = "str | list[Value] | dict[str, Value]"
"""Text, an array, or a structure by the qualified names of its fields: ``{namespace}name``."""

RDF: Final = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"

MAX_BYTES: Final = 16 << 20
"""Of a packet. Editors that keep brush strokes in XMP write some megabytes; more is an attack."""

_MAX_DEPTH: Final = 32
"""Structures inside structures. The deepest known schemas have six."""

_ARRAYS = frozenset({f"{RDF}Bag", f"{RDF}Seq", f"{RDF}Alt"})
_XML = "{http://www.w3.org/XML/1998/namespace}"


class XmpError(KithError):
    """Metadata that cannot be read; the picture is fine without it."""


def parse(data: bytes, name: str) -> Tree:
    """The XML of a packet, comments and processing instructions included.

    No entity is expanded and nothing outside the packet is read: a packet with a document type,
    the only place where entities are declared, is refused, and before it is parsed if that shows.

    Raises:
        XmpError: it is no well-formed XML, has a document type, or is too large.
    """
    if len(data) > MAX_BYTES:
        raise XmpError(f"The metadata of {name} is larger than {MAX_BYTES >> 20} MB")
    # Without the NULs of UTF-16 and UTF-32, what is searched for reads the same in every encoding.
    refused = b"<!DOCTYPE" in data.replace(b"\0", b"")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, strip_cdata=False
    )
    try:
        tree = None if refused else etree.fromstring(_unpadded(data), parser).getroottree()
    except (etree.XMLSyntaxError, ValueError) as error:
        raise XmpError(f"The metadata of {name} is damaged: {error}") from error
    if tree is None or tree.docinfo.doctype:
        raise XmpError(f"The metadata of {name} has a document type, which XMP does not allow")
    return tree


def properties(data: bytes, name: str) -> dict[str, Value]:
    """The properties of a packet by their qualified names.

    Raises:
        XmpError: it cannot be read.
    """
    return {
        key: value
        for description in descriptions(parse(data, name))
        for key, value in _fields(description, name, 0).items()
    }


def descriptions(tree: Tree) -> Iterator[Element]:
    """The elements of a packet that hold properties."""
    root = tree.getroot()
    document = root if root.tag == f"{RDF}RDF" else root.find(f"{RDF}RDF")
    if document is not None:
        yield from document.iterchildren(f"{RDF}Description")


def value_of(element: Element, name: str, depth: int = 0) -> Value:
    """What a property, a field or an item of an array holds.

    Raises:
        XmpError: it is nested beyond reason.
    """
    if depth > _MAX_DEPTH:
        raise XmpError(f"The metadata of {name} is nested too deeply")
    children = list(element.iterchildren("*"))
    if children and children[0].tag in _ARRAYS:
        return [value_of(item, name, depth + 1) for item in children[0].iterchildren(f"{RDF}li")]
    if children and children[0].tag == f"{RDF}Description":
        return _unqualified(_fields(children[0], name, depth + 1))
    fields = _fields(element, name, depth + 1)
    return _unqualified(fields) if fields else (element.text or "").strip()


def _unpadded(data: bytes) -> bytes:
    """Without the spaces and NULs that writers put around a packet; UTF-16 is none of these."""
    return data if b"\0" in data[:4] else data.strip(b"\0 \t\r\n")


def _fields(element: Element, name: str, depth: int) -> dict[str, Value]:
    fields: dict[str, Value] = {}
    for key, text in element.items():
        if key == f"{RDF}value" or not key.startswith((RDF, _XML)):
            fields[key] = text.strip()
    for child in element.iterchildren("*"):
        fields[str(child.tag)] = value_of(child, name, depth + 1)
    return fields


def _unqualified(fields: dict[str, Value]) -> Value:
    """A value with qualifiers, such as a language, as the value alone."""
    return fields.get(f"{RDF}value", fields)
