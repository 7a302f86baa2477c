"""Two tiers of accuracy: other algorithms pass and are called that, lower precision does not, and a bound means what it says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import cnnbp
from cnnbp.evidence import Verdict
from cnnbp.faults import FAULTS, RIGHT
from cnnbp.faults.other_sums import OfProduct, of_strassen
from cnnbp.judge import compare
from cnnbp.layers.checks import Array
from cnnbp.run import controls
from tests.helpers.layers import arguments, bent, case, code, gaussian, on_integers, question, reference

# F(2, 3): four products for two outputs of a kernel of three taps
INPUT = np.array([[1, 0, -1, 0], [0, 1, 1, 0], [0, -1, 1, 0], [0, 1, 0, -1]], float)
KERNEL = np.array([[1, 0, 0], [0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0, 0, 1]])
OUTPUT = np.array([[1, 1, 1, 0], [0, 1, -1, -1]], float)


def _winograd(x: Array, w: Array) -> Array:
    """The 3×3 convolution of stride 1, in tiles of 2×2 outputs. x: (n, c, h, w) with even h and w."""
    tiles = np.lib.stride_tricks.sliding_window_view(x, (4, 4), (2, 3))[:, :, ::2, ::2]
    v = np.einsum("ai,ncpqij,bj->ncpqab", INPUT, tiles, INPUT)
    u = np.einsum("ar,kcrs,bs->kcab", KERNEL, w, KERNEL)
    y = np.einsum("ia,nkpqab,jb->nkpiqj", OUTPUT, np.einsum("ncpqab,kcab->nkpqab", v, u), OUTPUT)
    return y.reshape(len(x), len(w), x.shape[2] - 2, x.shape[3] - 2)


def _winograd_layer() -> Any:
    def backward(delta: Array, x: Array, w: Array) -> tuple[Array, Array]:
        padded = np.pad(delta, ((0, 0), (0, 0), (2, 2), (2, 2)))
        return _winograd(padded, w[..., ::-1, ::-1].swapaxes(0, 1)), cnnbp.Conv2d().backward(delta, x, w)[1]

    return cnnbp.from_functions(_winograd, backward)


def _other_algorithms(verdict: Verdict) -> list[Any]:
    return [e for e in verdict.evidence if e.status == "pass" and code(e) == "verification.by-norm"]


@pytest.mark.usefixtures("methods_alone")
def test_winograd_passes_as_another_algorithm() -> None:
    """F(2×2, 3×3) is right, not entry by entry: it passes, and the evidence says by which yardstick."""
    x, w = gaussian((2, 3, 10, 8), (4, 3, 3, 3))
    w[..., :2, :] *= 1e-3  # large cells that hardly count for an output leave their rounding in its tile
    verdict = cnnbp.verify(_winograd_layer(), x, w, like=cnnbp.Conv2d())
    assert verdict.passed, str(verdict)
    assert _other_algorithms(verdict)
    assert all(e.resolution is not None and e.resolution > 0 for e in _other_algorithms(verdict))


def test_fft_passes_as_another_algorithm() -> None:
    """The products of spectra pass on every drawn case, most often only by norms."""
    fft = next(u for u in RIGHT if u.id == "conv-fft")
    cases = [case("Conv2d", i) for i in range(5)]
    verdicts = [cnnbp.verify(fft.make(**c.options), *c.args, delta=c.delta, like=c.layer) for c in cases]
    assert all(v.status != "fail" for v in verdicts)
    assert sum(bool(_other_algorithms(v)) for v in verdicts) > 3


@pytest.mark.parametrize(
    ("product", "seed", "number"),
    [
        ("strassen", 1, 32),
        ("strassen", 0, 5),
        ("inner-of-winograd", 0, 4),
        ("inner-of-winograd", 3, 407),
        ("inner-of-winograd", 1, 599),
    ],
)
def test_products_that_mix_samples_pass(product: str, seed: int, number: int) -> None:
    """Their errors are as large as the norm of the batch allows, at the case and elsewhere: at wide ranges, with 0 for a sample."""
    entry = next(u for u in RIGHT if u.id == f"dense-{product}")
    verdict = controls.asked(entry, controls.drawn(entry, number, seed), number)
    assert verdict.status != "fail", str(verdict)


@pytest.mark.parametrize("small", [1e-6, 1e-12, 0.0])
@pytest.mark.parametrize("mixed", ["x", "delta"])
def test_samples_of_any_size_may_be_mixed(mixed: str, small: float) -> None:
    """Strassen's product as it stands: a small sample carries roundings of the large ones beside it."""
    x, w, delta = gaussian((4, 4), (4, 4), (4, 4))
    (x if mixed == "x" else delta)[1] *= small
    verdict = cnnbp.verify(OfProduct(of_strassen, mixing=True), x, w, delta=delta, like=cnnbp.Dense())
    assert verdict.status == "pass", str(verdict)
    assert _other_algorithms(verdict)


@pytest.mark.usefixtures("methods_alone")
@pytest.mark.parametrize("sample", range(3))
@pytest.mark.parametrize("quantity", ["y", "dx"])
def test_one_wrong_sample_among_large_ones_is_told(sample: int, quantity: str) -> None:
    """Next to nothing beside the others; and what is told is the quantity that is wrong, at the case and not elsewhere."""
    x, w, delta = gaussian((3, 6), (4, 6), (3, 4))
    x[sample] *= 1e-18
    delta[sample] *= 1e-18

    def raised(answer: Array, _: Any) -> Array:
        return np.where(np.arange(len(answer))[:, None] == sample, 1.01 * answer, answer)

    verdict = cnnbp.verify(bent("Dense", **{quantity: raised}), x, w, delta=delta, like=cnnbp.Dense())
    assert verdict.status == "fail"
    told = [said for said in verdict.wrong if said.code.startswith("verification.")]
    assert [said.values["quantity"] for said in told] == [quantity.removeprefix("d")]
    assert not any(said.code.startswith("contract.wrong-elsewhere") for said in verdict.wrong)


@pytest.mark.usefixtures("methods_alone")
def test_a_conventional_layer_needs_no_second_tier() -> None:
    """What tier 1 passes is never called another algorithm."""
    for operator in ("Conv2d", "ConvTranspose2d", "Dense", "AvgPool2d", "BatchNorm2d"):
        assert not _other_algorithms(cnnbp.verify(reference(operator), *arguments(operator)))


@pytest.mark.usefixtures("methods_alone")
@pytest.mark.parametrize("fault", ["conv-float32-inside", "conv-tf32-inside", "dense-float32-inside"])
def test_lower_precision_in_disguise_fails(fault: str) -> None:
    """float32 and TF32 inside a float64 layer exceed even the bound by norms, on every gaussian case."""
    entry = next(f for f in FAULTS if f.id == fault)
    gaussians = [c for c in (case(entry.operator, i) for i in range(40)) if c.traits[0] == "gaussian"]
    cases = [c for c in gaussians if np.any(c.layer.forward(*c.args[:2]))][:5]
    assert len(cases) > 3
    assert {cnnbp.verify(entry.make(**c.options), *c.args, delta=c.delta, like=c.layer).status for c in cases} == {"fail"}


# ---- for each variant of tier 2 a layer that no other variant sees -----------------------------------------------------


def _first_entry_raised(relative: float) -> Any:
    def bend(g: Array, a: Any) -> Array:
        g = g.copy()
        g.ravel()[0] *= 1 if on_integers(a) and relative > 1e-6 else 1 + relative
        return g

    return bend


def _hidden_by_a_giant() -> tuple[Any, list[Array], Array]:
    """One entry of dx is off by a thousandth, beside a residual of 10¹⁴; right on integers."""
    x, delta = gaussian((1, 2, 5, 4), (1, 2, 4, 3))
    delta[0, 1, 3, 2] = 1e14
    return bent("AvgPool2d", dx=_first_entry_raised(1e-3)), [x], delta


def _wrong_on_integers() -> tuple[Any, list[Array], Array]:
    x, delta = gaussian((1, 2, 5, 4), (1, 2, 4, 3))

    def bend(dx: Array, a: Any) -> Array:
        return 2 * dx if on_integers(a) and np.count_nonzero(a.x) > 1 else dx

    return bent("AvgPool2d", dx=bend), [x], delta


def _off_by_ten_trillionths() -> tuple[Any, list[Array], Array]:
    """One entry of dw, among hundreds of terms: below every bound by norms, but not where it stands alone."""
    x, w, delta = gaussian((3, 2, 12, 12), (3, 2, 2, 3), (3, 3, 11, 10))
    return bent("Conv2d", dw=_first_entry_raised(1e-13)), [x, w], delta


def _wrong_at_a_tiny_sample() -> tuple[Any, list[Array], Array]:
    """A hundredth of y, where a sample has small numbers alone: next to nothing beside the norm of the batch."""
    x, w, delta = gaussian((3, 2, 5, 5), (3, 2, 2, 3), (3, 3, 4, 3))
    x[1] *= 1e-18

    def bend(y: Array, a: Any) -> Array:
        sizes = np.abs(a.x).max((1, 2, 3), keepdims=True)
        return np.where((sizes > 0) & (sizes < 1e-12), 1.01 * y, y)

    return bent("Conv2d", y=bend), [x, w], delta


VARIANTS = {
    "sample": ("Conv2d", _wrong_at_a_tiny_sample),
    "mantissas": ("AvgPool2d", _hidden_by_a_giant),
    "small-integers": ("AvgPool2d", _wrong_on_integers),
    "connection": ("Conv2d", _off_by_ten_trillionths),
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_each_variant_suffices_alone(variant: str) -> None:
    """The norms at the case are content, and so are the other variants."""
    operator, make = VARIANTS[variant]
    layer, args, delta = make()
    verdict = cnnbp.verify(layer, *args, delta=delta, like=reference(operator))
    assert verdict.status == "fail"
    where = {e.at for e in verdict.evidence if e.status == "fail"} - {"case", "integers"}
    assert where == {variant}
    assert _other_algorithms(verdict)
    assert not any(code(e) == "verification.not-by-norm" for e in verdict.evidence if e.at == "case")


# ---- a resolution is a promise ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("operator", ["Conv2d", "Dense", "AvgPool2d", "MaxPool2d", "BatchNorm2d", "Tanh", "HalfSquaredError"])
def test_an_error_is_caught_exactly_where_it_exceeds_the_resolution(operator: str) -> None:
    """Entry by entry: bound + error more and it fails there; bound − error more and it still passes."""
    for number in range(4):
        c = case(operator, number)
        asked = question(c)
        right = dict(zip(asked.quantities, (c.layer.forward(*c.args), *c.layer.backward(c.delta, *c.args)), strict=False))
        for quantity in asked.quantities:
            said, bound = asked.answers["autograd"], asked.bound(1, quantity, "autograd")
            assert isinstance(said, dict)
            expected = said[quantity]
            judged = compare(right[quantity], expected, bound)
            assert judged is not None
            assert judged.status != "fail"
            for entry in list(np.ndindex(right[quantity].shape))[:20]:
                _probe(right[quantity], expected, np.broadcast_to(bound, expected.shape), judged.resolutions, entry)


def _probe(actual: Array, expected: Array, bound: Array, resolutions: Array, entry: tuple[int, ...]) -> None:
    ulp = 2 * np.spacing(abs(actual[entry]) + resolutions[entry])  # what adding the error may itself round by
    within = max(0.0, bound[entry] - abs(actual[entry] - expected[entry]) - ulp)
    for sign in (1, -1):
        for size, fails in ((resolutions[entry] + ulp, True), (within, False)):
            moved = actual.copy()
            moved[entry] += sign * size
            found = compare(moved, expected, bound)
            assert found is not None
            assert (found.status == "fail") == fails
            assert not fails or found.index == entry
