"""What a proofreader finds in printed TeX, and what he lets stand."""

from __future__ import annotations

import pytest

from cnnbp.derivations import DERIVATIONS
from cnnbp.derivations.proofread import defects, misprints
from cnnbp.derivations.statement import Statement
from cnnbp.text import sentence

STATEMENTS = [statement for derivation in DERIVATIONS for statement in derivation.statements]


@pytest.mark.parametrize(
    ("tex", "piece", "what"),
    [
        ("a=f(z", "(", "“(” is never closed"),
        ("a=f z)", ")", "“)” closes nothing"),
        ("w_{ij}^{(l)}=w{ij}^{(l)}", "w{ij}", "the underscore is lost"),
        ("b_i^{(l)}=b_i{(l)}-1", "b_i{(l)}", "the caret is lost"),
        (r"w_{ij}=\sum_{i=1}^{m}x_i", r"\sum_{i=1}", "i is bound by the sum and free on the left"),
    ],
)
def test_defect_is_found_where_it_is(tex: str, piece: str, what: str) -> None:
    """Each kind of defect, once."""
    ((start, end, said),) = defects(tex)
    assert (tex[start:end], sentence(said)) == (piece, what)


@pytest.mark.parametrize(
    "tex",
    [
        "a^{(l+1)}=f(z^{(l+1)})", "w_{ij}^{(l)}",
        r"\frac{\partial J(w,b)}{\partial w_{ij}^{(l)}}", r"\sum_{i=1}^{m}x_i=\sum_{i=1}x_i",
        r"w_{ij}:=w_{ij}-\alpha\sum_{t=1}^{m}\delta_i^{(t)}a_j^{(t)}", r"\operatorname{rot180}w", r"a[0]",
    ],
)  # fmt: skip
def test_sound_tex_stands(tex: str) -> None:
    """Nothing is found in what is right."""
    assert defects(tex) == []


@pytest.mark.parametrize("statement", [s for s in STATEMENTS if s.corrected], ids=lambda statement: statement.id)
def test_corrected_forms_are_sound(statement: Statement) -> None:
    """The proofreader finds nothing in any corrected formula."""
    assert defects(statement.corrected or "") == []


def test_misprints_lie_apart_and_inside() -> None:
    """Ranges of the printed form in order, none over another: a page can mark them."""
    for statement in STATEMENTS:
        end = 0
        for misprint in misprints(statement):
            assert end <= misprint.start < misprint.end <= len(statement.printed), statement.id
            end = misprint.end
