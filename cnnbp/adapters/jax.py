"""A differentiable function of JAX arrays as a layer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..rounding import Array
from .adapted import Adapted, Unready, leaves
from .functions import checked_callable


@dataclass(frozen=True)
class FromJax(Adapted):
    """A differentiable function of JAX arrays, its gradients by `jax.vjp`."""

    function: Callable[..., Any]

    @property
    def wrapped(self) -> Any:
        """The function."""
        return self.function

    def made_from(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        """The function."""
        return "from_jax", (self.function,), {}

    def forward(self, *args: Array) -> Any:
        """y, or all floating outputs as a tuple."""
        found = tuple(np.array(y) for y in self._outputs(_arrays(args)))
        return found[0] if len(found) == 1 else found

    def backward(self, delta: Any, *args: Array) -> tuple[Array, ...]:
        """The gradients of ⟨y, delta⟩ by every floating argument."""
        import jax

        given, deltas = _arrays(args), delta if isinstance(delta, (tuple, list)) else (delta,)
        real = [j for j, a in enumerate(args) if a.dtype.kind == "f"]

        def of_real(*moved: Any) -> list[Any]:
            at = dict(zip(real, moved, strict=True))
            return self._outputs([at.get(j, a) for j, a in enumerate(given)])

        _, pull = jax.vjp(of_real, *(given[j] for j in real))
        return tuple(np.array(g) for g in pull([jax.numpy.asarray(d) for d in deltas]))

    def _outputs(self, given: list[Any]) -> list[Any]:
        import jax

        found = leaves(self.function(*given))
        for y in found:
            if not isinstance(y, jax.Array):
                raise TypeError(f"{self.__name__} must answer arrays of JAX with such arrays, got {type(y).__name__}")
        return [y for y in found if jax.numpy.issubdtype(y.dtype, jax.numpy.inexact)]


def _arrays(args: tuple[Array, ...]) -> list[Any]:
    """The arguments as JAX has them. Raises Unready where it would cut them to float32."""
    import jax

    if not jax.config.jax_enable_x64:
        raise Unready('JAX computes in float32 here: call jax.config.update("jax_enable_x64", True) before anything else of JAX')
    return [jax.numpy.asarray(np.array(a, order="C")) for a in args]


def from_jax(fn: Any) -> FromJax:
    """A function of JAX arrays (plain, jitted, with a `custom_vjp`) as a layer, and as a reference that `like=` takes.

    Several outputs are a tuple and take a tuple of residuals. It is asked in float64, which JAX has to be told to keep:
    `jax.config.update("jax_enable_x64", True)`. Raises TypeError for what cannot be called, ImportError without JAX.

    >>> jax.config.update("jax_enable_x64", True)
    >>> cnnbp.verify(cnnbp.from_jax(jax.numpy.sin), np.array([0.5, 2.0])).status
    'pass'
    """
    try:
        import jax  # noqa: F401  # told here, not at the first call
    except ImportError as error:
        raise ImportError('from_jax needs JAX: pip install "cnnbp[jax]"') from error
    return FromJax(checked_callable("fn", fn))
