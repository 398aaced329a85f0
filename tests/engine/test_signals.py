"""Loading and letting go of models leaves nothing behind that the next signal stumbles over."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from processes import ended, running

_PROGRAM = """
import signal
import sys
from pathlib import Path

import numpy as np

from kith.engine.pack import load_pack
from kith.engine.runtime import Feed, Network

file = Path(sys.argv[1]) / load_pack("open").detector.file
network = Network(lambda: file, Feed("BGR"), workers=1)
for side in (64, 96, 128):
    network.run(np.zeros((side, side, 3), np.uint8))
del network
try:
    signal.raise_signal(signal.SIGINT)
except KeyboardInterrupt:
    print("heard")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is no signal on Windows")
@pytest.mark.weights
def test_ctrl_c_is_heard_after_models_were_let_go(weights: Path) -> None:
    """OpenVINO takes away a stack for signals that it gave to the thread that loaded a model."""
    with running(sys.executable, "-c", _PROGRAM, weights) as process:
        told = ended(process)

    assert (process.returncode, told[0].strip()) == (0, "heard"), told
