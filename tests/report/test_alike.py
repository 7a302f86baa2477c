"""Evidence is said in one row of all quantities of which the same is said, and of no others; nothing of it is lost."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from cnnbp.evidence.verdict import Evidence
from cnnbp.report.alike import alike
from tests.evidence import sample

BASE = sample.digits().whole
PIECE = BASE.evidence[0]
NUMBERS = st.none() | st.floats(0, 1)
PIECES = st.builds(
    lambda oracle, at, left_out, ratio, resolution, judged: replace(
        PIECE, oracle=oracle, at=at, left_out=left_out, ratio=ratio, resolution=resolution, judged=judged
    ),
    st.sampled_from(["masked_dense", "autograd"]), st.sampled_from(["case", "integers"]), st.integers(0, 1), NUMBERS, NUMBERS,
    st.integers(0, 9),
)  # fmt: skip


def same(piece: Evidence) -> tuple[object, ...]:
    return piece.oracle, piece.at, piece.left_out


@given(st.lists(PIECES, max_size=8))
def test_a_row_says_the_worst_and_the_sum_of_those_that_are_alike(pieces: list[Evidence]) -> None:
    named = [replace(piece, quantity=f"q{number}") for number, piece in enumerate(pieces)]
    rows = alike(named)
    assert sorted(name for row in rows for name in row.quantities) == sorted(piece.quantity for piece in named)
    assert len({same(row.first) for row in rows}) == len(rows)
    for row in rows:
        those = [piece for piece in named if piece.quantity in row.quantities]
        assert {same(piece) for piece in those} == {same(row.first)}
        assert row.judged == sum(piece.judged for piece in those)
        for told, of in ((row.ratio, "ratio"), (row.resolution, "resolution")):
            measured = [value for piece in those if (value := getattr(piece, of)) is not None]
            assert told == (max(measured) if measured else None)


def test_the_status_the_kind_and_the_remark_keep_quantities_apart() -> None:
    apart = sample.piece("autograd", "w2", "abstain")
    pieces = PIECE, replace(PIECE, quantity="w2", kind="exact at points"), replace(PIECE, quantity="w3", remark=apart.remark)
    pieces += (replace(PIECE, quantity="w4", status="vacuous"),)
    assert [row.quantities for row in alike(pieces)] == [[piece.quantity] for piece in pieces]
