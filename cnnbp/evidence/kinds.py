"""The kinds of evidence, weakest first, and which of them each oracle can give. README, page and terminal read them here."""

from __future__ import annotations

from typing import Literal, get_args

Kind = Literal["contract", "estimated", "sampled", "exact at points", "probabilistic", "symbolic", "symbolic sizes", "theorem"]

KINDS: tuple[Kind, ...] = get_args(Kind)
"""What each is said to show, and not to show, stands in `text/`, under `kind.NAME`."""

GIVEN: dict[str, tuple[Kind, ...]] = {
    "masked_dense": ("sampled", "exact at points"),
    "autograd": ("sampled", "exact at points"),
    "complex_step": ("sampled",),
    "finite_difference": ("sampled", "estimated", "exact at points"),
    "reference": ("estimated",),
    "contract": ("contract",),
    "dual_numbers": ("exact at points",),
}
"""By oracle, the kinds that it can give: evidence of any other kind claims more than its producer can know."""
