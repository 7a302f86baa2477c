"""What is counted is what tags would sum, whatever the constants are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cnnbp import Conv2d, Dense
from cnnbp.proof.numbers.codes import THETA, X
from cnnbp.proof.numbers.counted import Count
from cnnbp.proof.numbers.tags import general, generators
from cnnbp.proof.numbers.unsupported import Unsupported, root

LAYERS: dict[str, tuple[Any, tuple[tuple[int, ...], ...]]] = {
    "convolution": (Conv2d(1, 1), ((2, 2, 4, 3), (3, 2, 3, 2))),
    "dense": (Dense(), ((3, 4), (2, 4), (2,))),
}


@pytest.mark.parametrize("name", LAYERS)
def test_each_sum_has_the_products_that_tags_have(name: str) -> None:
    layer, shapes = LAYERS[name]
    count = Count(10**6)
    counted = layer.forward(*(count.array(s) for s in shapes))
    starts = [0, 0, int(np.prod(shapes[1]))]
    tags = layer.forward(*(generators(s, THETA if j else X, starts[j]) for j, s in enumerate(shapes)))
    assert [getattr(c, "products", 0) for c in counted.flat] == [len(general(t).terms) for t in tags.flat]


def test_a_constant_or_a_sign_is_one_product_or_none() -> None:
    (x,) = Count(100).array((1,))
    assert (4e6 * x).products == (x / 3).products == (-x).products == 1
    assert (x - x).products == (x + 1).products == 2
    assert ((x + x) * (x + x + x)).products == 6


def test_beyond_the_most_it_is_told_at_once() -> None:
    count = Count(1_000)
    with pytest.raises((Unsupported, SystemError)) as raised:  # or NumPy's own, of its loop
        count.array((30, 30)) @ count.array((30, 30))
    error = root(raised.value)
    assert isinstance(error, Unsupported)
    assert error.code == "too-many-terms"


def test_a_loop_until_something_is_small_has_an_end() -> None:
    for count in (Count(10**9), Count(10**9, deadline=0.0)):
        (x,) = count.array((1,))
        with pytest.raises(Unsupported):
            _down(x)


def _down(x: Any) -> None:
    while x > 0:
        x = x - 1
