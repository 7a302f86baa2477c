"""A record says everything about its operator: a fact that is forgotten is an error at once."""

from __future__ import annotations

from dataclasses import MISSING, fields, replace
from inspect import signature

import pytest

import cnnbp
from cnnbp import layers
from cnnbp.operators import OF_LAYER, OPERATORS, Operator, operator_of
from cnnbp.operators.record import AlongDirections, EntryByEntry, Integers, Silent
from cnnbp.oracles import autograd
from cnnbp.text import sentences
from tests.helpers.layers import reference

FACTS = [field.name for field in fields(Operator)]


@pytest.mark.parametrize("fact", FACTS)
def test_a_fact_left_out_is_an_error(fact: str) -> None:
    """No field of a record has a default."""
    facts = {field.name: getattr(OPERATORS["Conv2d"], field.name) for field in fields(Operator) if field.name != fact}
    with pytest.raises(TypeError, match=f"missing 1 required keyword-only argument: '{fact}'"):
        Operator(**facts)


@pytest.mark.parametrize("part", [AlongDirections, EntryByEntry, Integers, Silent])
def test_nor_has_a_part_of_a_record(part: type) -> None:
    """What a method needs is given, or said to be unknown."""
    assert all(field.default is MISSING and field.default_factory is MISSING for field in fields(part))


def test_every_layer_has_its_record() -> None:
    """Every operator of the reference CNN, under its own name, and nobody else's layer."""
    known = {name for name in layers.__all__ if hasattr(getattr(layers, name), "backward")} - {"Layer", "Network"}
    assert set(OPERATORS) == known
    assert all(OF_LAYER[record.layer] is record and record.layer.__name__ == name for name, record in OPERATORS.items())

    class Mine(cnnbp.Conv2d):
        """Derived from ours, and not ours."""

    assert operator_of(Mine()) is None
    assert operator_of(cnnbp.Conv2d()) is OPERATORS["Conv2d"]


@pytest.mark.parametrize("name", OPERATORS)
def test_records_agree_with_their_layers(name: str) -> None:
    """Names of arguments, gradients and axes are those of the layer; PyTorch knows the operator."""
    import torch

    record, layer = OPERATORS[name], reference(name)
    of_forward = list(signature(layer.forward).parameters)
    assert list(record.arguments[: len(of_forward)])[:1] == of_forward[:1] == ["x"]
    assert set(record.gradients) <= set(record.arguments)
    assert set(record.indices) <= set(record.arguments) - set(record.gradients)
    assert set(record.axes) == {"y", *record.gradients}
    assert set(record.differences) >= set(record.gradients)
    assert set(record.unused) <= set(vars(layer))
    assert set(record.options(layer)) == set(vars(layer)) - set(record.unused)
    assert name in autograd.functions(torch)


@pytest.mark.parametrize("name", OPERATORS)
def test_silence_has_a_sentence(name: str) -> None:
    """Whatever is not known of an operator is told by a code that has a sentence, which names the operator."""
    record = OPERATORS[name]
    silent = [fact for fact in (getattr(record, field.name) for field in fields(Operator)) if isinstance(fact, Silent)]
    silent += [plan for plan in record.differences.values() if isinstance(plan, Silent)]
    assert all("{operator}" in sentences("en")[fact.code] for fact in silent)


def test_records_are_what_they_are() -> None:
    """Frozen; and two of the same facts are not the same record."""
    record = OPERATORS["Dense"]
    with pytest.raises(AttributeError):
        record.indices = ("x",)  # type: ignore[misc]
    assert replace(record) != record
