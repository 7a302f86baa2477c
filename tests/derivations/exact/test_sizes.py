"""Places of a kernel in an image, and what is counted there."""

from __future__ import annotations

import pytest

from cnnbp.cases.choices import Counter
from cnnbp.derivations.exact.sizes import Pixel, Sizes, inside, pixel, sizes, usual


@pytest.mark.parametrize(
    ("size", "places"),
    [
        (Sizes(5), 9),
        (Sizes(5, stride=2), 4),
        (Sizes(4, padding=1, stride=2), 4),
        (Sizes(4, k=1), 16),
        (Sizes(5, k=5, padding=2), 25),
    ],
    ids=str,
)
def test_places_by_hand(size: Sizes, places: int) -> None:
    """Along a side of 5 a kernel of 3 has 3 places, with stride 2 but 2."""
    assert size.places() == places


def test_outputs_read_their_window() -> None:
    """k² cells in each channel."""
    assert Sizes(4, k=2, c=3).inputs() == [12] * 9
    assert Pixel(5, 2, 2).met() == 9
    assert Pixel(5, 0, 1).met() == 2
    assert inside(Pixel(7, 0, 6)) == Pixel(7, 2, 4)


def test_drawn_sizes_make_sense() -> None:
    """A kernel fits into its image, a pixel lies in it; and what is usual is not shown."""
    for number in range(20):
        size, red = sizes(3 + number % 5, Counter(number, "drawn")), pixel(5, Counter(number, "drawn"))
        assert size.k <= size.n
        assert max(red.i, red.j) < 5
        assert usual(size).given() == {"n": size.n}
