"""The command line: `cnnbp verify` tests derivations, layers and itself, `check` a layer of one's own, `report` sets evidence as
a page, `recheck` finds again what is exact in it, `faults` shows what the harness sees of layers that are wrong on purpose.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..text import LANGUAGES
from ..version import __version__
from .check import EXAMPLES, check
from .commands import PROFILES, Planner, report, verify
from .faults import EXAMPLES as FAULTY
from .faults import faults
from .folder import Mistake
from .recheck import recheck
from .terminal import tell

EXIT = """\
exit status:
  0    derivations, layers and controls hold, as corrected where something is misprinted
  1    something is refuted or wrong, a control failed, or too little was tested
  2    the call itself is wrong, or could not be carried out
  130  ended by Ctrl-C; 143 by SIGTERM

what passes all the same:
  a layer that is wrong from the sixtieth call on, or once in a hundred calls, or that looks at who is calling;
  a defect below the resolution that is shown; sizes and options beyond the largest that were drawn
"""
EPILOG = f"""\
examples:
  cnnbp verify                          everything, quickly, into reports/
  cnnbp verify --profile ci --jobs 2    five times the cases, on two processes
  cnnbp verify --only delta-hidden      one statement alone, printed here
  cnnbp verify --only Conv2d/17 --seed 7   one case of one layer
  cnnbp check mylayers:MyConv --like "Conv2d(stride=2)"   a layer of your own, over drawn shapes
  cnnbp report reports/evidence.json    the page again, from the evidence
  cnnbp recheck reports/evidence.json   its exact part found again, on any machine
  cnnbp faults --id conv-kernel-not-flipped   a layer that is wrong on purpose: what sees it, and the message

{EXIT}"""
WHILE_IT_WORKS = f"""\
while it works:
  evidence.json holds what is done so far, marked incomplete, from the first moment on: it takes the place of an
  earlier run's at once, and that run's index.html goes. However a run ends, no passing report is left that is not
  its own. Ended early (Ctrl-C, SIGTERM), it sets the page of what it has; after a kill, `cnnbp report` does.

{EXIT}"""
CHECKED = """\
exit status:
  0    every layer passes: no case of it fails, and one or more pass
  1    a layer fails, or nothing about it could be judged
  2    the call itself is wrong
  130  ended by Ctrl-C; 143 by SIGTERM
"""
CATALOGUE = """\
how to read it:
  Each wrong layer is asked at drawn cases, as `verify` asks any other, until it is caught, or N cases are over; each right but
  unusual one at N/40. A method saw a layer if one of its comparisons failed there, and was asked if it had anything to say.
  What takes long, `verify` without a reference and `prove`, is asked at one small case. Some layers are wrong at large sizes,
  or at numbers of wide range, alone: they are asked at such cases, and their card says so.

examples:
  cnnbp faults                                 all of them, a minute on two cores
  cnnbp faults --id conv-kernel-not-flipped    one in full, at 25 cases or more: its card, what sees it, the message
  cnnbp faults --seed 7 --examples 50          other cases, and fewer

exit status:
  0    every wrong layer is caught, and no right one accused
  1    one is not caught, or accused
  2    the call itself is wrong
  130  ended by Ctrl-C; 143 by SIGTERM
"""


def main(argv: Sequence[str] | None = None, plan: Planner | None = None) -> int:
    """Runs the command line and returns its exit status. `plan`: what to do instead of everything, for tests."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal without ∂ shows something else, and no traceback
    arguments = _parser().parse_args(argv)
    try:
        if arguments.command == "verify":
            return verify(arguments, plan)
        return {"check": check, "faults": faults, "recheck": recheck, "report": report}[arguments.command](arguments)
    except Mistake as mistake:
        tell(f"cnnbp: {mistake}")
    except OSError as error:
        tell(f"cnnbp: {error.filename}: {error.strerror}" if error.filename and error.strerror else f"cnnbp: {error}")
    except Exception:
        traceback.print_exc()
        tell("cnnbp: this is a mistake in cnnbp itself; nothing follows about derivation or layers")
    return 2


def _parser() -> argparse.ArgumentParser:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(
        prog="cnnbp",
        description="Settles whether a derivation, or an implementation, of CNN backpropagation is right.",
        epilog=EPILOG,
        formatter_class=raw,
    )
    parser.add_argument("--version", action="version", version=f"cnnbp {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _verify_options(
        commands.add_parser(
            "verify",
            help="test everything",
            description="Tests every statement, layer and control, into evidence.json and index.html.",
            epilog=WHILE_IT_WORKS,
            formatter_class=raw,
        )
    )
    _check_options(
        commands.add_parser(
            "check",
            help="a layer of your own",
            description="Verifies layers of your own over the drawn cases of the layer that they must equal, or at given\n"
            "shapes, and prints the smallest case that fails. A class or function is called for each case with those\n"
            "options of --like that it takes; the ones that --like does not give are drawn.",
            epilog=CHECKED,
            formatter_class=raw,
        )
    )
    _report_options(
        commands.add_parser(
            "report",
            help="set existing evidence as a page",
            description="Sets existing evidence as a page; computes nothing, needs no PyTorch. "
            "The exit status is that of the run: 0 only if the page says that everything holds.",
        )
    )
    _recheck_options(
        commands.add_parser(
            "recheck",
            help="find again what is exact in an evidence file",
            description="Runs certificates, proofs and exact statements again, from the installed sources and the file's seed, and "
            "holds them against the file. Needs neither PyTorch nor a linear program. Exit status: 0 all of it is found again, "
            "1 something differs, 2 it cannot be rechecked.",
        )
    )
    _faults_options(
        commands.add_parser(
            "faults",
            help="layers wrong on purpose, and what sees them",
            description="Asks about every layer of the catalogue: wrong ones, many re-telling bugs of real frameworks, which must\n"
            "be caught, and right ones computed in unusual ways, which must not be accused. Counts what each method sees.",
            epilog=CATALOGUE,
            formatter_class=raw,
        )
    )
    return parser


def _faults_options(parser: Any) -> None:
    add, jobs = parser.add_argument, min(4, os.cpu_count() or 1)
    add("--id", metavar="ID", help="one layer alone, in full")
    add("--seed", type=_natural, metavar="S", help="the seed of all cases (default: from a hash of the package's sources)")
    add("--examples", type=_positive, metavar="N", default=FAULTY, help="cases at most (default: %(default)s)")
    add("--jobs", type=_positive, metavar="J", default=jobs, help="processes (default: %(default)s)")


def _check_options(parser: Any) -> None:
    add = parser.add_argument
    add(
        "layers",
        nargs="+",
        metavar="MODULE:LAYER",
        help="where it is: mylayers:MyConv, or mylayers.py:MyConv; several in one report",
    )
    add(
        "--like", metavar="LAYER", help='the layer of cnnbp that it must equal: "Conv2d(stride=2)"; else its own forward is trusted'
    )
    shape = "of x, and again for each parameter, instead of drawn ones: --shape 2,3,8,8 --shape 4,3,3,3"
    add("--shape", type=_shape, action="append", default=[], metavar="N,N,...", help=shape)
    number = f"cases of each layer (default: {EXAMPLES[True]}, and {EXAMPLES[False]} without --like)"
    add("--examples", type=_positive, metavar="N", help=number)
    add("--seed", type=_natural, metavar="S", help="the seed of all cases (default: from a hash of the package's sources)")
    add("--out", type=Path, metavar="DIR", help="folder for evidence.json and index.html (default: none are written)")


def _shape(text: str) -> tuple[int, ...]:
    return tuple(_natural(part) for part in text.split(",") if part.strip())


def _recheck_options(parser: Any) -> None:
    parser.add_argument("evidence", type=Path, metavar="EVIDENCE.json", help="a file that `cnnbp verify` wrote")
    jobs = min(4, os.cpu_count() or 1)
    parser.add_argument("--jobs", type=_positive, metavar="J", default=jobs, help="processes (default: %(default)s)")


def _verify_options(parser: Any) -> None:
    sizes = ", ".join(f"{name} {count}" for name, count in PROFILES.items())
    add = parser.add_argument
    add("--out", type=Path, default=Path("reports"), help="folder for evidence.json and index.html (default: reports)")
    add("--profile", choices=PROFILES, default="quick", help=f"cases per layer and statement: {sizes} (default: quick)")
    add("--examples", type=_positive, metavar="N", help="cases per layer and statement, instead of the profile's")
    add("--seed", type=_natural, metavar="S", help="the seed of all cases (default: from a hash of the package's sources)")
    add("--jobs", type=_positive, metavar="J", default=min(4, os.cpu_count() or 1), help="processes (default: %(default)s)")
    only = "one statement, layer, case of a layer (Conv2d/17) or part (digits, training), again for more; writes no report"
    add("--only", action="append", default=[], metavar="ID", help=only)


def _report_options(parser: Any) -> None:
    parser.add_argument("evidence", type=Path, metavar="EVIDENCE.json", help="a file that `cnnbp verify` wrote")
    parser.add_argument("--out", type=Path, default=Path("reports"), help="folder for index.html (default: reports)")
    opens = "the language in which the page opens, of those that it holds: %(choices)s (default: %(default)s)"
    parser.add_argument("--language", choices=LANGUAGES, default=LANGUAGES[0], help=opens)


def _positive(text: str) -> int:
    return _natural(text, 1)


def _natural(text: str, least: int = 0) -> int:
    try:
        number = int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"expected an integer, got {text!r}") from None
    if number < least:
        raise argparse.ArgumentTypeError(f"expected at least {least}, got {number}")
    return number
