"""Who sits at this machine, for the journal."""

from __future__ import annotations

import getpass


def author() -> str:
    """The name of the user whose process this is."""
    try:
        return getpass.getuser()
    except (KeyError, ImportError, OSError):  # a container's user may have no name
        return "somebody"
