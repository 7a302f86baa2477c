"""What is asked: shapes, options, numbers and residuals, over a small interface of choices.

The space is described once, by each operator's record. Hypothesis makes the choices in tests, where it searches and shrinks
(`from_hypothesis`); a counter hashed with SHAKE-256 makes them in a run, where the same seed makes the same choices on every
machine (`choices`); the last bits of numbers that take exp or a power depend on its processor. `axes` draws sizes that fit,
`numbers` what stands in the arrays, `layouts` how they lie in memory.
"""

from .case import Case, assemble
from .choices import Choices, Counter

__all__ = ["Case", "Choices", "Counter", "assemble"]
