"""A derivation with a statement of each verdict that a run which holds can have."""

from __future__ import annotations

from cnnbp.evidence import records as r
from cnnbp.evidence.records import rerun

from .names import SEED, en


def post() -> r.Derivation:
    """A statement of each verdict that a run which holds can have."""
    statements = (
        statement("chain-rule", "holds", reading("as-printed")).model_copy(update={"theorems": ("chain_rule",)}),
        statement(
            "step-size", "refuted as printed, holds as corrected", reading("as-printed", wrong=9), reading("mended", "corrected")
        ),
        statement("bracket", "holds under a named condition", reading("as-it-stands", wrong=20, senseless=20), reading("closed")),
        statement("net-input", "definition"),
        statement("purpose", "not mathematical"),
        statement("sharing", "incomplete, completed here", reading("alone", wrong=9), reading("all", "supplied")),
        statement("decay", "half of it judged", reading("first-half")),
        statement("activation", "misprinted, meaning clear"),
    )
    return r.Derivation(
        id="post", title=en("A derivation"), source=en("a post of 2016"), language="zh", question=en("Is it right?"),
        method=(en("By letters."),), sections={"backward": {"en": "Backward", "zh": "反向"}},
        facets={"size": en("Size of the maps")}, not_covered=(en("f"),), statements=statements,
    )  # fmt: skip


WRONG = ("refuted as printed, holds as corrected", "incomplete, completed here")


def statement(name: str, verdict: r.Outcome, *readings: r.Reading) -> r.Statement:
    """Named by its id, with whatever its verdict asks for: a misprint, a fault, a condition, what is left unjudged."""
    tested, mended, marked = bool(readings), verdict in WRONG, verdict in (*WRONG, "misprinted, meaning clear")
    return r.Statement(
        id=name, label="E1", section="backward", claim=en(f"{name} is so."), quoted="", printed="w-w", verdict=verdict,
        corrected=r"w-\alpha w" if mended else None, misprints=(r.Misprint(start=2, end=3, what=en("α is missing")),) * marked,
        fault=en("the step size is missing" if mended else ""), why=en("That is why."),
        condition=en("of size 1" if verdict == "holds under a named condition" else ""),
        unjudged=en("The rest is not judged." if verdict == "half of it judged" else ""),
        kind="exact at points" if tested else "", cases=20 if tested else 0, shapes=("1–1", "1–2") if tested else (),
        quantity=en("the weights" if tested else ""), readings=readings, theorems=(), rerun=rerun(name, SEED, 20) if tested else "",
    )  # fmt: skip


def reading(name: str, role: r.Role = "printed", wrong: int = 0, senseless: int = 0) -> r.Reading:
    """Tried on 20 instances, of which one is vacuous if any can be."""
    given: dict[str, r.Given] = {"w": ((1, 2), (0, 1)), "f": "f(z) = z^2"}
    says = None if senseless else (1, "3/2")
    counterexample = r.Counterexample(given=given, says=says, truth=(1, "1/2"), working=en("1/2 is not 3/2"))
    return r.Reading(
        id=name, name=en(name), facets={"size": en("full")}, role=role, holds=not wrong, cases=20, wrong=wrong,
        vacuous=0 if senseless else 1, senseless=senseless, worst_error=None if senseless == 20 else 1.0 if wrong else 0.0,
        nonsense=en("it has no value" if senseless else ""), letters=letters(wrong),
        counterexample=counterexample if wrong else None,
    )  # fmt: skip


def letters(wrong: int = 0) -> r.Letters:
    """Asked at two shapes."""
    return r.Letters(kind="symbolic", instances=2, shapes=("holds", "differs" if wrong else "holds"), abstains=en(""))
