"""A verdict for a terminal: what is wrong in sentences, then one line for each oracle and outcome."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from . import ENGLISH, Said, fill, sentence, sentences
from .diagnosis import rows as diagnosis

Verdict = Any  # evidence.Verdict and its evidence.Evidence: this room imports none, so that all others may import it
Piece = Any
ON_INTEGERS = ("integers", "small-integers", "tied-integers")
REFERENCES = ("masked_dense", "autograd", "reference")
OWN = tuple(f"verification.{code}" for code in ("no-reference", "own-float64", "no-float64", "cancels", "scatters"))
MOST = 3  # points of the contract that a column names
UNSETTLED = tuple(f"verification.{code}" for code in ("not-judged", "mostly-left-out", "coarse", "points-unreached"))


def page(verdict: Verdict, language: str = ENGLISH) -> str:
    """The whole verdict."""
    shapes = ", ".join(f"{name} {shape}" for name, shape in verdict.shapes.items())
    asked = f"  in {verdict.dtype}" * (verdict.dtype != "float64") + f"  on {verdict.device}" * bool(verdict.device)
    lines = [f"{verdict.status.upper()}  {verdict.layer}  at {shapes}{asked}"]
    lines += [f"  {line}" for line in _wrong(verdict, language)]
    groups: dict[tuple[Any, ...], list[Piece]] = {}
    for item in verdict.evidence:
        reason = sentence(item.remark, language) if item.remark else ""
        groups.setdefault((_where(item, language), item.kind, item.status, reason), []).append(item)
    rows: list[tuple[str, ...]] = [("oracle", "verdict", "of", "worst ratio", "resolution", "")]
    rows += [_row(where, status, reason, items) for (where, _, status, reason), items in groups.items()]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines += ["  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join(lines)


def _wrong(verdict: Verdict, language: str) -> Iterator[str]:
    """What is wrong, and under the first of each quantity why; then what is known of the layer as a whole."""
    quantities = list[object]()
    for said in verdict.wrong:
        yield from told(said, verdict.evidence, language)
        quantity = said.values.get("quantity", "")
        if quantity not in quantities:
            quantities.append(quantity)
            yield from (f"    {label:<18} {text}" for label, text in diagnosis(verdict, quantity, language))
    if "" not in quantities:
        yield from (f"    {label:<18} {text}" for label, text in diagnosis(verdict, "", language))


def told(said: Said, evidence: Sequence[Piece] = (), language: str = ENGLISH) -> list[str]:
    """The remark in lines: its sentence; of a wrong entry the answers side by side; of what nobody judged, each oracle's reason."""
    lines, values = [sentence(said, language)], said.values
    if "oracles" in values and "actual" in values:
        answers = {"the layer": values["actual"], **dict(zip(values["oracles"], values["expected"], strict=False))}
        lines += [f"    {who:<18} {_number(value, values.get('at'))}" for who, value in answers.items()]
        lines.append(f"    {'error':<18} {_times(values)}")
    elif said.code == "verification.not-judged":
        lines += list(dict.fromkeys(_silences(values.get("quantity"), evidence, language)))
    if said.code in UNSETTLED:
        lines.append(f"    {sentences(language)['verification.settle']} {_advice(said, evidence, language)}")
    return lines


def _advice(said: Said, evidence: Sequence[Piece], language: str) -> str:
    """What would settle it, by what hindered."""
    known = sentences(language)
    met = [
        e for e in evidence if e.quantity == said.values.get("quantity") and e.status in ("abstain", "vacuous") and e.at == "case"
    ]
    codes = ["vacuous" if e.remark is None else e.remark.code.removeprefix("verification.") for e in met]
    for code in (*codes, said.code.removeprefix("verification."), "any"):
        for way in ("advice-given", "advice") if any(map(_of_reference, evidence)) else ("advice",):
            if f"verification.{way}.{code}" in known:
                return known[f"verification.{way}.{code}"]
    raise KeyError("verification.advice.any")


def _of_reference(item: Piece) -> bool:
    """Whether this shows that there was a reference: what a layer answers in float64 is called one too."""
    return item.oracle in REFERENCES and (item.remark is None or not item.remark.code.startswith(OWN))


def _silences(quantity: object, evidence: Sequence[Piece], language: str) -> Iterator[str]:
    """What hangs on the numbers of the case comes before what no case of the operator could change."""
    found = [e for e in evidence if e.quantity == quantity and e.at == "case" and e.status in ("abstain", "vacuous")]
    for item in sorted(found, key=lambda e: e.remark is not None and e.remark.code.startswith(("operators.", "oracles."))):
        why = sentence(item.remark, language) if item.remark else sentences(language)["verification.both-zero"]
        yield f"    {item.oracle:<18} {why}"


def _number(value: Any, at: Any) -> str:
    """To the last bit; on integers without a point."""
    whole = at in ON_INTEGERS and isinstance(value, float) and value.is_integer()
    return str(int(value)) if whole else repr(value)


def _times(values: Mapping[str, Any]) -> str:
    error, bound, ratio = (float(values.get(name, "nan")) for name in ("error", "bound", "ratio"))
    return f"{error:.3g}, where only equality passes" if bound == 0 else f"{error:.3g}, {ratio:.2g} times the bound {bound:.2g}"


def _where(item: Piece, language: str) -> str:
    if item.kind == "estimated":
        return f"{item.oracle}, estimated"
    return str(item.oracle) + sentences(language).get(f"verification.at.{item.at}", "")


def _row(where: str, status: str, reason: str, items: list[Piece]) -> tuple[str, ...]:
    ratios = [item.ratio for item in items if item.ratio is not None]
    resolutions = [item.resolution for item in items if item.resolution is not None]
    left_out = sum(item.left_out for item in items)
    seen = f"{max(resolutions):.2g}" if resolutions and status == "pass" else ""
    skipped = fill("{count:# entry|entries} left out", {"count": left_out}) if left_out else ""
    names = ", ".join(dict.fromkeys(item.quantity for item in items))
    counted = items[0].kind == "contract" and (status == "pass" or len(items) > MOST)
    of = f"{len(items)} checks" if counted else names
    listed = names if counted and status != "pass" else ""  # in the last column, where it widens no other
    notes = "; ".join(note for note in (skipped, reason, listed) if note)
    return (where, status, of, f"{max(ratios):.2g}" if ratios else "", seen, notes)
