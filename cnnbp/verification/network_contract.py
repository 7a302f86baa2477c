"""A network, asked on copies for its loss and gradients: the form of what it answers, and what it owes beyond right numbers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

import numpy as np

from ..evidence import Evidence, remark
from ..layers import Network
from ..layers.network import Parameters
from ..rounding import Array
from .called import call
from .contract.trial import found, same
from .layouts import copied
from .subject import Breach

SAID = {"raises": "network-raises", "raises-when-called": "network-raises"}
Claims = tuple[Array, Parameters]


class Asked:
    """One network at one batch. What is handed over are copies, laid out as the caller's, and looked at again afterwards."""

    def __init__(self, network: Network, x: Array, y: Array, params: Parameters, weight_decay: float) -> None:
        self._network, self._x, self._y, self.params = network, x, y, params
        self._options: dict[str, Any] = {"weight_decay": weight_decay}
        self._first: list[tuple[str, Array, Array]] = []
        self._written: dict[str, None] = {}
        self.cause: BaseException | None = None
        """What it raised last."""

    def first(self) -> Claims:
        """What it claims. Raises Breach, and what the same layers raise in a network of ours: then the input is refused."""
        try:
            return self._claims(self.params, self._first)
        except Breach:
            Network(self._network.layers).loss_and_gradients(*self._handed(self.params), **self._options)
            raise

    def loss(self, params: Parameters) -> Array:
        """What it claims of the loss at other parameters. Raises Breach."""
        return self._claims(params, [])[0]

    def repeats(self, first: Claims) -> Iterator[Evidence]:
        """The point, where the same question is answered otherwise."""
        try:
            pairs = zip(["J", *chain(*_names(self.params))], _flat(first), _flat(self._claims(self.params, [])), strict=True)
            moved = [name for name, a, b in pairs if not same(a, b)]
        except Breach as breach:
            yield self.broken_by(breach)
        else:
            yield from (found("repeats", remark("contract.network-repeats", quantity=name)) for name in moved[:1])

    def reads_only_inputs(self) -> Iterator[Evidence]:
        """The point, where an array that was handed over was written into, in its call or, of the first call, by a later one."""
        self._look(self._first)
        if self._written:
            yield found("reads-only-inputs", remark("contract.network-changes-inputs", inputs=list(self._written)))

    def broken_by(self, breach: Breach) -> Evidence:
        """The point of the contract that was broken."""
        self.cause = breach.__cause__ or self.cause
        return found(breach.check, breach.remark)

    def _claims(self, params: Parameters, handed: list[tuple[str, Array, Array]]) -> Claims:
        x, y, thetas = self._handed(params)
        layers, arrays, names = tuple(thetas), [tuple(theta) for theta in thetas], _names(params)
        handed += [("x", x, self._x), ("y", y, self._y)]
        handed += chain(*(zip(*each, strict=False) for each in zip(names, arrays, params, strict=True)))
        answer = call("loss_and_gradients", self._network.loss_and_gradients, x, y, thetas, said=SAID, **self._options)
        self._look(handed)
        for j, (layer, held) in enumerate(zip(layers, arrays, strict=True)):
            if len(thetas) <= j or thetas[j] is not layer or [*map(id, layer)] != [*map(id, held)]:  # others in their place
                self._written |= dict.fromkeys(names[j])
        return _claimed(answer, params)

    def _handed(self, params: Parameters) -> tuple[Array, Array, Parameters]:
        """In a list where the caller has one: it may be written into, too."""
        thetas = [list(map(copied, theta)) if isinstance(theta, list) else tuple(map(copied, theta)) for theta in params]
        return copied(self._x), copied(self._y), thetas if isinstance(params, list) else tuple(thetas)

    def _look(self, handed: list[tuple[str, Array, Array]]) -> None:
        self._written |= dict.fromkeys(name for name, array, was in handed if not same(array, was))


def _names(params: Parameters) -> list[list[str]]:
    """Of every parameter, layer by layer."""
    return [[f"{name}{number}" for name, _ in zip("wb", theta, strict=False)] for number, theta in enumerate(params, 1)]


def _each(params: Parameters) -> Iterator[Array]:
    return (p for theta in params for p in theta)


def _flat(claims: Claims) -> list[Array]:
    return [claims[0], *_each(claims[1])]


def _claimed(answer: Any, params: Parameters) -> tuple[Array, Parameters]:
    """The loss as an array of no axes, and the gradients in the shapes of their parameters. Raises Breach."""
    if not isinstance(answer, (tuple, list)) or len(answer) != 2:
        raise Breach("length", "network-pair", got=type(answer).__name__)
    loss, gradients = _numbers("J", answer[0], ()), answer[1]
    if not isinstance(gradients, (tuple, list)) or len(gradients) != len(params):
        got = len(gradients) if isinstance(gradients, (tuple, list)) else type(gradients).__name__
        raise Breach("length", "network-layers", expected=len(params), got=got)
    found = []
    for number, (given, theta) in enumerate(zip(gradients, params, strict=True), 1):
        mine = tuple(given) if isinstance(given, (tuple, list)) else (given,)
        if len(mine) != len(theta):
            raise Breach("length", "network-gradients", layer=number, expected=len(theta), got=len(mine))
        names = (f"{name}{number}" for name in "wb")
        found.append(tuple(_numbers(name, g, p.shape) for name, g, p in zip(names, mine, theta, strict=False)))
    return loss, found


def _numbers(quantity: str, value: Any, shape: tuple[int, ...]) -> Array:
    try:
        array = np.array(value, float)  # a copy: the network may answer in the same memory again
    except (TypeError, ValueError) as error:
        raise Breach("type", "network-no-array", quantity=quantity, got=type(value).__name__) from error
    if array.shape != shape:
        raise Breach("shape", "network-shape", quantity=quantity, expected=shape, got=array.shape)
    return array
