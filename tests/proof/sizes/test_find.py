"""The search: it finds what follows, and nothing for what does not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnbp.proof.sizes.certificates import Certificates
from cnnbp.proof.sizes.checked import CLAIMS, check_claim, facts
from cnnbp.proof.sizes.claims import Goal, terms
from cnnbp.proof.sizes.falsified import TWINS
from cnnbp.proof.sizes.find import Search, find
from cnnbp.proof.sizes.kernel import Path, follows
from cnnbp.proof.sizes.source import Source, text

SOME = ("outputs.floor", "inside.floor", "transposed", "gather.view")


def test_certificates_and_instances_are_found() -> None:
    """Those of some claims, which then hold."""
    source = Source(text())
    found = find([CLAIMS[name] for name in SOME], source)
    assert all(check_claim(CLAIMS[name], source, found).holds for name in SOME)
    assert isinstance(found, Certificates)


def test_of_a_twin_none_is_found() -> None:
    """The goal is named."""
    [twin] = [twin for twin in TWINS if twin.id == "outputs.last-lost"]
    with pytest.raises(LookupError, match=r"outputs\.floor: no certificate was found that .* \(there-is-an-output\)"):
        find([CLAIMS["outputs.floor"]], Source(twin.text(text())))


@settings(max_examples=40)
@given(st.integers(-3, 3), st.integers(-3, 3), st.integers(-9, 9))
def test_exactly_what_follows(a: int, b: int, c: int) -> None:
    """Of x, y ≥ 0 follows a·x + b·y + c ≥ 0 exactly where a, b, c ≥ 0."""
    path = Path([])
    x, y = path.unknown("x"), path.unknown("y")
    path.facts = [x.terms, y.terms]
    goal = Goal("", (), a * x + b * y + c)
    found = Search().certificate(path, goal)
    assert (found is not None) == (min(a, b, c) >= 0)
    assert found is None or follows(terms(goal.shows), facts(path, goal), found)


def test_products_are_found() -> None:
    """Of two facts, of which one need not be linear."""
    path = Path([])
    x, y, z = (path.unknown(name) for name in "xyz")
    path.facts = [(x * y - 1).terms, (z - 1).terms, x.terms]
    assert Search().certificate(path, Goal("", (), x * y * z - 1)) is not None
    assert Search().certificate(path, Goal("", (), x * z)) is not None
    assert Search().certificate(path, Goal("", (), x * y * z - 2)) is None


def test_names_do_not_matter() -> None:
    """What was found for one tap serves the next, at its own places."""
    path, search = Path([]), Search()
    x, y = path.unknown("x"), path.unknown("y")
    path.facts = [(x - 1).terms, (y - 1).terms]
    one, other = (search.certificate(path, Goal("", (n,), 2 * n - 1)) for n in (x, y))
    assert one is not None
    assert other is not None
    assert follows((2 * x - 1).terms, [*path.facts, x.terms], one)
    assert follows((2 * y - 1).terms, [*path.facts, y.terms], other)
