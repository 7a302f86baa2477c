"""Where a page comes from: the run, how it is cited, and the commands that check it again."""

from __future__ import annotations

import hashlib
import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from cnnbp.evidence import file
from cnnbp.evidence.records import Derivation
from cnnbp.evidence.records import Provenance as Run

from .. import words
from ..setting import Setting

DRAWN = ("seed", "profile", "examples")
MOST = 8  # commands
COMMIT = re.compile(r"[0-9a-f]{7,40}")


@dataclass(frozen=True)
class Provenance:
    """What the page prints of the run that made its evidence: fields by name, commands by what they are for, the citation."""

    rows: Sequence[tuple[str, str]]
    again: Sequence[tuple[str, str]]
    citation: Sequence[str]


def quoted_sha256(derivation: Derivation) -> str:
    """Of what is under test as it is quoted: label, print and words of every statement, a line each, parted by tabs."""
    lines = (f"{statement.label}\t{statement.printed}\t{statement.quoted}\n" for statement in derivation.statements)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def provenance(setting: Setting) -> Provenance:
    """With the SHA-256 of the file that `evidence.file` makes of the document, so that `sha256sum evidence.json` says the same."""
    run, say = setting.document.provenance, setting.speech.say
    sha256 = hashlib.sha256(file.text(setting.document).encode()).hexdigest()
    told = {"started": words.moment(run.started), "seconds": f"{words.number(run.seconds)} s", **_shared(run)}
    fields = {**{name: str(value) for name, value in run if name not in told}, **told, "evidence_sha256": sha256}
    fields |= {f"text_sha256 {each.id}": quoted_sha256(each) for each in setting.document.derivations}
    again = [_install(run), ("sha256", "sha256sum evidence.json"), ("page", "cnnbp report evidence.json")]
    again.append(("recheck", "cnnbp recheck evidence.json"))
    again += [("run", command) for command in dict.fromkeys(map(_command, run.origins))][:MOST]
    citation = [
        f"cnnbp {run.cnnbp}" + (f" commit {run.commit}" if run.commit else ""),
        *(say("report.provenance.of", title=setting.speech.told(derivation.title)) for derivation in setting.document.derivations),
        say(f"report.title.{setting.standing.status}"),
        say("report.provenance.drawn", seed=str(run.seed), profile=run.profile, examples=run.examples),
        told["started"],
        f"evidence.json, SHA-256 {sha256}",
    ]
    return Provenance([(name, value) for name, value in fields.items() if value], again, [part for part in citation if part])


def _install(run: Run) -> tuple[str, str]:
    """At the commit that it was; else the newest, and that it is another; from a checkout where nobody says where it is."""
    if not run.repository:
        return "checkout", "pip install ."
    committed = COMMIT.fullmatch(run.commit) is not None
    at = f"@{run.commit}" if committed else ""
    return "install" if committed else "newest", f"pip install {shlex.quote(f'cnnbp @ git+{run.repository}{at}')}"


def _command(run: Run) -> str:
    """What does the same again: a run, whichever of its shards is here."""
    return "cnnbp verify " + " ".join(f"--{name} {shlex.quote(str(getattr(run, name)))}" for name in DRAWN)


def _shared(run: Run) -> dict[str, str]:
    """Which shards are there, and what was merged; empty of a run of one machine."""
    there = [str(number) for number in range(1, run.shards + 1) if number not in run.absent]
    merged = "; ".join(f"seed {each.seed}, {each.shard}/{each.shards}, {each.processor}" for each in run.merged)
    return {"shard": "", "shards": f"{', '.join(there)} of {run.shards}" if run.shards > 1 else "", "merged": merged}
