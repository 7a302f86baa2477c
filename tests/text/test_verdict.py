"""A verdict as a person reads it: what is wrong in words, then one line for each oracle and outcome."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import cnnbp
from cnnbp.evidence import Verdict, remark
from cnnbp.faults import RIGHT
from cnnbp.layers.checks import Array
from cnnbp.text import place, sentence
from cnnbp.text.verdict import told
from tests.helpers.layers import arguments, bent, gaussian, opaque, raised

X, W, B = gaussian((2, 2, 6, 5), (3, 2, 3, 2), (3,))
DELTA = gaussian((2, 3, 4, 4))[0]
CONV = cnnbp.Conv2d()


def _shifted(dw: Array, _: Any) -> Array:
    dw = dw.copy()
    dw[2, 1, 0, 1] += 0.25
    return dw


def _wrong() -> Verdict:
    return cnnbp.verify(bent("Conv2d", dw=_shifted), X, W, B, delta=DELTA, like=CONV)


def test_a_wrong_entry_is_told_in_words_and_numbers() -> None:
    """Status, layer and shapes; quantity and entry in words; the layer's answer above each oracle's; the error and its bound."""
    verdict, right = _wrong(), CONV.backward(DELTA, X, W)[1][2, 1, 0, 1]
    lines = str(verdict).splitlines()
    assert lines[0] == "FAIL  Conv2d, bent  at x (2, 2, 6, 5), w (3, 2, 3, 2), b (3,)"
    assert lines[1].strip() == (
        "the weight gradient dw is wrong at output channel 2, input channel 1, kernel row 0, kernel column 1"
    )
    assert [line.split()[:2] for line in lines[2:3]] == [["the", "layer"]]
    assert [float(line.split()[-1]) for line in lines[2:5]] == pytest.approx([right + 0.25, right, right], rel=1e-12)
    assert [line.split()[0] for line in lines[3:5]] == ["masked_dense", "autograd"]
    assert lines[5].split()[:2] == ["error", "0.25,"]
    assert "times the bound" in lines[5]


def test_what_was_not_asked_widens_no_column() -> None:
    """Of a layer that is random a dozen points are not asked: they are counted, and named where the line ends."""
    rng = np.random.default_rng(0)
    verdict = cnnbp.verify(cnnbp.from_functions(np.tanh, lambda delta, x: delta * rng.normal(size=x.shape)), X[0, 0])
    assert verdict.status == "fail"
    head, *rows = [line for line in str(verdict).splitlines() if line.startswith("  oracle") or "contract  " in line]
    assert head.index("worst ratio") < 60
    (unasked,) = (row for row in rows if "12 checks" in row)
    assert unasked.endswith("broadcast, linear-multiples, linear-sums")
    assert unasked.index("not asked") > head.index("resolution")


def test_the_table_has_a_line_for_each_oracle_and_outcome() -> None:
    """Checks of the contract are counted, quantities of one oracle stand together, columns are straight."""
    verdict = cnnbp.verify(CONV, X, W, B, delta=DELTA)
    first, head, *rows = str(verdict).splitlines()
    assert first.startswith("PASS  Conv2d()  at")
    assert head.split() == ["oracle", "verdict", "of", "worst", "ratio", "resolution"]
    column = head.index("verdict")
    assert all(row[column - 1] == " " and row[column:].startswith(("pass", "abstain", "vacuous")) for row in rows)
    assert [row.split()[0].rstrip(",") for row in rows] == [
        "masked_dense", "autograd", "complex_step", "finite_difference",
        "masked_dense", "autograd", "finite_difference", "contract",
    ]  # fmt: skip
    assert "14 checks" in rows[-1]
    assert "y, x, w, b" in rows[0]


def test_options_that_are_not_the_default_are_shown() -> None:
    """A layer is named as one would make it."""
    assert str(cnnbp.verify(cnnbp.Conv2d(stride=2, padding=(1, 0)), X, W)).startswith("PASS  Conv2d(stride=2, padding=(1, 0))  at")


def test_what_nobody_could_judge_says_why() -> None:
    """Each oracle's reason stands below the sentence."""
    text = str(cnnbp.verify(opaque(cnnbp.MaxPool2d(2)), np.ones((1, 1, 4, 4)))).splitlines()
    assert text[0].startswith("INCONCLUSIVE")
    assert text[1].strip() == "no oracle could judge the residual dx as a whole"
    assert text[2].split(maxsplit=1) == ["finite_difference", "0 of 16 entries judged, fewer than half: 16 at a kink or a jump"]
    zeros = str(cnnbp.verify(opaque(cnnbp.ReLU()), -np.ones((2, 3))))
    assert "both sides are 0, which compares nothing" in zeros


def test_the_numbers_come_before_the_operator() -> None:
    """That both sides are 0 matters; that an operator has no connections would be so at any case, and is told last."""
    text = str(cnnbp.verify(cnnbp.Sigmoid(), np.full((2, 2), 800.0))).splitlines()
    told_first = [line.split(maxsplit=1) for line in text[2:6]]
    assert [why for _, why in told_first[:3]] == ["both sides are 0, which compares nothing"] * 3
    assert told_first[3] == ["masked_dense", "Sigmoid has no connections to mask"]


def test_another_algorithm_is_marked() -> None:
    """A layer that only passes by the norms says so."""
    fft = next(u for u in RIGHT if u.id == "conv-fft")
    rng = np.random.default_rng(0)
    args = rng.normal(size=(1, 2, 7, 6)) * 10.0 ** rng.integers(-6, 7, (1, 2, 7, 6)), rng.normal(size=(3, 2, 3, 2))
    verdict = cnnbp.verify(fft.make(), *args, like=CONV)
    assert verdict.passed
    assert "another algorithm: accurate to C·u of the norm" in str(verdict)
    assert "beyond the bound of conventional algorithms" in str(verdict)


def test_a_bound_of_0_asks_for_equality() -> None:
    """On integers there is no ratio: only equality passes."""
    said = remark("verification.wrong-entry", quantity="y", index=[0], axes="", at="integers", actual=1.0, oracles=["autograd"],
                  expected=[0.0], error=1.0, bound=0.0, ratio=float("inf"))  # fmt: skip
    assert told(said)[-1].split(maxsplit=1)[1] == "1, where only equality passes"
    assert told(said)[0].endswith(", on integers")


def test_a_place_in_words() -> None:
    """By the letters of the axes; an index where there are none; and where there is but one entry."""
    assert place([1, 0], "no") == "sample 1, output 0"
    assert place([1, 0], "") == "index [1, 0]"
    assert place([], "") == "its only entry"


def test_an_unknown_code_is_shown_with_its_values() -> None:
    """Evidence of a newer version is told as well as can be."""
    assert sentence(remark("verification.yet-to-come", entries=3)) == "verification.yet-to-come {'entries': 3}"


def test_what_is_larger_than_its_bound_is_told_relative_to_it() -> None:
    """The ratio is the number to look at."""
    verdict = cnnbp.verify(bent("Dense", dx=raised(1e-6)), *arguments("Dense"), like=cnnbp.Dense())
    line = next(line for line in str(verdict).splitlines() if line.split()[0] == "error")
    assert float(line.split()[2]) > 1e3


def test_no_reference_is_advised_where_there_is_one() -> None:
    """What would settle a verdict hangs on what was given."""
    layer, x = cnnbp.from_functions(np.zeros_like, lambda d, x: 0 * d), np.ones(3)
    alone, beside = (cnnbp.verify(layer, x, like=like) for like in (None, lambda x: 0 * x))
    unsettled = remark("verification.not-judged", quantity="z")
    assert told(unsettled, alone.evidence)[-1].endswith("like= a reference, or other numbers")
    assert told(unsettled, beside.evidence)[-1].endswith("what would settle it: other numbers")
