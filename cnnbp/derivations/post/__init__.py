"""The widely copied post. Its words stand in text.toml, in its own order; how each is put to the test, in the files beside."""

from __future__ import annotations

import tomllib
from importlib import resources

from ..statement import derivation
from . import convolution, descent, forward, pooling, residuals, step, unified, unrolled

PARTS = (forward, descent, step, residuals, unrolled, pooling, convolution, unified)
TRIALS = {name: trial for part in PARTS for name, trial in part.TRIALS.items()}
DERIVATION = derivation("post", tomllib.loads(resources.files(__package__).joinpath("text.toml").read_text("utf-8")), TRIALS)
