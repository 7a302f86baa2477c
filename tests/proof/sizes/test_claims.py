"""Claims in letters and on numbers."""

from __future__ import annotations

from cnnbp.proof.sizes.claims import Claim, Goals, Numbers, inequality, names, number, terms
from cnnbp.proof.sizes.kernel import Path
from cnnbp.proof.sizes.source import Source, text

PATH = Path([])
A, B = PATH.unknown("a"), PATH.unknown("b")


def test_letters() -> None:
    """An inequality without a minus."""
    assert [inequality(fact) for fact in (A - 1, B, A - 2 * B, 3 - A * B, -A)] == ["a ≥ 1", "b ≥ 0", "a ≥ 2·b", "3 ≥ a·b", "0 ≥ a"]


def test_numbers_known_and_not() -> None:
    """Of both there are terms and names."""
    assert (terms(3), terms(0), terms(A)) == ({(): 3}, {}, {("a",): 1})
    assert names(A * B, 3, B - 1) == {"a", "b"}
    assert number(-4) == -4


def test_goals_are_said_once() -> None:
    """The same of the same is one goal; of other facts it is another."""
    g = Goals()
    assert g.show("one", [A], B, B) == [A, B, B]
    g.show("one", [A, A - 1], B)
    g.equal("two", [], A, B)
    assert [goal.label for goal in g] == ["one", "one", "two", "two"]


def test_what_is_known_is_used_where_its_premises_are_given() -> None:
    """Word for word, or where the goal speaks of what it is about."""
    g = Goals()
    g.know([A - 1], [B - 7])
    g.know([], [A + 9], about=B)
    for given, shows in (([A - 1], A), ([A - 2], A), ([A], B)):
        g.show("", given, shows)
    assert [[inequality(fact) for fact in goal.given] for goal in g] == [["a ≥ 1", "b ≥ 7"], ["a ≥ 2"], ["a ≥ 0", "a + 9 ≥ 0"]]


def _outputs_are_few(source: Source, u: Numbers, g: Goals) -> None:
    g.show("few", [], 2 - source.Axis("h", u.size, 1, 1, 0, 1).outputs)


def test_a_claim_on_integers() -> None:
    """The source runs on them: a goal that is false there is found, and nothing where what is assumed is not the case."""
    claim, source = Claim("made-up", {"size": 1}, (), _outputs_are_few, lambda u: [5 - u.size]), Source(text())
    assert claim.hypotheses() == ("size ≥ 1", "5 ≥ size")
    false = claim.false_at(source, {"size": 4})
    assert false is not None
    assert (false.label, number(false.shows)) == ("few", -2)
    assert claim.false_at(source, {"size": 2}) is None
    assert claim.false_at(source, {"size": 6}) is None
