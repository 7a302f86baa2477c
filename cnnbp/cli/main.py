"""The command line: `cnnbp verify` tests derivations, layers and itself, `check` a layer of one's own, `report` sets evidence as
a page, `compare` says what changed in it, `recheck` finds again what is exact in it, `cite` says it for a paper, and `faults`
shows what the harness sees of layers that are wrong on purpose.
"""

from __future__ import annotations

import io
import sys
import traceback
from collections.abc import Sequence

from .check import check
from .cite import cite
from .commands import Planner, report, verify
from .compare import compare
from .faults import faults
from .folder import Mistake
from .parser import parsed
from .recheck import recheck
from .terminal import tell


def main(argv: Sequence[str] | None = None, plan: Planner | None = None) -> int:
    """Runs the command line and returns its exit status. `plan`: what to do instead of everything, for tests."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal without ∂ shows something else, and no traceback
    try:
        arguments = parsed(argv)
        if arguments.command == "verify":
            return verify(arguments, plan)
        others = {"check": check, "cite": cite, "compare": compare, "faults": faults, "recheck": recheck, "report": report}
        return others[arguments.command](arguments)
    except KeyboardInterrupt as ended:  # before a command listens for it
        tell(f"cnnbp: ended by {getattr(ended, 'how', 'Ctrl-C')}")
        return int(getattr(ended, "status", 130))
    except Mistake as mistake:
        tell(f"cnnbp: {mistake}")
    except OSError as error:
        tell(f"cnnbp: {error.filename}: {error.strerror}" if error.filename and error.strerror else f"cnnbp: {error}")
    except Exception:
        traceback.print_exc()
        tell("cnnbp: this is a mistake in cnnbp itself; nothing follows about derivation or layers")
    return 2
