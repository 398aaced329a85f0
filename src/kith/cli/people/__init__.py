"""``kith people``: who is in the library, and setting right what is wrong.

- ``group``: the group itself
- ``look``: list, show, sheet
- ``same``: name, merge, split, not, confirm, new, reset: who is who
- ``about``: hide, unhide, cover, born, allow, deny: what is known of somebody
- ``regroup``: all faces anew
"""

from __future__ import annotations

from kith.cli.people import about, look, regroup, same
from kith.cli.people.group import command

__all__ = ["command"]

for _one in (*look.COMMANDS, *same.COMMANDS, *about.COMMANDS, *regroup.COMMANDS):
    command.add_command(_one)
