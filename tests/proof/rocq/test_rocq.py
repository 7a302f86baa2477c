"""Running Rocq: what is missing is said, what is refused is said with the theorem, and the checker's report is read."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cnnbp.proof.rocq import __main__ as program
from cnnbp.proof.rocq.rocq import FILES, HERE, ProofRefused, RocqMissing, compile_file, findings, version

REPORT = """
CONTEXT SUMMARY
===============

* Theory: Set is predicative

* Axioms: {axioms}

* Inductives whose positivity is assumed: <none>

"""


def test_without_rocq(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """It is said what to install, and the exit status is 2."""
    monkeypatch.setenv("PATH", "")
    with pytest.raises(RocqMissing, match="apt-get install coq"):
        version()
    assert program.main() == 2
    assert "coqc is not installed" in capsys.readouterr().err


@pytest.mark.skipif(shutil.which("coqc") is None, reason="Rocq is not installed: apt-get install coq")
def test_the_theorem_at_fault(tmp_path: Path) -> None:
    """A file with a theorem that does not hold is refused, and the theorem is named."""
    statements = ["Theorem right : 1 = 1.", "Theorem wrong : 1 = 2."]
    (tmp_path / "A.v").write_text("\n".join(f"{statement}\nProof. reflexivity. Qed." for statement in statements))
    with pytest.raises(ProofRefused, match=r"A\.v, wrong: ") as refused:
        compile_file("A", tmp_path)
    assert (refused.value.file, refused.value.theorem) == ("A", "wrong")


def checker(report: str, status: int = 0) -> subprocess.Popen[str]:
    code = f"import sys; print({report!r}); sys.exit({status})"
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)


def test_the_report_of_the_checker() -> None:
    """Each of its headings with what stands below it; a checker that fails is a refusal."""
    assert findings(checker(REPORT.format(axioms="<none>")))["Axioms"] == "<none>"
    found = findings(checker(REPORT.format(axioms="\n    one\n    two")))
    assert found == {"Theory": "Set is predicative", "Axioms": "one two", "Inductives whose positivity is assumed": "<none>"}
    with pytest.raises(ProofRefused, match="no good"):
        findings(checker("no good", 1))


def test_the_order_of_the_files() -> None:
    """Each file needs only those before it."""
    for number, name in enumerate(FILES):
        text = (HERE / f"{name}.v").read_text(encoding="utf-8")
        needed = [word for line in re.findall(r"From cnnbp Require Import (.*)\.", text) for word in line.split()]
        assert {*needed} <= {*FILES[:number]}, name
