"""A small evidence document of a run in which everything happened once: every verdict, every kind of record."""

from __future__ import annotations

from typing import Any

from cnnbp.evidence import FORMAT

Document = dict[str, Any]


def document() -> Document:
    """A fresh document of a complete run that holds."""
    return {
        "format": FORMAT,
        "complete": True,
        "status": "holds",
        "summary": "Nothing that the derivation claims, once corrected, was contradicted in 40 cases a layer.",
        "provenance": {
            "cnnbp": "0.1.0", "commit": "4f0c2ab", "seed": 20261123, "profile": "quick", "examples": 40,
            "python": "3.11.7", "numpy": "2.4.1", "scipy": "1.18.0", "torch": "2.13.0+cpu", "platform": "Linux x86_64",
            "started": "2026-11-23T16:00:00Z", "seconds": 12.34, "sources_sha256": "9b1c" * 16,
        },
        "statements": [
            _statement("def-weight", "E1", "definition", "The weight from unit j to unit i of the next layer.", r"w_{ij}^{(l)}"),
            _statement(
                "delta-output", "E18", "holds", "The residual of the output layer is the error times the slope.",
                r"\delta_i^{(nl)}=(a_i^{(nl)}-y_i)f'(z_i^{(nl)})", readings=[_reading("as printed", True, 3.1e-2, 2.2e-17)],
            ),
            {
                **_statement(
                    "delta-hidden", "E24", "refuted as printed, holds as corrected",
                    "The residual of a hidden unit is the weighted sum of the residuals of the layer above, times its own slope.",
                    r"=\sum_{k=1}^{S_{nl}}\delta_k^{(nl-1)}w_{ki}^{(nl-1)}f'(z_i^{(nl-1)})",
                    readings=[_reading("as printed", False, 1.3e14, 0.31), _reading("δ of the layer above", True, 0.12, 4.4e-17)],
                ),
                "corrected": r"\delta_i^{(n_l-1)}=\sum_{k=1}^{s_{n_l}}\delta_k^{(n_l)}w_{ki}^{(n_l-1)}f'(z_i^{(n_l-1)})",
                "counterexample": {
                    "sentence": "With the weights below the printed sum gives 0.25, and J rises by 0.1875 for each unit of z.",
                    "numbers": {"w": [[1.0, -0.5], [0.25, 2.0]], "z": [0.5, -1.0], "delta": 0.1875},
                },
            },
            _statement(
                "maxpool-route", "V14", "holds under these readings only", "Max pooling hands the residual to the winner.", "",
                readings=[_reading("identity below", True, 0.0, 0.0), _reading("any activation below", False, "inf", 0.7)],
            ),
        ],
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
        "controls": {
            "wrong": [
                {
                    "id": "conv-missing-flip", "operator": "Conv2d", "claim": "The kernel is not rotated on the way back.",
                    "source": "classic: https://example.org/thread/7", "caught": True, "cases": 1, "by": "masked_dense x",
                }
            ],
            "unusual": [{"id": "fft", "operator": "Conv2d", "claim": "Convolves by FFT.", "accused": False, "cases": 10}],
        },
        "not_covered": ["Shapes above 9 × 9 and more than 4 channels.", "float32."],
    }  # fmt: skip


def failing_verdict() -> Document:
    """A verdict that fails, as `Verdict.record()` gives it."""
    return _verdict("Conv2d(stride=(2, 1))", "fail", "dw is wrong at output channel 2: the layer says 0.5, masked_dense says 0.25.")


def _statement(id: str, label: str, verdict: str, claim: str, printed: str, readings: list[Document] | None = None) -> Document:
    return {
        "id": id, "label": label, "claim": claim, "printed": printed, "corrected": None, "verdict": verdict,
        "kind": "sampled", "cases": 40, "readings": readings or [],
        "counterexample": None, "rerun": f"cnnbp verify --only {id} --seed 20261123",
    }  # fmt: skip


def _reading(name: str, holds: bool, worst_ratio: Any, worst_error: float) -> Document:
    counts = {"holds": holds, "cases": 40, "wrong": 0 if holds else 40}
    return {"name": name, **counts, "worst_ratio": worst_ratio, "worst_error": worst_error, "resolution": 1e-12}


def _counts(passed: int, abstain: int = 0, vacuous: int = 0, ratio: float | None = 0.2) -> Document:
    return {"pass": passed, "fail": 0, "abstain": abstain, "vacuous": vacuous, "worst_ratio": ratio, "resolution": 1.2e-12}


def _verdict(layer: str, status: str, reason: str = "") -> Document:
    evidence = {
        "oracle": "masked_dense", "quantity": "w", "status": status, "kind": "sampled", "max_error": 2.2e-16, "bound": 3.1e-14,
        "ratio": 0.0071, "resolution": 6.2e-14, "index": [0, 1], "actual": 0.5, "expected": 0.25, "judged": 150,
        "left_out": 0, "reason": "", "at": "the case",
    }  # fmt: skip
    silent = {"oracle": "autograd", "quantity": "w", "status": "abstain", "kind": "exact at points", "reason": "torch is absent"}
    reasons, shapes = [reason] if reason else [], {"x": [2, 3, 9, 9], "w": [4, 3, 3, 3]}
    return {"layer": layer, "status": status, "evidence": [evidence, silent], "reasons": reasons, "shapes": shapes}
