"""Gradient checkers that people use, each as its documentation has it and at its defaults, as one function of a problem.

Each returns "pass" or "fail", "inconclusive" where it says so itself, and "n/a" for a layer that it does not take. A layer that
raises inside a checker has failed there: whoever runs the checker sees it. Checkers that are not installed are told by `missing`.
"""

from __future__ import annotations

import importlib.util
import logging
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

import cnnbp
from cnnbp.operators import OPERATORS

Array = Any
LINEAR = ("Conv2d", "ConvTranspose2d", "Dense", "AvgPool2d", "Flatten", "Identity")  # in each argument, but for a bias


@dataclass(frozen=True)
class Problem:
    """A layer at one point. Arguments by which it has no gradient, such as a target, are held fixed."""

    operator: str
    layer: Any
    like: Any
    args: tuple[Array, ...]
    delta: Array
    seed: int

    @cached_property
    def wanted(self) -> list[int]:
        """The positions of the arguments that have a gradient."""
        record = OPERATORS[self.operator]
        return [j for j, name in enumerate(record.arguments[: len(self.args)]) if name in record.gradients]

    @property
    def floats(self) -> list[Array]:
        """These arguments, as new arrays."""
        return [self.args[j].copy() for j in self.wanted]

    def forward(self, *floats: Array) -> Array:
        """y"""
        return np.asarray(self.layer.forward(*self._all(floats)))

    def backward(self, delta: Array, *floats: Array) -> list[Array]:
        """The gradients, as many as the layer returns."""
        found = self.layer.backward(delta, *self._all(floats))
        return list(found) if isinstance(found, (tuple, list)) else [found]

    def _all(self, floats: Sequence[Array]) -> list[Array]:
        args = list(self.args)
        for j, a in zip(self.wanted, floats, strict=True):
            args[j] = a
        return args


def verify_alike(problem: Problem) -> str:
    """`cnnbp.verify` with the layer that ours must equal."""
    p = problem
    return cnnbp.verify(p.layer, *p.args, delta=p.delta, like=p.like, seed=p.seed).status


def verify_alone(problem: Problem) -> str:
    """`cnnbp.verify` with nothing but the layer; targets and statistics owe no gradient, as the other checkers are told too."""
    p, record = problem, OPERATORS[problem.operator]
    names = record.arguments[1 : len(p.args)]
    skip = [name for name in names if name not in record.gradients]
    return cnnbp.verify(p.layer, *p.args, delta=p.delta, names=names, skip=skip, seed=p.seed).status


def gradcheck(problem: Problem, fast_mode: bool = False) -> str:
    """`torch.autograd.gradcheck` of an `autograd.Function` that hands tensors to NumPy and back."""
    import torch

    class Layer(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, *tensors: Any) -> Any:
            ctx.save_for_backward(*tensors)
            return torch.from_numpy(np.asarray(problem.forward(*(t.numpy() for t in tensors)), order="C"))

        @staticmethod
        def backward(ctx: Any, delta: Any) -> Any:
            found = problem.backward(delta.numpy(), *(t.numpy() for t in ctx.saved_tensors))
            return tuple(torch.from_numpy(np.asarray(g, order="C")) for g in found)

    tensors = tuple(torch.from_numpy(a).requires_grad_() for a in problem.floats)
    return "pass" if torch.autograd.gradcheck(Layer.apply, tensors, fast_mode=fast_mode) else "fail"


def gradcheck_fast(problem: Problem) -> str:
    """The same along one direction."""
    return gradcheck(problem, fast_mode=True)


def course_loop(problem: Problem, h: float = 1e-5, most: float = 1e-4) -> str:
    """Two lines of many courses: central differences entry by entry, then the largest |a − b| / max(1e-8, |a| + |b|).

    CS231n's notes are happy with 1e-7 and content with 1e-4 where there are kinks; the loop here asks for 1e-4.
    """
    floats, delta = problem.floats, problem.delta
    found = problem.backward(delta, *problem.floats)
    if len(found) != len(floats):
        return "fail"
    for theta, analytic in zip(floats, found, strict=True):
        numeric = np.zeros_like(theta)
        for index in np.ndindex(theta.shape):
            kept = theta[index]
            theta[index] = kept + h
            above = problem.forward(*floats).copy()
            theta[index] = kept - h
            numeric[index] = np.sum((above - problem.forward(*floats)) * delta) / (2 * h)
            theta[index] = kept
        error = np.abs(analytic - numeric) / np.maximum(1e-8, np.abs(analytic) + np.abs(numeric))
        if not error.max(initial=0) <= most:
            return "fail"
    return "pass"


def dot_test(problem: Problem, rtol: float = 1e-6) -> str:
    """⟨Au, v⟩ = ⟨u, Aᵀv⟩ in each argument in which the layer is linear, with the tolerance that PyLops has as its default."""
    if problem.operator not in LINEAR:
        return "n/a"
    rng = np.random.default_rng(problem.seed)
    for position, theta in enumerate(problem.floats):
        moved, rest = problem.floats, problem.floats
        moved[position], rest[position] = rng.standard_normal(theta.shape), np.zeros_like(theta)
        v = rng.standard_normal(problem.delta.shape)
        there = float(np.sum((problem.forward(*moved) - problem.forward(*rest)) * v))  # without what another argument adds
        back = float(np.sum(moved[position] * problem.backward(v, *problem.floats)[position]))
        if not abs((there - back) / ((there + back + 1e-15) / 2)) <= rtol:
            return "fail"
    return "pass"


def jax_check_grads(problem: Problem) -> str:
    """`jax.test_util.check_grads` of a `custom_vjp` that calls NumPy: first order, backwards, in float64."""
    import jax
    from jax.test_util import check_grads

    jax.config.update("jax_enable_x64", True)

    def called(function: Callable[..., Any], shapes: Any, *arrays: Any) -> Any:
        return jax.pure_callback(lambda *given: function(*map(np.asarray, given)), shapes, *arrays)

    shape = jax.ShapeDtypeStruct(problem.delta.shape, np.float64)
    layer = jax.custom_vjp(lambda *floats: called(problem.forward, shape, *floats))

    def backward(saved: Any, delta: Any) -> Any:
        shapes = tuple(jax.ShapeDtypeStruct(a.shape, np.float64) for a in saved)
        return called(lambda *given: tuple(problem.backward(*given)), shapes, delta, *saved)

    layer.defvjp(lambda *floats: (layer(*floats), floats), backward)
    try:
        check_grads(layer, tuple(problem.floats), order=1, modes=("rev",))
    finally:
        jax.clear_caches()  # of every layer it keeps the program
    return "pass"


def autograd_check_grads(problem: Problem) -> str:
    """`autograd.test_util.check_grads` of a `primitive`: first order, backwards."""
    from autograd.extend import defvjp, primitive
    from autograd.test_util import check_grads

    np.random.seed(problem.seed % 2**32)  # noqa: NPY002  # from which it draws its directions
    layer = primitive(problem.forward)
    positions = range(len(problem.floats))
    defvjp(layer, *((lambda y, *floats, j=j: lambda delta: problem.backward(delta, *floats)[j]) for j in positions))
    check_grads(layer, list(positions), modes=["rev"], order=1)(*problem.floats)
    return "pass"


CHECKERS: Mapping[str, tuple[Callable[[Problem], str], str]] = {
    "cnnbp.verify, like=": (verify_alike, ""),
    "cnnbp.verify": (verify_alone, ""),
    "torch gradcheck": (gradcheck, "torch"),
    "torch gradcheck, fast": (gradcheck_fast, "torch"),
    "difference loop": (course_loop, ""),
    "dot test": (dot_test, ""),
    "jax check_grads": (jax_check_grads, "jax"),
    "autograd check_grads": (autograd_check_grads, "autograd"),
}
"""By the name in the table: the checker, and the package without which it cannot be asked."""


def missing(name: str) -> bool:
    """Whether the package of a checker is not installed."""
    package = CHECKERS[name][1]
    return bool(package) and importlib.util.find_spec(package) is None


def answer(name: str, problem: Problem) -> str:
    """What a checker says. It may raise whatever it likes: that, too, says that something is wrong."""
    logging.disable()  # JAX logs the traceback of what raises in a callback
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            return CHECKERS[name][0](problem)
    except Exception:
        return "fail"
    finally:
        logging.disable(logging.NOTSET)
