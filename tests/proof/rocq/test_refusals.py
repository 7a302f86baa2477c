"""A few of the mutants that `make theorem-mutants` puts to the theorems, all of them where only Python is needed."""

from __future__ import annotations

import ast
import shutil

import pytest

from cnnbp.proof.rocq.translate import SOURCE

from .mutants import mutants
from .refusals import ABOUT, difference, refusal

TEXT = SOURCE.read_text(encoding="utf-8")


def test_there_are_mutants_of_every_function() -> None:
    """Each is another source, and every function that is translated has some."""
    found = tuple(mutants(TEXT))
    assert len({mutant.source for mutant in found}) > 150
    assert ast.unparse(ast.parse(TEXT)) not in {mutant.source for mutant in found}
    assert {mutant.function for mutant in found} == {*ABOUT}


def test_the_source_itself_answers_the_same() -> None:
    """No difference where nothing was changed, and one where a sign was."""
    assert difference(TEXT) is None
    assert difference(TEXT.replace("offset = self.dilation * r - self.padding", "offset = self.dilation * r + self.padding"))


@pytest.mark.skipif(shutil.which("coqc") is None, reason="Rocq is not installed: apt-get install coq")
def test_a_mutant_is_refused_by_a_theorem() -> None:
    """Not by the translation: what is wrong with it is the arithmetic."""
    changed = TEXT.replace("min(self.outputs, (self.size", "max(self.outputs, (self.size")
    assert changed != TEXT
    assert refusal("tap", changed).startswith("Tap.")
    assert refusal("tap", TEXT.replace("max(first, min", "sorted(first, min")) == "translation"
