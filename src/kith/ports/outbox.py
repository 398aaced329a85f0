"""What is on its way to those who want to be told, and the rules that say what is worth telling."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from kith.domain.notice import Notice, NoticeId, Posting, Rule, RuleId

MOST_IN_A_MESSAGE: Final = 200
"""Notices that go as one message; the rest of a bundle goes as more. A day's mail can be read."""


class State(StrEnum):
    """How far a posting is."""

    PENDING = "pending"
    CLAIMED = "claimed"
    SENT = "sent"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Consignment:
    """What a sender took to send: all of it goes as one message.

    Attributes:
        message_id: of the message. The first who takes these notices settles it and what belongs to
            it; whoever takes them again, because the first did not come back, sends the same.
        channel: where to.
        notices: what is told, oldest first; at least one.
        attempts: how often it was tried before.
        claim: what tells this taking from later ones.
    """

    message_id: str
    channel: str
    notices: tuple[Notice, ...]
    attempts: int
    claim: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A posting, and how far it is.

    Attributes:
        number: its place in the outbox; later ones have higher numbers.
        posting: what, where to and when. ``due`` moves with every failure.
        state: how far it is.
        attempts: how often it was tried.
        error: why the last try failed; empty if none did.
        message_id: of the message that it went or goes with, once that is settled.
    """

    number: int
    posting: Posting
    state: State
    attempts: int
    error: str
    message_id: str | None


class Outbox(Protocol):
    """The outbox of one library. Notices come into it with what they are about: ``Catalog.store``.

    Every method that writes does so as a whole or not at all, and is durable when it returns. May
    be called from several threads and processes. Methods that write raise ``LibraryFullError``,
    ``LibraryReadOnlyError`` or ``LibraryBusyError`` and then have changed nothing. Moments are
    seconds since 1970.
    """

    # -- rules -------------------------------------------------------------------------------------

    def rules(self) -> Sequence[Rule]:
        """The rules that are kept here, in the order in which they first were."""
        ...

    def keep_rule(self, rule: Rule, /) -> None:
        """Keep the rule in the place of the one with its id, or as a new one, which ``begin``s."""
        ...

    def remove_rule(self, rule_id: RuleId, /) -> None:
        """Forget the rule, and its notices that were not sent. One that is not kept is no error."""
        ...

    def begin(self, rule_ids: Collection[RuleId], /, *, anew: bool = False) -> None:
        """What the library holds now was there before these rules, and is never told by them.

        A rule that has begun is left as it is, unless it is to begin ``anew``.
        """
        ...

    # -- sending -----------------------------------------------------------------------------------

    def claim(
        self, channels: Collection[str], /, *, now: float, until: float
    ) -> Consignment | None:
        """Take the message for one of these channels that is due for longest, if one is.

        Nobody else gets it until the moment ``until``; then it may be taken again.
        """
        ...

    def mark_sent(self, consignment: Consignment, now: float, /) -> None:
        """It arrived, and nobody need send it again, whoever took it meanwhile."""
        ...

    def postpone(
        self, consignment: Consignment, due: float, /, *, error: str = "", counted: bool = True
    ) -> None:
        """It could not be sent, and is to be tried again from ``due`` on.

        Without effect if it was taken by somebody else meanwhile.

        Args:
            consignment: as it was taken.
            due: when to try again.
            error: why, for people; empty leaves what was said before.
            counted: whether this was a try.
        """
        ...

    def bury(self, consignment: Consignment, error: str, /) -> None:
        """It cannot be sent and is not tried again; without effect as ``postpone``."""
        ...

    # -- looking -----------------------------------------------------------------------------------

    def entries(
        self, states: Collection[State] | None = None, /, *, before: int | None = None, limit: int
    ) -> Sequence[Entry]:
        """What is or was on its way, newest first.

        Args:
            states: only what is so far.
            before: only entries of lower numbers.
            limit: so many at most.
        """
        ...

    def counts(self) -> Mapping[State, int]:
        """How many postings are how far; states of none are left out."""
        ...

    def send_again(self, notice_ids: Collection[NoticeId] | None, now: float, /) -> int:
        """Have the dead among these notices, or all, tried again from now on; answers how many.

        What was one message is one again, of the same id.
        """
        ...

    def sweep(self, before: float, /) -> int:
        """Forget what was sent before that moment; answers how much."""
        ...
