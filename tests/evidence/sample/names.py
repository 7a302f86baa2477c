"""What every part of the sample has in common: the seed, the network, and a text in English alone."""

from __future__ import annotations

from cnnbp.evidence import Remark

SEED, EXAMPLES = 7, 12
NETWORK = "Network([Conv2d(kernel_size=3), Tanh()])"
REMARK = Remark("run.ended", {"how": "SIGTERM"})


def en(text: str) -> dict[str, str]:
    """A text that is told in English alone."""
    return {"en": text}
