"""Questions in the terminal, one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from kith.cli.keyboard import Keyboard, keyboard
from kith.cli.output import name_of, printable
from kith.cli.terminal_pictures import Way, drawn, this_screen, this_way
from kith.pipeline.crops import Crops
from kith.pipeline.review import Answer

if TYPE_CHECKING:
    from kith.domain.face import Face
    from kith.pipeline.library import Library
    from kith.pipeline.review import Question, Review, Side

_KEYS: Final = {"y": Answer.YES, "n": Answer.NO, "s": Answer.SKIP}
_SAID: Final = {
    Answer.YES: "the same person",
    Answer.NO: "two people",
    Answer.SKIP: "skipped",
}
_END: Final = "\x04"
"""Ctrl-D, which ends what is typed."""


def ask(library: Library, review: Review, way: Way | None) -> None:
    """Ask until nothing is left or the user has had enough.

    Args:
        library: where the faces are.
        review: what is asked.
        way: how faces are shown; ``None`` for the best that the terminal knows.
    """
    shown = _Faces(library, way or this_way())
    with keyboard() as keys:
        while questions := review.next():
            # Nobody answers what he has not seen: a key that was pressed too often is dropped.
            keys.forget()
            _put(questions[0], review, shown)
            if not _heed(questions[0], review, keys):
                break
        else:
            click.echo("Nothing is left to ask." if review.answered else "There is nothing to ask.")
    _sum_up(review)


def _put(question: Question, review: Review, shown: _Faces) -> None:
    click.echo()
    for side in (question.one, question.other):
        click.echo(_title(side))
        click.echo(shown.of(side))
    click.echo(
        click.style("Same person? ", bold=True)
        + f"{question.chance:.0%} likely, {review.remaining} open  "
        + click.style("[y]es [n]o [s]kip [u]ndo [q]uit ", dim=True),
        nl=False,
    )


def _title(side: Side) -> str:
    if side.person is None:
        return "a face of nobody yet"
    photos = f"{side.photo_count} photo" + ("s" if side.photo_count != 1 else "")
    return f"{printable(name_of(side.person))}, {photos}"


def _heed(question: Question, review: Review, keys: Keyboard) -> bool:
    """Wait for a key that means something and do it; answers whether to go on."""
    while True:
        key = keys.press().lower()
        if key in _KEYS:
            answer = _KEYS[key]
            review.answer(question, answer)
            click.echo(click.style(_SAID[answer], bold=True))
            return True
        if key == "u":
            click.echo("taken back" if review.undo() else "there is no answer to take back")
            return True
        if key in {"q", _END}:
            click.echo()
            return False


def _sum_up(review: Review) -> None:
    if review.answered:
        plural = "s" if review.answered != 1 else ""
        click.echo(f"{review.answered} answer{plural} kept. `kith history` shows what was said.")


class _Faces:
    """Shows faces in one way."""

    def __init__(self, library: Library, way: Way) -> None:
        self._catalog = library.catalog
        self._crops = Crops(library.catalog, library.derived, library.originals)
        self._way = way

    def of(self, side: Side) -> str:
        """What to write for a side's faces."""
        if self._way is not Way.PATHS:
            crops = [crop for face in side.faces if (crop := self._crops.crop(face))]
            if crops:
                return drawn(crops, self._way, this_screen())
        return "\n".join(self._path(face) for face in side.faces)

    def _path(self, face: Face) -> str:
        places = self._catalog.places_of([face.photo_id]).get(face.photo_id, ())
        across = face.box.left + face.box.width / 2
        down = face.box.top + face.box.height / 2
        path = printable(places[0].path) if places else "(file gone)"
        return f"  {path}  (face {across:.0%} from the left, {down:.0%} down)"
