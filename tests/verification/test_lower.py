"""A lower precision inside is named as the cause, and nothing else is called that."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import cnnbp
from cnnbp.evidence import Verdict
from cnnbp.faults import FAULTS, RIGHT
from cnnbp.layers.checks import Array
from cnnbp.operators import OPERATORS
from cnnbp.precision import BFLOAT16, TF32, Precision
from tests.helpers.layers import arguments, bent, case, gaussian, reference

CONV = cnnbp.Conv2d(stride=2, padding=1)
Change = Callable[[Array], Array]


def _changed(layer: Any, before: Change, after: Change = lambda a: a) -> Any:
    """The layer on changed arguments, its answers changed as well."""

    def forward(*args: Array) -> Array:
        return after(layer.forward(*map(before, args)))

    def backward(*args: Array) -> tuple[Array, ...]:
        return tuple(map(after, layer.backward(*map(before, args))))

    return cnnbp.from_functions(forward, backward)


def _rounded(precision: Precision) -> Change:
    return lambda a: precision.round(a).astype(a.dtype) if a.dtype.kind == "f" else a


def _cast(inside: Any, outside: Any) -> tuple[Change, Change]:
    return (lambda a: a.astype(inside) if a.dtype.kind == "f" else a), lambda a: a.astype(outside)


def _cut(a: Array) -> Array:
    """As hardware that reads the first 11 bits and no more."""
    mantissa, exponent = np.frexp(a)
    return np.asarray(np.ldexp(np.trunc(np.ldexp(mantissa, 11)), exponent - 11)).astype(a.dtype)


def _told(verdict: Verdict) -> list[tuple[str, object]]:
    return [(said.code, said.values.get("precision")) for said in verdict.wrong]


SMALL = [(2, 3, 8, 9), (4, 3, 3, 2), (4,)]
LARGE = [(2, 16, 8, 8), (16, 16, 3, 3), (16,)]


@pytest.mark.usefixtures("methods_alone")
@pytest.mark.parametrize("shapes", [SMALL, LARGE], ids=["small", "large"])
@pytest.mark.parametrize("before", [_rounded(TF32), _cut], ids=["rounded", "cut"])
def test_tf32_is_named(before: Change, shapes: list[tuple[int, ...]]) -> None:
    """Arguments of 11 bits, sums in float32, in a layer asked in float32: also where norms would let it pass."""
    verdict = cnnbp.verify(_changed(CONV, before), *gaussian(*shapes), like=CONV, dtype="float32")
    assert verdict.status == "fail"
    assert _told(verdict) == [("verification.lower-arguments", "TF32")]
    assert "TF32" in str(verdict)


@pytest.mark.usefixtures("methods_alone")
@pytest.mark.parametrize("operator", ["Conv2d", "Dense", "ConvTranspose2d", "BatchNorm2d", "Sigmoid", "Softplus", "AvgPool2d"])
def test_float32_inside_is_named(operator: str) -> None:
    """Everything cast to float32 and back: one sentence, which names it."""
    layer = reference(operator)
    verdict = cnnbp.verify(_changed(layer, *_cast(np.float32, np.float64)), *arguments(operator), like=layer)
    assert verdict.status == "fail"
    assert [precision for _, precision in _told(verdict)] == ["float32"]


@pytest.mark.usefixtures("methods_alone")
@pytest.mark.parametrize("operator", ["Conv2d", "Dense", "AvgPool2d", "Sigmoid"])
@pytest.mark.parametrize("outside", ["float32", "float64"])
def test_float16_inside_is_named(operator: str, outside: str) -> None:
    """float16 sums in a float32 layer, or in one asked in float64."""
    layer = reference(operator)
    verdict = cnnbp.verify(_changed(layer, *_cast(np.float16, outside)), *arguments(operator), like=layer, dtype=outside)
    assert verdict.status == "fail"
    ((code, precision),) = _told(verdict)
    assert code.startswith("verification.lower-")
    assert precision == "float16"


@pytest.mark.usefixtures("methods_alone")
def test_bfloat16_arguments_are_named() -> None:
    verdict = cnnbp.verify(_changed(CONV, _rounded(BFLOAT16)), *gaussian(*SMALL), like=CONV, dtype="float32")
    assert _told(verdict) == [("verification.lower-arguments", "bfloat16")]


@pytest.mark.usefixtures("methods_alone")
def test_one_argument_may_be_the_rounded_one() -> None:
    """dw alone is computed in float32: it is named, and what is right does not fail."""
    half = bent("Conv2d", dw=lambda dw, _: dw.astype(np.float32).astype(float))
    verdict = cnnbp.verify(half, *arguments("Conv2d"), like=cnnbp.Conv2d())
    assert [precision for _, precision in _told(verdict)] == ["float32"]
    assert verdict.wrong[0].values["quantities"] == ["w"]
    assert ", in the weight gradient dw: its errors" in verdict.reasons[0]
    named = cnnbp.verify(half, *arguments("Conv2d"), like=cnnbp.Conv2d(), names=("kernel", "bias"))
    assert ", in the gradient of kernel: its errors" in named.reasons[0]
    assert all(item.quantity == "w" for item in verdict.evidence if item.status == "fail" and item.kind != "contract")


DEFECTS: dict[str, Callable[[Array, Any], Array]] = {
    "a factor of 1 + 1e-7": lambda g, _: g * (1 + 1e-7),
    "a thousandth too large": lambda g, _: g * 1.001,
    "1e-8 added": lambda g, _: g + 1e-8,
    "a hundredth too large": lambda g, _: g * 1.01,
    "last row forgotten": lambda g, _: np.concatenate([g[..., :-1, :], 0 * g[..., -1:, :]], -2),
    "clipped": lambda g, _: np.clip(g, -1, 1),
    "rounded to three digits": lambda g, _: np.round(g, 3),
}


@pytest.mark.usefixtures("methods_alone")
@pytest.mark.parametrize("defect", DEFECTS)
def test_a_defect_of_the_same_size_is_not(defect: str) -> None:
    """What is wrong by as little, but is no rounding to so many bits, is told as it is."""
    verdict = cnnbp.verify(bent("Conv2d", dw=DEFECTS[defect]), *arguments("Conv2d"), like=cnnbp.Conv2d())
    assert verdict.status == "fail"
    assert not any("lower" in code for code, _ in _told(verdict))


@pytest.mark.parametrize(("dtype", "first"), [("float64", 0), ("float32", 1)])
def test_other_algorithms_are_not(dtype: str, first: int) -> None:
    """FFT and the other right variants, every second in either precision, also where they fail the first tier."""
    for entry in [r for r in RIGHT if r.operator in ("Conv2d", "Dense", "BatchNorm2d")][first::2]:
        c = case(entry.operator, 2)
        verdict = cnnbp.verify(entry.make(**c.options), *c.args, delta=c.delta, like=c.layer, dtype=dtype)
        assert not any("lower" in code for code, _ in _told(verdict)), entry.id
        if "dtype" not in {said.code.removeprefix("contract.") for said in verdict.wrong}:
            assert verdict.status != "fail", (entry.id, str(verdict))


@pytest.mark.usefixtures("methods_alone")
def test_of_the_catalogue_only_those_that_are() -> None:
    """No other fault of the convolution is called a lower precision."""
    those = {"conv-float32-inside", "conv-tf32-inside", "dense-float32-inside", "conv-dx-single-precision"}
    others = [f for f in FAULTS if f.operator in ("Conv2d", "Dense", "Sigmoid") and f.id not in those]
    named = set()
    for fault in [*others[::8], *(f for f in FAULTS if f.id in those)]:
        c = OPERATORS[fault.operator].draw(cnnbp.cases.Counter(3, f"{fault.id}/1"))
        verdict = cnnbp.verify(fault.make(**c.options), *c.args, delta=c.delta, like=c.layer)
        named |= {fault.id for code, _ in _told(verdict) if "lower" in code}
    assert named == those


@pytest.mark.usefixtures("methods_alone")
def test_what_fails_on_integers_alone_is_not() -> None:
    """A rounding shows at any numbers; here the errors at the case are those of float16, which was asked for."""
    odd = bent("Conv2d", dw=lambda dw, a: 2 * dw if not np.any(a.x % 1) else dw)
    verdict = cnnbp.verify(odd, *arguments("Conv2d"), like=cnnbp.Conv2d(), dtype="float16")
    assert verdict.status == "fail"
    assert not any("lower" in code for code, _ in _told(verdict))
