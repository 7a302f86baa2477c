"""What a proofreader finds in printed TeX, and what he lets stand."""

from __future__ import annotations

import pytest

from cnnbp.derivations import DERIVATION
from cnnbp.derivations.proofread import defects, misprints

PRINTED = {statement.label: statement.printed for statement in DERIVATION.statements}


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
    assert (tex[start:end], said) == (piece, what)


@pytest.mark.parametrize(
    "tex",
    [
        "a^{(l+1)}=f(z^{(l+1)})", "w_{ij}^{(l)}",
        r"\frac{\partial J(w,b)}{\partial w_{ij}^{(l)}}", r"\sum_{i=1}^{m}x_i=\sum_{i=1}x_i",
        r"w_{ij}:=w_{ij}-\alpha\sum_{t=1}^{m}\delta_i^{(t)}a_j^{(t)}", r"\operatorname{rot180}w", r"a[0]",
    ],
)  # fmt: skip
def test_sound_tex_stands(tex: str) -> None:
    """Nothing right is accused."""
    assert defects(tex) == []


@pytest.mark.parametrize("label", [s.label for s in DERIVATION.statements if s.corrected])
def test_corrected_forms_are_sound(label: str) -> None:
    """The proofreader finds nothing in any corrected formula."""
    (statement,) = (s for s in DERIVATION.statements if s.label == label)
    assert defects(statement.corrected or "") == []


def test_defects_of_the_post() -> None:
    """The formulas in which reading alone finds a defect."""
    found = {label: {what for *_, what in defects(printed)} for label, printed in PRINTED.items() if defects(printed)}
    assert set(found) == {"E7", "E8", "E10", "E11", "E12", "E14", "E15", "E21", "E22"}
    assert found["E7"] == found["E8"] == found["E22"] == {"“(” is never closed"}
    assert found["E10"] == {"the underscore is lost"}
    assert "i is bound by the sum and free on the left" in found["E11"] & found["E12"] & found["E14"] & found["E15"]
    assert "the caret is lost" in found["E15"] & found["E21"]


def test_misprints_lie_apart_and_inside() -> None:
    """Ranges of the printed form in order, none over another: a page can mark them."""
    for statement in DERIVATION.statements:
        end = 0
        for misprint in misprints(statement):
            assert end <= misprint["start"] < misprint["end"] <= len(statement.printed), statement.id
            end = misprint["end"]
