"""What is kept of a measurement: all checkers and what each said of every layer, or nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cnnbp.evidence.contradictions import peers as against
from cnnbp.evidence.records import Peers
from cnnbp.faults import USUAL, USUAL_RIGHT, contract, precision
from cnnbp.run import peers as kept

from . import peers
from .checkers import CHECKERS

FAILED = {USUAL_RIGHT[0].id, *(fault.id for fault in USUAL[::2])}


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the record goes; nothing is measured, and everything is installed."""
    path = tmp_path / "peers.json"
    monkeypatch.setattr(kept, "PATH", path)
    monkeypatch.setattr(kept.write, "__defaults__", (path,))
    monkeypatch.setattr(peers, "missing", lambda name: False)
    monkeypatch.setattr(peers, "tally", tally)
    monkeypatch.setattr(peers.metadata, "version", lambda name: "1.0")
    return path


def tally(checker: str, setting: str, cases: int, seed: int) -> peers.Tally:
    """Every second wrong layer is caught, one right one failed, one not taken, one left open."""
    ended = {each.id: "fail" if each.id in FAILED else "pass" for each in (*USUAL, *USUAL_RIGHT)}
    return peers.Tally({**ended, USUAL[1].id: "n/a", USUAL[3].id: "inconclusive"}, 1.26, 100)


def test_a_record_is_kept_of_all_checkers(path: Path) -> None:
    """With the seed, the versions, and the sources of now; nothing in it contradicts itself."""
    peers.main(["--keep", "--seed", "7"])
    found = kept.read(path)
    assert [each.name for each in found.checkers] == list(CHECKERS)
    assert (found.seed, found.sources, found.right) == (7, kept.asked(), len(USUAL_RIGHT))
    assert found.versions.keys() == {"Python", "NumPy", "PyTorch", "JAX", "autograd"}
    kinds = {"contract": contract.FAULTS, "precision": precision.FAULTS}
    for name, those in kinds.items():
        assert getattr(found.wrong, name) == sum(fault in those for fault in USUAL)
        assert getattr(found.checkers[0].caught, name) == sum(fault in those for fault in USUAL[::2])
    assert found.wrong.total == len(USUAL)
    assert {each.caught.total for each in found.checkers} == {len(USUAL[::2])}
    assert {(each.failed, each.inconclusive, each.unasked, each.seconds) for each in found.checkers} == {(1, 1, 1, 1.3)}
    assert list(against(Peers(**dict(found), installed=found.sources))) == []


@pytest.mark.parametrize(
    ("arguments", "lacking", "said"),
    [
        (["--keep"], {"jax check_grads"}, "not installed, so that nothing is kept: jax check_grads"),
        (["--keep", "--only", "dot test"], set(), "got --only"),
    ],
)  # fmt: skip
def test_of_some_checkers_nothing_is_kept(
    path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    lacking: set[str],
    said: str,
) -> None:
    """A sentence, exit code 2, and the record that is there stays."""
    path.write_text("the former one")
    monkeypatch.setattr(peers, "missing", lacking.__contains__)
    with pytest.raises(SystemExit) as ended:
        peers.main(arguments)
    assert ended.value.code == 2
    assert said in capsys.readouterr().err
    assert path.read_text() == "the former one"


def test_a_measurement_that_ends_early_keeps_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor takes anything away."""
    path.write_text("the former one")

    def interrupted(checker: str, *rest: Any) -> peers.Tally:
        if checker == "dot test":
            raise KeyboardInterrupt
        return tally(checker, *rest)

    monkeypatch.setattr(peers, "tally", interrupted)
    with pytest.raises(KeyboardInterrupt):
        peers.main(["--keep"])
    assert [each.name for each in path.parent.iterdir()] == ["peers.json"]
    assert path.read_text() == "the former one"


def test_the_record_is_small(path: Path) -> None:
    """It stands in every evidence file."""
    peers.main(["--keep"])
    assert len(json.dumps(json.loads(path.read_text(encoding="utf-8")))) < 3000
