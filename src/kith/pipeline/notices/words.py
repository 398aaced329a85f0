"""Rules and moments in plain words."""

from __future__ import annotations

from datetime import UTC, datetime

from kith.domain.notice import AnyFace, Rule, Together, UnknownFace
from kith.domain.notice_rules import quiet_text
from kith.pipeline.notices.rules import ListedRule


def when_text(listed: ListedRule) -> str:
    """What a rule tells: ``Ana and Ben together, from 90 %``."""
    rule = listed.rule
    match rule.when:
        case AnyFace():
            text = "any face"
        case UnknownFace():
            text = "a face without a name"
        case Together(people):
            names = [
                person.name if person and person.name else word
                for word, person in zip(people, listed.people, strict=True)
            ]
            text = f"{' and '.join(names)} together" if len(names) > 1 else names[0]
        case _:
            text = f"the label {rule.when.label}"
    return f"{text}, from {rule.at_least:g} %" if rule.at_least else text


def channels_text(rule: Rule) -> str:
    """How a rule tells it: ``mail, once an hour, quiet 22:00-07:00``."""
    parts = list(rule.channels)
    if rule.digest is not None:
        parts.append(f"once {'an' if rule.digest.value == 'hour' else 'a'} {rule.digest.value}")
    if rule.quiet is not None:
        parts.append(f"quiet {quiet_text(rule.quiet)}")
    return ", ".join(parts)


def moment_text(seconds: float) -> str:
    """Seconds since 1970 in ISO 8601, of UTC."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
