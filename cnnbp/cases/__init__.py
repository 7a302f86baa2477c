"""What is asked: shapes, options, numbers and residuals, over a small interface of choices.

The space is described once, by each operator's record. Hypothesis makes the choices in tests, where it searches and shrinks
(`from_hypothesis`); a counter hashed with SHAKE-256 makes them in a run, where the same seed makes the same choices on every
machine (`choices`); the last bits of numbers that take exp or a power depend on its processor. `sizes` draws how many there are of
anything, `axes` what fits together along rows and columns, `numbers` what stands in the arrays, `layouts` how they lie in
memory, `special` what is special about them.
"""

from .case import Case, assemble
from .choices import Choices, Counter, given

__all__ = ["Case", "Choices", "Counter", "assemble", "given"]
