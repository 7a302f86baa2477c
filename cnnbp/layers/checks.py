"""What every layer asks of its arguments: one sentence per mistake, naming the argument, what came, what was expected."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Size = int | tuple[int, int]


def array(name: str, value: object, shape: str = "") -> Array:
    """`value` is a NumPy array of numbers, with as many axes as `shape` ("n c h w") has letters, where it is given.

    Raises TypeError for anything that is not such an array, ValueError for a wrong number of axes.
    """
    if isinstance(value, (int, float, complex, np.generic)) and not isinstance(value, bool):
        value = np.array(value)
    if not isinstance(value, np.ndarray) or isinstance(value, np.ma.MaskedArray):
        raise TypeError(f"{name} must be a NumPy array, got {_typename(value)}")
    if value.dtype.kind not in "iufcO":
        raise TypeError(f"{name} must hold numbers, got dtype {value.dtype}")
    if shape and value.ndim != shape.count(" ") + 1:
        raise ValueError(f"{name} must have shape ({shape.replace(' ', ', ')}), got {value.ndim} axes: {value.shape}")
    narrow = value.dtype.kind == "u" or (value.dtype.kind == "i" and value.dtype.itemsize < 8)
    return value.astype(np.int64) if narrow else np.asarray(value)  # narrow integers would wrap, and −x of unsigned ones


def same_shape(name: str, value: object, shape: tuple[int, ...]) -> Array:
    """`value` is an array of exactly this shape. Raises TypeError, ValueError."""
    found = array(name, value)
    if found.shape != shape:
        raise ValueError(f"{name} must have shape {shape}, got {found.shape}")
    return found


def integer(name: str, value: object, least: int) -> int:
    """`value` is an integer, `least` or more. Raises TypeError, ValueError."""
    if isinstance(value, (bool, np.bool_, np.ndarray)) or not hasattr(value, "__index__"):
        raise TypeError(f"{name} must be an integer, got {value!r} of type {_typename(value)}")
    number = operator.index(value)
    if number < least:
        raise ValueError(f"{name} must be at least {least}, got {number}")
    return number


def pair(name: str, value: object, least: int) -> tuple[int, int]:
    """`value` is an integer, or a (height, width) pair of them, each `least` or more. Raises TypeError, ValueError."""
    if not isinstance(value, (tuple, list)):
        number = integer(name, value, least)
        return number, number
    if len(value) != 2:
        raise ValueError(f"{name} must be an integer or a (height, width) pair, got {value!r}")
    return integer(f"{name}[0]", value[0], least), integer(f"{name}[1]", value[1], least)


def number(name: str, value: Any) -> Any:
    """`value` is a finite real number of any number system; NumPy's come back as Python's, so that they widen no array."""
    if isinstance(value, (bool, np.bool_, str, bytes)):
        raise TypeError(f"{name} must be a real number, got {value!r}")
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, (float, int)) and not abs(value) < float("inf"):
        raise ValueError(f"{name} must be finite, got {value!r}")
    if isinstance(value, (complex, np.ndarray, list, tuple)) or not hasattr(value, "__mul__"):
        raise TypeError(f"{name} must be a real number, got {value!r}")
    return value


def scalar(value: Any) -> Array:
    """A 0-d array made before it is filled: NumPy would look into a polynomial and see a sequence of terms."""
    found = np.empty((), getattr(value, "dtype", object))
    found[()] = value
    return found


def flag(name: str, value: object) -> None:
    """`value` is True or False. Raises TypeError."""
    if not isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name} must be True or False, got {value!r}")


def sizes(layer: object, **least: int) -> None:
    """Options are integers or pairs, each with its least value; a list becomes a tuple, for good. Raises TypeError, ValueError."""
    for name, low in least.items():
        option = getattr(layer, name)
        pair(name, option, low)
        if isinstance(option, list):
            object.__setattr__(layer, name, tuple(option))


def convolution(layer: Any) -> None:
    """The options that both convolutions share. Raises TypeError, ValueError."""
    sizes(layer, stride=1, padding=0, dilation=1, **({} if layer.kernel_size is None else {"kernel_size": 1}))
    integer("groups", layer.groups, 1)
    if layer.out_channels is not None:
        integer("out_channels", layer.out_channels, 1)


def weights(layer: Any, w: Array, out_channels: int) -> None:
    """`w` has channels and taps, and as many of them as the layer announced. Raises ValueError."""
    if not w.size:
        raise ValueError(f"w must have at least one channel on either side, and one tap, got shape {w.shape}")
    if layer.out_channels not in (None, out_channels):
        raise ValueError(f"w must have out_channels={layer.out_channels} output channels, got {out_channels}")
    if layer.kernel_size is not None and pair("kernel_size", layer.kernel_size, 1) != w.shape[2:]:
        raise ValueError(f"w must have a kernel of kernel_size={layer.kernel_size}, got {w.shape[2:]}")


def announced(layer: Any) -> tuple[int, tuple[int, int]]:
    """out_channels and kernel_size of a convolution. Raises ValueError where one of them was not given."""
    if layer.out_channels is None or layer.kernel_size is None:
        name = type(layer).__name__
        raise ValueError(f"{name} needs out_channels and kernel_size before a network can draw its weights")
    return layer.out_channels, pair("kernel_size", layer.kernel_size, 1)


def _typename(value: object) -> str:
    kind = type(value)
    return kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"
