"""`cnnbp cite`: sentences about a run that are fit for a paper, and its entry for BibTeX."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from ..evidence import file
from ..evidence.status import examine
from .folder import Mistake
from .terminal import printable, say

DESCRIPTION = """\
Prints a sentence about a run for each kind of evidence that it has, strongest first, and an entry for BibTeX with version, commit,
seed and the SHA-256 of the evidence. No sentence is stronger than the weakest record under it.
"""
TAUGHT = """\
how to use it:
  Take the sentence of the kind that you rely on, with what it does not show, and cite the entry. Publish evidence.json with
  it: its SHA-256 is in the entry, `cnnbp recheck` finds again what is exact in it, `cnnbp report` sets its page.

exit status:
  0    the run holds
  1    it does not: what follows is said instead, and nothing can be cited as holding
  2    the call itself is wrong, or the file is no evidence
"""


def options(commands: Any) -> None:
    """Adds the command."""
    raw = argparse.RawDescriptionHelpFormatter
    parser = commands.add_parser("cite", help="cite a run", description=DESCRIPTION, epilog=TAUGHT, formatter_class=raw)
    parser.add_argument("evidence", type=Path, metavar="EVIDENCE.json", help="a file that `cnnbp verify` wrote")


def cite(arguments: argparse.Namespace) -> int:
    """0 where the run holds. Raises Mistake for a file that is no evidence of a run."""
    try:
        found = file.read(arguments.evidence)
    except ValueError as error:
        raise Mistake(str(error)) from error
    from ..report.twins.citing import bibtex, sentences
    from ..report.twins.told import Told
    from ..run.provenance import installed

    told = Told(found, examine(found, installed(found)))
    say(printable("\n".join([*sentences(told), "", bibtex(told)])))
    return int(told.standing.status != "holds")
