"""Without a reference: what nobody was asked about is said."""

from __future__ import annotations

import numpy as np

import cnnbp


def test_what_is_not_asked_is_said() -> None:
    """Without a reference: between which numbers x lies, or on which side of 0."""
    x, layer = np.array([[-2.5, 1.0, 3.0]]), cnnbp.from_functions(lambda x: 2 * x, lambda d, x: 2 * d)
    said = {e.remark.code: e.remark.values for e in cnnbp.verify(layer, x).evidence if e.remark}
    assert said["verification.no-reference-between"] == {"least": -2.5, "most": 3.0}
    said = {e.remark.code: e.remark.values for e in cnnbp.verify(layer, np.abs(x)).evidence if e.remark}
    assert said["verification.no-reference-one-side"] == {"sign": "<"}
