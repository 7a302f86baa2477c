"""Evidence survives the way to a file and back, in strict JSON; a file is whole or not there; what is no evidence is refused."""

from __future__ import annotations

import copy
import errno
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from cnnbp.evidence import Evidence, Remark, Verdict, VerdictStatus, file, remark
from cnnbp.evidence.records import FORMAT

from .sample import document, failing_layer, tanh

MANY = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
numbers = st.floats() | st.none()
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
values = st.dictionaries(words, words | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False))
items = st.builds(
    Evidence,
    oracle=words, quantity=words, status=st.sampled_from(["pass", "fail", "abstain", "vacuous"]),
    kind=st.sampled_from(["sampled", "estimated", "exact at points", "contract"]),
    max_error=numbers, bound=numbers, ratio=numbers, resolution=numbers, actual=numbers, expected=numbers,
    index=st.none() | st.lists(st.integers(0, 99), max_size=4).map(tuple),
    judged=st.integers(0, 2**40), left_out=st.integers(0, 99),
    remark=st.none() | st.builds(Remark, words, values), at=st.sampled_from(["case", "integers"]),
    scale=numbers,
)  # fmt: skip
VERDICTS = TypeAdapter(Verdict)
Json = Any


@MANY
@given(found=st.lists(items, max_size=4), status=st.sampled_from(["pass", "fail", "inconclusive"]), layer=words)
def test_a_verdict_comes_back_from_its_file(found: list[Evidence], status: VerdictStatus, layer: str) -> None:
    """Every field of every piece of evidence comes back as it was, bit for bit, NaN and infinities included."""
    verdict = Verdict(layer, status, tuple(found), (remark("x.y", n=1),), {"x": (1, 2), "delta": ()})
    text = VERDICTS.dump_json(verdict)
    json.loads(text, parse_constant=lambda word: pytest.fail(f"{word} is not JSON"))
    assert repr(VERDICTS.validate_json(text)) == repr(verdict)


@pytest.mark.parametrize("made", [document(), document().model_copy(update={"layers": (failing_layer("y", "x"), tanh())})])
def test_a_document_comes_back_from_its_file(made: Any, tmp_path: Path) -> None:
    """All of it, and what is written again is the same to the byte."""
    file.write(tmp_path / "evidence.json", made)
    assert file.read(tmp_path / "evidence.json") == made
    assert file.text(file.read(tmp_path / "evidence.json")) == (tmp_path / "evidence.json").read_text(encoding="utf-8")


WHOLE = file.text(document()).encode()
FOREIGN = [
    WHOLE + b"}", WHOLE + WHOLE, b"\xef\xbb\xbf" + WHOLE, b"\xff\xfe" + WHOLE,
    b"\x89PNG\r\n", b"<html>", b"null", b'"x"', b"[1]", b"{}",
    b"[" * 10**5, b"9" * 5000, b'{"a": 1, "a": 1}', b'{"a": 1e999}', b'{"a": ' + b"9" * 400 + b"}", b'{"a": -Infinity}',
    *(json.dumps({"format": other}).encode() for other in ("cnnbp-evidence-x", "cnnbp-evidence-", "numpy", None, 1, [FORMAT])),
]  # fmt: skip


@pytest.mark.parametrize("content", FOREIGN, ids=range(len(FOREIGN)))
def test_what_is_no_evidence_is_refused(content: bytes, tmp_path: Path) -> None:
    """A foreign file, a name that stands twice, a number too large for a float: a ValueError whose sentence names the file."""
    path = tmp_path / "evidence.json"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=f"^{re.escape(str(path))} is not an evidence file"):
        file.read(path)


def put(path: str, value: Json) -> Callable[[Json], None]:
    """Another value in this place."""

    def change(found: Json) -> None:
        *way, last = [int(key) if key.isdecimal() else key for key in path.split(".")]
        for key in way:
            found = found[key]
        found[last] = value

    return change


deep: Json = 1
for _ in range(300):
    deep = [deep]
STATEMENT = "derivations.0.statements.1"
FORMS = [
    (put("status", "splendid"), r"status: expected 'holds', .*, got 'splendid'$"),
    (put("derivations.0.statements", {}), r"derivations\[0\]\.statements: expected .*, got \{\}$"),
    (put(f"{STATEMENT}.verdict", "probably"), r"derivations\[0\]\.statements\[1\]\.verdict: expected 'holds'.*, got 'probably'"),
    (put(f"{STATEMENT}.claim", {"zh": "是"}), r"\.claim: expected a text in English, under \"en\", got"),
    (put(f"{STATEMENT}.claim", {"en": ""}), r"\.claim: expected a text that is not empty, got"),
    (put(f"{STATEMENT}.readings.0.counterexample.truth", [0.5]), r"counterexample\.truth.*: expected"),
    (put(f"{STATEMENT}.readings.0.counterexample.truth", deep), r"evidence.json: Invalid JSON: recursion limit"),
    (put(f"{STATEMENT}.printed", "x" * 10**6), r"printed: expected at most 20000 characters, got 'x+\.\.\.x+'$"),
    (put("layers.0.cases", True), r"layers\[0\]\.cases: expected .*integer, got true$"),
    (put("layers.0.cases", -1), r"layers\[0\]\.cases: expected .*0, got -1$"),
    (put("layers.0.cases", None), r"layers\[0\]\.cases: expected .*integer, got null$"),
    (put("derivations.0.statements.0.id", "<b>"), r"statements\[0\]\.id: expected a match of pattern '.*', got '<b>'$"),
    (put("layers.0.surplus", 1), r"layers\[0\]\.surplus: expected no such field, got 1$"),
    (put("training.loss", [[1, 0.5]] * 10**4), r"training\.loss: expected at most 4000 items"),
    (put("training.accuracy", "NaN"), r"training\.accuracy: expected"),
    (put("controls.wrong.0.caught", "yes"), r"controls\.wrong\[0\]\.caught: expected .*boolean, got 'yes'$"),
    (lambda found: found["digits"]["layers"][0]["evidence"][0].pop("index"), r"evidence\[0\]\.index: expected a value, got none$"),
    (lambda found: found["whole"].pop("parts"), r"whole\.parts: expected a value, got none$"),
]


@pytest.mark.parametrize(("change", "said"), FORMS, ids=[said[:40] for _, said in FORMS])
def test_what_has_another_form_is_refused_in_a_sentence(change: Callable[[Json], None], said: str, tmp_path: Path) -> None:
    """One line that names the place in the document, what was expected and what came."""
    found = copy.deepcopy(json.loads(WHOLE))
    change(found)
    path = tmp_path / "evidence.json"
    path.write_text(json.dumps(found), encoding="utf-8")
    with pytest.raises(ValueError, match=said) as caught:
        file.read(path)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 600


@pytest.mark.parametrize("size", [50 * 10**6, 10**9])
def test_what_is_huge_is_refused_at_once(size: int, tmp_path: Path) -> None:
    """However large the file is, no more of it is read than evidence can have."""
    path = tmp_path / "evidence.json"
    with path.open("wb") as out:
        out.truncate(size)
    with pytest.raises(ValueError, match="more than 8 MiB"):
        file.read(path)


INSIDE = {"numbers": "[" + "0," * 250_000 + "0]", "text": '"' + "x" * 5 * 10**6 + '"', "objects": "[" + "{}," * 50_000 + "{}]"}


@pytest.mark.parametrize("inside", INSIDE)
def test_what_is_large_is_refused_at_its_first_mistakes(inside: str, tmp_path: Path) -> None:
    """Nonsense below the limit of size: whoever reads it stops soon, however much of it there is."""
    path = tmp_path / "evidence.json"
    path.write_text(json.dumps({**json.loads(WHOLE), "derivations": "HERE"}).replace('"HERE"', INSIDE[inside]))
    with pytest.raises(ValueError, match=r"more than 200000 values|derivations(\[0\]\.id)?: expected") as caught:
        file.read(path)
    mistakes = caught.value.__context__
    assert not isinstance(mistakes, ValidationError) or mistakes.error_count() <= 20  # of 50 000 objects


@settings(MANY, max_examples=100)
@given(data=st.data())
def test_a_truncated_file_says_so(data: st.DataObject, tmp_path: Path) -> None:
    """Cut off anywhere, inside a word, a number or a character, the file is called cut off or empty; whole, it is read."""
    path = tmp_path / "evidence.json"
    path.write_bytes(WHOLE[: data.draw(st.integers(0, len(WHOLE.rstrip()) - 1))])
    with pytest.raises(ValueError, match=r"is not an evidence file: it is (cut off: |empty$)"):
        file.read(path)


@pytest.mark.parametrize(
    "text", ['{"format": x}', '{"a": tru}', '{"a" "b"}', '{"a": 1}}', '{"a": NaN}', '{"a": "\\x"}', '{"a": -', "x"]
)
def test_what_is_corrupt_is_not_called_cut_off(text: str, tmp_path: Path) -> None:
    """No more text would mend these, but for the minus sign without a number."""
    path = tmp_path / "evidence.json"
    path.write_text(text)
    with pytest.raises(ValueError, match="not an evidence file: ") as caught:
        file.read(path)
    assert ("cut off" in str(caught.value)) == (text == '{"a": -')
    assert "JSON" in str(caught.value) or "cut off" in str(caught.value)


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ("cnnbp-evidence-1", "was written by an older cnnbp: .*run `cnnbp verify` again"),
        ("cnnbp-evidence-9", "was written by a newer cnnbp: format 'cnnbp-evidence-9', this one reads '.*-8'; update cnnbp"),
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
        file.read(path)


def test_the_new_file_takes_the_place_of_the_old(tmp_path: Path) -> None:
    """All of the text, in UTF-8, for everyone to read, and nothing beside it."""
    path = tmp_path / "page.html"
    for text in ("old", "新的残差 δ" * 10**4, ""):
        file.write_text(path, text)
        assert path.read_bytes() == text.encode()
        assert [(p.name, p.stat().st_mode & 0o777) for p in tmp_path.iterdir()] == [(path.name, 0o644)]


def test_a_file_that_is_not_there() -> None:
    """A path that cannot be read is an OSError."""
    with pytest.raises(FileNotFoundError):
        file.read(Path("nowhere/evidence.json"))


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
        file.write_text(path, "new" * 10**5 + ("\ud800" if failing == "the text" else ""))
    assert failing == "the text" or caught.value.filename == str(path)  # type: ignore[attr-defined]
    assert [p.name for p in tmp_path.iterdir()] == ([] if old is None else [path.name])
    assert old is None or path.read_text() == old


def test_several_files_are_written_together_or_not_at_all(tmp_path: Path) -> None:
    """Where the second finds no room, the first is not there either."""
    first, second = tmp_path / "a", tmp_path / "b"
    file.write_texts({first: "1", second: "2"})
    assert (first.read_text(), second.read_text()) == ("1", "2")
    with pytest.raises(OSError, match="nowhere"):
        file.write_texts({first: "3", tmp_path / "nowhere" / "b": "4"})
    assert first.read_text() == "1"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a", "b"]
