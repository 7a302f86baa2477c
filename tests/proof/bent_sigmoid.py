"""A sigmoid that is wrong in what a test says."""

from __future__ import annotations

from typing import Any

import numpy as np

from cnnbp import Sigmoid


class Bent(Sigmoid):
    """A sigmoid whose answers, or residuals, are bent."""

    def __init__(self, forward: Any = None, backward: Any = None) -> None:
        object.__setattr__(self, "bent", (forward, backward))

    def _f(self, x: Any) -> Any:
        bend = self.bent[0]  # type: ignore[attr-defined]
        return bend(super()._f(x), x) if bend else super()._f(x)

    def _df(self, delta: Any, x: Any) -> Any:
        bend = self.bent[1]  # type: ignore[attr-defined]
        return bend(delta, super()._df(np.ones(x.shape), x)) if bend else super()._df(delta, x)
