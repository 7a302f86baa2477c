"""Every wrong layer of the catalogue is caught on drawn cases, and no right one ever fails."""

from __future__ import annotations

import dataclasses
import inspect
from collections import Counter as Tally
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import Any

import numpy as np
import pytest

from cnnbp.cases import Case, Counter
from cnnbp.evidence import Verdict
from cnnbp.faults import FAULTS, RIGHT, RIGHT_CONTROLS, USUAL, WRONG_CONTROLS, Fault, Right
from cnnbp.faults.catalogue import distort
from cnnbp.operators import OPERATORS
from cnnbp.run import controls
from cnnbp.text import sentences
from cnnbp.text.verdict import page

SPREAD = WRONG_CONTROLS[::5]  # each run of the whole asks all of them, as its controls
MOST = 200  # cases drawn for a fault before it counts as not caught
FIRST = 3  # of these each is judged; of later ones those at which the fault shows at once, which is seen sooner
CASES = 1  # drawn for each right layer; a run draws many


def _verdict(entry: Fault | Right, seed: int, number: int) -> Verdict:
    return controls.asked(entry, controls.drawn(entry, number, seed), number)


@cache
def _verdicts(fault: Fault) -> list[Verdict]:
    """On drawn cases, until one is judged a failure; on no more than MOST."""
    found: list[Verdict] = []
    for number in _in_order(fault):
        found.append(_verdict(fault, 0, number))
        if found[-1].status == "fail":
            break
    return found


def _in_order(fault: Fault) -> Iterator[int]:
    """Of the cases: the first, then those at which the fault answers otherwise than the oracles, then all others."""
    yield from range(FIRST)
    alike = []
    for number in range(FIRST, MOST):
        case = controls.drawn(fault, number, 0)
        if _answers(fault.make(**case.options), case) == _answers(distort(type(case.layer))(**case.options), case):
            alike.append(number)
        else:
            yield number
    yield from alike


@pytest.mark.parametrize("fault", SPREAD, ids=lambda fault: fault.id)
def test_faults_are_caught(fault: Fault) -> None:
    """`verify` with the reference fails it on one of two hundred drawn cases; `cnnbp faults` asks about the others."""
    assert _verdicts(fault)[-1].status == "fail", f"{fault.claim}: not caught; it shows with {fault.trigger}"


def test_every_fault_is_told_in_sentences() -> None:
    """Whatever is wrong with a layer, people read no code, and each reason is a sentence of its own."""
    for verdict in (verdict for fault in SPREAD[::2] for verdict in _verdicts(fault)):
        text = page(verdict)
        assert not any(f"{room}." in text for room in ("verification", "contract", "oracles", "operators")), text
        assert not any("{" in reason for reason in verdict.reasons)
        assert len(set(verdict.reasons)) == len(verdict.reasons)
        assert (verdict.status == "pass") == (verdict.reasons == ())


@cache
def _of_right(entry: Right) -> list[Verdict]:
    return [_verdict(entry, 1, number) for number in range(CASES)]


@pytest.mark.parametrize("entry", RIGHT_CONTROLS, ids=lambda entry: entry.id)
def test_no_right_layer_fails(entry: Right) -> None:
    """On no drawn case."""
    assert [str(v) for v in _of_right(entry) if v.status == "fail"] == []


def test_right_layers_pass() -> None:
    """Nearly always: an inconclusive verdict would hide a wrong one."""
    found = Tally(v.status for entry in RIGHT_CONTROLS for v in _of_right(entry))
    assert found["pass"] > 0.9 * found.total()


def test_most_faults_are_caught_at_once() -> None:
    """The drawn cases ask for much: three faults in four are caught by the first three of them."""
    usual = [fault for fault in SPREAD if fault in USUAL]
    assert sum(len(_verdicts(fault)) <= FIRST for fault in usual) > 0.75 * len(usual) > 20


def test_catalogue_is_complete() -> None:
    """Ids are unique, every field says something, and every operator except the identity has a fault of its own."""
    entries = (*FAULTS, *RIGHT)
    assert len({entry.id for entry in entries}) == len(entries)
    assert all(getattr(e, f.name) for e in entries for f in dataclasses.fields(e) if f.name != "at")
    assert {fault.operator for fault in FAULTS} == set(OPERATORS) - {"Identity"}
    assert {layer.operator for layer in RIGHT} <= set(OPERATORS)


def test_nothing_is_told_of_controls_that_are_gone() -> None:
    """Every id in the text file is the id of a control."""
    told = {code.split(".")[1] for code in sentences("en") if code.startswith("faults.")}
    assert told == {entry.id for entry in (*FAULTS, *RIGHT)}


def test_makes_the_layer_of_its_operator() -> None:
    """`make` takes the options of the reference and gives a layer with both methods; a fresh one for each call."""
    for entry in (*FAULTS, *RIGHT):
        case = controls.drawn(entry, 3, 3)
        layer, another = entry.make(**case.options), entry.make(**case.options)
        assert layer is not another, entry.id
        assert inspect.ismethod(layer.forward), entry.id
        assert inspect.ismethod(layer.backward), entry.id


def test_there_are_enough_of_either() -> None:
    """The catalogue is what the command says; a run takes all that show at usual numbers, and some of the others."""
    assert len(FAULTS) >= 250
    assert len(RIGHT) >= 40
    assert {*USUAL} < {*WRONG_CONTROLS} < {*FAULTS}
    assert {*RIGHT_CONTROLS} < {*RIGHT}


def _small(operator: str) -> Iterator[Case]:
    """Drawn cases without end, of few numbers."""
    drawn = (OPERATORS[operator].draw(Counter(5, f"{operator}/{number}")) for number in range(1000))
    return (case for case in drawn if sum(a.size for a in (*case.args, case.delta)) <= 200)


def _answers(layer: Any, case: Case) -> list[tuple[tuple[int, ...], bytes]] | str:
    """All that it answers in a first call, to the last bit; or what it raises."""
    try:
        return [(a.shape, a.tobytes()) for a in _first(layer, case)]
    except Exception as error:
        return type(error).__name__


def _digits(layer: Any, case: Case) -> bytes:
    """The same to ten digits of the largest entry."""
    try:
        found = _first(layer, case)
    except Exception as error:
        return type(error).__name__.encode()
    with np.errstate(all="ignore"):
        parts = [(a.shape, np.round(a / max(np.abs(a).max(initial=0), 1e-300), 10) + 0.0) for a in found]
    return b"".join(str(shape).encode() + np.asarray(a, float).tobytes() for shape, a in parts)


def _first(layer: Any, case: Case) -> list[Any]:
    """y and the gradients of a first call, asked with copies."""
    args = [a.copy() for a in case.args]
    with np.errstate(all="ignore"):
        y, answers = layer.forward(*args), layer.backward(case.delta.copy(), *args)
    return [np.asarray(a) for a in (y, *(answers if isinstance(answers, (tuple, list)) else (answers,)))]


@pytest.mark.parametrize("operator", sorted({fault.operator for fault in FAULTS}))
def test_no_two_faults_are_the_same_layer(operator: str) -> None:
    """Some drawn case tells them apart; but for those that are right in a first call at usual numbers."""
    shown, groups = set[str](), [[fault for fault in FAULTS if fault.operator == operator]]
    for number, case in enumerate(islice(_small(operator), 100)):
        right, apart = _digits(case.layer, case), dict[tuple[int, bytes], list[Fault]]()
        for place, group in enumerate(groups):
            for fault in group:
                said = _digits(fault.make(**case.options), case)
                apart.setdefault((place, said), []).append(fault)
                shown |= {fault.id} if said != right else set()
        groups = [group if number < 5 else [f for f in group if f.id in shown] for group in apart.values()]
        groups = [group for group in groups if len(group) > 1]
        if not groups:
            break
    assert [[fault.id for fault in group] for group in groups] == []
