"""The command line as its users meet it: `cnnbp report`, whatever it is given, and the answers to mistakes."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cnnbp.cli import terminal
from cnnbp.cli.main import main
from cnnbp.evidence.records import FORMAT
from cnnbp.run import processes, provenance


def test_report_sets_the_page_again(ran: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`cnnbp report` makes the same page where its sources are at hand, and repeats the verdict in its exit status."""
    monkeypatch.setattr(provenance, "installed", lambda document: document.whole)
    assert main(["report", str(ran / "evidence.json"), "--out", str(tmp_path / "again")]) == 0
    assert (tmp_path / "again" / "index.html").read_bytes() == (ran / "index.html").read_bytes()


def test_the_page_goes_where_its_evidence_lies(
    ran: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Wherever the call is made; no other folder is touched, and of this one nothing but the page."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(provenance, "installed", lambda document: document.whole)
    for name in ("reports", "other"):
        Path(name).mkdir()
        for each in ("index.html", "notes.txt"):
            (Path(name) / each).write_text("of another run", encoding="utf-8")
    Path("other/evidence.json").write_bytes((ran / "evidence.json").read_bytes())
    assert main(["report", "other/evidence.json"]) == 0
    assert capsys.readouterr().out == "other/index.html\n"
    assert Path("other/index.html").read_bytes() == (ran / "index.html").read_bytes()
    assert {path.read_text() for path in (Path("reports/index.html"), *Path().glob("*/notes.txt"))} == {"of another run"}
    assert main(["report", "nowhere/evidence.json"]) == 2
    assert not Path("nowhere").exists()


@pytest.fixture
def other_sources(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that made the evidence are not at hand."""
    monkeypatch.setattr(provenance, "sources_sha256", lambda: "0" * 64)


@pytest.mark.usefixtures("other_sources")
def test_report_opens_in_the_language_that_is_asked_for(ran: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A language that no page holds is a wrong call."""
    evidence = str(ran / "evidence.json")
    assert main(["report", evidence, "--out", str(tmp_path), "--language", "zh"]) == 0
    assert 'id="section-in-zh" checked' in (tmp_path / "index.html").read_text(encoding="utf-8")
    with pytest.raises(SystemExit) as left:
        main(["report", evidence, "--out", str(tmp_path), "--language", "xx"])
    assert left.value.code == 2
    assert "--language" in capsys.readouterr().err


@pytest.mark.usefixtures("other_sources")
def test_report_says_why_it_is_incomplete(ran: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is missing, by name; and that without its sources nobody else can say what a whole run has."""
    document = json.loads((ran / "evidence.json").read_text(encoding="utf-8"))
    document["derivations"][0]["statements"] = [s for s in document["derivations"][0]["statements"] if s["id"] != "delta-output"]
    (tmp_path / "evidence.json").write_text(json.dumps(document), encoding="utf-8")
    assert main(["report", str(tmp_path / "evidence.json"), "--out", str(tmp_path)]) == 1
    err = capsys.readouterr().err
    assert "cnnbp: post incomplete: 1 statement of the derivation is missing: delta-output." in err
    assert "are not at hand" in err
    assert "not at hand" in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_with_its_sources_at_hand_they_say_what_a_whole_run_has(
    ran: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """This one was made of a few parts, and calls them a whole run."""
    assert main(["report", str(ran / "evidence.json"), "--out", str(tmp_path)]) == 1
    err = capsys.readouterr().err
    assert "have another whole run: its statements, layers, wrong, right, proofs, grids, defects" in err
    assert "not at hand" not in err + (tmp_path / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("status",), "refuted"),
        (("trouble",), {"code": "run.ended", "values": {"how": "SIGTERM"}}),
        (("derivations", 0, "statements", 0, "verdict"), "refuted"),
        (("derivations", 0, "statements", 0, "verdict"), "not tested"),
        (("derivations",), []),
        (("controls", "wrong", 0, "caught"), False),
        (("controls", "wrong"), []),
        (("layers", 0, "failed"), 1),
        (("matrix",), None),
    ],
)
@pytest.mark.usefixtures("other_sources")
def test_report_is_as_hard_as_its_page(path: tuple[Any, ...], value: Any, ran: Path, tmp_path: Path) -> None:
    """One record that speaks against the whole is enough: exit status 1, whatever the document calls itself."""
    document = holder = json.loads((ran / "evidence.json").read_text(encoding="utf-8"))
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = value
    (tmp_path / "evidence.json").write_text(json.dumps(document), encoding="utf-8")
    assert main(["report", str(tmp_path / "evidence.json"), "--out", str(tmp_path)]) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "it is empty"),
        ('{"format": "cnnbp-evid', "it is cut off"),
        ("[]", "JSON of something else"),
        ('{"format": "cnnbp-evidence-99"}', "newer cnnbp"),
        ('{"format": "cnnbp-evidence-1"}', "older cnnbp"),
        (json.dumps({"format": FORMAT}), "status: expected a value, got none"),
        (json.dumps({"format": "\x1b]0;mine\x07"}), "expected format"),
    ],
)
def test_bad_evidence_exits_2(text: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Truncated, foreign, older or future evidence: a clear sentence that commands no terminal, and nobody's page is touched."""
    (tmp_path / "evidence.json").write_text(text)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "index.html").write_text("an older page")
    assert main(["report", str(tmp_path / "evidence.json"), "--out", str(tmp_path / "out")]) == 2
    answer = capsys.readouterr().err
    assert answer.startswith("cnnbp: ")
    assert said in answer
    assert "\x1b" not in answer
    assert [path.read_text() for path in (tmp_path / "out").iterdir()] == ["an older page"]
    assert main(["report", str(tmp_path / "evidence.json")]) == 2
    assert {path.name for path in tmp_path.iterdir()} == {"evidence.json", "out"}


leaves = st.none() | st.booleans() | st.integers(-3, 3) | st.floats() | st.text(max_size=8)
junk = leaves | st.lists(leaves, max_size=3) | st.dictionaries(st.text(max_size=4), leaves, max_size=2)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_corrupt_evidence_never_ends_in_a_traceback(
    ran: Path, tmp_path: Path, data: st.DataObject, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever is put in whatever place of a good document: a page, or a sentence; never a mistake of our own."""
    document = holder = json.loads((ran / "evidence.json").read_text(encoding="utf-8"))
    while True:
        key = data.draw(st.sampled_from(sorted(holder) if isinstance(holder, dict) else range(len(holder))))
        deeper = isinstance(holder[key], (dict, list)) and holder[key]
        if not deeper or data.draw(st.integers(0, 3)) == 0:
            break
        holder = holder[key]
    holder[key] = data.draw(junk)
    (tmp_path / "evidence.json").write_text(json.dumps(document), encoding="utf-8")
    assert main(["report", str(tmp_path / "evidence.json"), "--out", str(tmp_path)]) in (0, 1, 2)
    assert "Traceback" not in capsys.readouterr().err


def test_report_needs_nothing_that_computes(ran: Path, tmp_path: Path) -> None:
    """A page can be set again where neither PyTorch nor SciPy, Hypothesis or python-flint can be imported."""
    code = (
        "import sys, cnnbp\n"
        "heavy = ('torch', 'scipy', 'hypothesis', 'flint', 'jsonschema')\n"
        "for name in [n for n in sys.modules if n.split('.')[0] in heavy]: del sys.modules[name]\n"
        "sys.modules.update(dict.fromkeys(heavy))\n"
        "from cnnbp.cli.main import main\n"
        f"sys.exit(main(['report', {str(ran / 'evidence.json')!r}, '--out', {str(tmp_path)!r}]))"
    )
    assert subprocess.run([sys.executable, "-c", code], stdout=subprocess.DEVNULL, check=False).returncode == 0
    assert (tmp_path / "index.html").exists()


def test_a_reader_who_left_changes_no_verdict() -> None:
    """`cnnbp ... | head -1`: no traceback, and the exit status stays that of the run."""
    leave = "r, w = os.pipe(); os.close(r); os.dup2(w, 1)"
    code = f"import os, sys\nfrom cnnbp.cli import terminal\n{leave}\nterminal.say('x' * 99)\nsys.exit(7)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (7, "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["verify", "--only", "delta-hiden"], "nearest: delta-hidden"),
        (["verify", "--only", "CONV2D"], "nearest: Conv2d"),
        (["verify", "--only", "Digits"], "nearest: digits"),
        (["verify", "--only", "Dense", "--only", "Trainin"], "--only Trainin: .*nearest: training"),
        (["verify", "--only", "Conv2d/999999"], "the last is Conv2d/999; --examples asks for more"),
        (["verify", "--only", "Conv2d/7", "--examples", "7"], "of 7 cases the last is Conv2d/6"),
        (["verify", "--only", "¿?"], "there are: .*Conv2d.*digits"),
        (["verify", "--examples", "0"], "at least 1"),
        (["verify", "--examples", "many"], "expected an integer"),
        (["verify", "--profile", "slow"], "invalid choice"),
        (["verify", "--seed", "-1"], "at least 0"),
        (["verify", "--jobs", "0"], "at least 1"),
        (["verify", "--out", __file__], "must be a folder, got the file"),
        (["verify", "--out", f"{__file__}/deeper"], "test_main.py"),
        (["report", "nowhere.json"], "nowhere.json: No such file"),
        (["report", "."], "directory"),
        ([], "required"),
    ],
)
def test_mistakes_exit_2(
    arguments: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A wrong call is answered in a sentence that names the argument, with exit status 2, before anything is computed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(processes, "carry_out", None)
    try:
        status = main(arguments)
    except SystemExit as leaving:
        status = int(leaving.code or 0)
    assert status == 2
    err = capsys.readouterr().err
    assert re.search(said, err)
    assert "starting" not in err


def test_ctrl_c_before_anything_began(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """No traceback, and the exit status that it has at any other time."""

    def ended(argv: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(sys.modules["cnnbp.cli.main"], "parsed", ended)
    assert main(["check"]) == 130
    assert capsys.readouterr().err == "cnnbp: ended by Ctrl-C\n"


def test_module_is_the_program() -> None:
    """`python -m cnnbp` is `cnnbp`, and its help teaches."""
    shown = subprocess.run([sys.executable, "-m", "cnnbp", "--help"], capture_output=True, text=True, check=True).stdout
    assert "exit status" in shown
    assert "examples:" in shown


@pytest.mark.usefixtures("other_sources")
def test_a_terminal_without_the_letters(ran: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What ASCII cannot show is shown otherwise."""
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", out)
    assert main(["report", str(ran / "evidence.json"), "--out", str(tmp_path / "∂")]) == 0
    terminal.say("∂J")
    assert out.buffer.getvalue().endswith(b"\\u2202J\n")  # type: ignore[attr-defined]
