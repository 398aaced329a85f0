"""What the ``face_recognition`` library does with the pictures named on its input, one a line.

``benchmarks.speed`` runs this file in an environment of its own, where that library is installed
and Kith is not. Each answer is one line of JSON: seconds of CPU time, and the middle and width of
each face in pixels.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from typing import Any


def main() -> None:
    """Read, find, encode; everything as the library does it by itself."""
    library: Any = importlib.import_module("face_recognition")
    for line in sys.stdin:
        began = time.process_time()
        image = library.load_image_file(line.rstrip("\n"))
        boxes: Any = library.face_locations(image)
        library.face_encodings(image, boxes)
        seconds = time.process_time() - began
        faces = [
            ((left + right) / 2, (top + bottom) / 2, right - left)
            for top, right, bottom, left in boxes
        ]
        print(json.dumps({"seconds": seconds, "faces": faces}), flush=True)


if __name__ == "__main__":
    main()
