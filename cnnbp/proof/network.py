"""Whole networks: J and its gradients for all real inputs, targets, parameters, λ and α at a shape, and the step of descent.

The network runs on numbers that are not known. What it calls J must be the loss of the textbook's layers, one after another,
plus λ/2·Σ‖w‖²; what it calls gradients the formal derivatives of J by every parameter; what it steps to θ − α·gradient. So
the order of the layers, the residual that each is handed, and the decay are proved together, not layer by layer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..attributes import optional
from ..evidence.proof import Hypothesis, Proof, ProofStatus
from ..evidence.verdict import Remark, remark
from ..layers import HalfSquaredError
from ..rounding import Array
from .budget import allowed
from .network_question import NetworkQuestion
from .network_run import NetworkRun
from .numbers.unsupported import root
from .on_floats import FloatsRaise
from .question import Shape, title
from .refusals import of_floats, refusal


def prove_network(
    network: Any,
    x_shape: Shape,
    parameter_shapes: Sequence[Sequence[Shape]],
    y: Shape | Array | None = None,
    loss: Any = None,
    budget: float | None = None,
) -> Proof:
    """Whether loss_and_gradients and sgd_step are right for all real x, y, parameters, λ and α at these shapes.

    parameter_shapes: for each layer a tuple of shapes, as `params`. y: the shape of unknown targets, that of h(x) if None, or
    the targets themselves, as class indices must be. loss: HalfSquaredError() if None. budget: as in `prove`.

    Every strict order of what the layers compare is walked, for unknown λ of either sign, for λ = 0, and for each number that λ
    is compared with. Where something else is equal a derivative is a convention: there it is shown, at λ = 0, that J and the
    step are right. J is held against textbooks only where all layers are cnnbp's own. Raises TypeError, ValueError where the
    caller is wrong.
    """
    for method in ("loss_and_gradients", "sgd_step"):
        if isinstance(network, type) or not callable(optional(network, method)) or optional(network, "layers") is None:
            raise TypeError(f"network must have layers, loss_and_gradients and sgd_step, got {network!r}")
    if len(parameter_shapes) != len(network.layers):
        raise ValueError(f"parameter_shapes must hold one tuple a layer, {len(network.layers)}, got {len(parameter_shapes)}")
    limit, deadline = allowed(budget)
    with np.errstate(all="ignore"):
        run = NetworkRun(NetworkQuestion(network, x_shape, parameter_shapes, y, HalfSquaredError() if loss is None else loss))
        try:
            run.walk_all(limit, deadline)
            unsure = None if run.wrong else run.unsure()
        except FloatsRaise as error:
            return _proof(run, "abstains", of_floats(error))
        except Exception as error:  # on unknown numbers, whatever it does on floats
            return _proof(run, "abstains", refusal(root(error)))
    return _proof(run, "refuted" if run.wrong else "abstains" if unsure else "proved", run.wrong or unsure)


def _proof(run: NetworkRun, status: ProofStatus, wrong: Remark | None) -> Proof:
    """What was found."""
    if run.open_ties:
        ties = [remark("proof.scope.ties-open", paths=run.open_ties)]
    else:
        ties = [remark("proof.scope.update-at-ties", ties=run.ties)] if run.ties else []
    ties += [run.undecided] if run.undecided else []
    scope = (remark("proof.scope.letters"), remark("proof.scope.orders", paths=run.paths, ties=0), *ties)
    checked = remark("proof.checked.sampled", compared=run.floats.compared) if run.floats.compared else None
    hypotheses = () if run.wrong else (Hypothesis(remark("proof.assumes.same-lines"), checked),)
    name = f"{type(run.asked.network).__name__}([{', '.join(map(title, run.asked.network.layers))}], {title(run.asked.loss)})"
    shapes = {a.name: a.shape for a in run.asked.letters}
    claims = tuple(t.claim for t in (*run.tallies.values(), run.floats))
    return Proof(name, status, "symbolic", shapes, claims, scope, hypotheses, witness=run.witness, remark=wrong,
                 paths=run.paths + run.ties)  # fmt: skip
