"""The cases on which Rocq computes what the layers compute: they come out of the layers, and are those that were recorded."""

from __future__ import annotations

import re
from typing import Any

import pytest

from cnnbp.layers import Conv2d, MaxPool2d
from cnnbp.proof.rocq import model, record


def test_they_are_those_that_were_recorded() -> None:
    """The layers still answer as they did when Rocq computed the cases; if this fails, run `make theorem` again."""
    found = record.read()
    assert found.computed == tuple(case.title for case in model.cases())
    assert found.model == record.digest(model.text())


@pytest.mark.parametrize("layer", [Conv2d, MaxPool2d])
def test_a_wrong_layer_is_another_text(monkeypatch: pytest.MonkeyPatch, layer: type) -> None:
    """What a layer answers stands in the equations."""
    right, backward = model.text(), layer.backward  # type: ignore[attr-defined]

    def wrong(self: Any, delta: Any, *args: Any) -> Any:
        return backward(self, delta[..., ::-1], *args)

    monkeypatch.setattr(layer, "backward", wrong)
    assert model.text() != right


def test_every_layer_of_the_relation_has_cases() -> None:
    """Convolution, transposed convolution and both poolings; each quantity of a case has an equation."""
    cases = list(model.cases())
    assert {case.title.split("(")[0] for case in cases} == {"Conv2d", "ConvTranspose2d", "MaxPool2d", "AvgPool2d"}
    for case in cases:
        assert len(case.equations) == (4 if "w (" in case.title else 2)


def test_a_falsified_equation_differs_in_one_number() -> None:
    """Its last number is one too large, and Rocq must prove that it does not hold."""
    for case in model.cases():
        wrong = model.falsified(case)
        (said,), (true,) = (re.findall(r"(-?\d+)]$", equation) for equation in (wrong, case.equations[0]))
        assert int(said) == int(true) + 1
        assert wrong.removesuffix(f"{said}]") == case.equations[0].removesuffix(f"{true}]")
        assert f"Goal ~ {wrong}." in model.text()
