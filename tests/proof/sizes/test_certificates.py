"""The file of certificates: written and read again, and refused where it is about another text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cnnbp.proof.sizes import StaleCertificates, kernel, source
from cnnbp.proof.sizes.certificates import FILE, Certificates, about, load, save

SOME = Certificates({"a": [[[[1, 0]], [[2, 1, 3]]], []], "b": [[[[1, 0]]]]}, {"a": [{"size": 1}], "b": []})


def test_what_is_written_is_read(tmp_path: Path) -> None:
    """Each certificate stands once."""
    save(SOME, tmp_path / "some.json")
    assert load(tmp_path / "some.json") == SOME
    assert json.loads((tmp_path / "some.json").read_text())["certificates"] == [[[1, 0]], [[2, 1, 3]]]


def test_the_file_that_is_shipped(tmp_path: Path) -> None:
    """Is what is written of what is read."""
    save(load(), tmp_path / "again.json")
    assert (tmp_path / "again.json").read_text() == FILE.read_text()


@pytest.mark.parametrize("name", [source.MODULE, kernel.__name__])
def test_another_text(tmp_path: Path, name: str) -> None:
    """Is named, with both hashes and the remedy."""
    save(SOME, tmp_path / "stale.json")
    content: Any = json.loads((tmp_path / "stale.json").read_text())
    content["about"][name] = "f" * 64
    (tmp_path / "stale.json").write_text(json.dumps(content))
    expected = (
        f"stale.json must be about the text of {name} that is installed, of hash {about()[name][:12]}, "
        "but is about one of hash ffffffffffff; `python -m cnnbp.proof.sizes` searches for them anew"
    )
    with pytest.raises(StaleCertificates) as caught:
        load(tmp_path / "stale.json")
    assert str(caught.value) == expected


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"about": {}, "certificates": [], "claims": {"a": {"paths": [[0]]}}}'])
def test_no_certificates(tmp_path: Path, content: str) -> None:
    """Whatever is wrong with the file, the sentence names it."""
    (tmp_path / "other.json").write_text(content)
    with pytest.raises(ValueError, match=r"other\.json must hold certificates as cnnbp\.proof\.sizes\.certificates writes them"):
        load(tmp_path / "other.json")
