"""Evidence survives the way to a file and back, in strict JSON; a file is whole or not there; what is no evidence is refused."""

from __future__ import annotations

import errno
import json
import math
import os
import re
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cnnbp import evidence
from cnnbp.evidence import FORMAT, Evidence, Verdict, VerdictStatus

MANY = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
numbers = st.floats() | st.none()
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
items = st.builds(
    Evidence,
    oracle=words, quantity=words, status=st.sampled_from(["pass", "fail", "abstain", "vacuous"]),
    kind=st.sampled_from(["sampled", "estimated", "exact at points", "contract"]),
    max_error=numbers, bound=numbers, ratio=numbers, resolution=numbers, actual=numbers, expected=numbers,
    index=st.none() | st.lists(st.integers(0, 99), max_size=4).map(tuple),
    judged=st.integers(0), left_out=st.integers(0), reason=words, at=words,
)  # fmt: skip


def strict(text: str) -> Any:
    """JSON as the standard has it: no NaN, no Infinity."""

    def refuse(constant: str) -> NoReturn:
        raise AssertionError(f"{constant} is not JSON")

    return json.loads(text, parse_constant=refuse)


def restored(record: dict[str, Any]) -> Evidence:
    """The evidence that a record in a file stands for."""
    fields = {
        name: float(v) if v in ("nan", "inf", "-inf") and name not in ("oracle", "quantity", "reason", "at") else v
        for name, v in record.items()
    }
    return Evidence(**fields | {"index": None if record["index"] is None else tuple(record["index"])})


@MANY
@given(found=st.lists(items, max_size=4), status=st.sampled_from(["pass", "fail", "inconclusive"]), layer=words)
def test_a_verdict_comes_back_from_its_file(found: list[Evidence], status: VerdictStatus, layer: str, tmp_path: Path) -> None:
    """Every field of every piece of evidence comes back as it was, bit for bit, NaN and infinities included."""
    verdict = Verdict(layer, status, tuple(found), ("because",), (("x", (1, 2)), ("delta", ())), ValueError("live"))
    path = tmp_path / "evidence.json"
    evidence.write(path, {"format": FORMAT, "verdict": verdict.record()})
    document = evidence.read(path)
    assert strict(path.read_text(encoding="utf-8")) == document
    record = document["verdict"]
    assert repr([restored(item) for item in record.pop("evidence")]) == repr(found)
    assert record == {"layer": layer, "status": status, "reasons": ["because"], "shapes": {"x": [1, 2], "delta": []}}
    assert verdict.passed == (status == "pass")


PLAIN: list[tuple[Any, Any]] = [
    (math.nan, "nan"), (math.inf, "inf"), (-math.inf, "-inf"), (np.float32("nan"), "nan"), (np.float64("-inf"), "-inf"),
    (np.float64(0.1), 0.1), (np.int64(3), 3), (np.bool_(True), True), (np.array(2.5), 2.5), (1 / 3, 1 / 3), (2**70, 2**70),
    ((1, (2.0, [math.nan])), [1, [2.0, ["nan"]]]), ("nan", "nan"),
    ({1: {"a": (None, True, "残差")}}, {"1": {"a": [None, True, "残差"]}}),
]  # fmt: skip


@pytest.mark.parametrize(("value", "expected"), PLAIN, ids=repr)
def test_plain(value: Any, expected: Any) -> None:
    """What JSON lacks has one plain form: non-finite numbers are strings, tuples lists, NumPy's numbers Python's."""
    assert evidence.plain(value) == expected
    assert type(evidence.plain(value)) is type(expected)
    assert strict(json.dumps(evidence.plain(value), allow_nan=False)) == expected


WHOLE = json.dumps({"format": FORMAT, "a": [1, {"b": "c"}]}).encode()


FOREIGN = [
    WHOLE + b"}", WHOLE + WHOLE, b"\xef\xbb\xbf" + WHOLE, b"\xff\xfe" + WHOLE,
    b"\x89PNG\r\n", b"<html>", b"null", b'"x"', b"[1]", b"{}",
]  # fmt: skip


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"[" * 10**5, id="deep"),
        pytest.param(b"9" * 5000, id="long"),
        *FOREIGN,
        *(json.dumps({"format": other}).encode() for other in ("cnnbp-evidence-x", "cnnbp-evidence-", "numpy", None, 1, [FORMAT])),
    ],
)
def test_what_is_no_evidence_is_refused(content: bytes, tmp_path: Path) -> None:
    """A foreign file: a ValueError whose sentence names the file."""
    path = tmp_path / "evidence.json"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=f"^{re.escape(str(path))} is not an evidence file"):
        evidence.read(path)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


@settings(MANY, max_examples=100)
@given(rest=json_values, ascii_only=st.booleans(), data=st.data())
def test_a_truncated_file_says_so(rest: Any, ascii_only: bool, data: st.DataObject, tmp_path: Path) -> None:
    """Cut off anywhere, inside a word, a number or a character, the file is called cut off or empty; whole, it is read."""
    document, path = {"format": FORMAT} | {"rest": rest}, tmp_path / "evidence.json"
    whole = json.dumps(document, ensure_ascii=ascii_only, indent=1).encode("utf-8", "surrogatepass")
    path.write_bytes(whole[: data.draw(st.integers(0, len(whole) - 1))])
    with pytest.raises(ValueError, match=r"is not an evidence file: it is (cut off: |empty$)"):
        evidence.read(path)


@pytest.mark.parametrize("text", ['{"format": x}', '{"a": tru}', '{"a" "b"}', '{"a": 1}}', '{"a": NaN}', '{"a": "\\x"}', "-", "x"])
def test_what_is_corrupt_is_not_called_cut_off(text: str, tmp_path: Path) -> None:
    """No more text would mend these, but for the lone minus sign."""
    path = tmp_path / "evidence.json"
    path.write_text(text)
    with pytest.raises(ValueError, match="not an evidence file: ") as caught:
        evidence.read(path)
    assert ("cut off" in str(caught.value)) == (text == "-")


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ("cnnbp-evidence-1", "was written by an older cnnbp: .*run `cnnbp verify` again"),
        ("cnnbp-evidence-3", "was written by a newer cnnbp: format 'cnnbp-evidence-3', this one reads '.*-2'; update cnnbp"),
        ("cnnbp-evidence-10", "was written by a newer cnnbp"),
        ("cnnbp-evidence-" + "9" * 99, "expected format"),
        ("\x1b[31mx" * 99, r"got '\\x1b\[31.{1,40}$"),
    ],
)
def test_other_versions_say_what_to_do(other: str, said: str, tmp_path: Path) -> None:
    """Older and newer evidence are told apart; a foreign name is shown, not obeyed."""
    path = tmp_path / "evidence.json"
    path.write_text(json.dumps({"format": other}))
    with pytest.raises(ValueError, match=said):
        evidence.read(path)


def test_the_new_file_takes_the_place_of_the_old(tmp_path: Path) -> None:
    """All of the text, in UTF-8, for everyone to read, and nothing beside it."""
    path = tmp_path / "page.html"
    for text in ("old", "新的残差 δ" * 10**4, ""):
        evidence.write_text(path, text)
        assert path.read_bytes() == text.encode()
        assert [(p.name, p.stat().st_mode & 0o777) for p in tmp_path.iterdir()] == [(path.name, 0o644)]


def test_a_file_that_is_not_there() -> None:
    """A path that cannot be read is an OSError."""
    with pytest.raises(FileNotFoundError):
        evidence.read(Path("nowhere/evidence.json"))


def broken(*_: object, **__: object) -> NoReturn:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("old", [None, "old"])
@pytest.mark.parametrize("failing", ["os.replace", "os.chmod", "os.fdopen", "the text"])
def test_nothing_is_half_written(failing: str, old: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever step fails, the old file stands as it was, or none stands, and nothing else is left behind; the path is named."""
    path = tmp_path / "page.html"
    if old is not None:
        path.write_text(old)
    if failing.startswith("os."):
        monkeypatch.setattr(os, failing.removeprefix("os."), broken)
    with pytest.raises(UnicodeEncodeError if failing == "the text" else OSError) as caught:
        evidence.write_text(path, "new" * 10**5 + ("\ud800" if failing == "the text" else ""))
    assert failing == "the text" or caught.value.filename == str(path)  # type: ignore[attr-defined]
    assert [p.name for p in tmp_path.iterdir()] == ([] if old is None else [path.name])
    assert old is None or path.read_text() == old


def test_several_files_are_written_together_or_not_at_all(tmp_path: Path) -> None:
    """Where the second finds no room, the first is not there either."""
    first, second = tmp_path / "a", tmp_path / "b"
    evidence.write_texts({first: "1", second: "2"})
    assert (first.read_text(), second.read_text()) == ("1", "2")
    with pytest.raises(OSError, match="nowhere"):
        evidence.write_texts({first: "3", tmp_path / "nowhere" / "b": "4"})
    assert first.read_text() == "1"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a", "b"]


def test_what_is_no_json_is_not_written(tmp_path: Path) -> None:
    """A document that JSON cannot hold leaves the old file alone."""
    path = tmp_path / "evidence.json"
    evidence.write(path, {"a": 1})
    with pytest.raises(TypeError):
        evidence.write(path, {"a": object()})
    assert evidence.plain(json.loads(path.read_text())) == {"a": 1}
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


@example(found=[Evidence("masked_dense", "w", "fail", "sampled", 0.5, 1e-15, 5e14, 0.5, (0, 1), 1.0, 1.5, 6)], status="fail")
@MANY
@given(found=st.lists(items, max_size=4), status=st.sampled_from(["pass", "fail", "inconclusive"]))
def test_a_verdict_in_words(found: list[Evidence], status: VerdictStatus) -> None:
    """Verdict, layer, shapes and every reason; every oracle with its quantity and status, and that entries were left out."""
    verdict = Verdict("Conv2d(stride=2)", status, tuple(found), ("dw is wrong at (0, 1)", "and so on"), (("x", (1, 2)),), None)
    page = str(verdict)
    first, *rest = page.split("\n")
    assert first == f"{status.upper()}  Conv2d(stride=2)  at x (1, 2)"
    assert [line.strip() for line in rest[:2]] == ["dw is wrong at (0, 1)", "and so on"]
    for item in found:
        said = [item.oracle, item.status, item.quantity] if item.kind != "contract" else [item.oracle, item.status]
        assert all(word.rstrip() in page for word in said)
        assert item.status == "pass" or item.reason.rstrip() in page
        assert not item.left_out or "entries left out" in page
