"""`cnnbp compare`: what got worse first, and an exit status that a script can use."""

from __future__ import annotations

from pathlib import Path

import pytest

from cnnbp.cli.main import main
from cnnbp.evidence import file
from cnnbp.evidence.status import concluded
from tests.evidence import sample


@pytest.fixture
def paths(tmp_path: Path) -> tuple[str, str]:
    """Of a run that holds, and of one with a failing layer."""
    found = sample.document()
    wrong = concluded(found.model_copy(update={"layers": (sample.failing_layer("x"), sample.tanh())}))
    for name, document in (("good", found), ("wrong", wrong)):
        (tmp_path / name).write_text(file.text(document), encoding="utf-8")
    return str(tmp_path / "good"), str(tmp_path / "wrong")


def test_worse_is_1_and_everything_else_0(paths: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    good, wrong = paths
    assert main(["compare", good, wrong]) == 1
    worse = capsys.readouterr().out
    assert worse.splitlines()[0].endswith("got worse:")
    assert "layer Conv2d: was pass, now fail" in worse
    assert main(["compare", wrong, good]) == 0
    assert capsys.readouterr().out.startswith("Nothing got worse.\n")
    assert main(["compare", good, good]) == 0
    assert capsys.readouterr().out == "Nothing differs but when it was made.\n"


def test_what_is_no_evidence_is_a_wrong_call(paths: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "other.json"
    other.write_text('{"format": "x"}')
    assert main(["compare", paths[0], str(other)]) == 2
    assert main(["compare", paths[0], str(tmp_path / "none.json")]) == 2
    assert capsys.readouterr().err.count("cnnbp: ") == 2


def test_help_teaches(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["compare", "--help"])
    said = capsys.readouterr().out
    assert "how to read it:" in said
    assert "exit status:" in said
