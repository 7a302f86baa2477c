"""Several outputs: the residual of each, checked; and where an entry of one of them stands, in what is told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from ..adapters.outputs import Joined, place
from ..evidence import Evidence, Remark, Verdict, remark
from ..rounding import Array
from .arguments import finite


def one_residual(layer: Any, args: tuple[Array, ...], delta: Any) -> Any:
    """A tuple of residuals as one row. Raises TypeError and ValueError where it does not fit the outputs."""
    if not isinstance(layer, Joined):
        if isinstance(delta, tuple):
            raise ValueError(f"delta must be one array, since forward answers with one, got a tuple of {len(delta)}")
        return delta
    if delta is None:
        return None
    shapes = layer.shapes(*args)
    wanted = f"delta must be a tuple of {len(shapes)} residuals in the shapes of the outputs, {', '.join(map(str, shapes))}"
    if not isinstance(delta, (tuple, list)):
        raise TypeError(f"{wanted}, got {type(delta).__name__}")
    parts = [np.asarray(finite(f"delta[{j}]", part), float) for j, part in enumerate(delta)]
    if tuple(part.shape for part in parts) != shapes:
        raise ValueError(f"{wanted}, got {', '.join(str(part.shape) for part in parts)}")
    return np.concatenate([part.ravel() for part in parts])


def told(verdict: Verdict, layer: Any, args: tuple[Array, ...]) -> Verdict:
    """The verdict with entries of y by the number of the output and their place in it."""
    if not isinstance(layer, Joined):
        return verdict
    shapes = layer.known.get(tuple(a.shape for a in args))
    if shapes is None:  # it never answered
        return verdict

    def moved(said: Remark | None) -> Remark | None:
        index = said.values.get("index") if said else None
        if not said or said.values.get("quantity") != "y" or not isinstance(index, list) or len(index) != 1:
            return said
        return remark(said.code, **{**said.values, "index": list(place(int(index[0]), shapes)), "axes": ""})

    def of(item: Evidence) -> Evidence:
        flat = item.quantity == "y" and item.index is not None and len(item.index) == 1
        index = place(item.index[0], shapes) if flat and item.index else item.index
        return replace(item, index=index, remark=moved(item.remark))

    wrong = tuple(said for said in map(moved, verdict.wrong) if said)
    return replace(verdict, evidence=tuple(map(of, verdict.evidence)), wrong=wrong)
