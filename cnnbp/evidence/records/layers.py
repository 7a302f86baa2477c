"""The reference layers and the controls: what each oracle said of how many cases, what could not be judged, what failed."""

from __future__ import annotations

from pydantic import PositiveInt

from ..kinds import Kind
from ..numbers import Number
from ..verdict import Remark, Verdict
from .base import Count, Id, Many, Name, Record, Text


class Tally(Record):
    """What one oracle said of one layer. Each case counts once; "autograd, exact" counts the exact runs apart.

    It counts as failed where the oracle found anything wrong, else as passed where it agreed on anything but zeros, else as
    abstained where it left anything to others, or was not asked at all, else as vacuous.
    """

    passed: Count
    partly: Count
    """Of these, the cases in which it left some quantity to others."""
    failed: Count
    abstained: Count
    vacuous: Count
    judged: Count
    """Entries."""
    left_out: Count
    worst_ratio: Number | None
    """Of what passed."""
    resolution: Number | None
    kinds: tuple[Kind, ...]


class Quantity(Record):
    """What the oracles said of one quantity, or of one point of the contract, over the cases that have it."""

    cases: Count
    silent: Count
    """Of these, the cases in which no oracle came to a verdict on it."""
    coarse: Count = 0
    """Of the others, the cases in which all that was said of it is too coarse, or is said of fewer than half of its entries."""
    oracles: dict[Name, Tally]
    """Of those that spoke of it, if only to abstain; a case in which one did not speak of it counts nowhere."""


class Doubt(Record):
    """Why some quantity could not be judged, in how many cases, and how many entries were left out in them."""

    quantity: Name
    remark: Remark
    cases: PositiveInt
    left_out: Count


class Failure(Record):
    """A layer that is wrong: the simplest of its failing cases, and what all of them have in common."""

    number: Count
    """Of the case, so that `rerun` draws it again."""
    traits: Many[Name]
    options: dict[Name, Text]
    verdict: Verdict
    failures: PositiveInt
    quantities: dict[Name, PositiveInt]
    """In how many of the failing cases each quantity, or point of the contract, was wrong."""
    common: Many[Remark]
    rerun: Text
    among: dict[Name, dict[Text, PositiveInt]]
    """Of each option, size and trait the values that the failing cases have, and in how many of them."""


class Met(Record):
    """How often the classes of two factors met in one case: rows are those of one, columns those of the other."""

    one: Name
    other: Name
    counts: Many[Many[Count | None]]
    """None where no case can be of both."""


class Layer(Record):
    """One operator of the reference CNN over all its cases."""

    operator: Name
    cases: Count
    passed: Count
    inconclusive: Count
    failed: Count
    oracles: dict[Name, Tally]
    """By case."""
    quantities: dict[Name, Quantity]
    """The same pieces of evidence by quantity."""
    options: dict[Name, dict[Text, PositiveInt]]
    classes: dict[Name, Many[Name]]
    """Of each factor in which cases differ, the classes that are told apart."""
    pairs: Many[Met]
    """Each two factors once, in their order."""
    resolution: Number | None
    """In every case that passed a defect in floats would have been seen in any entry of any quantity, if it was this share of the
    largest entry: of each quantity by whoever saw it finest. Where rounding hides more than a thousandth of it, integers decided,
    and it does not count here. None where no floats were judged."""
    doubts: Many[Doubt]
    failure: Failure | None


class Wrong(Record):
    """A control: a layer that is wrong on purpose. `by` says which oracle caught it, on which quantity."""

    id: Id
    operator: Name
    claim: Text
    source: Text
    caught: bool
    cases: Count
    by: Text


class Right(Record):
    """A control: a layer that is right but unusual, and must not be failed."""

    id: Id
    operator: Name
    claim: Text
    cases: Count
    failure: Verdict | None


class Controls(Record):
    """Layers with which the harness itself is tested."""

    wrong: Many[Wrong]
    right: Many[Right]
