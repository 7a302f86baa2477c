"""Samples: of a layer that treats them apart, a batch is answered as its samples are."""

from __future__ import annotations

import numpy as np

from ...evidence import Evidence, remark
from ..subject import Breach
from .trial import Trial, found

POINT = "batch-as-samples"


def batch_as_samples(trial: Trial) -> Evidence:
    """The first sample alone and the rest alone: values side by side, parameter gradients added."""
    x, *params = trial.args
    cuts, answers = (slice(0, 1), slice(1, None)), []
    for cut in cuts:
        try:
            asked = (trial.subject.forward(x[cut], *params), *trial.subject.backward(trial.delta[cut], x[cut], *params))
        except Breach as breach:
            said = {key: breach.remark.values[key] for key in ("method", "error", "message") if key in breach.remark.values}
            code = "samples-refused" if len(said) == 3 else breach.remark.code.removeprefix("contract.")
            values = {**breach.remark.values, "samples": len(x[cut]), "of": len(x)}
            raise Breach(POINT, code, **values) from breach.__cause__
        if asked[0].shape != trial.delta[cut].shape:
            shapes = {"actual_shape": asked[0].shape, "expected_shape": trial.delta[cut].shape}
            return found(POINT, remark("contract.samples-mixed-shape", quantity="y", **shapes))
        answers.append(asked)
    whole = {"y", trial.subject.names[0]}
    joined = tuple(
        np.concatenate(pair) if name in whole else np.asarray(pair[0] + pair[1])
        for name, pair in zip(trial.names, zip(*answers, strict=True), strict=True)
    )
    return trial.close(POINT, trial.first, joined, trial.slack.twice, "contract.samples-mixed")
