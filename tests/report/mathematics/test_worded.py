"""Words in formulas are told in every language; letters, and words that nobody translated, stand once."""

from __future__ import annotations

import re

from cnnbp.derivations import DERIVATIONS
from cnnbp.report.mathematics.formula import formula
from cnnbp.report.mathematics.worded import worded

ENGLISH = re.compile(r"<mtext>([^<]*[a-z]{2}[^<]*)</mtext>", re.IGNORECASE)


def test_every_word_in_a_correction_is_told_in_chinese() -> None:
    corrected = [statement.corrected for book in DERIVATIONS for statement in book.statements if statement.corrected]
    found = [str(worded(formula(tex)) or "") for tex in corrected]
    assert [words for each in found for words in ENGLISH.findall(each)] == []
    assert sum(each.count("<u lang=") for each in found) > 9


def test_only_what_is_told_is_changed() -> None:
    """The spaces around words stay, inside, and so does the rest of the formula."""
    told = str(worded(formula(r"a\text{ stays }0\quad\text{for ever}")))
    assert "<mtext><u>\xa0stays\xa0</u><u lang=zh>\xa0恒为\xa0</u></mtext>" in told
    assert "<mtext>for\xa0ever</mtext>" in told
    plain = formula(r"a^{(1)}+b")
    assert worded(plain) == plain
    assert worded(None) is None
