"""The record of what Rocq checked is about the source and the files as they stand, and says what it rests on."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from cnnbp.proof.rocq import record, theorem_status
from cnnbp.proof.rocq.rocq import APPLICATIONS, FILES, HERE, ON_AXIOMS
from cnnbp.proof.rocq.translate import SOURCE

TEXT = SOURCE.read_text(encoding="utf-8")
PROMISED = """
    tap_lists_exactly ceil_mode_is_pytorchs residual_is_full_convolution_with_rotated_kernel fold_is_transpose_of_unfold
    gradient_by_input gradient_by_kernel gradient_by_bias mean_pooling_gradient max_pooling_gradient_at_winner
    transposed_convolution_gradient delta_hidden_any_depth convolution_is_a_masked_dense_layer
    shared_weight_gradient_is_the_sum_over_its_copies backpropagation_is_the_gradient descent_follows_the_gradient
""".split()


def test_the_record_is_for_this_source() -> None:
    """`make theorem` was run on the source and the Rocq files as they stand; if this fails, run it again."""
    assert record.stale(record.read()) == []
    found = theorem_status()
    assert found.status == "checked for this source"
    assert str(found) == f"checked for this source by Rocq {found.version}"


def test_a_changed_source_is_seen() -> None:
    """Another arithmetic, or one that has no translation, is not the one that was checked; other words are."""
    changed = TEXT.replace("offset = self.dilation * r - self.padding", "offset = self.dilation * r + self.padding")
    assert record.stale(record.read(), changed) == ["The arithmetic of cnnbp/layers/relation.py is not the one that was checked."]
    refused = record.stale(record.read(), TEXT.replace("max(0, -(offset // self.stride))", "abs(offset)"))
    assert len(refused) == 1
    assert re.match(r"The source has changed: line \d+ of the source has no translation", refused[0])
    assert record.stale(record.read(), TEXT.replace("The outputs that tap", "Which outputs tap")) == []


@pytest.mark.parametrize("name", ["Axis", "Tap", "Reals"])
def test_a_changed_file_is_seen(name: str, tmp_path: Path) -> None:
    """So is a Rocq file that is not the one that was checked."""
    for file in HERE.glob("*.v"):
        shutil.copy(file, tmp_path)
    with (tmp_path / f"{name}.v").open("a", encoding="utf-8") as file:
        file.write("\n")
    assert record.stale(record.read(), folder=tmp_path) == [f"Not as they were checked: {name}.v."]


def test_a_stale_record_is_no_status(monkeypatch: pytest.MonkeyPatch) -> None:
    """The status says that the theorems are not for this source, and why."""
    stale = replace(record.read(), arithmetic="0")
    monkeypatch.setattr(record, "read", lambda: stale)
    found = theorem_status()
    assert found.status == "not for this source"
    assert str(found).endswith("The arithmetic of cnnbp/layers/relation.py is not the one that was checked.")


def test_it_is_written_as_it_is_read(tmp_path: Path) -> None:
    """Writing and reading is no change."""
    record.read().write(tmp_path / "record.json")
    assert record.read(tmp_path / "record.json") == record.read()
    assert (tmp_path / "record.json").read_bytes() == record.PATH.read_bytes()


def test_every_theorem_is_recorded_with_its_meaning() -> None:
    """Each theorem of the files, with the comment before it as its meaning; those that are promised among them."""
    written = {(file, name) for file in FILES + APPLICATIONS for name in theorems(file)}
    found = record.read().theorems
    assert {(theorem.file, theorem.name) for theorem in found} == written
    assert len({theorem.name for theorem in found}) == len(found)
    assert {*PROMISED} <= {theorem.name for theorem in found}
    for theorem in found:
        assert re.fullmatch(r"[A-Zdfg].{20,}\.", theorem.meaning), theorem.name
        assert theorem.statement


def theorems(file: str) -> list[str]:
    return re.findall(r"^Theorem (\w+)", (HERE / f"{file}.v").read_text(encoding="utf-8"), re.MULTILINE)


def test_what_the_theorems_rest_on() -> None:
    """No axiom; only the theorem about real numbers rests on theirs. Nothing in the files is admitted or assumed."""
    for theorem in record.read().theorems:
        assert bool(theorem.axioms) == (theorem.file == ON_AXIOMS)
    for file in HERE.glob("*.v"):
        assert not re.search(r"\b(Admitted|admit|Axiom|Parameter|Conjecture|Unset)\b", file.read_text(encoding="utf-8"))


def test_a_meaning_is_the_comment_before() -> None:
    """The last comment before the theorem, on one line; a comment elsewhere is none."""
    assert record.meanings("(** One. *)\n(** Two\n    lines. *)\nTheorem a : b.\nTheorem c : d.") == {"a": "Two lines."}
