"""What is usually wrong with batch normalisation: statistics held constant, taken over other axes, or with another divisor."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..faults.catalogue import Call
from .candidate import Candidate, by_bends, by_faults


def _of_eps(eps: float) -> Candidate:
    """The layer with the default of some library, whatever it was given."""

    def other(a: Call) -> Call:
        return replace(a, layer=replace(a.layer, eps=eps))

    return by_bends(
        f"eps-{eps:.0e}".replace("e-0", "e-"),
        y=lambda _, a: other(a).y, dx=lambda _, a: other(a).backward()[0], dw=lambda _, a: other(a).backward()[1],
    )  # fmt: skip


BATCH_NORM = (
    by_faults("statistics-constant", dx="batch-norm-statistics-constant"),
    by_faults("mean-constant", dx="batch-norm-mean-constant"),
    by_faults("variance-constant", dx="batch-norm-variance-constant"),
    by_faults("variance-sign", dx="batch-norm-variance-sign"),
    by_faults("sums-for-means", dx="batch-norm-sums-for-means"),
    by_faults("unbiased-variance", y="batch-norm-unbiased-forward", dx="batch-norm-unbiased-backward"),
    by_faults("eps-outside", y="batch-norm-eps-outside", dx="batch-norm-eps-outside", dw="batch-norm-eps-outside"),
    by_faults("eps-left-out", dx="batch-norm-eps-forgotten-backward"),
    *map(_of_eps, (1e-3, 1e-5, 1e-8)),
    by_faults("sigma-twice", dx="batch-norm-sigma-squared"),
    by_faults("scale-left-out", dx="batch-norm-dx-scale-forgotten"),
    by_faults("not-normalised", dw="batch-norm-dw-not-normalised"),
    by_faults("not-scaled", dw="batch-norm-dw-not-scaled"),
    by_faults("of-each-sample", y="batch-norm-of-each-sample", dx="batch-norm-of-each-sample"),
    by_faults("of-each-position", y="batch-norm-of-each-position", dx="batch-norm-of-each-position"),
    by_faults("given-ignored", y="batch-norm-given-ignored", dx="batch-norm-given-ignored"),
    by_bends("residual-ignored", dx=lambda _, a: a.backward(delta=np.ones_like(a.delta))[0]),
    by_bends("first-sample", db=lambda _, a: a.delta[:1].sum((0, 2, 3))),
    by_bends("last-sample", db=lambda _, a: a.delta[-1:].sum((0, 2, 3))),
    by_bends("summed-over-all", db=lambda db, _: np.full_like(db, db.sum())),
)
