"""The twins: each changes one place of the source."""

from __future__ import annotations

import pytest

from cnnbp.proof.sizes.checked import CLAIMS
from cnnbp.proof.sizes.falsified import TWINS, Twin
from cnnbp.proof.sizes.source import text


def test_ids_are_unique_and_claims_are_known() -> None:
    """And each part of the source that has a claim has a twin."""
    assert len({twin.id for twin in TWINS}) == len(TWINS)
    assert {twin.claim for twin in TWINS} <= set(CLAIMS)
    assert {twin.claim.partition(".")[0] for twin in TWINS} == {name.partition(".")[0] for name in CLAIMS}


@pytest.mark.parametrize("twin", TWINS, ids=lambda twin: twin.id)
def test_one_place_is_changed(twin: Twin) -> None:
    """The rest of the text stays as it is."""
    before, _, after = text().partition(twin.old)
    assert twin.text(text()) == before + twin.new + after


@pytest.mark.parametrize(("of", "times"), [("", 0), ("ab ab", 2)])
def test_it_must_be_clear_what_to_change(of: str, times: int) -> None:
    """The text is there once."""
    with pytest.raises(LookupError, match=f"the twin t falsifies a text that holds 'ab' once, got one with it {times} times"):
        Twin("t", "tap.floor", "ab", "c").text(of)
