"""Recognition of drawn faces and written lines, in memory: no models, no database."""

from kith.adapters.recognition.memory.drawn import (
    DrawnFace,
    MemoryFaceCollection,
    MemoryRecognizer,
    draw_picture,
    hue_of_person,
)
from kith.adapters.recognition.memory.writing import DrawnText

__all__ = [
    "DrawnFace",
    "DrawnText",
    "MemoryFaceCollection",
    "MemoryRecognizer",
    "draw_picture",
    "hue_of_person",
]
