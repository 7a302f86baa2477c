"""Statements of every kind, with every verdict, and with TeX as broken as it was once printed."""

from __future__ import annotations

from itertools import product
from typing import Any

Document = dict[str, Any]

BROKEN = {  # printed TeX, its broken pieces, and what they should be
    "E7": (r"a^{(l+1)}=f(z^{(l+1)}", {"(z^{(l+1)}": "“(” is never closed"}),
    "E10": (
        r"w_{ij}^{(l)}=w{ij}^{(l)}-\frac{\partial J(w,b)}{\partial w_{ij}^{(l)}}",
        {"w{ij}": "the underscore is lost", r"-\frac{\partial J(w,b)}{\partial w_{ij}^{(l)}}": "the step size α is missing"},
    ),
    "E13": (r"Qz_{ij}^{(l+1)}=\sum_{k=1}^{sl}w_{ik}^{(l)}a_k^{(l)}+b_i^{(l)}", {"Q": "a lost ∵", "sl": "s_l"}),
    "E15": (
        r"\therefore b_i^{(l)}=b_i{(l)}-\frac {1}{m}\sum_{i=1}^{m}\frac{\partial J(x^{(i)},y^{(i)};w,b)}{\partial z_{ij}^{(l+1)}}",
        {"b_i{(l)}": "the caret is lost", r"\sum_{i=1}": "i is bound by the sum and free on the left"},
    ),
    "E21": (
        r"=\sum_{k=1}^{S_{nl}}(a_k^{(nl)}-y_k)f'(z_k^{(nl)})\frac{\partial z_k{(nl)}}{\partial z_i^{(nl-1)}}",
        {"z_k{(nl)}": "the caret is lost"},
    ),
    "E22": (
        r"=\sum_{k=1}^{S_{nl}}(a_k^{(nl)}-y_k)f'(z_k^{(nl)})\frac{\partial (\sum_{r=1}^{S_{nl}}w_{kr}^{nl-1}f(z_r^{(nl-1)}"
        r"+b_k^{(nl-1)})}{\partial z_i^{(nl-1)}}",
        {r"\sum_{r=1}^{S_{nl}}": "to s_(nl−1)", "w_{kr}^{nl-1}": "a layer, no power", "f(z_r^{(nl-1)}": "it must close here"},
    ),
}


def statements() -> list[Document]:
    """The definition first, then one that holds, one refuted as printed, one with a truth table, and the broken ones."""
    return [
        _statement("def-weight", "E1", "definition", "The weight from unit j to unit i of the next layer.", r"w_{ij}^{(l)}"),
        _statement(
            "delta-output", "E18", "holds", "The residual of the output layer is the error times the slope.",
            r"\delta_i^{(nl)}=(a_i^{(nl)}-y_i)f'(z_i^{(nl)})",
            readings=[reading("as printed", True), reading("softmax at the output", False, "beyond", counterexample())],
        ),
        _hidden(),
        _statement("trained", "V1", "not mathematical", "Training fixes the function.", quoted="函数就被确定"),
        {
            **_statement("conv-residual-full", "V18", "holds under these readings only", "The residual is convolved again."),
            "section": "Convolution", "readings": _truth_table(), "counterexample": counterexample(),
        },
        *(_broken(label) for label in BROKEN),
    ]  # fmt: skip


def reading(name: str, holds: bool | None, role: str = "printed", found: Document | None = None, **facets: str) -> Document:
    """A reading of 40 cases."""
    return {
        "name": name, "facets": facets, "role": role, "holds": holds, "cases": 40, "wrong": 40 if holds is False else 0,
        "vacuous": 0 if holds is not None else 40, "senseless": 0, "worst_error": 0.0 if holds else 7.5, "nonsense": "",
        "counterexample": found,
    }  # fmt: skip


def counterexample(name: str = "as printed") -> Document:
    """A hidden layer of one unit below an output layer of two."""
    given = {
        "f": "f(z) = z²",
        "w(1)": [[1, "-1/2"], [0, 2]],
        "x": [1, "3/4"],
        "α": "1/2",
        "images": [[[1, 2], [3, 4]], [[5, 6], [7, 8]]],
    }
    return {"reading": name, "given": given, "says": [[8]], "truth": ["9/4", -4], "working": "δ^(2) = 2·2 = 4, and 4·2 = 8."}


def _hidden() -> Document:
    printed = r"=\sum_{k=1}^{S_{nl}}\delta_k^{(nl-1)}w_{ki}^{(nl-1)}f'(z_i^{(nl-1)})"
    silent = {**counterexample("taken literally"), "says": None}
    literal = {**reading("taken literally", False, "printed", silent), "senseless": 38, "nonsense": "unit 3 does not exist"}
    return {
        **_statement(
            "delta-hidden", "E24", "refuted as printed, holds as corrected",
            "The residual of a hidden unit is the weighted sum of the residuals of the layer above, times its own slope.", printed,
            readings=[reading("as printed", False, found=counterexample()), literal, reading("as corrected", True, "corrected")],
        ),
        "corrected": r"\delta_i^{(n_l-1)}=\Bigl(\sum_{k=1}^{s_{n_l}}\delta_k^{(n_l)}w_{ki}^{(n_l-1)}\Bigr)f'(z_i^{(n_l-1)})",
        "misprints": _misprints(printed, {r"\delta_k^{(nl-1)}": "the residual of the layer above: δ_k^(nl)"}),
        "counterexample": counterexample(),
    }  # fmt: skip


def _truth_table() -> list[Document]:
    rows = []
    for forward, backward, kernel in product(("slides", "flips"), ("slides", "flips"), ("as it is", "rotated")):
        odd = (forward == "flips") + (backward == "flips") + (kernel == "rotated")
        name, facets = f"{forward}, {backward}, {kernel}", {"forward": forward, "backward": backward, "kernel": kernel}
        rows.append(reading(name, odd % 2 == 1, "printed", None if odd % 2 else counterexample(name), **facets))
    return rows


def _broken(label: str) -> Document:
    printed, pieces = BROKEN[label]
    found = _statement(f"broken-{label.lower()}", label, "holds under these readings only", "A print that is broken.", printed)
    readings = [reading("as meant", True), reading("as broken", False, "printed", counterexample("as broken"))]
    return found | {"section": "Broken", "misprints": _misprints(printed, pieces), "readings": readings}


def _misprints(printed: str, pieces: dict[str, str]) -> list[Document]:
    starts = {piece: printed.index(piece) for piece in pieces}
    return [{"start": starts[piece], "end": starts[piece] + len(piece), "what": what} for piece, what in pieces.items()]


def _statement(
    id: str, label: str, verdict: str, claim: str, printed: str = "", quoted: str = "", readings: list[Document] | None = None
) -> Document:
    return {
        "id": id, "label": label, "section": "The residual", "claim": claim, "quoted": quoted, "printed": printed,
        "corrected": None, "misprints": [], "verdict": verdict, "why": "It rests on w_ij^(l) and on f′.",
        "kind": "exact at points" if readings else "", "cases": 40 if readings else 0,
        "quantity": "the residual ∂J/∂z" if readings else "", "readings": readings or [], "counterexample": None,
        "rerun": f"cnnbp verify --only {id} --seed 20261123 --examples 40",
    }  # fmt: skip
