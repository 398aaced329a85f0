"""Rules as they are listed, made and removed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kith.domain.errors import KithError, NotFoundError, UsageError
from kith.domain.notice import Rule, RuleId, Together
from kith.domain.notice_rules import rule_of
from kith.domain.person import Person
from kith.pipeline.notices.kit import Notices
from kith.pipeline.people import find_person
from kith.ports.catalog import Catalog


@dataclass(frozen=True, slots=True)
class ListedRule:
    """A rule as it is shown.

    Attributes:
        rule: itself.
        configured: it stands in the settings, and is changed there.
        people: whom each of its people means now; ``None`` for nobody, or several.
    """

    rule: Rule
    configured: bool
    people: tuple[Person | None, ...] = ()


def listed_rules(notices: Notices, catalog: Catalog) -> Sequence[ListedRule]:
    """Every rule: those of the library, then those of the settings."""
    return [_listed(notices, catalog, rule) for rule in notices.announcer.rules()]


def add_rule(notices: Notices, catalog: Catalog, written: Mapping[str, Any]) -> ListedRule:
    """Keep a rule in the library, its people by their ids: another name changes nothing.

    Raises:
        UsageError: it cannot be understood, its name is taken, or there is no such channel.
        NotFoundError: somebody in it is not known.
    """
    rule = rule_of(written)
    if any(rule.id == other.id for other in notices.announcer.rules()):
        raise UsageError(f"There is a rule {rule.name!r} already", "Remove it, or choose a name.")
    for name in rule.channels:
        if name not in notices.channels:
            known = ", ".join(notices.channels) or "none"
            raise UsageError(f"There is no channel {name!r}", f"The settings have: {known}.")
    if isinstance(rule.when, Together):
        people = (find_person(catalog, word).id for word in rule.when.people)
        rule = replace(rule, when=Together(tuple(dict.fromkeys(people))))
    notices.outbox.keep_rule(rule)
    return _listed(notices, catalog, rule)


def remove_rule(notices: Notices, rule_id: RuleId) -> None:
    """Forget a rule of the library, and its notices that were not sent.

    Raises:
        NotFoundError: there is none of that id.
        UsageError: it stands in the settings.
    """
    if notices.announcer.is_configured(rule_id):
        raise UsageError("This rule stands in the settings", "Remove it there.")
    if all(rule.id != rule_id for rule in notices.outbox.rules()):
        raise NotFoundError(f"There is no rule {rule_id}")
    notices.outbox.remove_rule(rule_id)


def _listed(notices: Notices, catalog: Catalog, rule: Rule) -> ListedRule:
    words = rule.when.people if isinstance(rule.when, Together) else ()
    people = tuple(_person(catalog, word) for word in words)
    return ListedRule(rule, notices.announcer.is_configured(rule.id), people)


def _person(catalog: Catalog, word: str) -> Person | None:
    try:
        return find_person(catalog, word)
    except KithError:
        return None
