"""The certificates that are shipped: which conditions they belong to, and the texts that they are about."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import kernel, source

FILE = Path(__file__).with_name("certificates.json")
REMEDY = "`python -m cnnbp.proof.sizes` searches for them anew"

Certificate = list[list[int]]  # entries of a weight and the numbers of one fact or of two


class StaleCertificates(ValueError):
    """The certificates are about another text than the one that is installed."""


@dataclass(frozen=True)
class Certificates:
    """By claim, for each path the certificates of its goals in their order, and the instances of what is assumed."""

    paths: Mapping[str, list[list[Certificate]]]
    instances: Mapping[str, list[dict[str, int]]]


def about() -> dict[str, str]:
    """The texts that certificates are about, each by its hash."""
    return {source.MODULE: source.digest(source.text()), kernel.__name__: kernel_digest()}


def kernel_digest() -> str:
    """The hash of the kernel's text."""
    return source.digest(Path(kernel.__file__).read_text(encoding="utf-8"))


def load(file: Path = FILE) -> Certificates:
    """The certificates in the file.

    Raises StaleCertificates where they are about other texts than those installed, ValueError for what is no such file.
    """
    try:
        content: Any = json.loads(file.read_text(encoding="utf-8"))
        found, table, claims = content["about"], content["certificates"], content["claims"]
        paths = {name: [[table[i] for i in path] for path in claim["paths"]] for name, claim in claims.items()}
        instances = {name: claim["instances"] for name, claim in claims.items()}
    except (KeyError, IndexError, TypeError, AttributeError, json.JSONDecodeError) as error:
        raise ValueError(f"{file.name} must hold certificates as {__name__} writes them, got {error!r}; {REMEDY}") from error
    for name, digest in about().items():
        if found.get(name) != digest:
            raise StaleCertificates(
                f"{file.name} must be about the text of {name} that is installed, of hash {digest[:12]}, "
                f"but is about one of hash {str(found.get(name))[:12]}; {REMEDY}"
            )
    return Certificates(paths, instances)


def save(certificates: Certificates, file: Path = FILE) -> None:
    """Writes the certificates, each once, a claim a line."""
    table: dict[str, int] = {}
    lines = []
    for name, paths in certificates.paths.items():
        numbers = [[table.setdefault(_compact(one), len(table)) for one in path] for path in paths]
        lines.append(f"{_compact(name)}: {_compact({'instances': certificates.instances[name], 'paths': numbers})}")
    parts = json.dumps(about(), indent=1), ",\n".join(table), ",\n".join(lines)
    file.write_text('{{"about": {},\n"certificates": [\n{}],\n"claims": {{\n{}}}}}\n'.format(*parts), encoding="utf-8")


def _compact(what: Any) -> str:
    return json.dumps(what, separators=(",", ":"))
