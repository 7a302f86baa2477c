"""verify(dtype=): what a precision cannot hold or show is refused, left alone, or asked on integers that it holds."""

from __future__ import annotations

import numpy as np
import pytest
from torch.nn import functional

import cnnbp
from cnnbp.cases import Counter
from cnnbp.operators import OPERATORS
from cnnbp.precision import PRECISIONS
from cnnbp.verification.methods.integers import drawn
from cnnbp.verification.question import Question
from tests.helpers.layers import arguments, bent, code, gaussian, reference

(X,) = gaussian((2, 3, 8, 9))


@pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16"])
@pytest.mark.parametrize("operator", ["Conv2d", "Dense", "ConvTranspose2d", "AvgPool2d"])
def test_integers_stay_exact(operator: str, dtype: str) -> None:
    """Σ|terms| of every entry stays below 2²⁴, 2¹¹, 2⁸."""
    layer, args = reference(operator), tuple(arguments(operator))
    precision = PRECISIONS[dtype]
    asked = drawn(Question.of(layer, args, np.ones(layer.forward(*args).shape)).in_precision(precision), 0)
    largest = max(float(asked.magnitude(quantity).max()) for quantity in asked.quantities)
    assert 1 <= largest < precision.exact
    assert all(np.array_equal(a, np.rint(a)) for a in (*asked.args, asked.delta))


def test_sums_too_long_for_a_precision_are_left_alone() -> None:
    """400 terms in bfloat16: n·u is above 1, which no bound survives. Sparse integers still tell right from wrong."""
    x, w = gaussian((2, 400), (3, 400))
    right = cnnbp.from_torch(lambda x, w: sum((x[:, None] * w).unbind(-1)))
    verdict = cnnbp.verify(right, x, w, like=cnnbp.Dense(), dtype="bfloat16")
    assert verdict.status != "fail", str(verdict)
    assert any(code(e) == "verification.beyond-precision" for e in verdict.evidence if e.quantity == "y")
    wrong = cnnbp.from_torch(lambda x, w: 1.01 * functional.linear(x, w))
    assert cnnbp.verify(wrong, x, w, like=cnnbp.Dense(), dtype="bfloat16").status == "fail"


def test_what_may_overflow_is_no_failure() -> None:
    """300·300 is beyond float16, on the way or in the answer."""
    x, w = np.full((1, 2), 300.0), np.array([[300.0, -300.0]])
    assert cnnbp.verify(cnnbp.Dense(), x, w, dtype="float16").status != "fail"
    assert cnnbp.verify(cnnbp.from_torch(functional.linear), x, w, like=cnnbp.Dense(), dtype="bfloat16").passed
    clipped = bent("Dense", y=lambda y, _: np.clip(y, -100, 100))
    assert cnnbp.verify(clipped, x / 4, w, like=cnnbp.Dense(), dtype="float16").status == "fail"


def test_numbers_beyond_the_range_are_refused() -> None:
    with pytest.raises(ValueError, match=r"x must lie within ±65504, the range of float16, got 100000.0 at \(1,\)"):
        cnnbp.verify(cnnbp.ReLU(), np.array([1.0, 1e5]), dtype="float16")
    with pytest.raises(ValueError, match="delta must lie within"):
        cnnbp.verify(cnnbp.ReLU(), np.array([1.0, 2.0]), delta=np.array([1.0, 1e39]), dtype="float32")


def test_bfloat16_needs_somebody_who_has_it() -> None:
    """A layer of arrays can be asked in bfloat16 only where NumPy knows it; who does not is told what would help."""
    plain = cnnbp.from_functions(lambda x: x.copy(), lambda delta, x: delta.copy())
    wrong = cnnbp.from_functions(lambda x: x.copy(), lambda delta, x: delta + delta)
    if _ml_dtypes():
        assert cnnbp.verify(plain, X, like=cnnbp.Identity(), dtype="bfloat16").passed
        assert cnnbp.verify(wrong, X, like=cnnbp.Identity(), dtype="bfloat16").status == "fail"
    else:
        with pytest.raises(ValueError, match="ml_dtypes"):
            cnnbp.verify(plain, X, dtype="bfloat16")
    with pytest.raises(ValueError, match="Identity of cnnbp takes NumPy's own dtypes"):
        cnnbp.verify(cnnbp.Identity(), X, dtype="bfloat16")


def _ml_dtypes() -> bool:
    try:
        import ml_dtypes  # noqa: F401  # whether it is there
    except ImportError:
        return False
    return True


@pytest.mark.parametrize("number", [11, 17, 19])
def test_means_of_integers_are_sums_first(number: int) -> None:
    """The sum in a window is larger than its mean, and must not round either."""
    c = OPERATORS["AvgPool2d"].draw(Counter(11, f"AvgPool2d/{number}"))
    verdict = cnnbp.verify(c.layer, *c.args, delta=c.delta, dtype="float16", seed=number)
    assert verdict.status != "fail", str(verdict)
