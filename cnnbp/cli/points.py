"""Where a layer of one's own is asked, and the layer that is asked there: made anew for each point where it takes options.

Courses have layers whose options are ints. Whether a layer takes pairs is found out before it is asked: where it answers at an
int, and raises at the pair of twice that int, its options are drawn as ints. A layer that answers at such a pair takes
pairs, and whatever is wrong with them is told.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ..adapters.adapted import Adapted
from ..attributes import optional
from ..operators import OPERATORS, operator_of
from ..run.own import Misfit, Point, arity, drawn, every_option, given
from ..verification.layout import Layout
from . import named
from .folder import Mistake

if TYPE_CHECKING:
    from .shape import Shape

TRIED = 3  # drawn cases at which a layer is tried with pairs


@dataclass(frozen=True)
class Asked:
    """What a call names: a layer, or what makes one, and what it must equal; the options of that which the call gives."""

    found: Any
    like: Any
    given: Sequence[str]
    largest: float
    """What the format holds in which it is asked."""
    layout: Mapping[str, str] = field(default_factory=dict)
    """The axes of its arrays, by argument, where they stand in another order than those of `like`."""

    @property
    def options(self) -> dict[str, Any]:
        """Those of `like`."""
        operator = operator_of(self.like)
        return every_option(operator, self.like) if operator else {}

    @property
    def taken(self) -> list[str]:
        """Of these, what the layer is made with. Raises Mistake where it needs anything else."""
        return named.taken(self.found, self.options)

    def axes(self, count: int) -> dict[str, str] | None:
        """Those of so many arguments, as `verify` takes them; None where nothing was said."""
        operator = operator_of(self.like)
        left = operator.arguments[count:] if operator else ()
        return {name: axes for name, axes in self.layout.items() if name not in left} or None

    def laid_out(self, point: Point) -> Point:
        """A drawn point with its arrays in the layer's own order of axes. Raises ValueError for a layout that is none."""
        said = self.axes(len(point.args))
        if said is None:
            return point
        known = Layout(said, self.like, len(point.args))
        args = tuple(axes.to_layer(a).copy() for axes, a in zip(known.args, point.args, strict=True))
        return replace(point, args=args, delta=None if point.delta is None else known.y.to_layer(point.delta).copy())

    @property
    def free(self) -> list[str]:
        """Of these, what is drawn."""
        return [name for name in self.taken if name not in self.given]

    @property
    def stay(self) -> list[str]:
        """The options that it is not made with: they stay as `like` has them."""
        return [name for name in self.options if name not in self.taken]

    @property
    def kept(self) -> list[str]:
        """What the layer is made with by names that `like` does not have."""
        return named.kept(self.found, self.options)

    def made(self, options: Mapping[str, Any]) -> Any:
        """The layer with those of the options that it takes. Raises Mistake."""
        return named.built(self.found, {name: options[name] for name in self.taken})


def reference(text: str) -> tuple[Any, list[str]]:
    """The layer of cnnbp that a text names, and the options that it gives. Raises Mistake."""
    return named.reference(text, {name: operator.layer for name, operator in OPERATORS.items()})


def points(asked: Asked, shapes: Sequence[Shape], ints: Mapping[str, str], examples: int, seed: int) -> Iterator[tuple[Point, Any]]:
    """Each point and the layer to be asked there, with ints for the options of these names. Raises Mistake, Misfit."""
    once = None if asked.taken else asked.made({})
    if shapes:
        if once is not None and asked.like is None:
            _all_given(once, len(shapes))
        integers = {position: shape.below for position, shape in enumerate(shapes) if shape.below is not None}
        found = given(asked.like, [shape.lengths for shape in shapes], "check", examples, seed, integers)
    else:
        found = _drawn(asked, once if once is not None else asked.made(asked.options), "check", examples, seed, [*ints])
    for point in found:
        yield point, once if once is not None else asked.made(point.options)


def _all_given(layer: Any, count: int) -> None:
    """Raises Misfit where the layer takes more or fewer arguments than have a shape."""
    if isinstance(layer, Adapted) and layer.own_parameters():
        return  # it can be asked at those that it was made with
    least, most = arity(forward := _forward(layer))
    if not least <= count <= most:
        names = list(inspect.signature(forward).parameters)
        raise Misfit(f"expected a --shape for each of {', '.join(names)}, as its forward takes them, got {count}")


def _drawn(asked: Asked, layer: Any, name: str, count: int, seed: int, ints: Sequence[str]) -> Iterator[Point]:
    found = drawn(asked.like, asked.free, _forward(layer), name, count, seed, ints, asked.largest)
    return map(asked.laid_out, found)


def _forward(layer: Any) -> Callable[..., Any]:
    """What shows by its signature how many arguments are taken: of an adapted layer what it wraps, or all it was made with."""

    def forward(*args: Any) -> None:
        """Anything."""

    if isinstance(layer, Adapted):
        if own := layer.own_parameters():
            each = [inspect.Parameter(f"argument_{j}", inspect.Parameter.POSITIONAL_ONLY) for j in range(1 + len(own))]
            forward.__signature__ = inspect.Signature(each)  # type: ignore[attr-defined]
            return forward
        if callable(layer.wrapped):
            return layer.wrapped  # type: ignore[no-any-return]
    return optional(layer, "forward") or forward


def takes_no_pair(asked: Asked, seed: int) -> dict[str, str]:
    """The drawn options at which the layer raises for a pair, and not for the int twice in it; by name, what it raised."""
    found = dict[str, str]()
    tried = [name for name in asked.free if not _says_pairs(asked.found, name)]
    if not any(_pair_of(asked, name, asked.options) for name in tried):
        return found
    for point in _drawn(asked, asked.made(asked.options), "pairs", TRIED, seed, asked.free):
        as_ints, _ = _reached(asked, point, {})
        for name in tried:
            pair = _pair_of(asked, name, point.options)
            if pair is not None and name not in found:
                reached, error = _reached(asked, point, {name: pair})
                if reached < as_ints:
                    found[name] = error
    return found


def _says_pairs(found: Any, name: str) -> bool:
    """Whether its signature does, by default or annotation."""
    parameter = inspect.signature(found).parameters.get(name)
    return parameter is not None and (isinstance(parameter.default, tuple) or "tuple" in str(parameter.annotation).lower())


def _pair_of(asked: Asked, name: str, options: Mapping[str, Any]) -> tuple[int, int] | None:
    """The option twice, where what the layer must equal takes that."""
    value = options[name]
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    try:
        type(asked.like)(**{**options, name: (value, value)})
    except (TypeError, ValueError):
        return None
    return value, value


def _reached(asked: Asked, point: Point, changed: Mapping[str, Any]) -> tuple[int, str]:
    """How far it comes at this point: made, forward, backward; and what it raised then."""
    reached = 0
    try:
        with np.errstate(all="ignore"):
            layer = asked.made({**point.options, **changed})
            reached = 1
            layer.forward(*map(np.array, point.args))
            reached = 2
            layer.backward(np.array(point.delta), *map(np.array, point.args))
    except Mistake as mistake:
        return reached, f"{mistake}"
    except (Exception, SystemExit) as error:
        told = ", ".join(f"{name}={value}" for name, value in changed.items())
        return reached, f"{('forward', 'backward')[reached - 1]} at {told} raised {type(error).__name__}: {error}"
    return 3, ""
