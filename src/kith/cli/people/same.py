"""Who is who: name, merge, split, not, confirm, new, reset."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from kith.cli.options import json_option, library_options

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kith.config import Settings
    from kith.domain.person import Person
    from kith.pipeline.decisions.decide import Effect
    from kith.ports.catalog import Catalog

_NAME_HELP = """Give a person a name, or take it away with --no-name.

The name is a decision of yours: it is kept in the library's journal, and survives new photos and
new looks at the old ones. Two people may have one name; if they are one person,
`kith people merge` them.

\b
  kith people name 1f3a0c "Ana Lima"
  kith people name "Ana Lima" Ana
  kith people name Ana --no-name

\b
Exit status: 0 done; 2 it could be several people, or the name is empty; 3 there is nobody like
that; 5 the library cannot be used.
"""

_MERGE_HELP = """These people are one: everyone named first becomes part of INTO.

INTO comes last, and keeps its id and its name; without a name it takes over that of the others.
All their photos are then INTO's, and faces that arrive later join it.

\b
  kith people merge Anna Ana          Anna becomes part of Ana
  kith people merge 77ab 90f2 Ana     both become part of Ana

If it was a mistake, `kith undo` takes it back, and everyone is again who they were. Where only some
faces are the other person's, `kith people confirm` moves those.

\b
Exit status: 0 done; 2 someone was to be merged with itself; 3 there is nobody like that; 5 the
library cannot be used.
"""

_SPLIT_HELP = """These faces of a PERSON are one other person, together.

A person with a new id is made of them; faces that Kith had grouped because of them go along if most
of their likes do. Where they are several people, or you do not know, `kith people not`; where they
are somebody you have already, `kith people confirm`.

\b
  kith people split Ana 5c1d 88f0
  kith people show Ana               prints the face ids

\b
Exit status: 0 done; 2 the faces are not that person's, or are all that it has; 3 there is no
such person or face; 5 the library cannot be used.
"""

_NOT_HELP = """These faces are not this PERSON; who they are is left open.

Each of them leaves the person for good, and is nobody's or a person of its own until you say who it
is, or Kith finds somebody else whom it fits. Where they are all one other person,
`kith people split`; where you know whom, `kith people confirm`.

\b
  kith people not Ana 5c1d
  kith people show Ana               prints the face ids

\b
Exit status: 0 done; 3 there is no such person or face; 5 the library cannot be used.
"""

_CONFIRM_HELP = """These faces are this PERSON, whoever they seemed to be.

A face that was somebody else's, or nobody's, moves to the person; one that was the person's already
stays for good, whatever the machine may think of it later.

\b
  kith people confirm Ana 5c1d 88f0
  kith faces party.jpg               prints the face ids

\b
Exit status: 0 done; 3 there is no such person or face; 5 the library cannot be used.
"""

_NEW_HELP = """Somebody new, called NAME, is made of these faces.

For faces that are nobody's because they are small, blurred or turned, and for a face that Kith
grouped with somebody it has nothing to do with. They leave whoever they seemed to be.

\b
  kith people new "Grandpa Joe" 5c1d 88f0
  kith faces wedding.jpg             prints the face ids

\b
Exit status: 0 done; 2 the name is empty; 3 there is no such face; 5 the library cannot be used.
"""

_RESET_HELP = """Set aside everything that was said of a PERSON, or of --everyone.

Names, merges, splits and all other decisions that mention the person no longer count, and people
are as the machine finds them. Nothing is erased: `kith undo` brings all of it back.

\b
  kith people reset Ana
  kith people reset --everyone

To take back single decisions, `kith history` and `kith undo N`.

\b
Exit status: 0 done; 2 neither a PERSON nor --everyone, or both; 3 there is nobody like that; 5
the library cannot be used.
"""


@click.command("name", help=_NAME_HELP, short_help="Give a person a name.")
@click.argument("person")
@click.argument("name", required=False)
@click.option("--no-name", is_flag=True, help="Take the name away.")
@json_option
@library_options
def name_(
    *, person: str, name: str | None, no_name: bool, settings: Settings, as_json: bool
) -> None:
    """Parse, call the pipeline, present."""
    if (name is None) != no_name:
        raise click.UsageError("Say the NAME, or --no-name to take it away.")
    from kith.cli.output import name_of, print_json, say
    from kith.cli.telling import Watch, author, moves_json, person_document
    from kith.compose import open_catalog
    from kith.pipeline.decisions.corrections import name_person
    from kith.pipeline.people import find_person

    with open_catalog(settings, writing=True) as catalog:
        before = find_person(catalog, person)
        watch = Watch(catalog)
        effect = name_person(catalog, before, name, by=author())
        after = catalog.person(before.id)
        if as_json:
            print_json(person_document(after) | {"moved": moves_json(effect)})
        elif name is None:
            say(f"{name_of(before)} has no name now, and is {name_of(after)}")
        else:
            say(f"{name_of(before)} is now {name_of(after)}")
        if not as_json:
            watch.say_moves(effect)
        _remark_namesakes(catalog, after)


def _remark_namesakes(catalog: Catalog, person: Person) -> None:
    from kith.cli.output import remark
    from kith.pipeline.decisions.doubts import namesakes
    from kith.pipeline.decisions.wording import SHORT_ID, counted

    for other in namesakes(catalog, person):
        known = f"({other.person.id[:SHORT_ID]}, {counted(other.photo_count, 'photo')})"
        merge = f"kith people merge {person.id[:SHORT_ID]} {other.person.id[:SHORT_ID]}"
        remark(f"Another person is called {other.person.name}, too {known}.")
        remark(f"  If they are one person: {merge}")


@click.command("merge", help=_MERGE_HELP, short_help="These people are one.")
@click.argument("people", metavar="PERSON...", nargs=-1, required=True)
@click.argument("into")
@json_option
@library_options
def merge(*, people: tuple[str, ...], into: str, settings: Settings, as_json: bool) -> None:
    """Parse, call the pipeline, present."""
    from kith.cli.output import name_of, print_json, remark, say
    from kith.cli.telling import Watch, author, moves_json, person_document
    from kith.compose import open_catalog
    from kith.pipeline.decisions.corrections import merge_people
    from kith.pipeline.decisions.journal_entries import numbers_of
    from kith.pipeline.decisions.wording import counted
    from kith.pipeline.people import find_person

    with open_catalog(settings, writing=True) as catalog:
        stays = find_person(catalog, into)
        found = [find_person(catalog, each) for each in people]
        gone = list({one.id: one for one in found}.values())
        watch = Watch(catalog)
        together = _together(catalog, [*gone, stays])
        effect = merge_people(catalog, gone, stays, by=author())
        after = catalog.person(stays.id)
        photo_count = Watch(catalog).photo_count(after)
        if as_json:
            document = person_document(after) | {"photos": photo_count}
            print_json(document | {"moved": moves_json(effect)})
            return
        for one in gone:
            photos = counted(watch.photo_count(one), "photo")
            say(f"{name_of(one)} ({photos}) is now part of {name_of(stays)}")
        watch.say_moves(effect, but_to=stays.id)
        numbers = numbers_of(catalog, effect.decisions) if len(gone) > 1 else []
    undo = " ".join(["kith undo", *map(str, numbers)])
    called = "" if after.name == stays.name else f", who is called {name_of(after)} now"
    say(f"{name_of(stays)} is in {counted(photo_count, 'photo')}{called}. Take it back: {undo}")
    if together:
        remark(f"They are together in {together}.")
        remark(f"  If they are different people: {undo}")
        remark("  If that is a mirror or a collage: kith faces repeats PHOTO")


def _together(catalog: Catalog, people: Sequence[Person]) -> str:
    """The photos that show several of these people, in words; empty where there are none."""
    from kith.pipeline.decisions.doubts import photos_with_several
    from kith.pipeline.decisions.wording import counted

    photos = photos_with_several(catalog, people)
    paths = sorted(one.path for places in catalog.places_of(photos).values() for one in places)
    example = f", for example in {paths[0]}" if paths else ""
    return f"{counted(photos, 'photo')}{example}" if photos else ""


@click.command("split", help=_SPLIT_HELP, short_help="These faces are one other person.")
@click.argument("person")
@click.argument("faces", metavar="FACE...", nargs=-1, required=True)
@json_option
@library_options
def split(*, person: str, faces: tuple[str, ...], settings: Settings, as_json: bool) -> None:
    """Parse, call the pipeline, present."""
    from kith.cli.output import name_of, print_json, say
    from kith.cli.telling import author, person_document
    from kith.compose import open_catalog
    from kith.pipeline.decisions.corrections import split_off
    from kith.pipeline.decisions.find_faces import find_faces
    from kith.pipeline.decisions.wording import counted
    from kith.pipeline.people import find_person

    with open_catalog(settings, writing=True) as catalog:
        who = find_person(catalog, person)
        found = find_faces(catalog, faces, of=who)
        into = split_off(catalog, who, [face.id for face in found], by=author())
        new = catalog.person(into)
        face_ids = [each.face_id for each in catalog.appearances([into])]
    if as_json:
        print_json(person_document(new) | {"face_ids": face_ids, "split_from": who.id})
        return
    say(f"{counted(face_ids, 'face')} of {name_of(who)} are now {name_of(new)}, id {new.id}")
    say(f"Say who it is: kith people name {new.id[:8]} NAME")


@click.command("not", help=_NOT_HELP, short_help="These faces are not this person.")
@click.argument("person")
@click.argument("faces", metavar="FACE...", nargs=-1, required=True)
@json_option
@library_options
def not_(*, person: str, faces: tuple[str, ...], settings: Settings, as_json: bool) -> None:
    """Parse, call the pipeline, present."""
    from kith.pipeline.decisions.corrections import not_this_person

    _decide(settings, person, faces, not_this_person, "Noted: {} not {}", as_json=as_json)


@click.command("confirm", help=_CONFIRM_HELP, short_help="These faces are this person.")
@click.argument("person")
@click.argument("faces", metavar="FACE...", nargs=-1, required=True)
@json_option
@library_options
def confirm(*, person: str, faces: tuple[str, ...], settings: Settings, as_json: bool) -> None:
    """Parse, call the pipeline, present."""
    from kith.pipeline.decisions import corrections

    _decide(settings, person, faces, corrections.confirm, "Confirmed: {} {}", as_json=as_json)


@click.command("new", help=_NEW_HELP, short_help="Make a new person of these faces.")
@click.argument("name")
@click.argument("faces", metavar="FACE...", nargs=-1, required=True)
@json_option
@library_options
def new(*, name: str, faces: tuple[str, ...], settings: Settings, as_json: bool) -> None:
    """Parse, call the pipeline, present."""
    from kith.cli.output import name_of, print_json, say
    from kith.cli.telling import author, person_document
    from kith.compose import open_catalog
    from kith.pipeline.decisions.corrections import new_person
    from kith.pipeline.decisions.find_faces import find_faces

    with open_catalog(settings, writing=True) as catalog:
        found = [face.id for face in find_faces(catalog, faces)]
        made = catalog.person(new_person(catalog, name, found, by=author()))
        if as_json:
            print_json(person_document(made))
        else:
            say(f"{name_of(made)} is new, id {made.id}")
        _remark_namesakes(catalog, made)


def _decide(
    settings: Settings,
    person: str,
    faces: tuple[str, ...],
    decide: Callable[..., Effect],
    done: str,
    *,
    as_json: bool,
) -> None:
    """Say of faces that they are, or are not, a person, and present what that changed.

    ``done`` is the sentence to print, with "2 faces are" and the person's name to be put in.
    """
    from kith.cli.output import name_of, print_json, say
    from kith.cli.telling import Watch, author, moves_json, person_document
    from kith.compose import open_catalog
    from kith.pipeline.decisions.find_faces import find_faces
    from kith.pipeline.decisions.wording import counted
    from kith.pipeline.people import find_person

    with open_catalog(settings, writing=True) as catalog:
        who = find_person(catalog, person)
        found = find_faces(catalog, faces, of=who)
        watch = Watch(catalog)
        effect = decide(catalog, who, [face.id for face in found], by=author())
        if as_json:
            after = catalog.person(who.id)
            print_json(person_document(after) | {"moved": moves_json(effect)})
            return
        are = "is" if len(found) == 1 else "are"
        say(done.format(f"{counted(found, 'face')} {are}", name_of(who)))
        watch.say_moves(effect)


@click.command("reset", help=_RESET_HELP, short_help="Set aside what was said of a person.")
@click.argument("person", required=False)
@click.option("--everyone", is_flag=True, help="What was said of everyone.")
@json_option
@library_options
def reset(*, person: str | None, everyone: bool, settings: Settings, as_json: bool) -> None:
    """Parse, call the pipeline, present."""
    if (person is None) != everyone:
        raise click.UsageError("Say which PERSON, or --everyone.")
    from kith.cli.output import name_of, print_json, say
    from kith.cli.telling import Watch, author, moves_json
    from kith.compose import open_catalog
    from kith.pipeline.decisions import corrections
    from kith.pipeline.decisions.journal_entries import entries
    from kith.pipeline.decisions.wording import counted
    from kith.pipeline.people import find_person

    with open_catalog(settings, writing=True) as catalog:
        who = find_person(catalog, person) if person is not None else None
        watch = Watch(catalog)
        effect = corrections.reset(catalog, who, by=author())
        journal = entries(catalog)
        own = next(each for each in journal if each.decision.id == effect.decisions[0].id)
        aside = [each.number for each in journal if each.set_aside_by == own.number]
        if as_json:
            print_json({"set_aside": aside, "moved": moves_json(effect)})
            return
        of = f" on {name_of(who)}" if who else ""
        count = "counts" if len(aside) == 1 else "count"
        say(f"{counted(aside, 'decision')}{of} no longer {count}. Take it back: kith undo")
        watch.say_moves(effect)


COMMANDS = (name_, merge, split, not_, confirm, new, reset)
