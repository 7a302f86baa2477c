"""Where and in which precision a layer is asked: adapters that know of it are told."""

from __future__ import annotations

from typing import Any

from ..precision import Precision


def asked_in(layer: Any, precision: Precision | None, device: Any = None) -> Any:
    """The layer in this precision, on this device. Raises TypeError for a device of which it knows nothing."""
    if hasattr(layer, "asked_in"):
        return layer.asked_in(precision=None if precision is None else precision.name, device=device)
    if device is not None:
        raise TypeError(f"device is for layers of cnnbp.from_torch, or with a method asked_in(precision, device), got {layer!r}")
    return layer
