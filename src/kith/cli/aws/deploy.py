"""``kith aws deploy``: make a library in one's own account, or change it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kith.cli.aws.common import confirm, deployment_options, require_somebody, yes_option
from kith.cli.options import json_option

if TYPE_CHECKING:
    from kith.adapters.aws_account import Caller
    from kith.config import Settings
    from kith.pipeline.deployment.changes import Summary
    from kith.pipeline.deployment.costs import Estimate
    from kith.ports.infrastructure import Infrastructure

_HELP = """Make a library in your own account of AWS, or change one; the same command does both.

It writes a folder for Terraform, builds the functions, and says what would be made, in which
account, and what it will cost for 1,000 photos and in a month without any. Then it asks. What was
said once (--region, --name, --email, --budget, --findings, --architecture) is kept in the folder,
and need not be said again; everything else is in its main.tf, which is yours to change.

The folder holds Terraform's state, which alone knows what was made: keep it. A plan that would
destroy photos, names or accounts is never carried out here.

\b
  kith aws deploy --region eu-west-1 --email you@example.org --budget 10 --plan
  kith aws deploy
  kith aws deploy --yes --json

\b
Exit status:
  0    done, or nothing to do; with --plan: it can be done
  2    Terraform, keys of AWS, a region or an extra is lacking; nobody confirmed; data would go
  8    Terraform or AWS fails; the message says what, and the same command goes on from there
  130  interrupted; what was made is known, and the same command goes on from there
"""


@click.command("deploy", help=_HELP, short_help="Make it, or change it.")
@click.option("--region", help="Region of AWS; one that has Rekognition, near you.")
@click.option("--name", "name_prefix", help="Begins the name of everything that is made.")
@click.option("--email", "emails", multiple=True, help="Who is told what is wrong; may come again.")
@click.option("--budget", type=click.FloatRange(min=1), help="Dollars a month for a warning.")
@click.option(
    "--findings/--no-findings",
    default=None,
    help="Look at what photos show and what is written in them, too.",
)
@click.option(
    "--architecture", type=click.Choice(("arm64", "x86_64")), help="Processor of the functions."
)
@click.option(
    "--package",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The functions' zip, made elsewhere.",
)
@click.option("--plan", "plan_only", is_flag=True, help="Make nothing; say what would be made.")
@yes_option
@json_option
@deployment_options
def command(
    *,
    folder: Path,
    settings: Settings,  # noqa: ARG001 - every command has settings
    package: Path | None,
    plan_only: bool,
    yes: bool,
    as_json: bool,
    **asked: Any,
) -> None:
    """Parse, call the pipeline, present."""
    from kith.cli.output import print_json
    from kith.compose.deployment import open_infrastructure

    if not (plan_only or yes):
        require_somebody()
    deployment: dict[str, Any] | None = None
    with open_infrastructure(folder) as infrastructure:
        wishes = _wishes(folder, asked)
        planned = _plan(infrastructure, folder, wishes, package)
        if not as_json:
            _say_plan(planned)
        _require_harmless(planned.found, folder)
        if not plan_only:
            deployment = _carry_out(infrastructure, planned, yes=yes)
    if as_json:
        print_json(_document(planned, deployment))
    elif deployment is not None:
        _say_next(deployment, wishes)


@dataclass(frozen=True, slots=True)
class _Planned:
    """What would be done, where, and what it will cost."""

    folder: Path
    region: str
    who: Caller
    found: Summary
    costs: Estimate


def _wishes(folder: Path, asked: dict[str, Any]) -> dict[str, Any]:
    """What was asked for now, and else before."""
    from kith.compose.deployment import usual_region
    from kith.domain.errors import UsageError
    from kith.pipeline.deployment.folder import read_wishes

    given = {name: value for name, value in asked.items() if value not in (None, ())}
    wishes = read_wishes(folder) | given
    region = wishes.get("region") or usual_region()
    if not region:
        raise UsageError("It is not said in which region", "Say one: --region eu-west-1.")
    return wishes | {"region": region}


def _plan(
    infrastructure: Infrastructure, folder: Path, wishes: dict[str, Any], package: Path | None
) -> _Planned:
    from kith.cli.output import remark
    from kith.compose.deployment import caller
    from kith.pipeline.deployment.changes import summary
    from kith.pipeline.deployment.costs import estimate
    from kith.pipeline.deployment.facts import require_home
    from kith.pipeline.deployment.folder import write_folder

    region = wishes["region"]
    who = caller(region)
    require_home(folder, who.account, region)
    write_folder(folder, wishes)
    _put_package(folder, wishes, package)
    remark("Asking Terraform what is to be done ...")
    infrastructure.prepare()
    found = summary(infrastructure.plan())
    return _Planned(folder, region, who, found, estimate(findings=bool(wishes.get("findings"))))


def _put_package(folder: Path, wishes: dict[str, Any], package: Path | None) -> None:
    """The functions' zip: somebody's, or one that is built here."""
    import shutil

    from kith.cli.output import remark
    from kith.lambdas.package import build
    from kith.pipeline.deployment.folder import PACKAGE

    target = folder / PACKAGE
    if package is None:
        remark("Building the functions ...")
        if not build(wishes.get("architecture", "arm64"), target).compiled:
            remark("warning: not compiled, for Lambda's Python is not here: starts will be slow")
    elif package.resolve() != target.resolve():
        shutil.copyfile(package, target)


def _require_harmless(found: Summary, folder: Path) -> None:
    from kith.domain.errors import UsageError

    if found.lost:
        raise UsageError(
            f"This would destroy what holds photos, names or accounts: {', '.join(found.lost)}",
            f"Take back what was changed. If it is meant: terraform apply, in {folder}.",
        )


def _carry_out(infrastructure: Infrastructure, planned: _Planned, *, yes: bool) -> dict[str, Any]:
    """Make it so; answers what there is."""
    from dataclasses import asdict

    from kith.cli.output import progress_bar
    from kith.pipeline.deployment.facts import deployment_of, note_outputs

    if not planned.found.is_empty:
        if not yes:
            confirm("Make it so?")
        total = sum(planned.found.deeds.values())
        with progress_bar("Making it so") as advance:
            infrastructure.carry_out(lambda done, _: advance(done, total))
    outputs = infrastructure.outputs()
    note_outputs(planned.folder, outputs)
    return asdict(deployment_of(outputs))


def _say_plan(planned: _Planned) -> None:
    from kith.cli.aws.wording import cost_lines, plan_lines
    from kith.cli.output import say

    say(f"Account {planned.who.account} as {planned.who.name}, region {planned.region}")
    say(f"Folder  {planned.folder}")
    for line in (*plan_lines(planned.found), *cost_lines(planned.costs)):
        say(line)


def _say_next(deployment: dict[str, Any], wishes: dict[str, Any]) -> None:
    from kith.cli.aws.wording import next_lines
    from kith.cli.output import say

    for line in next_lines(deployment, wishes):
        say(line)


def _document(planned: _Planned, deployment: dict[str, Any] | None) -> dict[str, Any]:
    from dataclasses import asdict

    document: dict[str, Any] = {
        "folder": str(planned.folder),
        "account": planned.who.account,
        "region": planned.region,
        "plan": asdict(planned.found),
        "costs": asdict(planned.costs),
        "applied": deployment is not None,
    }
    return document | ({"deployment": deployment} if deployment is not None else {})
