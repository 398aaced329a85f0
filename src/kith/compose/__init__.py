"""The one place that knows which adapter serves which port.

Each function is a context: it opens what it gives and closes it. Imports are inside, so that a
command pays only for what it uses.
"""

from __future__ import annotations

from kith.compose.ears import DEAF, Ears
from kith.compose.library import (
    count,
    open_catalog,
    open_library,
    open_recognizer,
    open_records,
    open_sorter,
)
from kith.compose.migration import open_migration
from kith.compose.places import (
    library_file,
    limits_of,
    model_folders,
    open_derived,
    originals_of,
    require_library,
)
from kith.compose.server import open_operations, open_operations_later

__all__ = [
    "DEAF",
    "Ears",
    "count",
    "library_file",
    "limits_of",
    "model_folders",
    "open_catalog",
    "open_derived",
    "open_library",
    "open_migration",
    "open_operations",
    "open_operations_later",
    "open_recognizer",
    "open_records",
    "open_sorter",
    "originals_of",
    "require_library",
]
