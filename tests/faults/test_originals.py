"""Originals that vanish, change or cannot be read at the worst moment."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kith.adapters.catalog.memory import MemoryCatalog
from kith.adapters.recognition.memory import (
    DrawnFace,
    MemoryFaceCollection,
    MemoryRecognizer,
    draw_picture,
    hue_of_person,
)
from kith.adapters.storage.memory import MemoryStorage
from kith.domain.face import Box
from kith.domain.photo import photo_id_of
from kith.imaging.picture import PictureLimits
from kith.pipeline.add import add
from kith.pipeline.doctor import examine
from kith.pipeline.library import Library
from kith.pipeline.people import find
