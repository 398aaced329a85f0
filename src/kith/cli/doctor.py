"""``kith doctor``: is the library whole?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from kith.cli.options import json_option, library_options

if TYPE_CHECKING:
    from kith.config import Settings
    from kith.pipeline.doctor import Finding

_HELP = """Check the library: database, search index, faces, files, thumbnails.

With --fix, mends what can be mended: forgets faces without a photo, looks for faces again where
they are not searchable, forgets the places of files that are gone, rebuilds the search index and
makes missing thumbnails. No photo and nothing you decided is ever removed.

\b
  kith doctor
  kith doctor --fix

\b
Exit status:
  0  all is well, or everything found was mended
  4  something is wrong; --fix, or the advice that is printed, helps
  5  the library cannot be used
"""

_SHOWN = 10


@click.command("doctor", help=_HELP, short_help="Check the library, and mend what can be mended.")
@click.option("--fix", is_flag=True, help="Mend what can be mended.")
@json_option
@library_options
@click.pass_context
def command(context: click.Context, /, *, settings: Settings, fix: bool, as_json: bool) -> None:
    """Parse, call the pipeline, present."""
    from dataclasses import asdict

    from kith.cli.output import listening, print_json
    from kith.compose import open_library, require_library
    from kith.pipeline.doctor import examine

    require_library(settings)
    with listening() as ears, open_library(settings, writing=fix, ears=ears) as library:
        findings = examine(library, fix=fix)
    if as_json:
        print_json({"findings": [asdict(finding) for finding in findings]})
    else:
        _show(findings)
    whole = all(finding.fixed == len(finding.items) for finding in findings)
    context.exit(0 if whole else 4)


def _show(findings: list[Finding]) -> None:
    from kith.cli.output import say

    if not findings:
        say("All is well.")
    for finding in findings:
        mended = f", {finding.fixed} mended" if finding.fixed else ""
        say(f"{finding.what}: {len(finding.items)}{mended}. {finding.advice}")
        for item in finding.items[:_SHOWN]:
            say(f"  {item}")
        if len(finding.items) > _SHOWN:
            say(f"  and {len(finding.items) - _SHOWN} more (--json lists all)")
