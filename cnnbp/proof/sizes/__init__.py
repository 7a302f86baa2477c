"""Proofs for all sizes: the layers' own index arithmetic runs on numbers that are not known, and a small kernel checks it.

`check()` says what holds of the installed source, by certificates that are shipped with it; `twins()` shows that wrong sources
have none. `python -m cnnbp.proof.sizes` searches for the certificates anew.

What has to be believed: the kernel; Python's integers, and that an unknown does what they do (held against them); that basic
slicing, reshape and strides mean what `arrays` says (held against NumPy); that a loop whose turns carry nothing does for each
tap what it does for any (`loops`); and that the claims, in `axis`, `pooling` and `relation`, say what they should. The lines
of the layers around gather and scatter are not run here.
"""

from .certificates import StaleCertificates
from .checked import Checked, CheckedClaim, check
from .refuted import Refuted, twins

__all__ = ["Checked", "CheckedClaim", "Refuted", "StaleCertificates", "check", "twins"]
