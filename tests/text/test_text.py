"""Every code has a sentence, every sentence can be said, and what stands in its braces is data."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cnnbp
from cnnbp.evidence import Remark, remark
from cnnbp.text import ENGLISH, named, sentence, sentences

PACKAGE = Path(cnnbp.__file__).parent
SPOKEN = ("status", "run", "cli", "training", "diagnosis")  # the rooms whose codes stand as literals in their source
FOLDERS = {"status": "evidence"}
CODED = {"remark": (0, ""), "said": (0, "cli.")}  # which argument has the code, and what stands before


@cache
def codes(room: str) -> set[str]:
    """The codes that the source of a room says; those that are put together from parts apart."""
    found = set()
    for path in (PACKAGE / FOLDERS.get(room, room)).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CODED:
                position, prefix = CODED[node.func.id]
                told = node.args[position] if len(node.args) > position else None
                choices = [told.body, told.orelse] if isinstance(told, ast.IfExp) else [told]
                found |= {prefix + str(said.value) for said in choices if isinstance(said, ast.Constant)}
            if path.parent.name == "contradictions":  # tables of checks by code
                keys = node.keys if isinstance(node, ast.Dict) else []
                if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
                    keys = [node.slice]
                found |= {f"status.{key.value}" for key in keys if isinstance(key, ast.Constant) and isinstance(key.value, str)}
    return found


@pytest.mark.parametrize("room", SPOKEN)
def test_every_code_has_a_sentence(room: str) -> None:
    """None is told as a bare code."""
    assert {code for code in codes(room) if code not in sentences(ENGLISH)} == set()
    assert len(codes(room)) >= (80 if room == "status" else 1)


MISSING = (
    "theorem",
    "peer",
    "statement",
    "layer",
    "control",
    "part",
    "proof",
    "network",
    "grid",
    "bound",
    "size",
    "twin",
    "defect",
)  # put together


def test_no_sentence_of_a_status_is_left_over() -> None:
    """Each is of a check that there is."""
    parts = {"status.missing-" + what for what in MISSING}
    assert {code for code in sentences(ENGLISH) if code.startswith("status.")} - codes("status") == parts


def test_every_sentence_can_be_said() -> None:
    """Its braces close, its formats are known, and nothing but its own values is needed."""
    spoken = [code for code in sentences(ENGLISH) if code.startswith(tuple(f"{room}." for room in SPOKEN))]
    values: list[dict[str, Any]] = [dict.fromkeys(named(sentences(ENGLISH)[code]), 1) for code in spoken]
    assert [code for code, given in zip(spoken, values, strict=True) if "{" in sentence(Remark(code, given))] == []


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"layer": "Tanh", "cases": 1, "wanted": 1}, "Tanh was tried on 1 of 1 case."),
        ({"layer": "Tanh", "cases": 1, "wanted": 40}, "Tanh was tried on 1 of 40 cases."),
    ],
)
def test_numbers_are_counted(values: dict[str, Any], said: str) -> None:
    """One case, forty cases."""
    assert sentence(remark("status.cases-missing", **values)) == said


def test_what_is_no_number_is_said() -> None:
    """As a file holds it, and as it is."""
    told = {"oracle": "autograd", "quantity": "w", "layer": "L", "status": "fail", "bound": 1.0}
    assert sentence(remark("status.beyond", max_error="nan", **told)) == sentence(
        remark("status.beyond", max_error=float("nan"), **told)
    )


@settings(max_examples=40)
@given(code=st.text(max_size=9), values=st.dictionaries(st.text(max_size=9), st.text(max_size=9) | st.integers() | st.floats()))
def test_whatever_a_file_holds_is_told(code: str, values: dict[str, Any]) -> None:
    """An unknown code, values that are missing or of another type: the code and its values, and no traceback."""
    assert code in sentence(Remark(code, values)) or code in sentences(ENGLISH)
    assert "status.beyond" in sentence(Remark("status.beyond", values)) or {"max_error", "bound"} <= set(values)


def test_values_are_data() -> None:
    """No attribute and no index of a value is looked up, and braces in a value are text."""
    told = sentence(Remark("status.wrong", {"part": "{0.__class__} {x}"}))
    assert told == "{0.__class__} {x} is wrong."


def test_what_somebody_says_steers_no_terminal() -> None:
    """Neither an escape sequence nor a line of its own, nor a page of it."""
    message = "\x1b[2J\r\nPASS  Conv2d" + "x" * 9999
    said = sentence(Remark("contract.raises", {"method": "forward", "error": "E", "message": message, "at": "case"}))
    assert len(said.splitlines()) == 1
    assert "\x1b" not in said
    assert len(said) < 1000


@pytest.mark.parametrize(
    ("code", "along", "said"),
    [
        ("where.exactly.last", "h", "exactly the last row"),
        ("where.exactly.last", "1", "exactly the last index of axis 1"),
        ("where.exactly.all-but", "1", "exactly all but index 0, 2 of axis 1"),
        ("where.within.some", "h", "all at row 0, 2"),
        ("cause.flipped", "h", "it is flipped along the row axis"),
        ("cause.flipped", "0", "it is flipped along axis 0"),
        ("cause.centred", "c", "its mean along the input channel axis is taken off"),
    ],
)
def test_an_axis_is_told_by_its_word_or_its_number(code: str, along: str, said: str) -> None:
    """Once, and apart from the numbers of what lies along it."""
    assert sentence(remark(f"diagnosis.{code}", quantity="x", along=along, indices=[0, 2])) == said


@pytest.mark.parametrize(("kinks", "said"), [(0, "0 of 20 entries judged, fewer than half"), (12, "fewer than half: 12 at a kink")])
def test_what_is_none_is_not_said(kinks: int, said: str) -> None:
    """Of counts that may be 0."""
    told = sentence(remark("verification.mostly-kinks", judged=0, of=20, kinks=kinks))
    assert said in told
    assert ("kink" in told) == bool(kinks)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (remark("status.wrong", part="ladder"), "步长阶梯 有错。"),
        (remark("status.wrong", part="Conv2d"), "Conv2d 有错。"),
        (remark("status.missing-part", names=["training", "digits"], count=2), "训练、手写数字"),
        (remark("status.contradicted", record="ladder"), "步长阶梯"),
    ],
)
def test_parts_of_a_run_are_named_in_the_language_of_the_sentence(told: Remark, said: str) -> None:
    """Layers keep the names that they have in code."""
    assert said in sentence(told, "zh")
    assert "步长" not in sentence(told)
