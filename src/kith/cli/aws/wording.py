"""Plans and costs in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from kith.pipeline.deployment.changes import Summary
    from kith.pipeline.deployment.costs import Estimate, Line

_MOST_LINES: Final = 12
_WIDTH: Final = 48


def plan_line(found: Summary) -> str:
    """What would be done, in one line."""
    from kith.pipeline.decisions.wording import counted

    deeds = [f"{deed} {counted(count, 'resource')}" for deed, count in found.deeds.items()]
    return f"Terraform would {', '.join(deeds)}"


def plan_lines(found: Summary) -> Iterator[str]:
    """What would be done: how much, where, and by name what is destroyed or replaced."""
    if found.is_empty:
        yield "Nothing is to be done: everything is as it should be"
        return
    yield f"{plan_line(found)}:"
    yield "  " + ", ".join(f"{part} {count}" for part, count in found.modules.items())
    if found.gone:
        yield "Destroyed, or replaced by others:"
    for address in found.gone[:_MOST_LINES]:
        yield f"  {address}"
    if len(found.gone) > _MOST_LINES:
        yield f"  and {len(found.gone) - _MOST_LINES:,} more"


def cost_lines(costs: Estimate) -> Iterator[str]:
    """What it will cost."""
    yield (
        f"Costs in US dollars, at list prices of us-east-1 (of {costs.read_on}; "
        "those with ~ from memory):"
    )
    coming = f"{costs.photos:,} photos with {costs.faces:g} faces each, once"
    yield from _bill(coming, costs.coming)
    yield from _bill("keeping these, each month", costs.lying)
    yield from _bill("each month without any photo", costs.idle)
    yield f"Comparing all pairs of {costs.photos:,} photos by CompareFaces: {costs.pairs:,.2f}"


def _bill(title: str, lines: Sequence[Line]) -> Iterator[str]:
    from kith.pipeline.deployment.costs import together

    yield f"  {title:{_WIDTH}}{together(lines):9.2f}"
    for line in lines:
        if line.dollars >= 0.005:
            mark = "" if line.known else " ~"
            yield f"    {line.what:{_WIDTH - 2}}{line.dollars:9.2f}{mark}"


def next_lines(deployment: Mapping[str, Any], wishes: Mapping[str, Any]) -> Iterator[str]:
    """Where it is, and what to do now."""
    emails: Sequence[str] = wishes.get("emails") or ()
    you = emails[0] if emails else "you@example.org"
    region, pool = deployment["region"], deployment["user_pool"]
    yield f"Album:   {deployment['album_url']}"
    yield f"Photos:  s3://{deployment['originals']}"
    yield "Next:"
    if emails:
        yield f"  confirm the mails that AWS sent to {', '.join(emails)}: before, no alarm arrives"
    yield "  make an account for yourself; nobody can sign up:"
    named = f"--region {region} --user-pool-id {pool} --username {you}"
    yield f"    aws cognito-idp admin-create-user {named}"
    yield f"    aws cognito-idp admin-add-user-to-group {named} --group-name owner"
    yield "  kith aws upload ~/Pictures"
    yield "  kith aws status"
