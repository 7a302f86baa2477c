"""What met in a case, class by class: every case has a class of every factor, and what cannot be never is."""

from __future__ import annotations

from itertools import combinations

import pytest

from cnnbp.cases import Case, Counter, coverage
from cnnbp.operators import OPERATORS


def _cases(operator: str, count: int) -> list[Case]:
    return [OPERATORS[operator].draw(Counter(1, f"{operator}/{i}")) for i in range(count)]


@pytest.mark.parametrize("operator", OPERATORS)
def test_every_case_has_a_class_of_every_factor(operator: str) -> None:
    """One that is listed; and no two that no case can be of."""
    factors = coverage.classes(OPERATORS[operator])
    possible = {(one, other): rows for one, other, rows in coverage.pairs(factors)}
    assert list(possible) == list(combinations(factors, 2))
    for case in _cases(operator, 60):
        found = dict(coverage.of(case))
        assert set(found) == set(factors)
        assert all(name in factors[factor] for factor, name in found.items())
        for (one, other), rows in possible.items():
            assert rows[factors[one].index(found[one])][factors[other].index(found[other])]


@pytest.mark.parametrize(
    ("operator", "fixed", "expected"),
    [
        ("Conv2d", {"stride": (1, 3), "kernel_size": (3, 2), "padding": 0, "dilation": 1, "groups": 1, "bias": False},
         {"stride": "3 and more", "windows": "overlapping", "padding": "0", "dilation": "1", "groups": "1", "bias": "off"}),
        ("Conv2d", {"stride": 2, "kernel_size": 1, "padding": (0, 1)}, {"windows": "one cell", "padding": "beyond the window"}),
        ("MaxPool2d", {"kernel_size": 2, "stride": None, "padding": 0, "dilation": 1, "ceil_mode": True},
         {"stride": "2", "windows": "apart", "ceil_mode": "on"}),
        ("ConvTranspose2d", {"stride": 3, "output_padding": (0, 2)}, {"stride": "3 and more", "remainder": "2 and more"}),
        ("AvgPool2d", {"kernel_size": 3, "padding": 1, "count_include_pad": False},
         {"padding": "within the window", "count_include_pad": "off"}),
        ("BatchNorm2d", {"training": False}, {"training": "off", "bias": "on"}),
    ],
)  # fmt: skip
def test_classes_are_those_of_the_options(operator: str, fixed: dict[str, object], expected: dict[str, str]) -> None:
    """The larger of both axes counts."""
    for number in range(8):
        found = dict(coverage.of(OPERATORS[operator].draw(Counter(2, str(number)), **fixed)))
        assert {factor: found[factor] for factor in expected} == expected


def test_a_few_hundred_cases_leave_few_pairs_out() -> None:
    """Of convolutions 200 meet nine in ten pairs, and all in which nothing is rare."""
    factors, met = coverage.classes(OPERATORS["Conv2d"]), set()
    for case in _cases("Conv2d", 200):
        met |= set(combinations(dict(coverage.of(case)).items(), 2))
    wanted = [
        ((one, a), (other, b))
        for one, other, rows in coverage.pairs(factors)
        for a, row in zip(factors[one], rows, strict=True)
        for b, can in zip(factors[other], row, strict=True)
        if can
    ]
    missing = [pair for pair in wanted if pair not in met]
    assert len(missing) < len(wanted) / 10
    assert [pair for pair in missing if not {"sizes", "special"} & {factor for factor, _ in pair}] == []
