"""In what arrays a layer is asked: handed over in its precision, laid out as they were, told when an answer has more bits."""

from __future__ import annotations

import numpy as np
import pytest
import torch

import cnnbp
from cnnbp.precision import BFLOAT16, FLOAT16, FLOAT32, FLOAT64, Precision
from cnnbp.verification.carrier import Carrier
from tests.helpers.layers import gaussian

(X,) = gaussian((3, 4))
OF_TENSORS = cnnbp.from_torch(torch.tanh).asked_in("bfloat16")


@pytest.mark.parametrize("precision", [FLOAT64, FLOAT32, FLOAT16, BFLOAT16])
def test_what_is_handed_over_has_the_precision(precision: Precision) -> None:
    """In memory of its own, and the oracles see the same numbers; indices stay as they are."""
    carrier = Carrier(OF_TENSORS if precision is BFLOAT16 else cnnbp.Tanh(), precision)
    handed = carrier.handed(X)
    assert not np.may_share_memory(handed, X)
    assert np.array_equal(handed.astype(float), precision.round(X))
    assert np.array_equal(carrier.wide(X)[0], precision.round(X))
    assert carrier.handed(np.arange(3)).dtype.kind == "i"
    assert carrier.flaw(handed) == ""


def test_an_answer_that_is_more_than_was_asked_for() -> None:
    """Another dtype; and, in one that is wider than the precision, more bits."""
    assert Carrier(cnnbp.Tanh(), FLOAT32).flaw(X) == "float64"
    carrier = Carrier(OF_TENSORS, BFLOAT16)
    assert carrier.wider
    assert carrier.flaw(X.astype(np.float32)) == "numbers of more than 8 bits"


def test_what_is_laid_out_stays_so() -> None:
    """Every second column of memory that runs on."""
    found = Carrier(cnnbp.Tanh(), FLOAT32).laid(X[:, ::2])
    assert (found.strides, found.dtype) == ((16, 8), np.float32)
    assert np.array_equal(found, X[:, ::2].astype(np.float32))
