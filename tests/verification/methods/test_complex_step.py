"""The complex step: what it alone sees, of which layers it says nothing, and that its bound holds and bites."""

from __future__ import annotations

import numpy as np
import pytest

import cnnbp
from cnnbp.evidence import Evidence
from cnnbp.faults.catalogue import distort
from cnnbp.operators import OPERATORS
from cnnbp.operators.record import EntryByEntry, Silent
from cnnbp.verification.examination import Examination
from cnnbp.verification.methods import complex_step
from tests.helpers.layers import arguments, at_the_case, bent, case, code, question, raised, reference, subject

ANALYTIC = [name for name, record in OPERATORS.items() if not isinstance(record.complex_forward, Silent)]
MIXED = [name for name in ANALYTIC if not isinstance(OPERATORS[name].differences["x"], EntryByEntry)]
SILENT = [name for name in OPERATORS if name not in ANALYTIC]


def _found(operator: str, number: int, tier: int = 1, factor: float = 1.0) -> list[Evidence]:
    """What the complex step finds at a drawn case, with dx off by a factor."""
    drawn = case(operator, number)
    layer = distort(type(drawn.layer), dx=lambda dx, _: factor * dx)(**drawn.options)
    asked = question(drawn)
    return list(complex_step.evidence(Examination.of(subject(layer, asked), asked, number), tier))


def test_it_speaks_where_it_can() -> None:
    """Of smooth activations at every entry, of losses and of batch normalisation along a direction."""
    assert set(ANALYTIC) == {"Sigmoid", "Tanh", "Softplus", *MIXED}
    assert set(MIXED) == {"HalfSquaredError", "SoftmaxCrossEntropy", "BatchNorm2d"}


@pytest.mark.parametrize("operator", MIXED)
@pytest.mark.parametrize("tier", [1, 2])
def test_right_gradients_are_within_its_bound(operator: str, tier: int) -> None:
    """On every drawn case, one piece of evidence for each gradient, none a failure."""
    with np.errstate(all="ignore"):
        for number in range(25):
            found = _found(operator, number, tier)
            assert [e.quantity for e in found] == list(question(case(operator, number)).operands)
            assert all(e.status != "fail" for e in found)


@pytest.mark.parametrize("operator", MIXED)
def test_a_gradient_off_by_a_millionth_is_not(operator: str) -> None:
    """On gaussian cases, and only the gradient that is off."""
    plain = (n for n in range(80) if case(operator, n).traits[::2] == ("gaussian", "nothing"))
    numbers = [n for n in plain if case(operator, n).args[0].size > 4][:5]
    assert numbers
    for number in numbers:
        found = {e.quantity: e.status for e in _found(operator, number, factor=1 + 1e-6)}
        assert {quantity for quantity, status in found.items() if status == "fail"} == {"x"}


@pytest.mark.parametrize("operator", ["Sigmoid", "Tanh", "Softplus"])
def test_elementwise_layers_are_asked_at_every_entry(operator: str) -> None:
    """One entry that is off by 10⁻¹² is seen, and named."""
    verdict = cnnbp.verify(bent(operator, dx=raised(1e-12, 3)), *arguments(operator), like=reference(operator))
    finding = at_the_case(verdict, "complex_step", "x")
    assert finding.status == "fail"
    assert finding.index == tuple(np.unravel_index(3, arguments(operator)[0].shape))


@pytest.mark.parametrize("operator", SILENT)
def test_silence_is_named(operator: str) -> None:
    """What is linear in each argument, or has a kink, is an abstention with the record's reason."""
    record = OPERATORS[operator].complex_forward
    found = [e for e in cnnbp.verify(reference(operator), *arguments(operator)).evidence if e.oracle == "complex_step"]
    assert isinstance(record, Silent)
    assert found
    assert all((e.status, code(e)) == ("abstain", record.code) for e in found)
