"""``kith rekognition``: a server for any Rekognition client.

- ``group``: the group itself
- ``serve``: runs the server; what is meant where no other word is said
- ``keys``: add, list, remove: who may ask
"""

from __future__ import annotations

from kith.cli.rekognition import keys
from kith.cli.rekognition.group import command
from kith.cli.rekognition.serve import serve_command
from kith.compose import open_operations

__all__ = ["command"]

command.add_command(serve_command(open_operations))
command.add_command(keys.command)
