"""The simplest of several cases: wrong at its own numbers, which can be read, and few."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cnnbp
from cnnbp.evidence import Evidence, Verdict
from cnnbp.evidence.gathering import Gathering
from cnnbp.evidence.kinds import ALWAYS, BATCH, FORM
from cnnbp.evidence.simplest import effort

POINTS = st.sampled_from((*ALWAYS, *BATCH, *FORM))
PIECES = st.lists(
    st.builds(
        Evidence, st.just("autograd"), st.just("x"), st.sampled_from(["pass", "fail"]), st.just("sampled"),
        at=st.sampled_from(["case", "mantissas"]), scale=st.sampled_from([None, 0.0, 1e-300, 0.1, 20.0, 1e19, float("inf")]),
    )
    | st.builds(Evidence, st.just("contract"), POINTS, st.sampled_from(["pass", "fail"]), st.just("contract")),
    max_size=4,
)  # fmt: skip


def piece(at: str = "case", scale: float = 1.0, quantity: str = "x", kind: str = "sampled") -> Evidence:
    return Evidence("autograd", quantity, "fail", kind, at=at, scale=scale)  # type: ignore[arg-type]


def verdict(*evidence: Evidence, size: int = 10) -> Verdict:
    return Verdict("Mine", "fail", evidence, (), {"x": (size,)})


ELSEWHERE = Evidence("contract", "other-inputs", "fail", "contract")
HARDER = {
    "right at its own numbers": (verdict(piece(), size=50), verdict(ELSEWHERE, size=2)),
    "wrong at its mantissas alone": (verdict(piece(), size=50), verdict(piece("mantissas"), size=2)),
    "numbers of many digits": (verdict(piece(), size=50), verdict(piece(scale=1e19), size=2)),
    "tiny numbers": (verdict(piece(), size=50), verdict(piece(scale=1e-12), size=2)),
    "more of them": (verdict(piece(scale=900.0), size=2), verdict(piece(scale=0.002), size=3)),
    "of another form": (verdict(Evidence("contract", "shape", "fail", "contract"), size=50), verdict(ELSEWHERE, size=2)),
}


@pytest.mark.parametrize("why", HARDER)
def test_what_makes_a_case_harder_to_follow(why: str) -> None:
    easier, harder = HARDER[why]
    assert effort(easier) < effort(harder)


@given(PIECES, PIECES, st.integers(0, 9))
def test_what_is_added_makes_it_no_smaller(one: list[Evidence], other: list[Evidence], size: int) -> None:
    """Nothing that holds makes a case harder but by its numbers, and whatever fails at its own numbers makes it no harder."""
    alone, more = effort(verdict(*one, size=size)), effort(verdict(*one, *other, size=size))
    assert more[1:] >= alone[1:]
    assert effort(verdict(*one, *other, piece(), size=size))[0] == 0


def test_a_case_that_is_right_at_its_own_numbers_is_not_shown_before_one_that_is_wrong() -> None:
    """At three rows there is one output cell, of which a mean is the sum: the smaller case shows nothing."""

    class Mean:
        def forward(self, *given: np.ndarray) -> np.ndarray:
            return cnnbp.Conv2d().forward(*given)

        def backward(self, delta: np.ndarray, *given: np.ndarray) -> tuple[np.ndarray, ...]:
            return (*cnnbp.Conv2d().backward(delta, *given)[:2], delta.mean((0, 2, 3)))

    gathering, rng = Gathering(), np.random.default_rng(0)
    for rows in (4, 3):
        args = [rng.normal(size=shape) for shape in ((1, 1, rows, 1), (3, 1, 3, 1), (3,))]
        delta = np.array([1.0, -1, 0]).reshape(1, 3, 1, 1) * np.ones((1, 3, rows - 2, 1))
        gathering.add(cnnbp.verify(Mean(), *args, delta=delta, like=cnnbp.Conv2d()), "Conv2d")
    (own,) = gathering.records("here")
    assert own.failed == 2
    assert own.shown.shapes["x"] == (1, 1, 4, 1)
