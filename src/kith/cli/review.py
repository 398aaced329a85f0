"""``kith review``: are these two the same person?"""

from __future__ import annotations

import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import click

from kith.cli.options import json_option, library_options
from kith.cli.telling import author
from kith.cli.terminal_pictures import Way

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kith.config import Settings
    from kith.pipeline.library import Library

_HELP = """Answer which people are the same person, most useful question first.

Kith rather leaves somebody in two groups than mixes two people. This asks about groups that may be
one person, and each answer counts for whole groups. What the photos or you have already ruled out
is not asked: two faces of one photo, two names, somebody hidden.

\b
  y  the same person
  n  two people
  s  skip; it comes back at the end
  u  undo the last answer
  q  quit; every answer is kept

Faces are shown as pictures where the terminal can (kitty, iTerm2, sixel), as colored blocks where
it has the colors, and as paths of the photos elsewhere. --pictures chooses.

Programs get the questions with --json and answer with --answer ID=yes or ID=no, as often as they
like.

\b
  kith review
  kith review --pictures paths
  kith review --json --limit 50
  kith review --answer 5c1d88f0-...+1f3a0c2b-...=yes

To name people, `kith people name`; to see or take back what you said, `kith history`, `kith undo`.

\b
Exit status:
  0  done, or nothing left to ask
  2  this is no terminal, or an answer cannot be understood
  3  a question's person is no longer there
  5  there is no library yet, or it cannot be used
  6  the model files cannot be had
"""

_WAYS = ("auto", *(way.value for way in Way))


@click.command("review", help=_HELP, short_help="Which people are the same: answer questions.")
@click.option(
    "--pictures", type=click.Choice(_WAYS), default="auto", show_default=True, help="How to show."
)
@click.option("--answer", "answers", multiple=True, metavar="ID=yes|no", help="Answer; repeatable.")
@click.option(
    "--limit", type=click.IntRange(min=1), default=20, show_default=True, help="With --json."
)
@json_option
@library_options
def command(
    *, pictures: str, answers: tuple[str, ...], limit: int, settings: Settings, as_json: bool
) -> None:
    """Parse, call the pipeline, present."""
    if answers:
        _take(settings, answers, as_json=as_json)
        return
    if not as_json and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise click.UsageError("`kith review` asks in a terminal; for programs there is --json.")
    from kith.cli.output import print_json
    from kith.cli.review_session import ask
    from kith.pipeline.review import Review, question_json

    with ExitStack() as stack:
        library = _opened(settings, stack)
        review = Review(library, by=author())
        if as_json:
            questions = review.next(limit)
            rows = [question_json(each, library.catalog) for each in questions]
            print_json({"questions": rows, "open": review.remaining})
        else:
            ask(library, review, None if pictures == "auto" else Way(pictures))


def _opened(settings: Settings, stack: ExitStack) -> Library:
    """The library for reading, its catalog for writing too: others may add photos meanwhile."""
    from dataclasses import replace

    from kith.cli.output import listening
    from kith.compose import open_catalog, open_library, require_library

    require_library(settings)
    with listening() as ears:
        library = stack.enter_context(open_library(settings, ears=ears))
    return replace(library, catalog=stack.enter_context(open_catalog(settings, writing=True)))


def _take(settings: Settings, answers: Sequence[str], *, as_json: bool) -> None:
    from kith.cli.output import print_json, say
    from kith.compose import open_catalog
    from kith.pipeline.review import Answer, answer_question

    parsed = [_parsed(each) for each in answers]
    rows: list[dict[str, Any]] = []
    with open_catalog(settings, writing=True) as catalog:
        for question_id, yes in parsed:
            answer = Answer.YES if yes else Answer.NO
            effect = answer_question(catalog, question_id, answer, by=author())
            rows.append(
                {
                    "id": question_id,
                    "answer": answer.value,
                    "decisions": [decision.id for decision in effect.decisions],
                    "faces_moved": len(effect.after),
                }
            )
    if as_json:
        print_json({"answers": rows})
    else:
        moved = sum(row["faces_moved"] for row in rows)
        say(f"{len(rows)} answers kept; {moved} faces changed their person.")


def _parsed(text: str) -> tuple[str, bool]:
    question_id, equals, answer = text.rpartition("=")
    if not equals or answer not in {"yes", "no"}:
        raise click.UsageError(f"--answer {text}: say ID=yes or ID=no.")
    return question_id, answer == "yes"
