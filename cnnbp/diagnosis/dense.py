"""What is usually wrong with a dense layer: a matrix that is transposed, and sums over too much or too little."""

from __future__ import annotations

import numpy as np

from .candidate import by_bends, by_faults

DENSE = (
    by_bends("matrix-transposed", y=lambda _, a: a.x @ a.w.T.reshape(a.w.shape).T + a.b),
    by_faults("matrix-transposed", dx="dense-w-transposed", dw="dense-dw-transposed"),
    by_bends("residual-ignored", dx=lambda _, a: np.ones_like(a.delta) @ a.w, dw=lambda _, a: np.ones_like(a.delta).T @ a.x,
             db=lambda _, a: np.ones_like(a.delta).sum(0)),
    by_bends("residual-mean", dx=lambda _, a: np.full_like(a.delta, a.delta.mean()) @ a.w,
             dw=lambda _, a: np.full_like(a.delta, a.delta.mean()).T @ a.x, db=lambda db, a: np.full_like(db, db.mean())),
    by_faults("first-sample", db="dense-db-first-sample"),
    by_bends("first-sample", dw=lambda _, a: a.delta[:1].T @ a.x[:1]),
    by_bends("last-sample", dw=lambda _, a: a.delta[-1:].T @ a.x[-1:], db=lambda _, a: a.delta[-1]),
    by_bends("first-sample-for-all", dx=lambda _, a: np.broadcast_to(a.delta[:1] @ a.w, a.x.shape)),
    by_bends("input-of-another-sample", dw=lambda _, a: a.delta.T @ np.roll(a.x, 1, 0)),
    by_bends("input-of-another-sample", dw=lambda _, a: a.delta.T @ np.roll(a.x, -1, 0)),
    by_bends("input-of-another-sample", dw=lambda _, a: a.delta.T @ a.x[::-1]),
    by_faults("summed-over-all", db="dense-db-shared"),
    by_faults("times-input", db="dense-db-times-input"),
    by_bends("bias-left-out", y=lambda _, a: a.x @ a.w.T),
)  # fmt: skip
