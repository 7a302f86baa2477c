"""The noise of a reference, measured: as large as its terms make it, and none where last bits decide."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from cnnbp.layers.checks import Array
from cnnbp.rounding import U
from cnnbp.verification.measured import Measured, levelled, measure, undecided
from tests.helpers.layers import gaussian

DELTA = np.ones(())


def _of(function: Callable[[Array], Array], x: Array) -> Measured:
    with np.errstate(all="ignore"):
        return measure(_asked(function), (x,), DELTA, np.random.default_rng(1))["y"]


def _asked(function: Callable[[Array], Array]) -> Callable[[tuple[Array, ...], Array], dict[str, Array]]:
    return lambda args, delta: {"y": np.asarray(function(args[0]))}


def test_the_bound_grows_with_the_terms() -> None:
    """A sum of large terms that cancel may be off by their roundings; a small number alone may not."""
    x = np.array([1e8, -1e8, 1.0])
    cancelled, alone = _of(lambda x: np.array([x.sum()]), x), _of(lambda x: x[2:], x)
    assert cancelled.expected == alone.expected == 1
    assert 1e8 * U < cancelled.conventional[0] < 1e5 * 1e8 * U
    assert U < alone.conventional[0] < 1e3 * U


MIXED = gaussian((10**4,))[0]
ORDERS = {"as it is": slice(None), "from the back": slice(None, None, -1), "sorted": np.argsort(np.abs(MIXED))}


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
@pytest.mark.parametrize("shift", [0.0, 3.0])
def test_other_orders_of_summation_stay_within(order: object, shift: float) -> None:
    """Term by term, in any order, signs mixed or all alike."""
    x = MIXED + shift
    found = _of(lambda x: np.array([x.sum()]), x)
    assert abs(float(np.cumsum(x[order])[-1]) - found.expected[0]) <= found.conventional[0]
    assert found.conventional[0] < 1e-7


def test_float32_inside_shows() -> None:
    """Although its answers stand still while last bits of float64 move."""
    x = gaussian((50,))[0]
    found = _of(lambda x: np.tanh(x.astype(np.float32)).astype(float), x)
    assert np.median(found.conventional) > 1e-7
    assert np.all(np.abs(np.tanh(x) - found.expected) <= found.slack)
    assert np.median(_of(np.tanh, x).conventional) < 1e-12


def test_where_last_bits_decide() -> None:
    """At a tie and at a kink on 0, and nowhere else; what the sides answer is a convention, and nothing else is."""
    x = np.array([[1.0, 1.0], [2.0, 1.0]])

    def first(x: Array) -> Array:
        return (x[:, :1] >= x[:, 1:]).astype(float)

    found = _of(first, x)
    assert found.undecided.tolist() == [[True], [False]]
    assert [found.conventions(np.full((2, 1), value)).tolist() for value in (0.0, 0.5, 1.0, 2.0)] == [
        [[True], [False]], [[True], [False]], [[False], [False]], [[False], [False]],
    ]  # fmt: skip
    step = _of(lambda x: (x > 0).astype(float), np.array([0.0, 1.0, -1.0]))
    assert step.undecided.tolist() == [True, False, False]
    said = [*undecided(_asked(first), {"y": first(x)}, (x,), DELTA, np.random.default_rng(1), 3)]
    assert [np.isnan(each["y"]).tolist() for each in said] == 2 * [[[True], [False]]]  # of two pairs of moves, and of three


def test_what_is_steep_is_no_tie() -> None:
    """Far from 0 last bits move x − μ by more than a millionth, in either direction as far; at |0| they move a slope so too."""
    x = gaussian((6,))[0] + 1e8
    found = measure(lambda args, delta: {"w": (args[0] - args[0].mean()) / args[0].std()}, (x,), DELTA, np.random.default_rng(1))
    assert not found["w"].undecided.any()
    assert _of(np.sign, np.array([0.0, 1.0])).undecided.tolist() == [True, False]


def test_what_is_left_of_large_terms_decides_nothing() -> None:
    """x − mean of a constant row is rounding alone: it may be anything as small."""
    found = _of(lambda x: x - x.mean(), np.full(7, 0.3))
    assert not found.undecided.any()
    assert np.all(found.conventional > 0.1 * U)


def test_out_of_the_domain_shows_nothing() -> None:
    """A root at 0 is asked below 0 as well."""
    found = _of(np.sqrt, np.array([0.0, 4.0]))
    assert np.isfinite(found.conventional).all()
    assert found.conventional[1] < 1e-13


def test_what_does_not_repeat_itself_is_no_reference() -> None:
    """Its mask or its seed moves."""
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match=r"^like answers differently when asked twice"):
        _of(lambda x: x * rng.random(), np.ones(3))


def test_by_norm_every_number_is_as_large_as_the_largest() -> None:
    """A small entry among large ones may be off by what these would be; integers stay."""
    x, rng = np.array([1e6, 1e-6]), np.random.default_rng(1)
    found = _of(lambda x: x, x)
    ask = _asked(lambda x: x)
    wide = levelled(ask, {"y": found}, (x,), DELTA, rng)["y"]
    assert wide.by_norm >= found.conventional.max() > 1e9 * found.conventional.min()
    never = levelled(ask, {"y": _of(lambda x: 0 * x, x)}, (0 * x,), DELTA, rng)["y"]
    assert 0 < never.by_norm < 1e-12
