"""dlib's face recognition network, built for OpenVINO from dlib's own file of weights.

The network is dlib's "ResNet v1" (29 convolutions, 128 dimensions; Davis King, 2017), as
``anet_type`` in dlib's example ``dnn_face_recognition_ex.cpp`` describes it: a 7x7 convolution and
a max pool, then residual blocks of two 3x3 convolutions. A block that halves the picture takes its
shortcut through a 2x2 average pool. Sums of unequal shapes are filled up with zeros, in channels
and, where the sizes differ by one pixel, at the right and the bottom.

dlib saves layers from the input to the output. Each begins with the length and the letters of its
kind; its parameters follow as one tensor, and after them what training needed, which is skipped.
Building takes a fraction of a second, so nothing is converted and kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import openvino as ov
from numpy.typing import NDArray
from openvino import opset1

from kith.domain.errors import WeightsCorruptError

_INPUT_SIZE: Final = 150
"""Pixels of the square picture that the network takes."""

_STAGES: Final = (
    (False, False, False),
    (True, False, False, False),
    (True, False, False),
    (True, False, False),
    (True,),
)
"""The residual blocks, and whether each halves the picture: ``alevel4`` to ``alevel0``."""

Array = NDArray[np.float32]


def read_dlib_resnet(path: Path) -> Any:
    """The network as an ``openvino.Model``: count x 3 x 150 x 150 -> count x 128.

    It takes RGB from which the mean was subtracted and which was divided by 256, and answers with
    dlib's embedding as dlib has it, which is not of length 1.

    Raises:
        WeightsCorruptError: the file does not hold this network.
    """
    layers = _Layers(path.read_bytes())
    try:
        return _build(layers)
    except (IndexError, ValueError) as error:
        raise WeightsCorruptError(
            f"{path} does not hold dlib's face recognition network ({error})",
            "Delete it and install the pack again: kith models install dlib.",
        ) from error


def _build(layers: _Layers) -> Any:
    # The opset functions are generated without types.
    ops: Any = opset1
    pixels = ops.parameter([-1, 3, _INPUT_SIZE, _INPUT_SIZE], np.float32, name="pixels")
    first = _convolve(ops, pixels, layers.convolution(filter_size=7), stride=2, padding=0)
    node = ops.max_pool(ops.relu(first), [2, 2], [0, 0], [0, 0], [3, 3])
    for stage in _STAGES:
        for halves in stage:
            node = _residual(ops, node, layers, halves=halves)
    means = ops.reduce_mean(node, np.array([2, 3]), keep_dims=False)
    embedding = ops.matmul(means, ops.constant(layers.projection()), False, False)
    embedding.output(0).set_names({"embedding"})
    model: Any = ov.Model
    return model([embedding], [pixels], "dlib_resnet_v1")


def _residual(ops: Any, node: Any, layers: _Layers, *, halves: bool) -> Any:
    convolution = layers.convolution(filter_size=3)
    stride, padding = (2, 0) if halves else (1, 1)
    inner = ops.relu(_convolve(ops, node, convolution, stride=stride, padding=padding))
    inner = _convolve(ops, inner, layers.convolution(filter_size=3), stride=1, padding=1)
    if halves:
        node = ops.avg_pool(node, [2, 2], [0, 0], [0, 0], [2, 2], True)
    return ops.relu(ops.add(*_same_shape(ops, inner, node)))


def _convolve(ops: Any, node: Any, convolution: _Convolution, *, stride: int, padding: int) -> Any:
    around = [padding, padding]
    filters = ops.constant(convolution.filters)
    strides = [stride, stride]
    sums = ops.convolution(node, filters, strides, around, around, [1, 1])
    return ops.add(sums, ops.constant(convolution.biases))


def _same_shape(ops: Any, first: Any, second: Any) -> tuple[Any, Any]:
    """Both with zeros at the ends of their axes, so that they can be added."""
    shapes = [_shape(first), _shape(second)]
    common = np.max(shapes, axis=0)
    return _filled(ops, first, common - shapes[0]), _filled(ops, second, common - shapes[1])


def _shape(node: Any) -> NDArray[np.int64]:
    """Channels, height and width."""
    _, *sizes = node.get_output_partial_shape(0)
    return np.array([size.get_length() for size in sizes])


def _filled(ops: Any, node: Any, missing: NDArray[np.int64]) -> Any:
    if not missing.any():
        return node
    zero = ops.constant(np.float32(0))
    return ops.pad(node, np.zeros(4, np.int64), np.array([0, *missing]), "constant", zero)


@dataclass(frozen=True, slots=True)
class _Convolution:
    """A convolution and the affine layer after it, as one.

    Attributes:
        filters: outputs x inputs x height x width.
        biases: 1 x outputs x 1 x 1.
    """

    filters: Array
    biases: Array


class _Layers:
    """The layers of a saved network, read one after the other.

    Format: dlib's ``serialize.h`` and ``tensor.h``. An integer is a byte that counts its bytes (the
    top bit is its sign), then these bytes, lowest first. A tensor is the integer 2, four sizes and
    the values as little-endian 32-bit floats.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def convolution(self, filter_size: int) -> _Convolution:
        """The next convolution with the affine layer after it."""
        self._seek(b"con_4")
        values = self._tensor()
        count = self._integer()
        scale, shift = self._affine().reshape(2, count)
        filters = values[:-count].reshape(count, -1, filter_size, filter_size)
        return _Convolution(
            filters * scale.reshape(-1, 1, 1, 1),
            (values[-count:] * scale + shift).reshape(1, -1, 1, 1),
        )

    def projection(self) -> Array:
        """The last layer: inputs x outputs."""
        self._seek(b"fc_2")
        outputs, inputs = self._integer(), self._integer()
        return self._tensor().reshape(inputs, outputs)

    def _affine(self) -> Array:
        self._seek(b"affine_")
        return self._tensor()

    def _seek(self, kind: bytes) -> None:
        """Go behind the next layer name. Values were skipped, so that none is taken for a name."""
        name = b"\x01" + bytes([len(kind)]) + kind
        self._at = self._data.index(name, self._at) + len(name)

    def _tensor(self) -> Array:
        version = self._integer()
        if version != 2:
            raise ValueError(f"a tensor of version {version}")
        sizes = [self._integer() for _ in range(4)]
        values = np.frombuffer(self._data, "<f4", int(np.prod(sizes)), self._at)
        self._at += values.nbytes
        return values.astype(np.float32, copy=False)

    def _integer(self) -> int:
        head = self._data[self._at]
        end = self._at + 1 + (head & 0x0F)
        value = int.from_bytes(self._data[self._at + 1 : end], "little")
        self._at = end
        return -value if head & 0x80 else value
