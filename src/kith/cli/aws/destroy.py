"""``kith aws destroy``: take a deployment away."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kith.cli.aws.common import (
    confirm,
    confirm_by_typing,
    deployment_options,
    require_somebody,
    yes_option,
)
from kith.cli.options import json_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kith.config import Settings
    from kith.ports.infrastructure import Infrastructure, Resource

_HELP = """Take the deployment away; what a person gave is kept unless --data is said.

Without --data, the functions, the queue, the page and its address go. The buckets with your photos,
the catalog with every name and correction, the faces' vectors and the accounts stay, and cost what
storing them costs; `kith aws deploy` puts the rest around them again.

With --data, all of that goes, too, and nothing brings it back: fetch your photos and decisions
before (`kith pull --photos FOLDER`). You are asked to type the deployment's name.

\b
  kith aws destroy
  kith aws destroy --data

\b
Exit status:
  0    done, or nothing is there
  2    nobody confirmed; Terraform or keys of AWS are lacking
  3    there is no deployment
  8    Terraform or AWS fails; the same command goes on from there
  130  interrupted; the same command goes on from there
"""

_UNPROTECTED = {"deletion_protection": False, "force_destroy": True}


@click.command("destroy", help=_HELP, short_help="Take it away; photos and names only if asked.")
@click.option("--data", is_flag=True, help="Destroy photos, catalog, vectors and accounts, too.")
@yes_option
@json_option
@deployment_options
def command(*, folder: Path, settings: Settings, data: bool, yes: bool, as_json: bool) -> None:  # noqa: ARG001 - every command has settings
    """Parse, call the pipeline, present."""
    from kith.cli.output import print_json, say
    from kith.compose.deployment import caller, open_infrastructure, usual_region
    from kith.pipeline.deployment.facts import no_deployment, require_home
    from kith.pipeline.deployment.folder import is_begun, read_wishes

    if not yes:
        require_somebody()
    if not is_begun(folder):
        raise no_deployment(folder)
    with open_infrastructure(folder) as infrastructure:
        region = read_wishes(folder).get("region", "")
        require_home(folder, caller(region or usual_region()).account, region)
        infrastructure.prepare()
        made = infrastructure.made()
        destroy = _destroy_all if data else _destroy_rest
        count = destroy(infrastructure, folder, made, yes=yes) if made else 0
        kept = [each.address for each in infrastructure.made()]
    if as_json:
        print_json({"folder": str(folder), "destroyed": count, "kept": kept})
    elif not count:
        say("Nothing is there to be destroyed")
    else:
        say(f"Destroyed {count:,} resources; {len(kept):,} are kept")


def _destroy_rest(
    infrastructure: Infrastructure, folder: Path, made: Sequence[Resource], *, yes: bool
) -> int:
    """Take away what can be made again."""
    from kith.cli.aws.wording import plan_line
    from kith.cli.output import remark
    from kith.domain.errors import KithError
    from kith.pipeline.deployment.changes import expendable, summary, valuable
    from kith.pipeline.deployment.facts import note_outputs, read_outputs

    if not (targets := expendable(made)):
        return 0
    found = summary(infrastructure.plan(only=targets, destroy=True))
    if found.lost:
        raise KithError(
            f"That cannot be destroyed without {', '.join(found.lost)}",
            f"Use Terraform itself: terraform plan -destroy, in {folder}.",
        )
    if found.is_empty:
        return 0
    remark(plan_line(found))
    remark("The album is gone then. Kept, with everything in them:")
    for address in valuable(made):
        remark(f"  {address}")
    if not yes:
        confirm("Destroy it?")
    known = read_outputs(folder)
    count = _carry_out(infrastructure, sum(found.deeds.values()))
    if known:
        note_outputs(folder, known)  # for `kith pull`: Terraform may tell less of it from now on
    return count


def _destroy_all(
    infrastructure: Infrastructure, folder: Path, made: Sequence[Resource], *, yes: bool
) -> int:
    """Take everything away: first the protection, then all."""
    from kith.cli.output import remark
    from kith.pipeline.deployment.changes import summary, valuable
    from kith.pipeline.deployment.facts import forget_outputs

    name, losses = _losses(folder)
    remark("This cannot be undone. Lost are:")
    for line in losses:
        remark(f"  {line}")
    if not yes:
        confirm_by_typing(f"Type {name} to destroy all of it", name)
    keepers = valuable(made)
    if keepers and infrastructure.plan(_UNPROTECTED, only=keepers):
        infrastructure.carry_out(lambda _done, _name: None)
    found = summary(infrastructure.plan(_UNPROTECTED, destroy=True))
    count = _carry_out(infrastructure, sum(found.deeds.values())) if not found.is_empty else 0
    forget_outputs(folder)
    return count


def _losses(folder: Path) -> tuple[str, list[str]]:
    """The deployment's name, and what is lost with it."""
    from kith.compose.deployment import find_deployment, open_cloud
    from kith.domain.errors import KithError
    from kith.pipeline.deployment.folder import read_wishes

    name: Any = read_wishes(folder).get("name_prefix")
    try:
        deployment = find_deployment(folder)
    except KithError:  # half of it may be gone already
        return name or folder.name, ["everything that Terraform made from this folder"]
    name = name or deployment.table.removesuffix("-catalog")
    try:
        with open_cloud(deployment) as cloud:
            counts = cloud.catalog.counts()
        what = f"{counts.photos:,} photos, {counts.people:,} people, {counts.named_people:,} names"
    except KithError:
        what = "every photo, person and name"
    return name, [
        f"all originals with their versions, in {deployment.originals}",
        f"the catalog {deployment.table} with its backups: {what}",
        f"the faces' vectors, in {deployment.collection or 'their database'}",
        "the accounts, the page and its address",
    ]


def _carry_out(infrastructure: Infrastructure, total: int) -> int:
    from kith.cli.output import progress_bar

    with progress_bar("Destroying") as advance:
        infrastructure.carry_out(lambda done, _: advance(done, total))
    return total
