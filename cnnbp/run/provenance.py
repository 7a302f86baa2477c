"""Which program said this, on what machine, about which cases, and when."""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
from collections.abc import Callable
from functools import cache
from importlib import metadata, resources
from pathlib import Path

from ..evidence.joining.several import ADDED
from ..evidence.records import Document, Provenance, Whole
from ..version import __version__

SOURCES = (".py", ".toml", ".gz", ".json", ".v")  # what a verdict can depend on: code, texts, digits, certificates, theorems


def provenance(seed: int, profile: str, examples: int, jobs: int, started: str, shard: tuple[int, int] = (1, 1)) -> Provenance:
    """Everything needed to run the same again, and `seconds`, still 0."""
    return Provenance(
        cnnbp=__version__, commit=_commit(), seed=seed, profile=profile, examples=examples, jobs=jobs,
        python=platform.python_version(), numpy=version("numpy"), scipy=version("scipy"), torch=version("torch"),
        platform=platform.platform(), processor=processor(), started=started, seconds=0.0, sources_sha256=sources_sha256(),
        shard=shard[0], shards=shard[1], repository=repository(),
    )  # fmt: skip


def installed(document: Document) -> Whole | None:
    """What a whole run of the installed sources has, if they made this document and can be loaded; else nobody here knows."""
    if document.provenance.sources_sha256 != sources_sha256():
        return None
    try:
        from .whole import whole  # only now: it takes SciPy
    except ImportError:
        return None
    return merged(whole, document.provenance)


def merged(whole: Callable[[int], Whole], run: Provenance) -> Whole:
    """What the runs have together: of a statement and of a right layer as many cases as each has in turn."""
    runs = len(run.seeds)
    found = whole(run.examples // runs)
    return found.model_copy(update={name: getattr(found, name) * runs for name in ADDED})


@cache
def sources_sha256(*within: str) -> str:
    """A hash of every source file of the package, from which the default seed is taken: nobody can tune to it.

    Of a process the same, as what it has loaded is. `within`: rooms and files, where only theirs is asked for: "layers/".
    """
    root, digest = _root(), hashlib.sha256()
    for path in sorted(path for path in root.rglob("*") if path.suffix in SOURCES):
        name = path.relative_to(root).as_posix()
        if name.startswith(within or ""):
            digest.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _root() -> Path:
    return Path(str(resources.files("cnnbp")))


def version(name: str) -> str:
    """That of an installed distribution."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed"


def repository() -> str:
    """The address under "Repository" in the metadata of the package; empty where it has none, or none that begins with https."""
    try:
        named = metadata.metadata("cnnbp").get_all("Project-URL") or ()
    except metadata.PackageNotFoundError:
        return ""
    addresses = (address.strip() for label, _, address in (each.partition(",") for each in named) if label == "Repository")
    return next((address for address in addresses if address.startswith("https://")), "")


def processor() -> str:
    """The name that the processor gives itself where the system tells it, and the number of cores."""
    name = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
        name = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), name)
    except OSError:
        pass  # only Linux has this file
    return f"{name}, {os.cpu_count()} cores"


def _commit() -> str:
    """The commit that the sources were checked out from, if they were, marked where they have been changed since."""
    root = _root().parent
    if not (root / ".git").exists():
        return ""
    command = ["git", "describe", "--always", "--dirty", "--abbrev=12"]
    try:
        found = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return found.stdout.strip()
