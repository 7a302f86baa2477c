"""Flattening in another order, and dense layers with a transposed matrix, a factor, or a wrong sum."""

from __future__ import annotations

import numpy as np

from cnnbp.layers import Dense, Flatten

from .catalogue import bent, right, wrong

# fmt: off
FAULTS = (
    *wrong(Flatten, "flatten", {
        "disconnected":    bent(dx=lambda dx, _: np.zeros_like(dx)),
        "column-major":    bent(y=lambda y, a: a.x.reshape(y.shape, order="F").copy(),
                                dx=lambda dx, a: a.delta.reshape(dx.shape, order="F").copy()),
        "orders-differ":   bent(dx=lambda dx, a: a.delta.reshape(dx.shape, order="F").copy()),
    }),
    *wrong(Dense, "dense", {
        "w-transposed":    bent(dx=lambda _, a: a.delta @ a.w.T.reshape(a.w.shape)),
        "dw-transposed":   bent(dw=lambda dw, _: dw.T.reshape(dw.shape)),
        "dw-doubled":      bent(dw=lambda dw, _: 2 * dw),
        "db-four-over-n":  bent(db=lambda db, a: 4 * db / max(1, len(a.x))),
        "db-mean":         bent(db=lambda db, a: db / max(1, len(a.x))),
        "db-first-sample": bent(db=lambda _, a: a.delta[:1].sum(0)),
        "db-shared":       bent(db=lambda db, _: np.full_like(db, db.sum())),
        "db-times-input":  bent(db=lambda _, a: (a.delta.T @ a.x).sum(1)),
        "dw-over-batch":   bent(dw=lambda dw, a: dw / max(1, len(a.x))),
        "batch-permuted":  bent(dw=lambda _, a: a.delta.T @ np.roll(a.x, 1, axis=0)),
    }),
)

RIGHT = right(Dense, "dense", {
    "einsum":            bent(y=lambda _, a: np.einsum("ni,oi->no", a.x, a.w) + a.b,
                              dx=lambda _, a: np.einsum("no,oi->ni", a.delta, a.w),
                              dw=lambda _, a: np.einsum("no,ni->oi", a.delta, a.x),
                              db=lambda _, a: np.einsum("no->o", a.delta)),
    "last-sample-first": bent(dw=lambda _, a: a.delta[::-1].T @ a.x[::-1],
                              db=lambda _, a: a.delta[::-1].cumsum(0)[-1]),
})
# fmt: on
