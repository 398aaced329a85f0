"""The local recognizer: pixels -> faces -> embeddings -> similarity.

No embedding leaves this room except into the vector store of ``kith.adapters.recognition``.

OpenVINO's Python package reports to Google Analytics that it was imported, without asking, and
leaves an id in the user's home. Where its telemetry cannot be imported, it takes a silent stand-in
of its own; so the telemetry is ruled out here, before any module of this room imports OpenVINO.
"""

import sys
from typing import Any, cast

sys.modules.setdefault("openvino_telemetry", cast("Any", None))
