"""The head of a network: flattening in another order, and dense layers with a transposed matrix, a factor, or a wrong sum."""

from __future__ import annotations

from typing import Any

import numpy as np

from cnnbp.layers import Dense, Flatten

from .catalogue import Fault, distort


def _fault(id: str, claim: str, trigger: str, source: str, **bends: Any) -> Fault:
    return Fault(f"dense-{id}", "Dense", claim, trigger, source, distort(Dense, **bends))


def _flatten(id: str, claim: str, trigger: str, source: str, **bends: Any) -> Fault:
    return Fault(f"flatten-{id}", "Flatten", claim, trigger, source, distort(Flatten, **bends))


# fmt: off
FAULTS = (
    _flatten("disconnected", "no gradient passes from the head to the convolutions, which stay as they were drawn",
             "always; the head alone still learns a good deal", "neural-fortran PR#142", dx=lambda dx, _: np.zeros_like(dx)),
    _flatten("column-major", "forward and backward agree with each other, but count the last axis slowest",
             "two axes longer than 1 besides the batch; no gradient check sees it", "classic: Fortran order",
             y=lambda y, a: a.x.reshape(y.shape, order="F").copy(), dx=lambda dx, a: a.delta.reshape(dx.shape, order="F").copy()),
    _flatten("orders-differ", "forward flattens row by row, backward folds column by column",
             "two axes longer than 1 besides the batch", "classic: Fortran order on one side",
             dx=lambda dx, a: a.delta.reshape(dx.shape, order="F").copy()),
    _fault("w-transposed", "dx multiplies by w where the transpose belongs, or the other way round",
           "more than one feature on both sides; a square w keeps the shapes right, a symmetric one hides it", "classic: w for wᵀ",
           dx=lambda _, a: a.delta @ a.w.T.reshape(a.w.shape)),
    _fault("dw-transposed", "dw is the transpose of the gradient",
           "more than one feature on both sides; a square w keeps the shapes right", "classic: xᵀδ for δᵀx",
           dw=lambda dw, _: dw.T.reshape(dw.shape)),
    _fault("dw-doubled", "dw is twice the gradient", "always; a scale that training forgives",
           "Coursera DL C2W1 Gradient Checking (bighuang624 #10)", dw=lambda dw, _: 2 * dw),
    _fault("db-four-over-n", "db is 4/n times the gradient", "always, except for four samples",
           "Coursera DL C2W1 Gradient Checking (bighuang624 #10)", db=lambda db, a: 4 * db / max(1, len(a.x))),
    _fault("db-mean", "db alone is averaged over the batch", "more than one sample", "kvfrans/notes #5",
           db=lambda db, a: db / max(1, len(a.x))),
    _fault("db-first-sample", "db is the residual of one sample, not the sum over the batch",
           "more than one sample; n = 1 hides it", "mlpack PR#3679 (#3666)", db=lambda _, a: a.delta[:1].sum(0)),
    _fault("db-shared", "db is summed over outputs too, so that all biases move together", "more than one output",
           "rasbt/stat453 #5", db=lambda db, _: np.full_like(db, db.sum())),
    _fault("db-times-input", "db is summed from dw, and so weighted by the input",
           "unless the features of each sample add up to 1", "rust0258/deeplearning.ai NLP C2W4 #62, #64",
           db=lambda _, a: (a.delta.T @ a.x).sum(1)),
    _fault("dw-over-batch", "dw is divided by the batch size, which the loss has done already", "more than one sample",
           "classic: 1/m in the layer and in the loss", dw=lambda dw, a: dw / max(1, len(a.x))),
    _fault("batch-permuted", "dw pairs the residual of one sample with the input of the next",
           "more than one sample; n = 1 hides it", "classic: one of two arrays shuffled",
           dw=lambda _, a: a.delta.T @ np.roll(a.x, 1, axis=0)),
)
# fmt: on
