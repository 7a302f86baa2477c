"""What a run consists of: small independent tasks, each a function of its name, the number of examples and the seed alone."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .. import cases, digits, faults, layers
from ..derivations.post import STATEMENTS
from ..derivations.statement import trial
from ..evidence import Evidence, Verdict
from ..trial.network import residuals, verify_network
from ..trial.verify import verify

SLICE = 20  # cases of a layer in one task: small enough to share out, large enough to be worth a process
TRIES = 100  # within so many drawn cases a wrong layer must be caught
DIGITS = 32  # images in the batch on which the digits network is judged

NETWORK = (
    layers.Conv2d(padding=1, out_channels=4, kernel_size=3),
    layers.Tanh(),
    layers.AvgPool2d(2),
    layers.Conv2d(out_channels=8, kernel_size=3),
    layers.Sigmoid(),
    layers.MaxPool2d(2),  # last, where blank margins no longer tie
    layers.Flatten(),
    layers.Dense(out_features=10),
    layers.Sigmoid(),
)


@dataclass(frozen=True)
class Task:
    """One piece of a run. `kind` is statement, layer, digits, wrong or unusual; `start` counts the cases of a layer."""

    kind: str
    name: str
    examples: int
    seed: int
    start: int = 0


def plan(examples: int, seed: int, only: Sequence[str] = ()) -> list[Task]:
    """All tasks of a run, or those of the named statements and operators alone."""
    tasks = [Task("statement", s.id, examples, seed) for s in STATEMENTS]
    for operator in cases.DRAW:
        tasks += [Task("layer", operator, min(SLICE, examples - start), seed, start) for start in range(0, examples, SLICE)]
    if only:
        return [task for task in tasks if task.name in only]
    tasks += [Task("digits", "digits", examples, seed)]
    tasks += [Task("wrong", fault.id, TRIES, seed) for fault in faults.FAULTS]
    return tasks + [Task("unusual", layer.id, max(1, examples // 4), seed) for layer in faults.UNUSUAL]


def names() -> list[str]:
    """What `only` may name."""
    return [s.id for s in STATEMENTS] + list(cases.DRAW)


def perform(task: Task) -> dict[str, Any]:
    """Does one task. The same task gives the same result in any process, in any order."""
    return {"statement": _statement, "layer": _layer, "digits": _digits, "wrong": _wrong, "unusual": _unusual}[task.kind](task)


def _statement(task: Task) -> dict[str, Any]:
    return trial(next(s for s in STATEMENTS if s.id == task.name), task.examples, task.seed)


def _case(operator: str, name: str, number: int, seed: int) -> cases.Case:
    return cases.DRAW[operator](cases.Counter(seed, f"{name}/{number}"))


def _layer(task: Task) -> dict[str, Any]:
    """Drawn cases of one layer: verdicts counted, evidence summed up by oracle, failures kept whole."""
    verdicts, options, failures = Tally[str](), dict[str, Tally[str]](), []
    oracles: dict[str, dict[str, Any]] = {}
    for number in range(task.start, task.start + task.examples):
        case = _case(task.name, task.name, number, task.seed)
        verdict = verify(case.layer, *case.args, delta=case.delta, seed=number)
        verdicts[verdict.status] += 1
        if verdict.status == "fail":
            failures.append(verdict.record())
        for name, value in (*case.options.items(), *zip(("numbers", "layout"), case.traits, strict=False)):
            options.setdefault(name, Tally())[str(value)] += 1
        for item in verdict.evidence:
            for name in _witnesses(item):
                _add(oracles.setdefault(name, _nothing()), item)
    return {
        "operator": task.name, "cases": task.examples, "failures": failures, "options": {k: dict(v) for k, v in options.items()},
        "oracles": oracles, **{status: verdicts[status] for status in ("pass", "inconclusive", "fail")},
    }  # fmt: skip


def _witnesses(item: Evidence) -> tuple[str, ...]:
    """Under which names an item counts: the exact runs apart, and where there was none, as an abstention of all three."""
    if item.kind != "exact at points":
        return (item.oracle,)
    oracles = ("masked_dense", "autograd", "finite_difference") if item.oracle == "integers" else (item.oracle,)
    return tuple(f"{oracle}, exact" for oracle in oracles)


def _nothing() -> dict[str, Any]:
    return {"pass": 0, "fail": 0, "abstain": 0, "vacuous": 0, "worst_ratio": None, "resolution": None, "kinds": []}


def _add(total: dict[str, Any], item: Evidence) -> None:
    total[item.status] += 1
    total["kinds"] = sorted({*total["kinds"], item.kind})
    if item.status == "pass" and item.ratio is not None and item.resolution is not None:
        total["worst_ratio"] = max(total["worst_ratio"] or 0.0, item.ratio)
        total["resolution"] = max(total["resolution"] or 0.0, item.resolution)


def merge(parts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The slices of one layer as one record."""
    whole: dict[str, Any] = {"operator": parts[0]["operator"], "failures": [f for part in parts for f in part["failures"]]}
    for name in ("cases", "pass", "inconclusive", "fail"):
        whole[name] = sum(part[name] for part in parts)
    whole["options"] = {
        name: dict(sum((Tally(part["options"].get(name, {})) for part in parts), Tally()))
        for name in dict.fromkeys(n for p in parts for n in p["options"])
    }
    whole["oracles"] = {}
    for part in parts:
        for oracle, found in part["oracles"].items():
            total = whole["oracles"].setdefault(oracle, _nothing())
            for key, value in found.items():
                total[key] = _joined(key, total[key], value)
    return whole


def _joined(key: str, total: Any, value: Any) -> Any:
    if key == "kinds":
        return sorted({*total, *value})
    if key in ("worst_ratio", "resolution"):
        return max((v for v in (total, value) if v is not None), default=None)
    return total + value


def _digits(task: Task) -> dict[str, Any]:
    """A small CNN on real handwritten digits: each layer with the input and residual it meets, then the whole gradient."""
    x, y = digits.load()
    rng = np.random.default_rng(task.seed)
    chosen = rng.choice(len(x), DIGITS, replace=False)
    network = layers.Network(NETWORK)
    params = network.init(x.shape[1:], rng)
    whole = verify_network(network, x[chosen], y[chosen], params, weight_decay=1e-3, seed=task.seed)
    parts = [_met(question, task.seed) for question in residuals(network, x[chosen], y[chosen], params)]
    return {
        "network": repr(network), "source": digits.SOURCE, "samples": DIGITS,
        "whole": whole.record(), "layers": [part.record() for part in parts],
    }  # fmt: skip


def _met(question: Any, seed: int) -> Verdict:
    return verify(question.reference, *question.args, delta=question.delta, seed=seed)


def _wrong(task: Task) -> dict[str, Any]:
    """A wrong layer, tried on drawn cases until it is caught."""
    fault = next(f for f in faults.FAULTS if f.id == task.name)
    found = {
        "id": fault.id,
        "operator": fault.operator,
        "claim": fault.claim,
        "source": fault.source,
        "caught": False,
        "cases": task.examples,
        "by": "",
    }
    for number in range(task.examples):
        case = _case(fault.operator, fault.id, number, task.seed)
        verdict = verify(fault.make(**case.options), *case.args, delta=case.delta, like=case.layer, seed=number)
        if verdict.status == "fail":
            by = next((f"{e.oracle} {e.quantity}" for e in verdict.evidence if e.status == "fail"), "form")
            return {**found, "caught": True, "cases": number + 1, "by": by}
    return found


def _unusual(task: Task) -> dict[str, Any]:
    """A right layer that computes in another way: it must never be accused."""
    layer = next(u for u in faults.UNUSUAL if u.id == task.name)
    accused = []
    for number in range(task.examples):
        case = _case(layer.operator, layer.id, number, task.seed)
        verdict = verify(layer.make(**case.options), *case.args, delta=case.delta, like=case.layer, seed=number)
        accused += [verdict.record()] if verdict.status == "fail" else []
    return {
        "id": layer.id, "operator": layer.operator, "claim": layer.claim, "accused": bool(accused),
        "cases": task.examples, "accusations": accused[:1],
    }  # fmt: skip
