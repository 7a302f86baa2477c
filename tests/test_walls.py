"""The walls of the house: who may import whom, held against every module, and against sources that break them on purpose."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "cnnbp"

# A room may import only from rows above its own.
ROWS = [
    {"precision", "attributes"},
    {"version", "text", "rounding", "layers"},
    {"evidence", "digits", "oracles"},
    {"judge", "cases", "adapters", "faults"},
    {"operators"},
    {"diagnosis"},
    {"verification", "strategies", "proof"},
    {"derivations"},
    {"training"},
    {"report"},
    {"run"},
    {"cli", "pytest_plugin"},
    {"__main__"},
]
FAMILIES = {
    "layers", "oracles", "cases", "operators", "verification", "derivations", "faults", "training", "adapters", "evidence",
    "text", "report", "run", "cli", "proof", "diagnosis",
}  # fmt: skip  # whose files may import each other

# Narrower still: a room, or one file of it, and the only others from which it may take anything.
ORACLES: dict[str, set[str]] = {  # beyond rounding and the abstention, what an oracle stands on
    "connections": {"triples"},
    "masked_dense": {"connections", "triples"},
    "noisy_difference": {"estimate", "noise"},
    "masked_network": {"connections", "masked_dense"},
    "sgd": {"autograd"},
}
ALONE = {"rounding", "oracles.abstention"}
BELOW_OPERATORS = {"layers", "oracles", "cases", "rounding", "precision"}
VERIFICATION = {*BELOW_OPERATORS, "attributes", "operators", "judge", "evidence"}
ONLY: dict[str, set[str]] = {
    "text": set(),
    "layers": set(),
    "oracles": ALONE,
    **{f"oracles.{name}": {*ALONE, *(f"oracles.{other}" for other in others)} for name, others in ORACLES.items()},
    "evidence": {"attributes", "text"},
    "judge": {"evidence", "rounding"},
    "cases": {"layers", "rounding"},
    "operators": BELOW_OPERATORS,
    # and never `verify`
    "diagnosis": {"attributes", "rounding", "precision", "evidence", "judge", "faults", "operators", "oracles.abstention"},
    "verification": {*VERIFICATION, "adapters"},  # a reference may be anybody's
    "verification.explained": {*VERIFICATION, "verification", "diagnosis"},
    "verification.patience": {"evidence", "text"},  # it speaks to whoever waits
    # A layer may be anybody's; and a budget is one everywhere.
    "proof": {*BELOW_OPERATORS, "attributes", "operators", "evidence", "adapters", "verification.patience"},
    "derivations": {"layers", "oracles", "cases", "rounding", "judge", "evidence", "text", "proof"},
    "faults": {"layers", "oracles", "text"},
    "adapters": {"attributes", "rounding"},
    "training": {*VERIFICATION, "verification", "digits"},
    "report": {"evidence", "text"},
    "cli.progress": set(),
    "pytest_plugin": {"version", "evidence", "report"},
    "__main__": {"cli"},
}
THIRD_PARTY: dict[str, set[str]] = {"layers": {"numpy"}}
HEAVY = {"torch", "hypothesis", "jinja2", "matplotlib"}

MODULES = {".".join(path.relative_to(PACKAGE).with_suffix("").parts): path for path in sorted(PACKAGE.rglob("*.py"))}
ROOMS = {module: path for module, path in MODULES.items() if module != "__init__"}  # that one only names what is public


def imports(module: str, source: str) -> Iterator[str]:
    """The full name of everything that the module imports, wherever in the file; `?` for what only the run would tell."""
    parts = ["cnnbp", *module.removesuffix(".__init__").split(".")]
    here = parts if module.endswith("__init__") else parts[:-1]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = (
                [*here[: len(here) + 1 - node.level], *([node.module] if node.module else [])]
                if node.level
                else [node.module or "?"]
            )
            yield from (".".join([*base, alias.name]) for alias in node.names)
        elif isinstance(node, ast.Call) and _called(node.func) in ("import_module", "__import__"):
            yield "cnnbp.?"


def _called(function: ast.expr) -> str:
    """The last name of what is called."""
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def within(name: str, places: set[str]) -> bool:
    """Whether the name is one of these modules, or inside one of them."""
    return any(name == place or name.startswith(f"{place}.") for place in places)


def row(room: str) -> int | None:
    """The number of the row, or None for a room that has no place in the house."""
    return next((number for number, rooms in enumerate(ROWS, 1) if room in rooms), None)


def breaches(module: str, source: str) -> list[str]:
    """Every import of the module that goes through a wall, in words."""
    room, own_row, found = module.split(".")[0], row(module.split(".")[0]), []
    if own_row is None:
        return [f"{module} has no row"]
    only, third_party = ONLY.get(module, ONLY.get(room)), THIRD_PARTY.get(room)
    for name in imports(module, source):
        top, _, inside = name.partition(".")
        if top != "cnnbp":
            if third_party is not None and top not in third_party and top not in sys.stdlib_module_names:
                found.append(f"{module} may not import {name}")
            continue
        target = inside.split(".")[0]
        family = target == room and room in FAMILIES and module not in ONLY and room != "oracles"
        above = (row(target) or len(ROWS)) < own_row
        if not (family or (within(inside, only) if only is not None else above)):
            found.append(f"{module} may not import {name}")
    return found


def test_no_import_goes_through_a_wall() -> None:
    """Each module takes only from the rows above its own, and from still fewer places where the house says so."""
    sources = {module: path.read_text(encoding="utf-8") for module, path in ROOMS.items()}
    assert [breach for module, source in sources.items() for breach in breaches(module, source)] == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("oracles.masked_dense", "from ..layers.relation import Axis"),  # the party wall
        ("oracles.masked_dense", "def f():\n    from cnnbp import layers"),
        ("oracles.masked_dense", "from ..operators import OPERATORS"),
        ("oracles.autograd", "from .masked_dense import Array"),
        ("oracles.autograd", "from . import masked_dense"),
        ("oracles.connections", "from .masked_dense import MaskedDense"),
        ("oracles.masked_network", "from .finite_difference import inner"),
        ("oracles.sgd", "from ..layers import Network"),
        ("oracles.sgd", "from .masked_network import answer"),
        ("oracles.autograd", "from ..judge import compare"),
        ("report.page", "from ..judge import compare"),  # the glass wall
        ("report.page", "from ..verification.verify import verify"),
        ("report.page", "from ..operators import OPERATORS"),
        ("report.__init__", "import cnnbp.layers as l"),
        ("layers.conv2d", "import scipy"),
        ("layers.conv2d", "from torch.nn import functional"),
        ("layers.conv2d", "from ..rounding import U"),
        ("text.verdict", "from ..evidence import Verdict"),
        ("evidence.verdict", "from ..rounding import Array"),
        ("evidence.status", "if TYPE_CHECKING:\n    from ..judge import Judgement"),
        ("judge", "from .cases import Case"),  # nothing beside it
        ("judge", "from .text import sentence"),
        ("judge", "from .verification.verify import verify"),  # nothing below it
        ("cases.case", "from ..oracles import connections"),
        ("cases.networks", "from ..operators import OPERATORS"),
        ("operators.conv2d", "from ..judge import compare"),
        ("operators.conv2d", "from ..verification.question import Question"),
        ("verification.verify", "from ..strategies import conv2d"),
        ("verification.methods.entrywise", "from ...text import sentence"),
        ("verification.methods.entrywise", "from ...training import train"),
        ("verification.methods.entrywise", "from ...diagnosis import diagnosed"),
        ("diagnosis.diagnose", "from ..verification.question import Question"),
        ("diagnosis.convolution", "from ..layers import Conv2d"),
        ("diagnosis.where", "from ..text import sentence"),
        ("adapters.torch", "from ..verification.subject import Subject"),
        ("adapters.torch", "from ..layers import Conv2d"),
        ("faults.dense", "from ..judge import compare"),
        ("faults.dense", "from ..rounding import Array"),
        ("derivations.post.step", "from ...faults.catalogue import Fault"),
        ("derivations.post.step", "from ...run.tasks import Task"),
        ("derivations.evaluate", "from ..verification.verify import verify"),
        ("training.train", "from ..derivations import post"),
        ("training.train", "from ..report import render"),
        ("run.tasks", "from ..cli import main"),
        ("run.journal", "from ..cli.summary import summary"),
        ("cli.main", "from .. import pytest_plugin"),
        ("cli.progress", "from ..run.tasks import Task"),
        ("cli.main", "from .. import __main__"),
        ("__main__", "from .report import render"),
        ("pytest_plugin", "from .verification.verify import verify"),
        ("judge", "import cnnbp"),  # the whole package, rows below included
        ("judge", "from cnnbp import verify"),
        ("judge", "from . import *"),
        ("judge", "import importlib\nimportlib.import_module('cnnbp.verification')"),
        ("attic", "import os"),
    ],
)
def test_a_breach_is_seen(module: str, source: str) -> None:
    """Made-up sources that break the house's rules, each in one way, are each found out."""
    assert len(breaches(module, source)) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        (
            "oracles.masked_network",
            "from . import masked_dense\nfrom .masked_dense import Array\nfrom .abstention import Abstention\nimport torch",
        ),
        ("layers.conv2d", "import numpy as np\nfrom math import prod\nfrom . import checks\nfrom .relation import Axis"),
        ("layers.__init__", "from .conv2d import Conv2d"),
        ("judge", "from .evidence import Status\nfrom cnnbp.rounding import Array"),
        ("operators.conv2d", "from .. import layers, rounding\nfrom ..cases.axes import axis\nfrom .connected import connected"),
        (
            "verification.methods.entrywise",
            "from ...judge import compare\nfrom ...oracles.abstention import Abstention\nfrom ..question import Question",
        ),
        ("evidence.verdict", "def f():\n    from ..text import sentence"),
        ("adapters.torch", "import torch\nfrom ..rounding import Array\nfrom .functions import checked_callable"),
        ("run.tasks", "from .. import cases, faults\nfrom ..derivations.post import STATEMENTS\nfrom .document import merge"),
        ("cli.main", "def f():\n    from .. import report\n    from ..run import campaign"),
    ],
)
def test_what_is_allowed_is_no_breach(module: str, source: str) -> None:
    """Imports from above, inside a family, and of other people's packages go through."""
    assert breaches(module, source) == []


def loaded(statement: str) -> set[str]:
    """Which of the heavy packages a fresh interpreter has loaded after this statement."""
    report = f"{statement}\nimport sys\nprint(*(name for name in {sorted(HEAVY)} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", report], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_the_door_is_light() -> None:
    """Importing the package, its command line and its pytest plugin loads neither torch, hypothesis, jinja2 nor matplotlib."""
    assert loaded("import cnnbp, cnnbp.cli, cnnbp.pytest_plugin") == set()


def test_weight_is_seen() -> None:
    """A package that does load one of them is found out."""
    assert loaded("import cnnbp, hypothesis, jinja2") == {"hypothesis", "jinja2"}
