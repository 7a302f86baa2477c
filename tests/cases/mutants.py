"""`python -m tests.cases.mutants`: the layers' own source changed in every small way, each change put to drawn cases.

A changed layer is judged as anybody's would be, `like=` the layer that it was made from; the network with its step by
`verify_network` and `compare_step`. A change that survives answers alike at every case: it is equivalent, for the reason that is
listed, or no case goes where it shows. Answers are compared first, to the bit, and judged only where they differ.
"""

from __future__ import annotations

import argparse
import signal
import sys
import types
from collections import Counter as Tally
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import numpy as np

from cnnbp import layers
from cnnbp.cases import Case, Counter
from cnnbp.cases.networks import network as draw_network
from cnnbp.layers.checks import Array
from cnnbp.layers.network import Parameters
from cnnbp.operators import OPERATORS
from cnnbp.training.one_step import compare_step
from cnnbp.verification.network import described, verify_network
from cnnbp.verification.verify import verify
from tests.helpers.mutants import Mutant

from .changes import ROOM, of_file
from .equivalent import why

CASES, SECONDS = 200, 20
PACKAGE = "changed_layers"
ORDER = "relation conv2d conv_transpose2d dense pooling activations batch_norm2d flatten loss network".split()
USERS = {"relation": ("conv2d", "conv_transpose2d", "pooling"), "loss": ("network",)}
OF_FILE = {
    "conv2d": ("Conv2d",), "conv_transpose2d": ("ConvTranspose2d",), "dense": ("Dense",), "pooling": ("MaxPool2d", "AvgPool2d"),
    "activations": ("Identity", "Sigmoid", "Tanh", "Softplus", "ReLU", "LeakyReLU"), "batch_norm2d": ("BatchNorm2d",),
    "flatten": ("Flatten",), "loss": ("HalfSquaredError", "SoftmaxCrossEntropy"), "network": (),
}  # fmt: skip
OF_FILE["relation"] = OF_FILE["conv2d"] + OF_FILE["conv_transpose2d"] + OF_FILE["pooling"]
Answers = list[Array]


def survivors(name: str, cases: int = CASES, every: int = 1) -> Iterator[tuple[Mutant, str]]:
    """Of one file's mutants, or of every so-many-th, each with "" where it survives, else what caught it.

    Raises ValueError where the file as it is would be caught, so that nothing follows from a change that is.
    """
    if by := caught(name, (ROOM / f"{name}.py").read_text(encoding="utf-8"), min(cases, 20)):
        raise ValueError(f"{name}.py is caught as it stands: {by}")
    for number, mutant in enumerate(of_file(f"{name}.py")):
        if number % every == 0:
            yield mutant, caught(name, mutant.source, cases)


def caught(name: str, source: str, cases: int = CASES) -> str:
    """At which of the drawn cases the changed file is found wrong; "" if at none."""
    try:
        with _limited():
            changed = load(name, source)
    except Exception as error:
        return f"{type(error).__name__} when loaded"
    for number in range(cases):
        for operator in OF_FILE[name]:
            if _wrong(getattr(changed, operator), operator, number):
                return f"{operator} {number}"
        if (name in ("network", "loss") and number % 4 == 0) and _wrong_network(changed.Network, number):
            return f"Network {number}"
    return ""


def load(name: str, source: str) -> types.ModuleType:
    """The package of layers with this source in the place of one of its files, beside the package itself."""
    affected, package = {name, *USERS.get(name, ())}, types.ModuleType(PACKAGE)
    package.__package__, package.__path__ = PACKAGE, []
    sys.modules[PACKAGE] = package
    for part in ("checks", *ORDER):
        module = types.ModuleType(f"{PACKAGE}.{part}") if part in affected else sys.modules[f"cnnbp.layers.{part}"]
        sys.modules[f"{PACKAGE}.{part}"] = module
        setattr(package, part, module)
        if part in affected:
            module.__package__ = PACKAGE
            exec(compile(source, name, "exec") if part == name else _code(part), module.__dict__)
    exec(_code("__init__"), package.__dict__)
    return package


@cache
def _code(part: str) -> types.CodeType:
    return compile((ROOM / f"{part}.py").read_text(encoding="utf-8"), part, "exec")


@cache
def drawn(operator: str, number: int) -> tuple[Case, Answers]:
    """A case, and the answers of the layer as it is."""
    case = OPERATORS[operator].draw(Counter(0, f"mutants {operator}/{number}"))
    return case, _answers(case.layer, case)


def _wrong(layer: Any, operator: str, number: int) -> bool:
    """Whether the changed layer answers otherwise, and is found wrong for it."""
    case, right = drawn(operator, number)
    try:
        with _limited(), np.errstate(all="ignore"):
            made = layer(**case.options)
            answers = _answers(made, case)
        if len(answers) == len(right) and all(map(_same, answers, right)):
            return False
    except Exception:
        return True  # on a question that the reference answers
    return verify(made, *case.args, delta=case.delta, like=case.layer, seed=number).status == "fail"


def _answers(layer: Any, case: Case) -> Answers:
    return [layer.forward(*case.args), *layer.backward(case.delta, *case.args)]


def _same(a: Any, b: Array) -> bool:
    return isinstance(a, np.ndarray) and a.dtype == b.dtype and np.array_equal(a, b, equal_nan=True) and a.tobytes() == b.tobytes()


@cache
def _drawn_network(number: int) -> tuple[Case, Array, float, float]:
    case, choose = draw_network(Counter(0, f"mutants Network/{number}")), Counter(0, f"mutants step/{number}")
    x, params = case.args
    y = layers.Network(**case.options).forward(x, params) - case.delta
    return case, y, choose.pick((0.0, 1.0, 1e-3)), choose.pick((1.0, 0.25, 3.0))


def _wrong_network(network: Any, number: int) -> bool:
    """Whether the loss, a gradient or a step of a small CNN is found wrong."""
    case, y, decay, rate = _drawn_network(number)
    x, params = case.args
    try:
        with _limited(), np.errstate(all="ignore"):
            net = network(**case.options)
            if verify_network(net, x, y, params, weight_decay=decay, seed=number).status == "fail":
                return True
            asked = {"weight_decay": decay} if decay else {}  # 0 by default
            loss, gradients = net.loss_and_gradients(x, y, params, **asked)
            right = layers.Network(**case.options)
            if not _same(net.forward(x, params), right.forward(x, params)):
                return True
            if not decay:
                twice, doubled = net.loss_and_gradients(x, y, params, loss=_Twice())
                if twice != 2 * loss or not all(map(_same, _flat(doubled), [2 * g for g in _flat(gradients)])):
                    return True
            steps = {rate: net.sgd_step(params, gradients, rate), 1.0: net.sgd_step(params, gradients)}
    except Exception:
        return True
    of = described(right)
    judged = [compare_step(of, x, y, params, after, alpha, decay) or {} for alpha, after in steps.items()]
    return any(found is not None and found.status == "fail" for step in judged for found in step.values())


class _Twice:
    """Half the squared error, twice: another loss, whose answers are known."""

    def forward(self, x: Array, y: Array) -> Array:
        return 2 * layers.HalfSquaredError().forward(x, y)

    def backward(self, delta: Array, x: Array, y: Array) -> Array:
        return 2 * layers.HalfSquaredError().backward(delta, x, y)[0]


def _flat(gradients: Parameters) -> list[Array]:
    return [g for theta in gradients for g in theta]


@contextmanager
def _limited() -> Iterator[None]:
    """Raises TimeoutError where a changed loop does not end."""

    def end(*_: object) -> None:
        raise TimeoutError

    before: Callable[..., Any] | int | None = signal.signal(signal.SIGALRM, end)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def main() -> None:
    """Parses the command line, and prints what survives and the count of each file."""
    parser = argparse.ArgumentParser("python -m tests.cases.mutants", description=__doc__)
    parser.add_argument("files", nargs="*", default=ORDER, help="files of cnnbp/layers, without .py (default: all)")
    parser.add_argument("--cases", type=int, default=CASES, help="drawn for each layer (default: %(default)s)")
    parser.add_argument("--every", type=int, default=1, help="of the mutants of a file take every so-many-th")
    arguments, lost = parser.parse_args(), 0
    for name in arguments.files:
        tally = Tally[str]()
        for mutant, by in survivors(name, arguments.cases, arguments.every):
            known = why(name, mutant)
            kind = "caught" if by else "equivalent" if known else "survived"
            tally[kind] += 1
            if kind == "survived":
                lost += 1
                print(f"{name}.{mutant}    in {mutant.line}", flush=True)
        print(f"{name}: {', '.join(f'{count} {kind}' for kind, count in tally.items())}", flush=True)
    sys.exit(f"{lost} survived" if lost else 0)


if __name__ == "__main__":
    main()
