"""The widely copied post: what it prints (`statements.toml`), its words (`text/`), and its experiments (the files beside)."""

from __future__ import annotations

from importlib import resources

from ..load import load
from . import convolution, descent, forward, pooling, residuals, rule, step, unified, unrolled

PARTS = (forward, descent, step, residuals, rule, unrolled, pooling, convolution, unified)
EXPERIMENTS = {name: experiment for part in PARTS for name, experiment in part.EXPERIMENTS.items()}
DERIVATION = load(resources.files(__package__), EXPERIMENTS)
