"""The published equations: as printed, as corrected, and what each claims. A derivation is data plus small functions."""

from .post import DERIVATION

__all__ = ["DERIVATION"]
