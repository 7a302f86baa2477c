"""Proofs for all sizes: the layers' own index arithmetic runs on numbers that are not known, and a small kernel checks it.

`check()` says what holds of the installed source, by certificates that are shipped with it; `twins()` shows that wrong sources
have none. `python -m cnnbp.proof.sizes` searches for the certificates anew.
"""

from .certificates import StaleCertificates
from .checked import Checked, CheckedClaim, check
from .refuted import Refuted, twins

__all__ = ["Checked", "CheckedClaim", "Refuted", "StaleCertificates", "check", "twins"]
