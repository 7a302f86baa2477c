"""Where and in which precision a layer is asked, and what follows where several devices answer differently."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..attributes import optional
from ..evidence import Verdict, remark
from ..precision import Precision

WORST_FIRST = ("fail", "inconclusive", "pass")


def asked_in(layer: Any, precision: Precision | None, device: Any = None) -> Any:
    """The layer in this precision, on this device: an adapter is told, another layer is asked by its arrays alone.

    Raises TypeError for a layer that knows of no devices, and TypeError and ValueError as the adapter does.
    """
    if asked := optional(layer, "asked_in"):
        return asked(precision=None if precision is None else precision.name, device=device)
    if device is not None:
        raise TypeError(f"device= is for layers of cnnbp.from_torch, or with a method asked_in(precision, device), got {layer!r}")
    return layer


def checked_devices(layer: Any, devices: Sequence[Any]) -> tuple[Any, ...]:
    """Two or more that differ, or one, on each of which the layer can be asked. Raises ValueError, and as `asked_in` does."""
    found = tuple(devices)
    if not found or len(set(map(str, found))) < len(found):
        raise ValueError(f"device must name devices that differ, got {devices!r}")
    for where in found:  # all of them, before one is asked
        asked_in(layer, None, where)
    return found


def across(verdicts: Mapping[Any, Verdict]) -> Verdict:
    """That of the device on which the layer is worst; right on one and wrong on another, it is told so first."""
    by_status = {status: [str(where) for where, v in verdicts.items() if v.status == status] for status in WORST_FIRST}
    found = min(verdicts.values(), key=lambda v: WORST_FIRST.index(v.status))
    if found.status == "pass":
        return found.changed(device=", ".join(map(str, verdicts)))
    if by_status["fail"] and by_status["pass"]:
        said = remark("verification.differs-by-device", right=", ".join(by_status["pass"]), wrong=", ".join(by_status["fail"]))
        return found.changed(wrong=(said, *found.wrong))
    return found
