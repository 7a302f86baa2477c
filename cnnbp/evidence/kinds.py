"""The kinds of evidence, weakest first, which of them each oracle can give, and what every layer of a run is put before.

README, page and terminal read them here.
"""

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

BEFORE_ALL = ("masked_dense", "autograd", "complex_step", "finite_difference", "contract")
"""The oracles before which every layer of a run is put, in the order of their columns."""

SUFFIX: dict[Kind, str] = {"contract": "", "sampled": "", "exact at points": ", exact"}
"""The kinds in which they are asked about a layer with a reference, and what tells their tallies apart."""

TALLIES: dict[str, tuple[str, Kind]] = {
    oracle + SUFFIX[kind]: (oracle, kind) for oracle in BEFORE_ALL for kind in GIVEN[oracle] if kind in SUFFIX
}
"""By its name, what a tally is of: "autograd, exact" counts what autograd says where nothing is rounded."""

ALWAYS = (
    "repeats", "reads-only-inputs", "answers-stand", "no-memory", "other-inputs", "same-arrays",
    "as-given", "fortran-order", "non-contiguous", "negative-strides", "broadcast", "linear-multiples", "linear-sums",
)  # fmt: skip
BATCH = ("batch-as-samples",)
FORM = ("raises", "type", "dtype", "length", "shape", "missing", "finite")
"""The points of the contract: of every case, of a batch whose samples are apart, and those of the form of an answer."""

WAIVED = (*ALWAYS, *BATCH, "type", "dtype")
"""The points that can be waived: without the others nothing can be asked, or nothing is right."""

UNREACHED = "verification.unreached-method"
"""Of a method or a point of the contract: there was no time for it."""

COARSE = 1e-3
"""Of the largest entry: where a defect of this size may stay unseen in a quantity, the verdict on a case is inconclusive."""
