"""The README says what the project says: its kinds of evidence, its verdict, and paths that exist."""

from __future__ import annotations

import contextlib
import inspect
import io
import re
from pathlib import Path
from typing import Any

import hypothesis
import numpy as np
import pytest

import cnnbp
from cnnbp.cases import Counter, axes, sizes
from cnnbp.evidence.kinds import KINDS
from cnnbp.evidence.records import Measured
from cnnbp.faults import FAULTS, RIGHT, RIGHT_CONTROLS, USUAL, USUAL_RIGHT, WRONG_CONTROLS
from cnnbp.operators import OPERATORS, conv2d, pooling
from cnnbp.run import peers
from cnnbp.text import sentences
from cnnbp.verification import alone
from tests.helpers.layers import gaussian

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("kind", KINDS)
def test_kinds_are_those_of_the_text(kind: str) -> None:
    """A row for each, in the words of page and terminal."""
    known = sentences("en")
    assert f"| {kind} | {known[f'kind.{kind}.shows']} | {known[f'kind.{kind}.not']} |" in README


def test_the_verdict_is_what_the_example_prints() -> None:
    """To the letter, but for the worst ratios, which PyTorch's order of summation decides."""
    example = next(number for number, (_, code) in enumerate(BLOCKS) if "class MyConv" in code)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(BLOCKS[example][1], "README.md", "exec"), {})

    def told(text: str) -> list[str]:
        return [re.sub(r"\d\S*", "#", re.sub(r"\s+", " ", line)).strip() for line in text.strip().splitlines()]

    assert told(printed.getvalue()) == told(BLOCKS[example + 1][1])


def test_the_fix_passes_and_so_does_the_search() -> None:
    """What the text below the message says, at its point and at a few that are drawn."""
    example = next(number for number, (_, code) in enumerate(BLOCKS) if "class MyConv" in code)
    wrong = "+ t] = np.einsum"
    assert BLOCKS[example][1].count(wrong) == 1
    names, printed = dict[str, Any](), io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(BLOCKS[example][1].replace(wrong, "+ t] += np.einsum"), "README.md", "exec"), names)
    assert printed.getvalue().startswith(BLOCKS[example + 2][1])
    search = next(code for _, code in BLOCKS if "def test_my_conv" in code)
    names |= {"given": hypothesis.given, "settings": hypothesis.settings, "st": hypothesis.strategies}
    exec(compile(search.replace("deadline=None", "deadline=None, max_examples=5"), "README.md", "exec"), names)
    names["test_my_conv"]()


@pytest.mark.parametrize("name", re.findall(r"^\| `(\w+)=", README, re.MULTILINE))
def test_every_argument_of_the_table_is_one(name: str) -> None:
    """Of `verify`, as its signature has it."""
    assert name in inspect.signature(cnnbp.verify).parameters


def test_no_argument_is_left_out_of_the_table() -> None:
    """But for those that are told in the row of another."""
    told = {*re.findall(r"\b(\w+)=", README[README.index("| argument |") : README.index("`help(cnnbp.verify)`")])}
    assert set(inspect.signature(cnnbp.verify).parameters) - {"layer", "x", "params"} <= told


def test_the_proof_is_what_the_example_prints() -> None:
    """To the letter: nothing in it is rounded."""
    example = next(number for number, (_, code) in enumerate(BLOCKS) if "cnnbp.prove(" in code)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(BLOCKS[example][1], "README.md", "exec"), {})
    assert printed.getvalue() == BLOCKS[example + 1][1]


def test_the_catalogue_is_as_large_as_it_says() -> None:
    """Controls of a run, the whole catalogue, and the part of it that other checkers are shown."""
    wrong, right = len(WRONG_CONTROLS), len(RIGHT_CONTROLS)
    assert f"{wrong} of {wrong} wrong layers caught, 0 of {right} right ones wrongly failed" in README
    caught, failed = f"{len(FAULTS)} of {len(FAULTS)} wrong layers caught", f"0 of {len(RIGHT)} right ones wrongly failed"
    assert f"{caught} within 200 drawn cases, {failed}" in README
    assert f"of {len(USUAL)} |" in README
    assert f"0 of {len(USUAL_RIGHT)} |" in README


def beside(readme: str, found: Measured) -> list[str]:
    """In what the table and the line above it differ from the record of the checkers, in either language."""
    table = re.search(r"[^\n]*autograd [^\n]*\n\n(?:\|[^\n]*\n)+", readme)
    head, *lines = table[0].split("\n\n", 1) if table else ("",)
    rows = [[cell.strip() for cell in line.split("|")[2:-1]] for line in "".join(lines).splitlines()[2:]]
    wrong, differing = found.wrong.total, []
    for number, each in enumerate(found.checkers):
        told = [
            f"{each.caught.total}",
            f"{each.failed}",
            f"{each.inconclusive}",
            f"{each.seconds:.{0 if each.seconds >= 1 else 1}f}",
        ]
        if number == 0:  # the first row says of how many
            told[:2] = [f"{told[0]} of {wrong}", f"{told[1]} of {found.right}"]
        if rows[number : number + 1] != [told] and rows[number : number + 1] != [[cell.replace(" of ", " / ") for cell in told]]:
            differing.append(each.name)
    versions = [f"{name} {version.partition('+')[0]}" for name, version in found.versions.items() if name != "Python"]
    differing += [said for said in versions if said not in head]
    checks = {"rows": len(rows) == len(found.checkers), "seed": re.search(rf"(seed|种子) {found.seed}\b", head)}
    return [*differing, *(name for name, holds in checks.items() if not holds)]


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_the_table_of_checkers_is_the_record(readme: str) -> None:
    """Row by row, in both languages; and whatever number is changed in it shows."""
    text, found = (ROOT / readme).read_text(encoding="utf-8"), peers.read()
    assert beside(text, found) == []
    for each in found.checkers:
        more = each.caught.model_copy(update={"formula": each.caught.formula + 1})
        for update in ({"caught": more}, {"failed": each.failed + 1}, {"inconclusive": 9}, {"seconds": each.seconds + 1}):
            others = tuple(each.model_copy(update=update) if other is each else other for other in found.checkers)
            assert beside(text, found.model_copy(update={"checkers": others})) == [each.name]
    assert beside(text, found.model_copy(update={"versions": {**found.versions, "JAX": "0.0.1"}})) == ["JAX 0.0.1"]
    assert beside(text, found.model_copy(update={"seed": found.seed + 1})) == ["seed"]
    assert beside(text, found.model_copy(update={"checkers": found.checkers[1:]})) != []


@pytest.mark.parametrize(
    "path", sorted(set(re.findall(r"\]\(([\w./-]+)\)", README)) | set(re.findall(r"`(cnnbp/[\w./]+)`", README)))
)
def test_every_path_exists(path: str) -> None:
    """What is linked, and what is named as a room."""
    assert (ROOT / path).exists()


def test_what_no_verdict_says_is_true_of_the_cases_that_are_drawn() -> None:
    """The largest sizes and options stand in the README as the case space has them."""
    text = re.sub(r"\s+", " ", README)
    outputs, kernels = max(sizes.ACROSS), max(conv2d.KERNELS + pooling.KERNELS)
    largest = f"{max(sizes.ENDS)} channels, {outputs} outputs along an axis, kernels of {kernels}, strides of {max(axes.STRIDES)}"
    assert f"beyond {largest}, dilations of {max(conv2d.DILATIONS)} or paddings of 5" in text
    assert f"less than {100 * alone.SUBTLE:g} %" in text
    for operator in ("Conv2d", "ConvTranspose2d", "MaxPool2d"):
        cases = [OPERATORS[operator].draw(Counter(seed, "readme")) for seed in range(100)]
        assert max(np.max(case.options.get("padding", 0)) for case in cases) <= 5


def test_as_many_calls_are_made_as_it_says() -> None:
    """With a reference and without, of layers that pass."""
    calls = Counted()
    convolution, usual = cnnbp.Conv2d(), ((2, 3, 8, 9), (4, 3, 3, 2), (4,))
    small = (cnnbp.MaxPool2d(2), gaussian((1, 1, 4, 4))), (cnnbp.ReLU(), gaussian((4, 5)))
    for layer, args in ((convolution, gaussian(*usual)), (cnnbp.BatchNorm2d(), gaussian((4, 2, 3, 3), (2,), (2,))), *small):
        for like, most in ((layer, 40), (None, 90)):
            calls.layer, calls.made = layer, {"forward": 0, "backward": 0}
            assert cnnbp.verify(calls, *args, like=like).passed
            assert 25 <= calls.made["forward"] <= most
            assert 23 <= calls.made["backward"] <= 35
    said = "as a rule 25 to 40 of the forward, without a reference up to 90, and about 25 to 35 of the backward"
    assert said in re.sub(r"\s+", " ", README)


class Counted:
    """A layer that counts how often it is asked, copies of it included."""

    layer: Any = None
    made: dict[str, int]

    def __deepcopy__(self, memo: Any) -> Counted:
        return self

    def forward(self, *args: Any) -> Any:
        """y"""
        self.made["forward"] += 1
        return self.layer.forward(*args)

    def backward(self, *args: Any) -> Any:
        """The gradients."""
        self.made["backward"] += 1
        return self.layer.backward(*args)
