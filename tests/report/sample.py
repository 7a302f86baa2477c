"""A small evidence document of a run in which everything happened once: every verdict, every kind of record."""

from __future__ import annotations

from typing import Any

from cnnbp.evidence import FORMAT

from tests.report.statements import Document, statements


def document() -> Document:
    """A fresh document of a complete run that holds."""
    return {
        "format": FORMAT,
        "complete": True,
        "status": "holds",
        "summary": "Nothing that the derivation claims, once corrected, was contradicted in 40 cases a layer.",
        "derivation": {"id": "post", "title": "A derivation", "source": "a post of 2016, https://example.org/post/bp.html"},
        "provenance": {
            "cnnbp": "0.1.0", "commit": "4f0c2ab", "seed": 20261123, "profile": "quick", "examples": 40, "jobs": 2,
            "python": "3.11.7", "numpy": "2.4.1", "scipy": "1.18.0", "torch": "2.13.0+cpu", "platform": "Linux x86_64",
            "processor": "x86_64, 2 cores", "started": "2026-11-23T16:00:00Z", "seconds": 12.34, "sources_sha256": "9b1c" * 16,
        },
        "statements": statements(),
        "digits": {
            "network": "LeNet-5", "source": "32 images of the UCI optical digits", "samples": 32,
            "whole": _verdict("Network", "pass"), "layers": [_verdict("Conv2d", "pass"), _verdict("MaxPool2d", "pass")],
        },
        "layers": [
            {
                "operator": "Conv2d", "cases": 40, "pass": 38, "inconclusive": 2, "fail": 0, "failures": [],
                "oracles": {"masked_dense": _counts(160), "autograd": _counts(157, abstain=3), "integers": _counts(160, ratio=0.0)},
                "options": {"stride": {"1": 22, "(2, 1)": 18}, "groups": {"1": 31, "2": 9}},
            },
            {
                "operator": "ReLU", "cases": 40, "pass": 40, "inconclusive": 0, "fail": 0, "failures": [],
                "oracles": {"autograd": _counts(80), "complex_step": _counts(0, abstain=30, vacuous=10, ratio=None)}, "options": {},
            },
        ],
        "matrix": matrix(),
        "training": training(),
        "controls": {
            "wrong": [
                {
                    "id": "conv-missing-flip", "operator": "Conv2d", "claim": "The kernel is not rotated on the way back.",
                    "source": "classic: https://example.org/thread/7", "caught": True, "cases": 1, "by": "masked_dense x",
                }
            ],
            "unusual": [
                {"id": "fft", "operator": "Conv2d", "claim": "By FFT.", "accused": False, "cases": 10, "accusations": []},
            ],
        },
        "not_covered": ["Shapes above 9 × 9 and more than 4 channels.", "float32."],
    }  # fmt: skip


def matrix() -> Document:
    """A 3 × 3 kernel on a 5 × 5 input, from the index relation."""
    taps = [(p, q, r, s) for p in range(3) for q in range(3) for r in range(3) for s in range(3)]
    entries = [[3 * p + q, 3 * r + s, 5 * (p + r) + q + s] for p, q, r, s in taps]
    return {"x_shape": [1, 5, 5], "kernel": [3, 3], "y_shape": [1, 3, 3], "entries": entries}


def training() -> Document:
    """A run of 40 steps, the first 20 of them compared."""
    worst = {
        "step": 7, "parameter": "w1", "index": [0, 1], "actual": 0.125, "expected": 0.125, "error": 1e-17, "bound": 1e-15,
        "ratio": 0.01,
    }  # fmt: skip
    return {
        "network": "Network([Dense()])", "source": "the digits", "train": 1437, "test": 360, "batch": 32, "learning_rate": 0.5,
        "weight_decay": 1e-4, "seed": 1, "steps": 40, "compared": 20, "status": "pass", "reason": "", "worst": worst,
        "ratios": [0.01 / (1 + n % 3) for n in range(20)], "loss": [[n, 0.5 / (n + 1)] for n in range(40)],
        "distance": [[0, 0.0], *([n, 1e-16 * 2.0**n] for n in range(1, 40))],
        "accuracy": 0.9722, "accuracy_torch": None, "expected_accuracy": 0.95,
    }  # fmt: skip


def failing_verdict() -> Document:
    """A verdict that fails, as `Verdict.record()` gives it."""
    return _verdict("Conv2d(stride=(2, 1))", "fail", "dw is wrong at output channel 2: the layer says 0.5, masked_dense says 0.25.")


def _counts(passed: int, abstain: int = 0, vacuous: int = 0, ratio: float | None = 0.2) -> Document:
    return {
        "pass": passed,
        "fail": 0,
        "abstain": abstain,
        "vacuous": vacuous,
        "worst_ratio": ratio,
        "resolution": 1.2e-12,
        "kinds": ["sampled"],
    }


def _verdict(layer: str, status: str, reason: str = "") -> Document:
    evidence: dict[str, Any] = {
        "oracle": "masked_dense", "quantity": "w", "status": status, "kind": "sampled", "max_error": 2.2e-16, "bound": 3.1e-14,
        "ratio": 0.0071, "resolution": 6.2e-14, "index": [0, 1], "actual": 0.5, "expected": 0.25, "judged": 150,
        "left_out": 0, "reason": "", "at": "the case",
    }  # fmt: skip
    unmeasured = dict.fromkeys(("max_error", "bound", "ratio", "resolution", "index", "actual", "expected"))
    silent = evidence | unmeasured | {"oracle": "autograd", "status": "abstain", "judged": 0, "reason": "torch is absent"}
    reasons, shapes = [reason] if reason else [], {"x": [2, 3, 9, 9], "w": [4, 3, 3, 3]}
    return {"layer": layer, "status": status, "evidence": [evidence, silent], "reasons": reasons, "shapes": shapes}
