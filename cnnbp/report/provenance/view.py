"""Where a page comes from: the run, how it is cited, and the commands that check it again."""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from cnnbp.evidence import file
from cnnbp.evidence.records import Document

from .. import words
from ..setting import Setting

DRAWN = ("seed", "profile", "examples")


@dataclass(frozen=True)
class Provenance:
    """What the page prints of the run that made its evidence: fields by name, commands, the citation."""

    rows: Sequence[tuple[str, str]]
    again: Sequence[str]
    citation: Sequence[str]


def provenance(setting: Setting) -> Provenance:
    """All of it, with the fingerprint of the evidence file."""
    run, sha256 = setting.document.provenance, fingerprint(setting.document)
    rows = [(name, str(value)) for name, value in run if value != "" and name not in ("started", "seconds")]
    rows += [("started", words.moment(run.started)), ("seconds", f"{words.number(run.seconds)} s"), ("evidence_sha256", sha256)]
    return Provenance(rows, _again(setting), _citation(setting, sha256))


def fingerprint(document: Document) -> str:
    """The SHA-256 of the file that `evidence.file` makes of `document`, so that `sha256sum evidence.json` answers the same."""
    return hashlib.sha256(file.text(document).encode()).hexdigest()


def _again(setting: Setting) -> Sequence[str]:
    run = setting.document.provenance
    drawn = " ".join(f"--{key} {shlex.quote(str(getattr(run, key)))}" for key in DRAWN)
    commands = {"sha256": "sha256sum evidence.json", "page": "cnnbp report evidence.json", "run": f"cnnbp verify {drawn}"}
    width = max(map(len, commands.values()))
    return [f"{command:{width}}  # {setting.speech.text(f'report.provenance.again.{key}')}" for key, command in commands.items()]


def _citation(setting: Setting, sha256: str) -> Sequence[str]:
    run, speech = setting.document.provenance, setting.speech
    titles = [speech.told(derivation.title) for derivation in setting.document.derivations]
    status = setting.standing.status
    parts = (
        f"cnnbp {run.cnnbp}" + (f" commit {run.commit}" if run.commit else ""),
        *(speech.text("report.provenance.of", title=title) for title in titles),
        speech.text(f"report.title.{status}"),
        ", ".join(f"{key} {getattr(run, key)}" for key in DRAWN),
        words.moment(run.started),
        f"evidence.json, SHA-256 {sha256}",
    )
    return [part for part in parts if part]
