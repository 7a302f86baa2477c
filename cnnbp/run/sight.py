"""What each method sees of a layer of the catalogue: found by asking, case after case, and counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain, islice

from .. import faults
from ..cases import Case
from ..evidence import Evidence, Verdict
from ..evidence.simplest import effort
from ..operators import OPERATORS
from ..proof.prove import prove
from ..verification.verify import verify
from .controls import asked, drawn

REFERRED = ("masked_dense", "autograd", "complex_step", "finite_difference", "integers", "norms", "contract")
METHODS = (*REFERRED, "alone", "prove")
"""Those of `verify` with a reference, `verify` without one, and `prove`."""

DEEP = 25  # cases at which all methods are asked about one layer, caught or not
AMONG = 20  # drawn cases of which the smallest is put to the methods that take long
PATIENCE = 200  # and how far to look for a small one
ALONE, PROVEN, UNSHARED = 40, 40, 9  # so many numbers at most; the last where no weight is learnt, but orders are walked
OF_NORMS = ("verification.by-norm", "verification.not-by-norm")


@dataclass(frozen=True)
class Task:
    """One layer of the catalogue, asked at no more than so many drawn cases. `deep`: at all of DEEP, whatever is seen before."""

    id: str
    examples: int
    seed: int
    deep: bool = False

    def __str__(self) -> str:
        return self.id


@dataclass
class Sight:
    """How a layer fared: at which case, counted from 1, each method saw it first, and at how many it had anything to say."""

    id: str
    cases: int = 0
    first: dict[str, int] = field(default_factory=dict)
    spoke: dict[str, int] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)
    """Who was asked and had nothing to say, at some case."""
    message: str = ""
    """Of the simplest failing case."""
    simplest: int = 0
    """The number of that case; 0 where none fails."""

    @property
    def caught(self) -> int:
        """The first case at which `verify` with the reference fails it; 0 for none."""
        return min((self.first[method] for method in REFERRED if method in self.first), default=0)

    def note(self, method: str, number: int, saw: bool) -> None:
        """At this case the method had something to say."""
        self.spoke[method] = self.spoke.get(method, 0) + 1
        if saw:
            self.first.setdefault(method, number)


def look(task: Task) -> Sight:
    """Asks about a wrong layer until it is caught, a right one at a fortieth of the cases."""
    control = controls()[task.id]
    found, least = Sight(task.id), None
    most = task.examples if isinstance(control, faults.Fault) else max(1, task.examples // 40)
    for number in range(max(most, DEEP) if task.deep else most):
        case = drawn(control, number, task.seed)
        verdict = asked(control, case, number)
        found.cases = number + 1
        found.silent |= {method_of(item) for item in verdict.evidence if item.status in ("abstain", "vacuous")}
        for method, saw in seen(verdict).items():
            found.note(method, number + 1, saw)
        if verdict.status == "fail" and (least is None or effort(verdict) < least):
            least, found.simplest, found.message = effort(verdict), number + 1, str(verdict)
        if found.caught and not (task.deep and number + 1 < DEEP):
            break
    if isinstance(control, faults.Fault):
        _ask_those_that_take_long(control, task, found)
    return found


def controls() -> Mapping[str, faults.Fault | faults.Right]:
    """The whole catalogue by id."""
    found = dict[str, faults.Fault | faults.Right]()
    for entries in (faults.FAULTS, faults.RIGHT):
        found |= {entry.id: entry for entry in entries}
    return found


def seen(verdict: Verdict) -> dict[str, bool]:
    """By method that had something to say, whether it saw anything wrong."""
    found = dict[str, bool]()
    for item in verdict.evidence:
        if item.status in ("pass", "fail"):
            method = method_of(item)
            found[method] = found.get(method, False) or item.status == "fail"
    return found


def method_of(item: Evidence) -> str:
    """Whose evidence it is."""
    if item.kind == "exact at points":
        return "integers"
    return "norms" if item.at != "case" or (item.remark and item.remark.code in OF_NORMS) else item.oracle


def size(case: Case) -> int:
    """How many numbers it holds."""
    return sum(a.size for a in (*case.args, case.delta))


def _ask_those_that_take_long(fault: faults.Fault, task: Task, found: Sight) -> None:
    """Each at the smallest of the first cases, or at the first that is small enough where they are not; in depth, at three."""
    first = sorted(((number, drawn(fault, number, task.seed)) for number in range(AMONG)), key=lambda each: size(each[1]))
    orders = "w" not in OPERATORS[fault.operator].gradients
    for method, ask, most in (("alone", _alone, ALONE), ("prove", _prove, UNSHARED if orders else PROVEN)):
        later = ((number, drawn(fault, number, task.seed)) for number in range(AMONG, PATIENCE))
        small = ((number, case) for number, case in chain(first, later) if case.args[0].size and size(case) <= most)
        for number, case in islice(small, 3 if task.deep else 1):
            saw = ask(fault, case, number)
            if saw is None:
                found.silent.add(method)
            else:
                found.note(method, number + 1, saw)


def _alone(fault: faults.Fault, case: Case, number: int) -> bool:
    """Whether `verify` sees anything without a reference."""
    record = OPERATORS[fault.operator]
    names = record.arguments[1 : len(case.args)]
    skip = [name for name in names if name not in record.gradients]
    return verify(fault.make(**case.options), *case.args, names=names, skip=skip, seed=number).status == "fail"


def _prove(fault: faults.Fault, case: Case, number: int) -> bool | None:
    """Whether `prove` does; None where it has nothing to say."""
    shapes = [a if a.dtype.kind in "iu" else a.shape for a in case.args]
    proof = prove(fault.make(**case.options), *shapes, like=case.layer, seed=number)
    return None if proof.status == "abstains" else proof.status == "refuted"
