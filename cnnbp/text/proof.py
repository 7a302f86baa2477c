"""A proof for a terminal: what is proved and of what, claim by claim; what it takes for granted; where a wrong layer is seen."""

from __future__ import annotations

from typing import Any

from . import ENGLISH, fill, place, sentence, sentences

LONG = 2_000  # characters of numbers, which nobody reads
Proof = Any  # evidence.Proof: this room imports none, so that all others may import it


def page(proof: Proof, language: str = ENGLISH) -> str:
    """The whole proof."""
    known = sentences(language)
    shapes = ", ".join(f"{name} {shape}" for name, shape in proof.shapes.items())
    kind = f", {proof.kind}" if proof.kind and proof.status != "abstains" else ""
    lines = [f"{proof.status.upper()}{kind}  {proof.layer}  at {shapes}" + (f", like {proof.like}" if proof.like else "")]
    if proof.remark:
        lines.append(f"  {sentence(proof.remark, language)}")
    if proof.status == "proved":
        lines.append(f"  {known['proof.scope.reals']}" + "".join(f"; {sentence(s, language)}" for s in proof.scope))
    lines += [f"  {c.status:<9} {known[f'proof.claim.{c.name}']} ({c.compared} compared, {c.kind})" for c in proof.claims]
    if proof.status == "proved" and proof.kind == "probabilistic" and proof.error:
        lines.append(f"  chance    {fill(known['proof.chance'], {'error': f'{proof.error:.2g}'})}")
    for hypothesis in proof.hypotheses:
        checked = sentence(hypothesis.checked, language) if hypothesis.checked else known["proof.checked.not"]
        lines.append(f"  assumes   {sentence(hypothesis.assumed, language)}; {checked}")
    if proof.certificate:
        lines.append(f"  products  sha256 {proof.certificate}")
    if proof.witness:
        lines += _seen(proof.witness, language)
    return "\n".join(lines)


def _seen(witness: Any, language: str) -> list[str]:
    """Numbers to put in, and both answers."""
    given = {**witness.arguments, "delta": witness.delta}
    long = sum(len(str(value)) for value in given.values()) > LONG
    lines = [f"  {sentences(language)['proof.put-in']}"]
    lines += [] if long else [f"    {name} = {value}" for name, value in given.items()]
    lines += [f"    {sentences(language)['proof.put-in-long']}"] if long else []
    what = sentences(language).get(f"verification.what.{witness.quantity}", witness.quantity)
    at = place(witness.index, "", language)
    return [*lines, f"  {what} at {at}: the layer {witness.actual!r}, right is {witness.expected!r}"]
