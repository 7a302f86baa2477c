"""Rocq's compiler and its independent checker, run on the files of this folder in a folder of their own."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).parent
FILES = (  # in an order in which each needs only those before it
    "Axis", "Relation", "Outputs", "Counting", "Tap", "PoolingAxis", "TransposedAxis", "Sums", "Contraction", "Line", "Plane",
    "Convolution", "TransposedConvolution", "Loops", "MeanPooling", "MaxPooling", "Calculus", "Network", "Perceptron", "Descent",
    "Decay", "ConvolutionalNetwork",
)  # fmt: skip
APPLICATIONS = ("Instances", "Reals")  # need all of these, and more of Rocq's library: rationals, and real numbers
ON_AXIOMS = "Reals"  # the one file that may rest on axioms, those of Rocq's real numbers
LIBRARY = ("-Q", ".", "cnnbp")
STATEMENT = re.compile(r"^(?:Theorem|Lemma|Example|Definition) (\w+)", re.MULTILINE)


class RocqMissing(RuntimeError):
    """There is no Rocq on this machine."""


class ProofRefused(RuntimeError):
    """Rocq did not accept a file. `file` and `theorem` say where; `theorem` is empty outside of any."""

    def __init__(self, file: str, theorem: str, message: str) -> None:
        super().__init__(f"{file}.v{f', {theorem}' if theorem else ''}: {message}")
        self.file, self.theorem = file, theorem


def version() -> str:
    """The version of the Rocq that would be run. Raises RocqMissing with what to install."""
    for program in ("coqc", "coqchk"):
        if shutil.which(program) is None:
            raise RocqMissing(f"{program} is not installed. On Debian and Ubuntu: apt-get install coq (8.16 or later)")
    found = subprocess.run(["coqc", "--print-version"], capture_output=True, text=True, check=True)
    return found.stdout.split()[0]


def compile_file(name: str, folder: Path) -> None:
    """Compiles a file that lies in the folder with those that it needs. Raises ProofRefused with the theorem at fault."""
    done = subprocess.run(["coqc", "-q", *LIBRARY, f"{name}.v"], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        at = re.search(r'File "[^"]*", line (\d+)', done.stderr)
        lines = (folder / f"{name}.v").read_text(encoding="utf-8").splitlines()[: int(at[1])] if at else []
        begun = STATEMENT.findall("\n".join(lines))
        raise ProofRefused(name, begun[-1] if begun else "", done.stderr.strip() or f"coqc ended with status {done.returncode}")


def start_checker(names: Sequence[str], folder: Path, library: bool) -> subprocess.Popen[str]:
    """Rocq's independent checker on these files, and with `library` on all that they use, Rocq's own library included."""
    modules = " ".join(f"cnnbp.{name}" if library else f"-norec cnnbp.{name}" for name in names)
    command = ["coqchk", "-silent", "-o", *LIBRARY, *modules.split()]
    return subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def findings(checker: subprocess.Popen[str]) -> dict[str, str]:
    """What the checker reports of each thing that a proof might rest on, such as its axioms: `<none>`, or a list."""
    report, _ = checker.communicate()
    if checker.returncode:
        raise ProofRefused("coqchk", "", report.strip())
    found = re.findall(r"^\* ([^:\n]+):(.*?)(?=^\*|\Z)", report, re.MULTILINE | re.DOTALL)
    return {title.strip(): " ".join(text.split()) for title, text in found}
