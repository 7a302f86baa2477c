"""The code to paste runs, and comes to the same verdict, to the last bit of its arrays."""

from __future__ import annotations

import contextlib
import io
import re
from typing import Any

import numpy as np
import pytest

import cnnbp
from cnnbp.evidence import Verdict
from cnnbp.layers.checks import Array
from tests.helpers.layers import gaussian
from tests.helpers.wrong import Loops, Turned


def pasted(verdict: Verdict) -> tuple[str, str]:
    """The code, and what it prints."""
    code, printed = verdict.reproduce(), io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, "pasted", "exec"), {})
    return code, printed.getvalue()


def same(printed: str, verdict: Verdict) -> bool:
    """Whether the same text came out."""
    return printed.strip() == str(verdict).strip()


@pytest.mark.parametrize("shapes", [((2, 1, 3, 3), (1, 1, 2, 2)), ((2, 3, 8, 9), (4, 3, 3, 2))])
@pytest.mark.parametrize("given", [False, True])
def test_what_is_pasted_comes_to_the_same(shapes: Any, given: bool) -> None:
    """Few numbers as such, many as bytes; the residual only where it was given, since the seed draws it again."""
    x, w = gaussian(*shapes)
    delta = gaussian(Loops().forward(x, w).shape, seed=9)[0] if given else None
    verdict = cnnbp.verify(Turned(), x, w, like=cnnbp.Conv2d(), delta=delta, seed=11)
    code, printed = pasted(verdict)
    assert same(printed, verdict)
    assert ("delta=delta" in code) == given
    assert ("base64" in code) == (x.size > 100)
    assert re.findall(r"^(?:import|from) (\S+)", code, re.MULTILINE) == [
        *(["base64", "zlib"] if x.size > 100 else []), "numpy", "cnnbp", "tests.helpers.wrong",
    ]  # fmt: skip


def test_options_and_layouts_are_kept() -> None:
    """A layer of ours with its options, arrays in Fortran order, names, what is skipped."""
    x, w = map(np.asfortranarray, gaussian((1, 2, 5, 4), (2, 2, 2, 2)))
    verdict = cnnbp.verify(cnnbp.Conv2d(stride=2, padding=(1, 0)), x, w, names=("weight",), skip=("weight",))
    code, printed = pasted(verdict)
    assert "cnnbp.Conv2d(stride=2, padding=(1, 0))" in code
    assert "asfortranarray" in code
    assert "skip=('weight',)" in code
    assert same(printed, verdict)


def test_where_the_case_is_right_the_code_has_the_numbers_that_are_not() -> None:
    """As Hypothesis shrinks them, all 0: integers that can be followed by hand stand in their place."""
    verdict = cnnbp.verify(
        Turned(), np.zeros((1, 1, 2, 2)), np.zeros((1, 1, 2, 2)), delta=np.full((1, 1, 1, 1), 2.0), like=cnnbp.Conv2d()
    )
    code, printed = pasted(verdict)
    assert "not the arrays of the case" in code
    assert printed.startswith("FAIL")
    assert ", on integers" in str(verdict).split("oracle  ")[0]
    assert ", on integers" not in printed.split("oracle  ")[0]


def test_numbers_to_follow_by_hand() -> None:
    """Whole numbers, the layer's answer and the right one, which are what the layers answer there."""
    verdict = cnnbp.verify(
        Turned(), np.zeros((1, 1, 2, 2)), np.zeros((1, 1, 2, 2)), delta=np.full((1, 1, 1, 1), 2.0), like=cnnbp.Conv2d()
    )
    (said,) = (p for p in verdict.patterns if p.code == "diagnosis.by-hand")
    found: dict[str, Array] = {}
    exec("\n".join(str(line) for line in said.values["given"]), {}, found)  # type: ignore[union-attr]
    arrays = {name: np.array(a, float) for name, a in found.items()}
    assert set(arrays) == {"x", "w", "delta"}
    assert all(np.array_equal(a, np.rint(a)) and np.abs(a).max() <= 9 for a in arrays.values())
    for layer, side in ((Turned(), "actual"), (cnnbp.Conv2d(), "expected")):
        assert np.array_equal(layer.backward(arrays["delta"], arrays["x"], arrays["w"])[0], eval(str(said.values[side])))
    assert f"right is {said.values['expected']}" in str(verdict)


def test_what_is_too_large_is_said() -> None:
    """A line that says so stands in its place."""
    verdict = cnnbp.verify(Turned(), gaussian((1, 1, 250, 80))[0], gaussian((1, 1, 240, 75))[0], like=cnnbp.Conv2d(), budget=0.01)
    assert "too large to stand here: float64 of shape (1, 1, 250, 80), 160000 bytes" in verdict.reproduce()


def test_of_a_class_in_a_function_only_the_name_is_known() -> None:
    """Then the code says that the layer is to be put there."""

    class Local(Loops):
        pass

    code = cnnbp.verify(Local(), *gaussian((1, 1, 3, 3), (1, 1, 2, 2)), like=cnnbp.Conv2d()).reproduce()
    assert "layer = ...  # the layer under test" in code
