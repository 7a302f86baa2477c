"""Checks all theorems for the source as it stands: translated, compiled, rechecked by coqchk, their axioms printed.

Then the model of the layers that they are about is computed on small cases, and held against the layers.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from . import model
from .record import Record, Theorem, digest, hashes, meanings
from .rocq import APPLICATIONS, FILES, HERE, ON_AXIOMS, ProofRefused, compile_file, findings, start_checker, version
from .translate import SOURCE, translate

REAL_AXIOMS = {  # what Rocq's real numbers rest on
    "ClassicalDedekindReals.sig_forall_dec",
    "ClassicalDedekindReals.sig_not_dec",
    "Classical_Prop.classic",
    "FunctionalExtensionality.functional_extensionality_dep",
}

PRINTING = "From Coq Require Import ZArith List. Set Printing Width 110. Unset Printing Records."
SWITCHES = ("type-in-type", "unsafe", "positivity")  # rules of the kernel that nothing may switch off


def check(source: str | None = None) -> Record:
    """The record of a run. Raises RocqMissing, NotUnderstood, or ProofRefused with the theorem that does not hold."""
    found = version()
    arithmetic = translate(SOURCE.read_text(encoding="utf-8") if source is None else source)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        copy(arithmetic, folder)
        for name in FILES:
            compile_file(name, folder)
        with start_checker(FILES, folder, library=True) as checker:  # beside what follows, since it takes most of the time
            try:
                for name in APPLICATIONS:
                    compile_file(name, folder)
                theorems, instances = _statements(folder)
                (folder / "Model.v").write_text(model.text(), encoding="utf-8")
                compile_file("Model", folder)
                _accept(findings(start_checker(APPLICATIONS, folder, library=False)), SWITCHES)
                _accept(findings(checker), ("Axioms", *SWITCHES))
            finally:
                checker.kill()
        files, computed = {**hashes(), "Axis": digest(arithmetic)}, tuple(case.title for case in model.cases())
        return Record(found, digest(arithmetic), files, theorems, instances, computed, digest(model.text()))


def copy(arithmetic: str, folder: Path) -> None:
    """The Rocq files, with the arithmetic of the source as Axis.v."""
    for name in FILES + APPLICATIONS:
        text = arithmetic if name == "Axis" else (HERE / f"{name}.v").read_text(encoding="utf-8")
        (folder / f"{name}.v").write_text(text, encoding="utf-8")


def _accept(found: dict[str, str], wanted: tuple[str, ...]) -> None:
    """What is reported under each of these words must be nothing."""
    for word in wanted:
        title, text = next(((title, text) for title, text in found.items() if word in title), (word, "no report"))
        if text != "<none>":
            raise ProofRefused("coqchk", "", f"{title}: {text}")


def _statements(folder: Path) -> tuple[tuple[Theorem, ...], tuple[str, ...]]:
    """All theorems as Rocq prints them, and the names of all instances, each with its axioms looked at."""
    files = FILES + APPLICATIONS
    lines = [PRINTING, f"From cnnbp Require Import {' '.join(files)}.", "Open Scope Z_scope."]
    names = dict[str, str]()
    for file in files:
        for kind, name in re.findall(r"^(Theorem|Example) (\w+)", (folder / f"{file}.v").read_text(encoding="utf-8"), re.MULTILINE):
            names[f"{file}.{name}"] = kind
            lines += [f'Redirect "{file}.{name}.axioms" Print Assumptions {file}.{name}.']
            lines += [f'Redirect "{file}.{name}.type" Check @{file}.{name}.'] if kind == "Theorem" else []
    (folder / "Printed.v").write_text("\n".join(lines) + "\n", encoding="utf-8")
    compile_file("Printed", folder)
    theorems = []
    for full, kind in names.items():
        file, name = full.split(".")
        axioms = _axioms((folder / f"{full}.axioms.out").read_text(encoding="utf-8"))
        if set(axioms) - (REAL_AXIOMS if file == ON_AXIOMS else set()):
            raise ProofRefused(file, name, f"it rests on {', '.join(axioms)}")
        if kind == "Theorem":
            statement = (folder / f"{full}.type.out").read_text(encoding="utf-8").split(":", 1)[1].strip()
            meaning = meanings((folder / f"{file}.v").read_text(encoding="utf-8"))[name]
            theorems.append(Theorem(name, file, meaning, re.sub(r"\n     {2}", "\n", statement), axioms))
    return tuple(theorems), tuple(full for full, kind in names.items() if kind == "Example")


def _axioms(printed: str) -> tuple[str, ...]:
    """The names that Print Assumptions lists."""
    if printed.strip() == "Closed under the global context":
        return ()
    return tuple(re.findall(r"^(\S+)\s*(?::|$)", printed.removeprefix("Axioms:\n"), re.MULTILINE)) or (printed.strip(),)
