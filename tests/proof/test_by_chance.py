"""Random integers: what they see, what they let pass, and how large their errors are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnbp import AvgPool2d, Conv2d, prove
from cnnbp.cases import Counter
from cnnbp.faults import RIGHT_CONTROLS
from cnnbp.operators import OPERATORS
from cnnbp.proof import integers
from cnnbp.proof.question import ask


@given(st.lists(st.tuples(st.integers(-(2**53), 2**53), st.integers(-(2**27), 2**27)), max_size=20))
def test_the_dot_of_integers_rounds_nothing(pairs: list[tuple[int, int]]) -> None:
    a, b = (np.array([p[j] for p in pairs], float) for j in (0, 1))
    exact = sum(int(u) * int(v) for u, v in pairs)
    assert integers.exact_dot(a, b) == exact
    assert integers.exact_dot(b, a) == exact


def test_trials_reach_the_probability_and_no_sum_leaves_53_bits() -> None:
    question = ask(Conv2d(), ((1, 2, 4, 4), (3, 2, 3, 3)), None)
    error, wide = 1.0, set()
    for trial in integers.trials(question, (1, 3, 2, 2), 18, 1, 64, 0):
        error *= trial.error
        wide.add(trial.wide)
        sizes = [float(np.abs(a).max()) for a in (*trial.args, trial.delta)]
        assert 18 * sizes[0] * sizes[1] <= 2**53
        assert 18 * sizes[1] * sizes[2] <= 2**53
        assert max(sizes) > 2**24  # so wide that a cast to float32 changes it
    assert error <= 2.0**-64
    assert wide == {0, 1, 2}


def test_sums_that_leave_no_room_leave_no_trial() -> None:
    question = ask(Conv2d(), ((1, 2, 4, 4), (3, 2, 3, 3)), None)
    assert list(integers.trials(question, (1, 3, 2, 2), 18, 2**30, 64, 0)) == []


OF_FLOATS = {"relu-flush-to-zero"}  # right as floats are: over the reals what it flushes is no 0
REAL = [c for c in RIGHT_CONTROLS if "batch-norm" not in c.id and c.id not in OF_FLOATS and not OPERATORS[c.operator].indices]


@pytest.mark.parametrize("control", REAL[::2], ids=lambda c: c.id)
def test_nothing_right_is_refuted(control: Any) -> None:
    """FFT, reciprocals and other orders of summing included."""
    tried = 0
    for number in range(60):
        case = OPERATORS[control.operator].draw(Counter(5, f"{control.id}/{number}"))
        if min(a.size for a in case.args) > 0 and sum(a.size for a in case.args) <= 24:
            proof = prove(control.make(**case.options), *(a.shape for a in case.args), like=case.layer, budget=0.3)
            assert proof.status != "refuted" or proof.remark.code == "proof.only-at-ties", str(proof)  # type: ignore[union-attr]
            tried += 1
        if tried == 1:
            break
    assert tried


class Rounding(AvgPool2d):
    """As accurate as an FFT, and no integer is exact."""

    def forward(self, x: Any) -> Any:
        share = x.sum() / 7
        return super().forward(x) + share - share


def test_floats_that_round_integers_say_nothing() -> None:
    proof = prove(Rounding(3), (1, 1, 3, 6), like=AvgPool2d(3))
    assert proof.status == "proved"
    assert proof.error is None
    assert proof.hypotheses[0].checked is not None
    assert proof.hypotheses[0].checked.code == "proof.checked.rounds"


def test_what_rounds_to_float32_is_not_excused() -> None:
    class Narrow(Rounding):
        def forward(self, x: Any) -> Any:
            return super().forward(x) if x.dtype == object else super().forward(x).astype(np.float32).astype(float)

    assert prove(Narrow(3), (1, 1, 3, 6), like=AvgPool2d(3)).status == "refuted"


class InFloat16(Conv2d):
    """float16 in between, where the numbers came as float32."""

    def backward(self, delta: Any, x: Any, w: Any, b: Any = None) -> Any:
        dx, dw = super().backward(delta, x, w, b)
        return dx, dw.astype(np.float16).astype(np.float32) if dw.dtype == np.float32 else dw


def test_float32_has_runs_of_its_own() -> None:
    shapes = (2, 2, 5, 4), (3, 2, 3, 2)
    right = prove(Conv2d(), *shapes)
    assert [c.status for c in right.claims if c.name == "float32"] == ["proved"]
    wrong = prove(InFloat16(), *shapes, like=Conv2d())
    assert wrong.status == "refuted"
    assert "float32" in wrong.reason
    assert prove(InFloat16(), *shapes, like=Conv2d(), dtypes=("float64",))


def test_integers_of_float32_leave_none_of_its_bits() -> None:
    question = ask(Conv2d(), ((1, 2, 4, 4), (3, 2, 3, 3)), None)
    for trial in integers.trials(question, (1, 3, 2, 2), 18, 1, 64, 0, "float32"):
        sizes = [float(np.abs(a).max()) for a in (*trial.args, trial.delta)]
        assert all(a.dtype == np.float32 for a in (*trial.args, trial.delta))
        assert 18 * max(sizes) ** 2 <= 2**24


class Karatsuba:
    """x₀w₁ + x₁w₀ by one product of sums: on the way it is larger than at the end."""

    def forward(self, x: Any, w: Any) -> Any:
        return (x[:, 0] + x[:, 1]) * (w[0] + w[1]) - x[:, 0] * w[0] - x[:, 1] * w[1]

    def backward(self, delta: Any, x: Any, w: Any) -> Any:
        dw = np.empty_like(w)
        dw[0], dw[1] = (delta * x[:, 1]).sum(), (delta * x[:, 0]).sum()
        return np.stack([delta * w[1], delta * w[0]], 1), dw


class ByPrefixes(AvgPool2d):
    """Means of two by differences of prefix sums."""

    def forward(self, x: Any) -> Any:
        sums = np.cumsum(x, -1)
        sums = np.concatenate([0 * sums[..., :1], sums], -1)
        return (sums[..., 2:] - sums[..., :-2]) / 2


@pytest.mark.parametrize("rows", [1, 7])
def test_sums_that_cancel_on_the_way_are_no_error(rows: int) -> None:
    proofs = [prove(Karatsuba(), (rows, 2), (2,), seed=seed) for seed in range(6)]
    assert {proof.status for proof in proofs} == {"proved"}
    assert all(proof.error is not None and proof.error < 2.0**-60 for proof in proofs)


def test_what_cancels_is_told_to_be_as_accurate_as_its_largest_sum() -> None:
    layer = AvgPool2d((1, 2), 1)
    proof = prove(ByPrefixes((1, 2), 1), (1, 1, 1, 400), like=layer)
    assert proof.status == "proved"
    assert any(s.code == "proof.scope.by-norm" for s in proof.scope)
    assert not any(s.code == "proof.scope.by-norm" for s in prove(layer, (1, 1, 1, 400)).scope)


class Lost(Karatsuba):
    """A digit of float32 or of float64 is lost, beyond what any order of summing loses."""

    def __init__(self, digit: float, dtype: type) -> None:
        self.digit, self.dtype = digit, dtype

    def forward(self, x: Any, w: Any) -> Any:
        y = super().forward(x, w)
        return y * self.dtype(1 + self.digit) if y.dtype == self.dtype else y


@pytest.mark.parametrize(("digit", "dtype"), [(2.0**-12, np.float32), (2.0**-40, np.float64), (1e-9, np.float64)])
def test_what_loses_more_is_refuted(digit: float, dtype: type) -> None:
    assert prove(Lost(digit, dtype), (7, 2), (2,)).status == "refuted"
