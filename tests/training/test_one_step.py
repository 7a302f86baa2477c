"""One step, compared: the bound is what it says, and sees what exceeds it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import cnnbp
from cnnbp.training.one_step import compare_step, one_step_bound
from cnnbp.verification.network import described
from tests.training.bars import LAYERS, bars


def _one_step(change: Callable[[Any], None]) -> tuple[dict[str, Any], Any]:
    """The judgement on a step whose gradients were changed, and the gradients as they were."""
    network, (x, y) = cnnbp.Network(LAYERS), bars()
    before = network.init(x.shape[1:], np.random.default_rng(0))
    _, gradients = network.loss_and_gradients(x[:16], y[:16], before, weight_decay=1e-3)
    changed = [tuple(g.copy() for g in theta) for theta in gradients]
    change(changed)
    found = compare_step(described(network), x[:16], y[:16], before, network.sgd_step(before, changed, 2.0), 2.0, 1e-3)
    assert found is not None
    return found, gradients


def test_one_entry_off_by_one_part_in_a_trillion() -> None:
    """It fails, in this entry alone, wherever α·|∂J|·10⁻¹² exceeds what the comparison resolves; far below, nothing does."""
    clean, gradients = _one_step(lambda _: None)
    assert {judged.status for judged in clean.values()} == {"pass"}
    tried = 0
    for layer, kind in ((0, 0), (0, 1), (2, 0), (2, 1), (6, 0), (6, 1)):
        name, g = f"{'wb'[kind]}{layer + 1}", gradients[layer][kind]
        seen = 2.0 * abs(g) * 1e-12 > clean[name].resolutions
        for index in map(tuple, np.argwhere(seen)[:2]):
            tried += 1
            found, _ = _one_step(lambda gs, at=(layer, kind, index): gs[at[0]][at[1]].__setitem__(at[2], g[at[2]] * (1 + 1e-12)))  # noqa: B023
            assert {n for n, judged in found.items() if judged.status == "fail"} == {name}
            assert np.argwhere(found[name].suspects).tolist() == [list(index)]
    assert tried >= 3


def test_the_bound_is_what_its_docstring_says() -> None:
    """E alone, the rounding of w alone, and that of the update alone."""
    one, none, u = np.ones(1), np.zeros(1), 2.0**-53
    assert one_step_bound(none, none, one * 1e-6, 0.5, 0.0)[0] == pytest.approx(1e-6, rel=1e-14)
    assert one_step_bound(one, none, none, 0.5, 0.0)[0] == pytest.approx(2 * u, rel=1e-14)
    assert one_step_bound(none, one, none, 0.5, 0.0)[0] == pytest.approx(4 * u, rel=1e-14)
    assert one_step_bound(one, none, none, 0.5, 0.25)[0] == pytest.approx(3 * u, rel=1e-14)


def test_without_decay_or_bias() -> None:
    """λ = 0, and layers without a bias, are compared as any other."""
    x, y = bars()
    network = cnnbp.Network([cnnbp.Flatten(), cnnbp.Dense(out_features=3), cnnbp.ReLU()])
    params = [(), network.init(x.shape[1:], np.random.default_rng(1))[1][:1], ()]
    _, gradients = network.loss_and_gradients(x, y, params)
    found = compare_step(described(network), x, y, params, network.sgd_step(params, gradients, 0.1), 0.1, 0.0)
    assert found is not None
    assert {name: judged and judged.status for name, judged in found.items()} == {"w2": "pass"}
