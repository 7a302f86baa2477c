"""What belongs to no layer and no statement: training, matrix, controls, and what made the run."""

from __future__ import annotations

from itertools import product

from cnnbp.evidence import records as r

from .names import EXAMPLES, NETWORK, SEED


def training() -> r.Training:
    """Two epochs of three batches; at step 2 a sign was too close to call, and four steps were compared."""
    actual, error = 0.125, 2.0**-55
    worst = r.Entry(
        step=4,
        parameter="w1",
        index=(0, 0, 1, 2),
        actual=actual,
        expected=actual + error,
        error=error,
        bound=2.0**-50,
        ratio=2.0**-5,
    )
    curve = tuple((step, 1.0 / step) for step in range(1, 7))
    return r.Training(
        network=NETWORK, source="the digits", train=80, test=20, batch=32, learning_rate=0.5, weight_decay=1e-4, seed=SEED, steps=6,
        wanted=4, left_out=(2,), vacuous=(), failure=None, worst=worst, ratios=(0.01, 0.02, 2.0**-5, 0.015), loss=curve,
        distance=curve, accuracy=0.95, accuracy_torch=0.9, expected_accuracy=0.9,
    )  # fmt: skip


def matrix() -> r.Matrix:
    """A 3 × 3 kernel on a 5 × 5 input, from the index relation."""
    taps = product(range(3), repeat=4)
    entries = tuple((3 * p + q, 3 * a + b, 5 * (p + a) + q + b) for p, q, a, b in taps)
    return r.Matrix(x_shape=(5, 5), kernel=(3, 3), y_shape=(3, 3), entries=entries)


def ladder() -> r.Ladder:
    """Ten steps of Tanh around the one that is taken, each error half of what is allowed."""
    third, noise, rounding = 2.0, 2.0**-50, 2.0**-49
    bounds = {2.0**-n: (4.0**-n * third / 3 + 3 * noise * 2.0**n, 4.0**-n * third / 3 + rounding) for n in range(12, 22)}
    rungs = tuple(
        r.Rung(step=step, error=bound / 2, bound=bound, complex=2.0**-52, complex_bound=beside)
        for step, (bound, beside) in bounds.items()
    )
    return r.Ladder(
        layer="Tanh()", seed=SEED, entries=64, third=third, noise=noise, rounding=rounding, chosen=2.0**-16, rungs=rungs
    )


def doubled() -> r.Wrong:
    """A wrong layer that was caught."""
    return r.Wrong(id="conv-doubled", operator="Conv2d", claim="dw is twice", source="", caught=True, cases=1, by="masked_dense w")


def right(name: str) -> r.Right:
    """A right layer that was left alone."""
    return r.Right(id=name, operator="Conv2d", claim="in another way", cases=3, failure=None)


def provenance() -> r.Provenance:
    """Of a run on a made-up machine."""
    return r.Provenance(
        cnnbp="0.1.0", commit="4f0c2ab", seed=SEED, profile="quick", examples=EXAMPLES, jobs=2, python="3.11.7", numpy="2.4.1",
        scipy="1.18.0", torch="2.13.0+cpu", platform="Linux x86_64", processor="x86_64, 2 cores",
        started="2026-11-23T16:00:00+00:00", seconds=12.3, sources_sha256="9b1c" * 16,
    )  # fmt: skip
