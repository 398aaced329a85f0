"""Every threshold of Kith's business, with its unit and its reason.

Similarities are percent (see ``kith.domain.similarity``), so they mean the same with every engine.
Numbers that belong to one model (its input size, its calibration) live in the pack's description.
"""

from __future__ import annotations

from typing import Final

DEFAULT_MIN_SIMILARITY: Final = 80.0
"""Percent. Rekognition's default for searches and comparisons; one false match in 10,000 pairs."""

SORT_MIN_SIMILARITY: Final = 90.0
"""Percent. One false match in 100,000 pairs: a wrong picture in a person's folder annoys more than
a missing one, which ``--unmatched`` shows anyway."""

MAX_MATCHES: Final = 4096
"""Faces. The most a search returns; Rekognition's limit."""
