"""The layer under test: its two functions, called with care, and the form that their answers must have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..adapters.adapted import Unready
from ..evidence import Remark, remark
from ..precision import FLOAT64, Precision
from ..rounding import Array
from .carrier import Carrier


class Breach(Exception):
    """The layer broke its contract, in the point `check`. `remark` says how; the layer's own exception, if any, is its cause."""

    def __init__(self, check: str, code: str, **values: object) -> None:
        super().__init__(check, code, values)
        self.check = check
        self.remark: Remark = remark(f"contract.{code}", **{"at": "case", **values})


class Subject:
    """Calls a layer on copies, so that nothing it does can touch the question, and checks the form of its answers.

    names: of all its arguments. wanted: the positions of those whose gradients are asked for. integers, fixed: of those that have
    none, for which `backward` may return None. What is wrong with the form of an answer that can be judged all the same is kept
    in `broken`; gradients that did not come, in `missing`; what the layer raised where that is wrong, in `cause`. Whose conventions
    hold at a kink, those of the "reference" or "any", is `conventions`.
    """

    def __init__(
        self,
        layer: Any,
        names: Sequence[str],
        wanted: Sequence[int],
        integers: Sequence[int] = (),
        fixed: Sequence[int] = (),
        precision: Precision = FLOAT64,
    ) -> None:
        self.carrier = Carrier(layer, precision)
        self.layer, self.names, self.wanted = layer, tuple(names), tuple(wanted)
        self._integers, self._without = frozenset(integers), frozenset({*integers, *fixed})
        self.broken: dict[tuple[str, str], Remark] = {}
        self.missing: frozenset[int] = frozenset()
        self.cause: BaseException | None = None
        self.conventions = "reference"
        self._asked = False

    def forward(self, *args: Array) -> Array:
        """y. Raises Breach."""
        return self._checked("forward", "y", self.call("forward", *map(self.carrier.handed, args)))

    def backward(self, delta: Array, *args: Array) -> tuple[Array, ...]:
        """The gradients that are wanted and not missing. Raises Breach."""
        return self.form(self.call("backward", *map(self.carrier.handed, (delta, *args))), args)

    def at_once(self, delta: Array, *args: Array) -> tuple[Array, tuple[Array, ...]]:
        """Both, of a layer that answers so. Raises Breach."""
        y, answer = self.call("at_once", *map(self.carrier.handed, (delta, *args)), known_as="backward")
        return self._checked("forward", "y", y), self.form(answer, args)

    def uncopied(self, delta: Array, args: tuple[Array, ...], restored: bool = False) -> tuple[Any, tuple[Any, ...]]:
        """y, and the gradients that are wanted, in the layer's own memory, asked with these very arrays. Raises Breach.

        restored: what forward wrote into its arguments is undone before backward, and y is copied first, which may share it.
        """
        before = tuple(map(np.array, args)) if restored else ()
        y = self.call("forward", *args)
        y = np.array(_memory(y)) if restored else y
        restore(args, before)
        answer = self.call("backward", delta, *args)
        self.form(answer, args)
        given = self.sorted(answer)
        return _memory(y), tuple(_memory(given[position]) for position in self.judged)

    @property
    def judged(self) -> tuple[int, ...]:
        """The positions of the arguments whose gradients are judged."""
        return tuple(position for position in self.wanted if position not in self.missing)

    def lacking_as(self, other: Subject) -> Subject:
        """This one, asked for the gradients that the other gave: at other shapes a wrong one may look like one that is missing."""
        self.missing, self._asked = other.missing, other._asked
        return self

    def sorted(self, answer: Any) -> dict[int, Any]:
        """Gradient by position of its argument; a bare array is a tuple of one. Raises Breach for more than there can be.

        One for each argument that is wanted, or that has a gradient at all, or for each whatever.
        """
        if isinstance(answer, dict) or answer is None:
            raise Breach("type", "gradients-none" if answer is None else "gradients-dict", expected=", ".join(self.names))
        found = tuple(answer) if isinstance(answer, (tuple, list)) else (answer,)
        everything = tuple(range(len(self.names)))
        real = tuple(position for position in everything if position not in self._without)
        for positions in (self.wanted, real):
            if len(found) == len(positions):
                return dict(zip(positions, found, strict=True))
        none = (found[position] is None or position in self._integers for position in self._without if position < len(found))
        if len(found) == len(everything) and all(none):
            return dict(zip(everything, found, strict=True))
        if len(found) > len(real):
            raise Breach("length", "gradients", expected=len(real), got=len(found))
        return dict(zip(real, found, strict=False))

    def form(self, answer: Any, args: tuple[Array, ...]) -> tuple[Array, ...]:
        """The answer of backward as float64 arrays in the shapes of their arguments. Raises Breach."""
        given, found, lacking = self.sorted(answer), dict[int, Array](), dict[int, Breach]()
        for position in self.wanted:
            try:
                found[position] = self._gradient(position, given, args[position].shape, len(given))
            except Breach as breach:
                lacking[position] = breach
        if not found and lacking:
            raise next(iter(lacking.values()))
        if not self._asked:
            self.missing, self._asked = frozenset(lacking), True
            self.broken |= {(b.check, self.names[position]): b.remark for position, b in lacking.items()}
        for position in lacking.keys() - self.missing:
            raise lacking[position]
        return tuple(found[position] for position in self.judged)

    def _gradient(self, position: int, given: dict[int, Any], shape: tuple[int, ...], count: int) -> Array:
        name = self.names[position]
        if position not in given or given[position] is None:
            raise Breach("missing", "gradient-missing", quantity=name, got=count, expected=len(self.wanted))
        gradient = self._checked("backward", name, given[position])
        if gradient.shape != shape:
            raise Breach("shape", "gradient-shape", quantity=name, expected=shape, got=gradient.shape)
        return gradient

    def call(self, name: str, *args: Any, known_as: str = "") -> Any:
        """What the layer's method returns. Raises Breach where it raises, and Unready, which is no fault of its own.

        known_as: the method that people know, where this one is not theirs.
        """
        try:
            return getattr(self.layer, name)(*args)
        except Unready:
            raise
        except (Exception, SystemExit) as error:  # a layer that ends Python is wrong, and must not end a check with 0
            message = _message(error)
            called = isinstance(error, TypeError) and "positional argument" in message
            code = "raises-when-called" if called else "raises"
            raise Breach("raises", code, method=known_as or name, error=type(error).__name__, message=message) from error

    def _checked(self, method: str, quantity: str, value: Any) -> Array:
        """A float64 array. What can be read as one is read, and told once; Raises Breach for anything else."""
        if type(value) is np.ndarray and value.dtype == self.carrier.dtype and not self.carrier.wider:
            return np.array(value, float)
        said, got = {"method": method, "quantity": quantity}, type(value).__name__
        if value is None or isinstance(value, dict):
            raise Breach("type", "returns-none" if value is None else "no-array", **said, got=got)
        if isinstance(value, tuple):
            raise Breach("type", "returns-tuple", **said, got=len(value))
        if hasattr(value, "detach") and hasattr(value, "numpy"):
            self._told("type", "returns-tensor", **said, got=got)
            value = value.detach().cpu()
            value = value.float() if str(value.dtype) == "torch.bfloat16" else value
        elif isinstance(value, list):
            self._told("type", "returns-list", **said, got=got)
        try:
            array = np.array(np.asarray(value))  # np.array asks PyTorch in a way that it warns of
        except Exception as error:
            raise Breach("type", "no-array", **said, got=got) from error
        if array.dtype.kind not in "iufb" and array.dtype != self.carrier.dtype:
            raise Breach("type", "no-numbers", **said, got=got if array.dtype == object else str(array.dtype))
        found, flaw = np.asarray(array, float), self.carrier.flaw(array)
        if flaw:
            self._told("dtype", "dtype", **said, got=flaw, wanted=self.carrier.precision.name)
        return found

    def _told(self, check: str, code: str, **values: Any) -> None:
        self.broken.setdefault((check, values["quantity"]), remark(f"contract.{code}", at="case", **values))


def restore(arrays: Sequence[Array], numbers: Sequence[Array]) -> list[int]:
    """The numbers are written back where they have changed; the positions of those arrays. No numbers: nothing is done."""
    pairs = enumerate(zip(arrays, numbers, strict=bool(numbers)))
    changed = [j for j, (a, b) in pairs if not np.array_equal(a, b, equal_nan=a.dtype.kind == "f")]
    for j in changed:
        arrays[j][...] = numbers[j]
    return changed


def _memory(value: Any) -> Any:
    """A tensor of PyTorch as an array that shares its memory; anything else as it is."""
    return value.detach().cpu().numpy() if hasattr(value, "detach") and hasattr(value, "numpy") else value


def _message(error: BaseException) -> str:
    """What an exception says, if it can."""
    try:
        return str(error)
    except Exception:
        return ""
