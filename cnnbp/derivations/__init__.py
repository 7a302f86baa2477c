"""The published derivations under test. Another one is a package beside `post` and one line here."""

from . import post
from .statement import Derivation

DERIVATIONS: tuple[Derivation, ...] = (post.DERIVATION,)

__all__ = ["DERIVATIONS", "Derivation"]
