"""A run of the check, on a proof small enough: it records what holds, and refuses what is not proved."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from cnnbp.proof.rocq import check as module
from cnnbp.proof.rocq.check import SWITCHES
from cnnbp.proof.rocq.record import Record
from cnnbp.proof.rocq.rocq import HERE, ProofRefused, start_checker, version
from cnnbp.proof.rocq.translate import SOURCE, translate

Run = Callable[[str], Record]
ACCEPT = module._accept
ADMITTED = """(** Of which nothing is shown. *)
Theorem three : 2 + 2 = 3.
Proof. Admitted.
"""
THEOREM = """From Coq Require Import ZArith. From cnnbp Require Import Axis. Open Scope Z_scope.
(** A kernel of 3 has 3 outputs in 5 cells. *)
Theorem three : outputs (Axis 5 3 1 0 1 false 0) = Some 3.
Proof. reflexivity. Qed.
Example one : exists n : Z, n = 1.
Proof. now exists 1. Qed.
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The check of one file beside Axis.v, Rocq's own library taken as it is."""
    if shutil.which("coqc") is None:
        pytest.skip("Rocq is not installed: apt-get install coq")
    monkeypatch.setattr(module, "HERE", tmp_path)
    monkeypatch.setattr(module, "FILES", ("Axis", "Small"))
    monkeypatch.setattr(module, "APPLICATIONS", ())
    monkeypatch.setattr(module, "hashes", dict)
    monkeypatch.setattr(module.model, "text", lambda: "")
    monkeypatch.setattr(module, "start_checker", lambda names, folder, library: start_checker(names, folder, False))
    monkeypatch.setattr(module, "_accept", lambda found, wanted: ACCEPT(found, SWITCHES))

    def checked(text: str) -> Record:
        (tmp_path / "Small.v").write_text(text, encoding="utf-8")
        return module.check()

    return checked


def test_what_holds_is_recorded(run: Run) -> None:
    """The theorem with its meaning and its statement, the instance by name, and the version."""
    found = run(THEOREM)
    (theorem,) = found.theorems
    assert (theorem.name, theorem.file, theorem.axioms) == ("three", "Small", ())
    assert theorem.meaning == "A kernel of 3 has 3 outputs in 5 cells."
    assert theorem.statement == "outputs (Axis 5 3 1 0 1 false 0) = Some 3"
    assert found.instances == ("Small.one",)
    assert found.version == version()
    assert found.arithmetic == module.digest(translate(SOURCE.read_text(encoding="utf-8")))


def test_what_is_admitted_is_refused(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A theorem that is only claimed rests on itself."""
    monkeypatch.setattr(module, "FILES", ("Small",))
    with pytest.raises(ProofRefused, match=r"Small\.v, three: it rests on .*three"):
        run(ADMITTED)


def test_a_switched_off_rule_is_refused() -> None:
    """What the checker reports of axioms or of the kernel's rules must be nothing, and must be reported."""
    titles = "Axioms", "relying on type-in-type", "relying on unsafe (co)fixpoints", "whose positivity is assumed"
    found = dict.fromkeys(titles, "<none>")
    ACCEPT(found, ("Axioms", *SWITCHES))
    for title in found:
        with pytest.raises(ProofRefused, match="something"):
            ACCEPT({**found, title: "something"}, ("Axioms", *SWITCHES))
        with pytest.raises(ProofRefused, match="no report"):
            ACCEPT({other: text for other, text in found.items() if other != title}, ("Axioms", *SWITCHES))


def test_the_files_of_the_proof() -> None:
    """What is compiled is what lies beside the module, but for Axis.v, which is translated anew."""
    assert module.HERE == HERE
