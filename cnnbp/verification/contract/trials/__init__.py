"""A layer under test and what is right at other inputs, as far as that is known: a file for each way of judging."""

from .in_precision import in_precision
from .known import known
from .trusted import trusted
from .unknown import unknown

__all__ = ["in_precision", "known", "trusted", "unknown"]
