"""Drawn cases of one layer, in slices that can be shared out, and the slices joined to one record."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterator, Sequence
from typing import Any

from .. import cases
from ..evidence import Evidence
from ..verification.verify import verify


def case(operator: str, name: str, number: int, seed: int) -> cases.Case:
    """Case `number` of those drawn under this name."""
    return cases.DRAW[operator](cases.Counter(seed, f"{name}/{number}"))


def layer(operator: str, start: int, count: int, seed: int) -> dict[str, Any]:
    """Some cases of one layer: verdicts counted, evidence summed up by oracle, failures kept whole."""
    verdicts, options, failures = Tally[str](), dict[str, Tally[str]](), []
    oracles: dict[str, dict[str, Any]] = {}
    for number in range(start, start + count):
        asked = case(operator, operator, number, seed)
        verdict = verify(asked.layer, *asked.args, delta=asked.delta, seed=number)
        verdicts[verdict.status] += 1
        if verdict.status == "fail":
            failures.append(verdict.record())
        for name, value in (*asked.options.items(), *_sizes(asked), *zip(("numbers", "layout"), asked.traits, strict=False)):
            options.setdefault(name, Tally())[str(value)] += 1
        for item in verdict.evidence:
            for name in _witnesses(item):
                _add(oracles.setdefault(name, _nothing()), item)
    return {
        "operator": operator, "cases": count, "failures": failures, "options": {k: dict(v) for k, v in options.items()},
        "oracles": oracles, **{status: verdicts[status] for status in ("pass", "inconclusive", "fail")},
    }  # fmt: skip


def _sizes(asked: cases.Case) -> Iterator[tuple[str, object]]:
    """How large a case is: samples, channels and cells of its input, and its kernel."""
    x, *params = asked.args
    if x.ndim == 4:
        yield from (("samples", x.shape[0]), ("input channels", x.shape[1]), ("input cells", f"{x.shape[2]} × {x.shape[3]}"))
    else:
        yield "input shape", " × ".join(map(str, x.shape)) or "a number"
    if params and params[0].ndim == 4:
        w = params[0]
        yield from (("output channels", w.shape[0]), ("kernel", f"{w.shape[2]} × {w.shape[3]}"))


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


def _joined(key: str, total: Any, value: Any) -> Any:
    if key == "kinds":
        return sorted({*total, *value})
    if key in ("worst_ratio", "resolution"):
        return max((v for v in (total, value) if v is not None), default=None)
    return total + value
