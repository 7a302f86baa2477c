"""`cnnbp cite`: sentences about a run that are fit for a paper, and its entry for BibTeX."""

from __future__ import annotations

import argparse

from ..evidence import file
from ..evidence.status import examine
from . import run_file
from .layout import said
from .terminal import printable, say, tell


def cite(arguments: argparse.Namespace) -> int:
    """0 where the run holds. Raises Mistake for a file that is no evidence of a run."""
    found = run_file.read(arguments.evidence, said("cite.own", path=str(arguments.evidence)))
    from ..report.twins.citing import bibtex, sentences
    from ..report.twins.told import Told
    from ..run.provenance import installed

    told = Told(found, examine(found, installed(found)))
    say(printable("\n".join([*sentences(told), "", bibtex(told)])))
    if arguments.evidence.read_bytes() != file.text(found).encode():
        tell(
            f"cnnbp: {printable(str(arguments.evidence))} was written anew by something else (spaces, or the order of fields): "
            f"the SHA-256 above is that of the same content as cnnbp writes it, and `sha256sum` of this file gives another"
        )
    return int(told.standing.status != "holds")
