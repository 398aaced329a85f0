"""Rules as people and programs write them: in the settings file, in JSON and in a database.

name = "Ana and Ben"           what it is called
people = ["Ana", "Ben"]        each of them is in the photo; or
faces = "any"                  a face; "unknown": somebody without a name; or
label = "Dog"                  this is in the photo
at_least = 90                  percent: similarity of people, confidence of a label
quiet = "22:00-07:00"          tell nothing then
digest = "hour"                gather; or "day"
channels = ["mail"]            who is told
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Any, Final, cast

from kith.domain.errors import UsageError
from kith.domain.notice import (
    AnyFace,
    Digest,
    Labeled,
    QuietHours,
    Rule,
    Together,
    UnknownFace,
    When,
)

LONGEST_NAME: Final = 100
"""Characters of a rule's name, which stands in the subject of mails; and of a person's or label's
in it."""

MOST_PEOPLE: Final = 20
"""People that a rule may want together: as many as are seen at once in most photos."""

MOST_CHANNELS: Final = 20

_KEYS: Final = ("name", "people", "faces", "label", "at_least", "quiet", "digest", "channels")
_FACES: Final[Mapping[str, When]] = {"any": AnyFace(), "unknown": UnknownFace()}


def rule_of(written: Mapping[str, Any]) -> Rule:
    """The rule that is written so.

    Raises:
        UsageError: it cannot be understood, or contradicts itself.
    """
    name = _text(written.get("name"), "the name of a rule")
    for key in written:
        if key not in _KEYS:
            raise _wrong(name, f"{key!r} is not known", f"A rule has: {', '.join(_KEYS)}.")
    rule = Rule(
        name=name,
        when=_when_of(name, written),
        channels=_texts(name, "channels", written.get("channels"), MOST_CHANNELS),
        at_least=_percent(name, written.get("at_least")),
        quiet=_quiet_of(name, written.get("quiet")),
        digest=_digest_of(name, written.get("digest")),
    )
    if rule.at_least and not isinstance(rule.when, Together | Labeled):
        raise _wrong(name, "at_least is for people and labels", "Leave it out.")
    return rule


def written(rule: Rule) -> dict[str, Any]:
    """The rule as it is written; ``rule_of`` makes the same of it again."""
    found: dict[str, Any] = {"name": rule.name, **_written_when(rule.when)}
    if rule.at_least:
        found["at_least"] = rule.at_least
    if rule.quiet is not None:
        found["quiet"] = quiet_text(rule.quiet)
    if rule.digest is not None:
        found["digest"] = rule.digest.value
    return found | {"channels": list(rule.channels)}


def quiet_text(quiet: QuietHours) -> str:
    """Quiet hours as they are written: ``22:00-07:00``."""
    return f"{quiet.start:%H:%M}-{quiet.end:%H:%M}"


def _written_when(when: When) -> dict[str, Any]:
    match when:
        case Together(people):
            return {"people": list(people)}
        case Labeled(label):
            return {"label": label}
        case _:
            return {"faces": next(word for word, each in _FACES.items() if each == when)}


def _when_of(name: str, found: Mapping[str, Any]) -> When:
    given = [key for key in ("people", "faces", "label") if found.get(key) is not None]
    if len(given) != 1:
        raise _wrong(name, "it must have one of people, faces and label", "See docs/notices.md.")
    value = found[given[0]]
    match given[0]:
        case "people":
            return Together(_texts(name, "people", value, MOST_PEOPLE))
        case "label":
            return Labeled(_text(value, f"the label of the rule {name!r}"))
        case _ if isinstance(value, str) and value in _FACES:
            return _FACES[value]
        case _:
            raise _wrong(name, f"faces is {value!r}", 'It is "any" or "unknown".')


def _texts(name: str, key: str, value: Any, most: int) -> tuple[str, ...]:
    values = cast("list[Any]", value) if isinstance(value, list | tuple) else []
    if not 1 <= len(values) <= most:
        raise _wrong(name, f"{key} must be a list of 1 to {most}", f'Such as {key} = ["…"].')
    return tuple(dict.fromkeys(_text(one, f"{key} of the rule {name!r}") for one in values))


def _text(value: Any, what: str) -> str:
    text = " ".join(value.split()) if isinstance(value, str) else ""
    if not text or len(text) > LONGEST_NAME or not text.isprintable():
        raise UsageError(
            f"{str(value)[:LONGEST_NAME]!r} cannot be {what}",
            f"It has 1 to {LONGEST_NAME} characters that can be seen.",
        )
    return text


def _percent(name: str, value: Any) -> float:
    if value is None:
        return 0.0
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 100:
        raise _wrong(name, f"at_least is {value!r}", "It is a percentage, from 0 to 100.")
    return float(value)


def _quiet_of(name: str, value: Any) -> QuietHours | None:
    if value is None:
        return None
    try:
        start, end = (time.fromisoformat(part.strip()) for part in str(value).split("-"))
        whole = all(part == time(part.hour, part.minute) for part in (start, end))
    except ValueError:
        whole, start, end = False, time(), time()
    if not whole or start == end:
        raise _wrong(name, f"quiet is {value!r}", 'It is two times of day, such as "22:00-07:00".')
    return QuietHours(start, end)


def _digest_of(name: str, value: Any) -> Digest | None:
    if value is None:
        return None
    try:
        return Digest(value)
    except ValueError:
        raise _wrong(name, f"digest is {value!r}", 'It is "hour" or "day".') from None


def _wrong(name: str, what: str, advice: str) -> UsageError:
    return UsageError(f"The rule {name!r} cannot be used: {what}", advice)
