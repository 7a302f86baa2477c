"""An error planted in a layer is announced as an error in that layer, by controls that stand; no derivation is refuted."""

from __future__ import annotations

from typing import Any

import pytest

from cnnbp import layers
from cnnbp.cli.main import main
from cnnbp.cli.summary import summary
from cnnbp.evidence.contradictions.proofs import grid
from cnnbp.evidence.status import examine, of_grid
from cnnbp.proof.grid import GRIDS, prove_slice
from cnnbp.run.document import assemble
from cnnbp.run.plan import Plan, part, plan
from cnnbp.run.provenance import provenance
from cnnbp.run.tasks import perform

PLANTED = [("AvgPool2d", "backward"), ("Conv2d", "backward"), ("Conv2d", "forward")]
NAMES = {
    "AvgPool2d": ("meanpool-route", "pool-delta-formula", "AvgPool2d", "Tanh", "avg-pool-separable", "avg-pool-not-divided"),
    "Conv2d": ("conv-output-count", "conv-residual-affected", "Conv2d", "Tanh", "conv-textbook", "conv-fft", "conv-strided-answers",
               "conv-read-only-answers", "conv-list-of-gradients", "conv-kernel-not-flipped"),
}  # fmt: skip


def plant(monkeypatch: pytest.MonkeyPatch, layer: str, method: str) -> None:
    """What the layer answers is one part in a thousand too large, and no longer a fraction where fractions go in."""
    right = getattr(getattr(layers, layer), method)

    def wrong(*given: Any) -> Any:
        found = right(*given)
        return tuple(1.001 * part for part in found) if isinstance(found, tuple) else 1.001 * found

    monkeypatch.setattr(getattr(layers, layer), method, wrong)


@pytest.mark.parametrize(("layer", "method"), [("AvgPool2d", "backward"), ("Conv2d", "forward")])
def test_a_planted_error_is_announced_as_that(layer: str, method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The layer is wrong, first and by name; where its forward is, nothing follows for the statements, and else they hold."""
    plant(monkeypatch, layer, method)
    found = plan(4, 1)
    proofs = {name: operator for name, operator in found.whole.proofs.items() if name in NAMES[layer]}  # the largest takes long
    whole = part(found.whole, NAMES[layer]).model_copy(update={"grids": {}, "proofs": proofs})
    names = [*NAMES[layer], *(["theorems"] if whole.theorems else [])]
    small = Plan(tuple(t for t in found.tasks if t.name in names and t.kind != "grid"), whole)
    document = assemble(
        {task: perform(task) for task in small.tasks}, small, provenance(1, "quick", 4, 1, "2026-01-01T00:00:00+00:00")
    )
    standing = examine(document)
    derivation, code, harness = standing.subjects
    assert (standing.status, code.status, harness.status, standing.contradictions) == ("wrong", "wrong", "holds", ())
    assert [(why.code, why.values) for why in code.objections] == [("status.wrong", {"part": layer})]
    if method == "forward":
        assert derivation.status == "incomplete"
        assert [(why.code, why.values) for why in derivation.objections] == [("status.wrong-forward", {"layers": [layer]})]
    else:
        assert (derivation.status, derivation.objections) == ("holds", ())
    headline, _, card = summary(document).splitlines()[:3]
    assert headline == "WRONG: the reference code is wrong."
    assert card == f"✗ {layer} fails in 4 of 4 cases"


@pytest.mark.parametrize(("layer", "method"), PLANTED)
def test_a_planted_error_is_seen_on_the_grid(layer: str, method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Already at a few geometries, and the record of the slice fits itself; without it they are proved."""
    plant(monkeypatch, layer, method)
    geometries = len(GRIDS[layer].axes)
    found = prove_slice(layer, 0, geometries // 4)
    assert of_grid([found]) == "refuted"
    assert list(grid([found], geometries)) == []
    monkeypatch.undo()
    right = prove_slice(layer, 0, geometries // 4)
    assert (of_grid([right]), list(grid([right], geometries))) == ("proved", [])


def test_only_shows_a_failure_in_full(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The card, what every oracle says of every quantity of that case, the command that runs it again; exit status 1."""
    plant(monkeypatch, "MaxPool2d", "backward")
    assert main(["verify", "--only", "MaxPool2d", "--examples", "2", "--seed", "1", "--jobs", "1"]) == 1
    shown = capsys.readouterr().out
    assert shown.startswith("WRONG: 0 of 1 layer pass, 2 cases in all")
    card = ("✗ MaxPool2d fails in 2 of 2 cases", "is wrong at ", "times the bound", "in common", "cnnbp verify --only MaxPool2d/")
    full = ("FAIL  MaxPool2d(", "masked_dense ", "autograd ", "finite_difference ", "worst ratio", "Controls were not run")
    for said in (*card, *full):
        assert said in shown
    again = shown[shown.index("cnnbp verify --only") :].splitlines()[0].split()
    assert main([*again[1:], "--jobs", "1"]) == 1
    assert "✗ MaxPool2d fails in 1 of 1 case\n" in capsys.readouterr().out
