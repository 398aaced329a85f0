"""``kith aws``: a library in one's own account.

- ``group``: the group itself
- ``deploy``, ``destroy``: make it and change it, take it away
- ``upload``, ``backfill``: photos for it
- ``status``, ``redrive``: how it fares, and what to do about it
"""

from __future__ import annotations

from kith.cli.aws import backfill, deploy, destroy, redrive, status, upload
from kith.cli.aws.group import command

__all__ = ["command"]

for each in (deploy, upload, backfill, status, redrive, destroy):
    command.add_command(each.command)
