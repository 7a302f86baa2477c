"""Proofs for all sizes: the layers' own index arithmetic runs on numbers that are not known, and a small kernel checks it.

`check()` says what holds of the installed source, by certificates that are shipped with it; `twins()` shows that wrong sources
have none. `python -m cnnbp.proof.sizes` searches for the certificates anew.

What has to be believed: the kernel; Python's integers, and that an unknown does what they do (held against them); that basic
slicing, reshape and strides mean what `arrays` says, and elementwise functions what `pooling` says (held against NumPy); that a
loop over all taps whose turns carry nothing does for each tap what it does for any (`loops`); that a source in the forms of
`cnnbp.proof.forms` does nothing that such a run does not see; and that the claims, in `axis`, `pooling` and `relation`, say
what they should.

Not modelled, and in no claim: what a dtype makes of a sum, sizes beyond NumPy's integers, arrays of other than four and five
axes, `blocks`, and the lines of the layers around gather and scatter.
"""

from .certificates import StaleCertificates
from .checked import Checked, CheckedClaim, check
from .refuted import Refuted, twins

__all__ = ["Checked", "CheckedClaim", "Refuted", "StaleCertificates", "check", "twins"]
