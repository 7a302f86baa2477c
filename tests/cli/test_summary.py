"""What a person reads at the terminal: one screen, nothing left out that accuses, nothing that commands the terminal."""

from __future__ import annotations

from typing import Any

import pytest
from cnnbp.run.verdict import CORRECTED, PRINTED, READINGS, verdict
from hypothesis import given as drawn
from hypothesis import strategies as st

from cnnbp.cli.summary import detail, printable, summary

VERDICTS = [PRINTED, CORRECTED, READINGS, "definition", "not mathematical", "refuted", "not tested"]


def statement(name: str, verdict: str) -> dict[str, Any]:
    """A statement as evidence has it, with a counterexample."""
    given = {"f": "f(z) = z²", "w": [[1, "1/2"]]}
    shown = {"reading": "as printed", "given": given, "says": None, "truth": [3], "working": "1 + 2 = 3"}
    reading = {"name": "δ of itself", "role": "printed", "cases": 5, "wrong": 4, "vacuous": 1, "senseless": 0}
    return {
        "id": name, "label": "E1", "claim": "It is so.", "quoted": "", "printed": "a=b", "corrected": None, "why": "Because.",
        "verdict": verdict, "readings": [reading], "counterexample": shown, "rerun": f"cnnbp verify --only {name} --seed 1",
    }  # fmt: skip


def document(statements: list[dict[str, Any]], bad: bool) -> dict[str, Any]:
    """A whole run with 13 layers; where it is bad, everything in it is."""
    failures = [{"reasons": ["the residual dx is wrong\n" + "    and so on\n" * 20]}] * bad
    counts = {"cases": 40, "pass": 39, "inconclusive": 1, "fail": len(failures)}
    status = "fail" if bad else "pass"
    found: dict[str, Any] = {
        "complete": not bad, "statements": statements,
        "layers": [{"operator": f"Layer{n}", **counts, "failures": failures} for n in range(13)],
        "digits": {"whole": {"layer": "Network", "status": status}, "layers": [{"layer": "Tanh()", "status": status}] * 9},
        "training": {
            "status": status, "reason": "A step differs. " * 20 * bad,
            "compared": 200, "steps": 1800, "test": 359, "accuracy": 0.975,
        },
        "controls": {"wrong": [{"id": "f", "caught": not bad}] * 117, "unusual": [{"id": "u", "accused": bad}] * 26},
    }  # fmt: skip
    found["status"], found["summary"] = verdict(found, "The run was ended by Ctrl-C." * bad)
    return found


@drawn(verdicts=st.lists(st.sampled_from(VERDICTS), min_size=53, max_size=53), bad=st.booleans())
def test_a_run_fits_on_a_screen(verdicts: list[str], bad: bool) -> None:
    """53 statements, whatever becomes of them: at most 40 lines of 100 characters, the verdict first, every verdict counted."""
    shown = summary(document([statement(f"statement-number-{n}", v) for n, v in enumerate(verdicts)], bad))
    assert len(shown.splitlines()) <= 40
    assert max(map(len, shown.splitlines())) <= 100
    assert shown.startswith("VOID: The controls failed") == bad
    counted = ["nothing to test" if v in ("definition", "not mathematical") else v for v in verdicts]
    assert all(f"  {counted.count(v):>3}  {v}\n" in shown for v in counted)


@pytest.mark.parametrize("accused", [CORRECTED, "refuted", "not tested"])
def test_who_is_accused_is_named(accused: str) -> None:
    """The ids of what is refuted or untested stand in the summary; the ids of the rest do not."""
    shown = summary(document([statement("good-one", PRINTED), statement("bad-one", accused)], False))
    assert "bad-one" in shown
    assert "good-one" not in shown


def test_failures_are_shown() -> None:
    """A failing layer brings its first reason; missed controls are counted."""
    shown = summary(document([], True))
    assert "the residual dx is wrong" in shown
    assert "0 of 117 wrong layers caught, 26 of 26 unusual right ones accused" in shown


def test_one_statement_in_full() -> None:
    """Claim, print, readings with their counts, the counterexample in letters and numbers, and how to run it again."""
    shown = detail(document([statement("bad-one", CORRECTED)], False))
    counts, numbers = "δ of itself; 5 cases, 4 wrong, 1 vacuous", '[[1, "1/2"]]'
    for said in ("It is so.", "a=b", counts, "f(z) = z²", numbers, "nothing", "[3]", "1 + 2 = 3", "--seed 1"):
        assert said in shown


@drawn(text=st.text())
def test_nothing_commands_the_terminal(text: str) -> None:
    """Whatever a record says, only printable characters and new lines come out; printable text comes out as it went in."""
    assert all(c.isprintable() or c == "\n" for c in printable(text))
    assert printable(text) == text or not all(c.isprintable() or c == "\n" for c in text)
    assert "\x1b" not in summary(document([statement("red\x1b[31m", "refuted")], False))
