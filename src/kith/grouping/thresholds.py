"""Every threshold of grouping, with its unit and its reason.

Similarities are percent. Strengths are negative decimal logarithms of a false-match rate, 0 to 9
(see ``kith.domain.similarity``), so these numbers hold for every engine that is calibrated. They
were found on 4,210 faces of 2,149 people of LFW in three orders of arrival, and checked on
synthetic libraries of up to 24,000 faces; ``benchmarks/grouping.py`` measures again what they give.
"""

from __future__ import annotations

from typing import Final

# -- what is asked of a search ---------------------------------------------------------------------

FLOOR: Final = 40.0
"""Percent. Weaker similarities are not asked for: one false match in 100 pairs reaches this one, so
lower ones say little and make answers long. 60 made a quarter more false pairs on LFW."""

MAX_MATCHES: Final = 256
"""Faces. Enough to hold the ``BEST`` of the right person and the rivals beside it, and it keeps the
cost of a face the same however large the library or its most photographed person is."""

ABSENT_STRENGTH: Final = 1.0
"""Strength that a face of a group counts with when the search did not return it. Between the floor
(strength 2) and what strangers have on average (0.43); 0.5 and 1.5 gave the same people on LFW."""

# -- how alike is enough ---------------------------------------------------------------------------

BEST: Final = 32
"""Faces of a group that a face is compared with: the most similar ones. 8 find 1 % more pairs on
LFW, but let synthetic siblings in; more would need longer searches."""

SINGLES_LIKENESS: Final = 5.3
"""Strength that two single faces need: one false match in 200,000 pairs. 5.1 finds 1 % more of
LFW's pairs and makes twice as many false ones."""

CROWDS_LIKENESS: Final = 4.6
"""Mean strength that two large groups need; between, the need falls with the groups' sizes."""

RIVALS: Final = 8
"""How many other people's likenesses say how crowded the surroundings of a face are."""

RIVAL_GAP: Final = 2.6
"""Strength by which a face must be nearer to its person than to its rivals, beyond what each needs.
Embedders see some kinds of faces less sharply than others: there, strangers reach high
similarities. Without this rule 8 % of LFW's pairs are false; with it, hardly one that is not a
wrong label."""

RIVAL_FLOOR: Final = -2.8
"""Strength, relative to need, of a rival that is not there; also the least that one counts."""

COHESION: Final = 0.7
"""The part of a group's own mean strength that another group must reach to be the same person.
Siblings are alike, but each is more alike with itself. On synthetic siblings this takes false pairs
from 0.9 % to 0.65 %; on LFW it changes nothing."""

COHESION_CAP: Final = 6.5
"""Strength beyond which a group's own likeness asks for no more: a burst of near-identical photos
is no reason to refuse the others."""

SUPPORT: Final = 5
"""Faces, or pairs of them, kept with each step as the reason for it. Where humans divide a group,
most of them say which part a face belongs to; an even number could be torn."""

# -- weak faces ------------------------------------------------------------------------------------

MIN_OVERALL: Final = 30.0
"""Percent of ``Quality.overall``. Blurred and sideways faces are alike by what they lack."""

MIN_PIXELS: Final = 36.0
"""Pixels of the box's shorter side. Smaller faces lack the detail that tells people apart."""

WEAK_EXTRA: Final = 0.5
"""Strength that a weak face needs on top to join a person: one false match where a solid face would
have three."""

# -- the cost of one face --------------------------------------------------------------------------

REPRESENTATIVES: Final = 16
"""Faces that speak for the smaller group when two groups are compared."""

COUNTERPARTS: Final = 8
"""Faces that are asked how alike the larger group is within itself."""

SEARCHES_PER_FACE: Final = 32
"""Searches at most that a face which joined may cause to reunite groups, beyond its own."""

RECALLS_PER_FACE: Final = 4
"""Weak faces at most that are looked at again because a face near them found its person."""
