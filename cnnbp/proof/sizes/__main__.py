"""`python -m cnnbp.proof.sizes`: searches for the certificates anew, for the source as it is installed, and ships them."""

from __future__ import annotations

import argparse

from .certificates import FILE, save
from .checked import CLAIMS, check
from .find import find
from .source import Source, text

if __name__ == "__main__":
    argparse.ArgumentParser("python -m cnnbp.proof.sizes", description=__doc__).parse_args()
    save(find(CLAIMS.values(), Source(text())))
    checked = check()
    print(f"{FILE.name}: {checked.conditions} conditions on {checked.paths} paths of {len(checked.claims)} claims")
