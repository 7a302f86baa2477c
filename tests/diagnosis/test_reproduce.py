"""The code to paste runs, and comes to the same verdict, to the last bit of its arrays."""

from __future__ import annotations

import contextlib
import io
import re
from functools import partial
from typing import Any

import numpy as np
import pytest
import torch

import cnnbp
from cnnbp.evidence import Verdict
from cnnbp.layers.checks import Array
from tests.helpers import made
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


@pytest.mark.parametrize("shapes", [((2, 1, 3, 3), (1, 1, 2, 2)), ((2, 3, 5, 4), (4, 3, 3, 2))])
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


def _changed(layer: Any, **attributes: Any) -> Any:
    for name, value in attributes.items():
        setattr(layer, name, value)
    return layer


MADE: dict[str, Any] = {
    "a number": lambda: made.Times(3),
    "of NumPy": lambda: made.Times(np.float32(0.1)),
    "an array": lambda: made.Times(np.array([1.0, 2.0, 0.1])),
    "an array of float16 in Fortran order": lambda: made.Times(np.asfortranarray(np.arange(6, dtype=np.float16).reshape(2, 3))),
    "many numbers": lambda: _changed(made.Times(2), table=np.linspace(1, 2, 150)),
    "in slots": lambda: made.Slotted(3),
    "infinite": lambda: _changed(made.Times(2.0), limit=float("-inf"), nothing=float("nan")),
    "under another name": lambda: made.Hidden(0.3),
    "kept nowhere": lambda: made.Worked(1.7),
    "changed later": lambda: _changed(made.Times(2), factor=5),
    "with more than it was made with": lambda: _changed(made.Times(2), note={"k": [1, (2,), {3}]}, dtype=np.dtype("float16")),
    "in a class": lambda: made.Outer.Inner(0.7),
    "called as an array is": lambda: made.x(0.7),
    "a dataclass": lambda: made.Held(np.float64(0.7), made.Times(4)),
    "functions": lambda: cnnbp.from_functions(made.forward, made.backward),
    "an object with attributes": lambda: cnnbp.from_layer(made.Cached(3), params=("w",), grads=("dw",)),
    "attributes that were changed": lambda: cnnbp.from_layer(
        _changed(made.Cached(3), w=np.array([0.1, 0.2, 0.3])), params=("w",), grads=("dw",)
    ),
    "a function of PyTorch": lambda: cnnbp.from_torch(torch.tanh),
}


@pytest.mark.parametrize("way", MADE)
def test_a_layer_is_made_as_it_was(way: str) -> None:
    """What its constructor was given, or what it holds where that is kept nowhere, as it was before it was asked."""
    verdict = cnnbp.verify(MADE[way](), gaussian((2, 3))[0])
    code, printed = pasted(verdict)
    assert same(printed, verdict), code
    assert "could not" not in code
    assert ("base64" in code) == (way == "many numbers")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"conventions": "any"}, "conventions='any'"),
        ({"dtype": np.float32}, "dtype='float32'"),
        ({"dtype": torch.float32, "waive": ["repeats"]}, "waive=['repeats']"),
        ({"budget": 60.0}, "budget=60.0"),
        ({"names": ("lambda",)}, "a_lambda"),
        ({"names": ("np",)}, "a_np"),
    ],
)
def test_what_was_asked_is_asked_again(asked: dict[str, Any], said: str) -> None:
    """Every argument of the call; names that code cannot have stand under others."""
    layer, args = (cnnbp.ReLU(), [np.zeros((2, 3))]) if "names" not in asked else (cnnbp.Dense(), gaussian((2, 3), (2, 3)))
    verdict = cnnbp.verify(layer, *args, **asked)
    code, printed = pasted(verdict)
    assert said in code
    assert same(printed, verdict), code


def test_names_that_look_alike_stay_apart() -> None:
    """Of two parameters that code would call the same, each keeps its own numbers."""
    verdict = cnnbp.verify(cnnbp.Dense(), *gaussian((2, 3), (2, 3), (2,)), names=("w 1", "w_1"))
    assert same(pasted(verdict)[1].replace("w_1_", "w_1"), verdict)


@pytest.mark.parametrize("like", [torch.sin, torch.nn.Softplus(beta=2), made.Times(2)])
def test_a_reference_that_can_be_named_is(like: Any) -> None:
    """A function, a module without parameters, a layer."""
    verdict = cnnbp.verify(made.Times(2), gaussian((2, 3))[0], like=like)
    assert same(pasted(verdict)[1], verdict)


def test_what_cannot_be_written_down_is_said() -> None:
    """What a generator holds, a function without a name, a class that nobody can import: each in a comment, in its place."""
    found = {
        "layer.rng": made.Drawn(),
        "layer.way": _changed(made.Times(2), way=lambda x: x),
        "layer_inside = ...  # the layer under test": cnnbp.from_functions(lambda x: x, made.backward),
        "layer_inside_ = ...  # the layer under test": cnnbp.from_functions(partial(np.multiply, 3), lambda d, x: 3 * d),
        "layer = ...  # the layer under test": type("odd name", (made.Times,), {})(2),
    }
    for said, layer in found.items():
        assert said in cnnbp.verify(layer, gaussian((2, 3))[0]).reproduce()
    code, printed = pasted(verdict := cnnbp.verify(found["layer.rng"], gaussian((2, 3))[0]))
    assert same(printed, verdict), code
    circle: list[Any] = []
    circle.append(circle)
    assert "could not be written down here: layer.round" in (
        cnnbp.verify(_changed(made.Times(2), round=circle), gaussian((2, 3))[0]).reproduce()
    )
