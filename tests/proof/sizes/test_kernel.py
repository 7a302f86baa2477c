"""The kernel: an unknown is what Python's integers are, every path is walked, and no certificate shows what is false."""

from __future__ import annotations

import ast
from collections.abc import Callable
from hashlib import sha256
from operator import add, eq, floordiv, ge, gt, le, lt, mul, ne, sub
from pathlib import Path as File
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnbp.proof.sizes import kernel
from cnnbp.proof.sizes.counting import holding
from cnnbp.proof.sizes.kernel import Path, Paths, Terms, Unknown, contrary, follows, plus, product, value

TEXT = File(kernel.__file__).read_text(encoding="utf-8")
SMALL = st.integers(-6, 6)
POLYNOMIALS = st.dictionaries(
    st.lists(st.sampled_from("ab"), max_size=2).map(lambda names: tuple(sorted(names))), st.integers(-4, 4).filter(bool), max_size=4
)


def test_the_kernel_is_the_one_that_was_read() -> None:
    """Whoever changes it changes this line, on purpose."""
    assert sha256(TEXT.encode()).hexdigest() == "cf1036bb253a371bae4d4561d81c395ca590c1451be049c50ac0a543c067678b"


def test_the_kernel_imports_nothing() -> None:
    """What has to be trusted is on one page."""
    assert not [node for node in ast.walk(ast.parse(TEXT)) if isinstance(node, ast.Import | ast.ImportFrom)]


@settings(max_examples=50)
@given(POLYNOMIALS, POLYNOMIALS, SMALL, SMALL, SMALL)
def test_polynomials_are_added_and_multiplied(f: Terms, g: Terms, times: int, a: int, b: int) -> None:
    """As their values are, and without terms that are 0."""
    at = {"a": a, "b": b}
    assert value(plus(f, g, times), at) == value(f, at) + times * value(g, at)
    assert value(product(f, g), at) == value(f, at) * value(g, at)
    assert all(plus(f, g, times).values())
    assert all(product(f, g).values())


@given(POLYNOMIALS, SMALL, SMALL)
def test_the_contrary(f: Terms, a: int, b: int) -> None:
    """Is ≥ 0 exactly where the polynomial is not."""
    at = {"a": a, "b": b}
    assert (value(contrary(f), at) >= 0) != (value(f, at) >= 0)


PROGRAMS: list[Callable[[Any, Any], Any]] = [
    lambda a, b: a + b * a - 3,
    lambda a, b: 7 - a * (2 * b - 1) + -b,
    lambda a, b: max(a, b) - min(0, a),
    lambda a, b: a // 3 + b // 2 - a // 2,
    lambda a, b: divmod(a * b, b * b + 1)[1],
    lambda a, b: -(-a // (max(b, 0) + 1)),
    lambda a, b: 1 if a == b else 2 if a != b + 1 and a < b else 3,
    lambda a, b: (1 if a else 2) + (4 if not b - a else 8) + ((a or b) and 3),
    lambda a, b: (a > b) + 2 * (a >= b) + 4 * (a < 2) + 8 * (1 <= b) + 16 * (3 > a),  # noqa: SIM300
]


@pytest.mark.parametrize("program", PROGRAMS)
@settings(max_examples=40)
@given(a=SMALL, b=SMALL)
def test_every_path_is_python(program: Callable[[Any, Any], Any], a: int, b: int) -> None:
    """At any integers exactly one path holds, and its answer is there what Python answers on these integers."""
    answers = []
    for path in Paths():
        try:
            answer = program(path.unknown("a"), path.unknown("b"))
        except ArithmeticError:
            answer = None
        full = holding(path, {"a": a, "b": b})
        if full is not None:
            answers.append(value(answer.terms, full) if isinstance(answer, Unknown) else answer)
    assert answers == [program(a, b)]


def test_a_divisor_that_may_be_0_is_no_divisor() -> None:
    """There is a path on which it is not, and no quotient."""
    paths = []
    for path in Paths():
        try:
            paths.append(path.unknown("a") // path.unknown("b"))
        except ArithmeticError as error:
            paths.append(str(error))
    assert [isinstance(one, Unknown) for one in paths] == [True, False]
    assert paths[1] == "a divisor may be 0 or less"


@given(SMALL, st.integers(1, 6), SMALL)
def test_a_quotient_is_known_exactly(a: int, b: int, other: int) -> None:
    """No number but Python's is allowed by the facts."""
    path = Path([])
    x, y = path.unknown("a"), path.unknown("b")
    path.facts.append((y - 1).terms)
    quotient, remainder = divmod(x, y)
    at = {"a": a, "b": b, "quotient 0": other, "remainder 0": a - b * other}
    assert all(value(fact, at) >= 0 for fact in path.facts) == (other == a // b)
    assert (value(quotient.terms, at), value(remainder.terms, at)) == (other, a - b * other)


def test_what_is_known_is_not_asked() -> None:
    """Neither constants, nor facts, nor their contraries make paths."""
    path = Path([])
    a = path.unknown("a")
    path.facts.append((a - 1).terms)
    assert (a >= 1, a < 1, a - a == 0, path.answers) == (True, False, True, [])


@pytest.mark.parametrize("other", [0.5, 2.0, 0j, "1", None, True, np.int64(1)])
def test_only_whole_numbers_are_met(other: Any) -> None:
    """Anything else would not be exact."""
    a = Path([]).unknown("a")
    for meets in (add, sub, mul, divmod, floordiv, ge, lt, eq, ne):
        with pytest.raises(TypeError):
            meets(a, other)
    for compares in (gt, le):  # to which True is the number that it is
        if other is True:
            assert compares(a, other) == compares(a, 1)
        else:
            with pytest.raises(TypeError):
                compares(a, other)
    with pytest.raises(TypeError, match="a number that is not known meets whole numbers only, got"):
        a + other


def test_paths_do_not_meet() -> None:
    """What is known of one number is not known of another."""
    a, b = Path([]).unknown("a"), Path([]).unknown("a")
    for meets in (add, sub, mul, divmod, ge, eq):
        with pytest.raises(TypeError, match="whole numbers only, got"):
            meets(a, b)
    assert a == a


# ---- certificates --------------------------------------------------------------------------------

A, B = {("a",): 1}, {("b",): 1}


@pytest.mark.parametrize(
    ("goal", "facts", "certificate"),
    [
        ({("a",): 1, ("b",): 1}, [A, B], [[1, 0], [1, 1], [1, 2]]),  # a, b ≥ 0: a + b ≥ 0
        ({("a", "b"): 1}, [A, B], [[1, 0, 1], [1, 2]]),  # and a·b ≥ 0
        (A, [{("a",): 2, (): 1}], [[1, 0], [2, 1]]),  # 2a + 1 ≥ 0: a ≥ 0, since a is whole
    ],
)
def test_what_follows(goal: Terms, facts: list[Terms], certificate: list[list[int]]) -> None:
    """With its certificate, and neither with a part of it nor with another weight."""
    assert follows(goal, facts, certificate)
    for entry in certificate:
        rest = [one for one in certificate if one is not entry]
        assert not follows(goal, facts, rest)
        assert not follows(goal, facts, [*rest, [entry[0] + 1, *entry[1:]]])


def test_of_what_cannot_be_everything_follows() -> None:
    """Which is why every claim shows an instance of what it assumes."""
    assert follows({(): -1}, [{(): -1}], [[1, 0]])


@pytest.mark.parametrize(
    "certificate",
    [
        [],
        [[0, 0]],
        [[1, 0], [1, 2], [-1, 1]],  # a − 1 − (a + 1) < 0, with a weight < 0
        [[1, 0], [1, 2], [0, 1]],
        [[1, 0], [1, -1]],  # no number of a fact, although Python would take it for one
        [[1, 0], [1, 3]],
        [[1, 0, 0, 0], [1, 2]],  # three facts
        [[1], [1, 0], [1, 2]],  # none
        [[1.0, 0], [1, 2]],  # no integer
        [[True, 0], [1, 2]],
        [[1, False], [1, 2]],
    ],
)
def test_what_is_no_certificate(certificate: Any) -> None:
    """Each is nearly one: weights of 0 or less or of another kind, and facts that are not there."""
    facts = [A, {("a",): 1, (): 1}]
    assert follows(A, facts, [[1, 0], [1, 2]])
    assert not follows(A, facts, certificate)


def test_a_weight_below_0_would_show_everything() -> None:
    """a + 1 is more than a, so that their difference refutes nothing."""
    assert not follows({(): -1}, [A, {("a",): 1, (): 1}], [[1, 0], [-1, 1]])


ENTRIES = st.lists(st.lists(st.integers(-1, 4), min_size=2, max_size=3), max_size=4)


@settings(max_examples=50)
@given(st.lists(POLYNOMIALS, max_size=4), POLYNOMIALS, SMALL, SMALL, ENTRIES)
def test_no_certificate_shows_what_is_false(facts: list[Terms], goal: Terms, a: int, b: int, certificate: list[list[int]]) -> None:
    """Where all facts are the case and the goal is not, whatever is offered is refused."""
    at = {"a": a, "b": b}
    true = [fact if value(fact, at) >= 0 else contrary(fact) for fact in facts]
    false = goal if value(goal, at) < 0 else contrary(goal)
    assert not follows(false, true, certificate)
