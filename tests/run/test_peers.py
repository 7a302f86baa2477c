"""The record of the checkers is that of the sources from which it was taken, and of no others."""

from __future__ import annotations

from pathlib import Path

import pytest

from cnnbp.evidence import records as r
from cnnbp.faults import USUAL, USUAL_RIGHT
from cnnbp.run import peers as room
from cnnbp.run import provenance
from cnnbp.run.tasks import Task, perform
from cnnbp.run.whole import whole
from tests.bench.checkers import CHECKERS
from tests.evidence import sample
from tests.test_walls import MODULES, imports

TOLD = {"evidence.numbers", "evidence.proof", "evidence.simplest", "evidence.strict", "evidence.own", "evidence.__init__"}
"""What of `evidence` is written down of a verdict, and decides none; as do the records, and all words."""


def reached(*modules: str) -> set[str]:
    """What these import, and all that is imported there."""
    names, found, left = {name.removesuffix(".__init__"): name for name in MODULES}, set[str](), list(modules)
    while left:
        module = left.pop()
        if module not in found:
            found.add(module)
            for name in imports(module, MODULES[module].read_text(encoding="utf-8")):
                parts = name.split(".")[1:] if name.startswith("cnnbp.") else []
                left += [names[at] for n in range(len(parts)) if (at := ".".join(parts[: n + 1])) in names]
    return found


def test_the_hash_is_of_all_that_a_verdict_is_made_of() -> None:
    """Whatever `verify` and the catalogue import, but for the words and records in which a verdict is told."""
    made_of = {place.removesuffix(".py").rstrip("/").replace("/", ".") for place in room.MADE_OF}
    others = {
        module
        for module in reached("verification.verify", "faults.__init__", "operators.__init__", "cases.__init__")
        if not any(module == place or module.startswith(f"{place}.") for place in made_of)
    }
    assert {name for name in others if not name.startswith(("text.", "evidence.records."))} <= TOLD
    assert "evidence.records.document" in others, "it would show"


def test_every_place_is_there() -> None:
    """One that is misspelled would be of nothing; and the record is in none of them."""
    root = Path(provenance.__file__).parents[1]
    assert all((root / place).exists() for place in room.MADE_OF)
    assert not room.PATH.relative_to(root).as_posix().startswith(room.MADE_OF)


def test_a_change_of_what_is_asked_about_changes_the_hash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a layer, a fault, `judge`; one elsewhere does not, and what is no source counts nowhere."""
    for name in ("layers/conv2d.py", "faults/cards.toml", "judge.py", "report/page.py", "run/peers.json", "layers/notes.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("as it was")
    monkeypatch.setattr(provenance, "_root", lambda: tmp_path)
    taken = provenance.sources_sha256.__wrapped__
    before = taken(*room.MADE_OF)
    for name, differs in (("layers/conv2d.py", True), ("faults/cards.toml", True), ("judge.py", True),
                          ("report/page.py", False), ("run/peers.json", False), ("layers/notes.md", False)):  # fmt: skip
        (tmp_path / name).write_text("changed")
        assert (taken(*room.MADE_OF) != before) == differs, name
        (tmp_path / name).write_text("as it was")
    assert taken(*room.MADE_OF) == before != taken()


def test_a_record_of_other_sources_is_not_of_these(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The run puts beside it what is installed, and whoever reads it compares."""
    path = tmp_path / "peers.json"
    monkeypatch.setattr(room, "PATH", path)
    monkeypatch.setattr(room, "read", lambda: _read(path))
    for sources, current in ((room.asked(), True), ("0" * 64, False)):
        room.write(_measured(sources), path)
        found = perform(Task("peers", "peers", 1, 0))
        assert isinstance(found, r.Peers)
        assert (found.sources, found.installed, found.current) == (sources, room.asked(), current)


_read = room.read


def _measured(sources: str) -> r.Measured:
    fields = {name: getattr(sample.peers(), name) for name in r.Measured.model_fields}
    return r.Measured(**{**fields, "sources": sources})


def test_what_is_written_is_read(tmp_path: Path) -> None:
    """To the last field; half a record is none."""
    path = tmp_path / "peers.json"
    room.write(_measured("1" * 64), path)
    assert room.read(path) == _measured("1" * 64)
    path.write_text(path.read_text(encoding="utf-8").replace('"seed"', '"sead"'), encoding="utf-8")
    with pytest.raises(ValueError, match="seed"):
        room.read(path)


def test_the_record_in_the_package_is_of_the_checkers_that_there_are() -> None:
    """All of them, in their order, asked about as many layers as the catalogue has that show at usual numbers."""
    found = room.read()
    assert tuple(each.name for each in found.checkers) == tuple(CHECKERS) == whole(1).peers
    assert (found.wrong.total, found.right) == (len(USUAL), len(USUAL_RIGHT))
