"""Why a layer is not proved, in the codes of remarks: what it raises, on unknown numbers and on floats, and at which line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ..evidence.verdict import Remark, remark
from .numbers.unsupported import Unsupported, line, root
from .numbers.walk import TooManyPaths
from .on_floats import FloatsRaise
from .question import TooManyGradients


def of_floats(error: FloatsRaise) -> Remark:
    """What the layer raises on floats, and where."""
    cause = root(error.__cause__ or error)
    return _raised("floats-raise", cause)


def refusal(error: BaseException) -> Remark:
    """Why the layer could not be run on unknown numbers, and where."""
    if isinstance(error, Unsupported):
        return remark(f"proof.{error.code}", **{"line": line(error), **error.values})
    if isinstance(error, TooManyPaths):
        return remark("proof.too-many-paths", paths=error.paths) if error.paths else remark("proof.no-path")
    if isinstance(error, TooManyGradients):
        return remark("proof.gradients", got=error.got, most=error.most)
    return _raised("raises", error)


def _raised(code: str, error: BaseException) -> Remark:
    """With its line, or that it is none of the layer's own."""
    said = {"error": type(error).__name__, "message": str(error)[:200]}
    return remark(f"proof.{code}", **said, line=where) if (where := line(error)) else remark(f"proof.{code}-within", **said)


@contextmanager
def of_like() -> Iterator[None]:
    """Whatever is raised inside, but that there is too much of something, as a refusal of `like`."""
    try:
        yield
    except Exception as raised:
        error = root(raised)
        if isinstance(error, TooManyPaths) or getattr(error, "code", "").startswith("too-many"):
            raise
        said, where = str(error)[:200], line(error)
        raise Unsupported("like-raises", error=type(error).__name__, message=f"{said} ({where})" if where else said) from error
