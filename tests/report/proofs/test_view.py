"""Claims about all sizes: what several that follow each other assume stands once, beside all of them."""

from __future__ import annotations

from cnnbp.evidence import records as r
from cnnbp.report.proofs.view import proofs
from cnnbp.report.setting import Setting
from cnnbp.report.speech import Speech
from tests.evidence import sample
from tests.helpers.pages import in_english as render

CLAIM = sample.sizes().claims[0]


def document(*assumed: str) -> r.Document:
    """The sample with a claim for each of these hypotheses."""
    claims = tuple(CLAIM.model_copy(update={"id": f"claim {number}", "hypotheses": (each,)}) for number, each in enumerate(assumed))
    found = sample.document()
    sizes = sample.sizes().model_copy(update={"claims": claims})
    return found.model_copy(update={"proofs": found.proofs.model_copy(update={"sizes": sizes})})


def test_what_is_assumed_stands_once_for_those_that_follow_each_other() -> None:
    made = document("size ≥ 1", "stride ≥ 1", "stride ≥ 1", "stride ≥ 1", "size ≥ 1")
    view = proofs(Setting(made, Speech("en")))
    assert view is not None
    assert [alike for _, _, alike in view.claims] == [1, 3, 0, 0, 1]
    page = render(made)
    assert page.count("stride ≥ 1<") == 1
    assert page.count("rowspan=3") == 1
    assert all(page.count(f">claim {number}<") == 1 for number in range(5))
