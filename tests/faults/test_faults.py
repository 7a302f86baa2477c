"""Every wrong layer of the catalogue is caught on drawn cases, and no unusual right one is ever accused."""

from __future__ import annotations

import dataclasses
import inspect
from collections import Counter as Tally

import pytest

import cnnbp
from cnnbp.cases import DRAW, Counter
from cnnbp.evidence import Verdict
from cnnbp.faults import FAULTS, UNUSUAL, Fault, Unusual

CASES = 100  # drawn for a fault before it counts as not caught
ACQUITTALS = 60  # drawn for each right layer
SLOW = {"conv-sparse-matrix": 15}  # its own products take a tenth of a second


def _verdict(entry: Fault | Unusual, seed: int, number: int) -> Verdict:
    case = DRAW[entry.operator](Counter(seed, f"{entry.id}/{number}"))
    return cnnbp.verify(entry.make(**case.options), *case.args, delta=case.delta, like=case.layer, seed=number)


def _caught(fault: Fault, seed: int) -> int | None:
    """The number of the first drawn case that convicts."""
    return next((i for i in range(CASES) if _verdict(fault, seed, i).status == "fail"), None)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.id)
def test_every_fault_is_caught(fault: Fault) -> None:
    """`verify` with the reference convicts it on one of a hundred drawn cases."""
    assert _caught(fault, seed=0) is not None, f"{fault.claim}: not caught; it shows with {fault.trigger}"


@pytest.mark.parametrize("entry", UNUSUAL, ids=lambda entry: entry.id)
def test_no_right_layer_is_accused(entry: Unusual) -> None:
    """Never "fail"; and mostly "pass", since an abstention would hide an accusation."""
    verdicts = [_verdict(entry, 1, number) for number in range(SLOW.get(entry.id, ACQUITTALS))]
    assert [v.reasons for v in verdicts if v.status == "fail"] == []
    assert Tally(v.status for v in verdicts)["pass"] > 0.7 * len(verdicts)


def test_most_faults_are_caught_at_once() -> None:
    """The drawn cases are not tame: three faults in four fall to the first three of them."""
    early = [fault.id for fault in FAULTS if any(_verdict(fault, 2, i).status == "fail" for i in range(3))]
    assert len(early) > 0.75 * len(FAULTS)


def test_the_drawn_cases_know_every_operator() -> None:
    """Whoever has a fault or an unusual implementation can be asked by `cnnbp.cases.DRAW`."""
    assert {entry.operator for entry in (*FAULTS, *UNUSUAL)} <= set(DRAW)


def test_catalogue_is_complete() -> None:
    """Names are unique, every field says something, and every operator except the identity has a fault of its own."""
    entries = (*FAULTS, *UNUSUAL)
    assert len({entry.id for entry in entries}) == len(entries)
    assert all(getattr(e, f.name) for e in entries for f in dataclasses.fields(e))
    assert {fault.operator for fault in FAULTS} == set(DRAW) - {"Identity"}


@pytest.mark.parametrize("entry", [*FAULTS, *UNUSUAL], ids=lambda entry: entry.id)
def test_makes_the_layer_of_its_operator(entry: Fault | Unusual) -> None:
    """`make` takes the options of the reference and gives a layer with both methods; a fresh one for each call."""
    case = DRAW[entry.operator](Counter(3, entry.id))
    layer, another = entry.make(**case.options), entry.make(**case.options)
    assert layer is not another
    assert inspect.ismethod(layer.forward)
    assert inspect.ismethod(layer.backward)
