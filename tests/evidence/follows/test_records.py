"""What follows for one record; one that contradicts itself is nothing else."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cnnbp.evidence import records
from cnnbp.evidence.follows.records import of_ladder, of_layer, of_reading, of_statement, of_training, outcome
from tests.evidence.sample import conv2d, failing_layer, ladder, reading, statement, tally, training

REFUTED = statement("chain-rule", "refuted", reading("as-printed", wrong=2))
ROLES = st.tuples(st.sampled_from(["printed", "corrected", "supplied", "beyond"]), st.sampled_from([True, False, None]))


def read(number: int, role: Any, holds: bool | None) -> records.Reading:
    """A reading that fared so."""
    found = reading(f"r{number}", role, wrong=0 if holds in (True, None) else 3)
    return found if holds is not None else found.model_copy(update={"vacuous": 20, "holds": None})


@given(st.lists(ROLES, max_size=5), st.booleans(), st.booleans())
def test_the_verdict_follows_from_the_readings(roles: list[tuple[Any, bool | None]], misprinted: bool, halved: bool) -> None:
    """All printed readings, some, or none; what is corrected or supplied must hold; and nothing that was not tested."""
    found = outcome([read(number, role, holds) for number, (role, holds) in enumerate(roles)], misprinted, halved)
    fates = {role: [holds for other, holds in roles if other == role] for role in ("printed", "corrected", "supplied")}
    printed, given_here = fates["printed"], fates["corrected"] + fates["supplied"]
    if not printed or None in (*printed, *given_here):
        assert found == "not tested"
    elif not all(given_here):
        assert found == "refuted"
    elif all(printed):
        assert found == ("half of it judged" if halved else "misprinted, meaning clear" if misprinted else "holds")
    elif any(printed):
        assert found == "holds under a named condition"
    elif fates["supplied"]:
        assert found == "incomplete, completed here"
    else:
        assert found == ("refuted as printed, holds as corrected" if fates["corrected"] else "refuted")


def test_letters_refute_as_numbers_do() -> None:
    """One shape at which both sides differ is enough."""
    found = reading("r").model_copy(update={"holds": False})
    said = found.letters.model_copy(update={"shapes": ("holds", "differs")})
    assert of_reading(found.model_copy(update={"letters": said})) == "refuted"
    assert of_reading(found) == "contradicted"


def test_one_record() -> None:
    """What is said of single records; one that contradicts itself is nothing else."""
    assert of_reading(reading("r", wrong=1)) == "refuted"
    assert of_reading(reading("r").model_copy(update={"wrong": 1})) == "contradicted"
    assert of_statement(REFUTED) == "refuted"
    assert of_statement(REFUTED.model_copy(update={"verdict": "holds"})) == "contradicted"
    assert (of_layer(conv2d()), of_layer(failing_layer("w"))) == ("pass", "fail")
    assert of_layer(conv2d().model_copy(update={"passed": 12})) == "contradicted"
    silent = {name: tally(0, "exact at points" if "exact" in name else "sampled", abstained=12) for name in conv2d().oracles}
    assert of_layer(conv2d().model_copy(update={"oracles": silent})) == "contradicted"
    assert of_training(training()) == "pass"
    assert of_training(training().model_copy(update={"ratios": (0.01, 0.02, 1.5, 0.015)})) == "contradicted"


@given(rung=st.integers(0, 9), share=st.floats(0, 4), way=st.sampled_from([("error", "bound"), ("complex", "complex_bound")]))
def test_a_ladder_passes_if_no_error_at_any_step_is_beyond_its_bound(rung: int, share: float, way: tuple[str, str]) -> None:
    found = ladder()
    rungs = list(found.rungs)
    rungs[rung] = rungs[rung].model_copy(update={way[0]: share * getattr(rungs[rung], way[1])})
    assert of_ladder(found.model_copy(update={"rungs": tuple(rungs)})) == ("pass" if share <= 1 else "fail")
    assert of_ladder(found.model_copy(update={"rungs": tuple(reversed(rungs))})) == "contradicted"
    assert of_ladder(found.model_copy(update={"rungs": ()})) == "contradicted"
