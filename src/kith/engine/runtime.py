"""Models on OpenVINO: compiled when first needed, run from any thread."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from threading import Lock, Thread
from typing import Any, Literal, TypeAlias, TypeVar, cast

import numpy as np
import openvino as ov
from numpy.typing import NDArray
from openvino.preprocess import PrePostProcessor

from kith.engine.pixels import Pixels

_BEGINNING = Lock()
"""Held while a model is compiled and run for the first time.

OpenVINO's bindings set up what is common to all models when it is first needed, in a way that lets
go of Python's lock half-way: of two threads that begin at the same moment, each sometimes waited
for the other, for ever (2026.4: 2 of 12 processes that began with two pictures at once).
"""

_T = TypeVar("_T")


def begin_aside(begin: Callable[[], _T]) -> _T:
    """What a function returns that loads OpenVINO's plugin; done in a thread that ends with it.

    For the processor's wider registers the plugin gives the thread that loads it another stack for
    signals, and takes that away when it is unloaded itself: but only from the thread that does so
    then, and only if no other plugin gave one since. A thread that stays is left with a stack that
    is gone, and the next signal, such as Ctrl-C, ends the process with a segmentation fault
    (2026.4; ``SigAltStackSetup`` in its CPU plugin).
    """
    begun: Future[_T] = Future()

    def work() -> None:
        try:
            begun.set_result(begin())
        except BaseException as error:  # noqa: BLE001 - raised again by who waits
            begun.set_exception(error)

    # No pool: those take nothing more once the main thread has ended, though others still work.
    with _BEGINNING:
        thread = Thread(target=work, name="openvino")
        thread.start()
        thread.join()
    return begun.result()


Outputs: TypeAlias = Mapping[str, NDArray[np.float32]]
"""What a model answered, by every name that its outputs have."""


@dataclass(frozen=True, slots=True)
class Feed:
    """How a model wants its pixels.

    Attributes:
        colors: the channels' order.
        mean: subtracted from each channel's value, 0 to 255, before it is scaled.
        scale: what the difference is multiplied with.
        layout: "NCHW", as floats; or "NHWC", as the bytes that they are.
    """

    colors: str
    mean: tuple[float, float, float] = (0.0, 0.0, 0.0)
    scale: tuple[float, float, float] = (1.0, 1.0, 1.0)
    layout: Literal["NCHW", "NHWC"] = "NCHW"


class Network:
    """One model that takes one picture, compiled once per picture size.

    Threads share the compiled model; each run has an infer request of its own, which is handed on
    afterwards. With one inference thread per stream and a stream per worker, workers do not wait
    for each other.

    Args:
        file: tells the model file; called when the first picture comes.
        feed: how the model wants its pixels.
        workers: how many threads run it at once.
        kept_sizes: how many sizes stay compiled; the one that was not used longest goes first.
        reader: makes the model of the file where OpenVINO cannot read it by itself.
    """

    def __init__(
        self,
        file: Callable[[], Path],
        feed: Feed,
        *,
        workers: int,
        kept_sizes: int = 1,
        reader: Callable[[Path], Any] | None = None,
    ) -> None:
        self._file = file
        self._feed = feed
        self._workers = workers
        self._kept_sizes = kept_sizes
        self._reader = reader
        self._compiled: OrderedDict[tuple[int, int], _Compiled] = OrderedDict()
        self._lock = Lock()

    def run(self, pixels: Pixels) -> Outputs:
        """The model's outputs for one picture (height x width x 3, RGB, 0 to 255)."""
        height, width, _ = pixels.shape
        return self._for_size(height, width).run(pixels)

    def _for_size(self, height: int, width: int) -> _Compiled:
        size = height, width
        with self._lock:
            if size not in self._compiled:
                self._compiled[size] = begin_aside(lambda: self._begin(height, width))
            self._compiled.move_to_end(size)
            while len(self._compiled) > self._kept_sizes:
                self._compiled.popitem(last=False)
            return self._compiled[size]

    def _begin(self, height: int, width: int) -> _Compiled:
        compiled = _Compiled(self._compile(height, width))
        compiled.run(np.zeros((height, width, 3), np.uint8))
        return compiled

    def _compile(self, height: int, width: int) -> Any:
        core: Any = ov.Core()
        file = self._file()
        model: Any = self._reader(file) if self._reader else core.read_model(str(file))
        planar = self._feed.layout == "NCHW"
        model.reshape([1, 3, height, width] if planar else [1, height, width, 3])
        return core.compile_model(
            _fed(model, self._feed),
            "CPU",
            {
                "PERFORMANCE_HINT": "THROUGHPUT",
                "NUM_STREAMS": self._workers,
                "INFERENCE_NUM_THREADS": self._workers,
            },
        )


class _Compiled:
    """A compiled model and its idle infer requests."""

    def __init__(self, model: Any) -> None:
        self._model = model
        # Noted once: asking a model of twelve outputs for them took 0.1 ms a run.
        self._names: list[tuple[str, ...]] = [tuple(port.names) for port in model.outputs]
        self._idle: deque[Any] = deque()

    def run(self, pixels: Pixels) -> Outputs:
        try:
            request = self._idle.pop()
        except IndexError:
            request = self._model.create_infer_request()
        answer = request.infer({0: pixels[np.newaxis]}, share_inputs=True)
        self._idle.append(request)
        arrays = zip(self._names, answer.values(), strict=True)
        return {name: array for names, array in arrays for name in names}


def _fed(model: Any, feed: Feed) -> Any:
    """The model behind a layer that takes pixels as Kith has them: bytes, RGB, channels last."""
    steps = cast("Any", PrePostProcessor(model))
    steps.input().tensor().set_element_type(ov.Type.u8).set_layout(ov.Layout("NHWC"))
    steps.input().model().set_layout(ov.Layout(feed.layout))
    if feed.layout == "NHWC":
        return steps.build()
    first = steps.input().preprocess().convert_element_type(ov.Type.f32)
    if feed.colors == "BGR":
        first.reverse_channels()
    if any(feed.mean):
        first.mean(list(feed.mean))
    if feed.scale != (1.0, 1.0, 1.0):
        first.scale([1 / factor for factor in feed.scale])
    return steps.build()
