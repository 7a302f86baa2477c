"""Arrays of elements of a field, in which NumPy's exp, log, √ and the like mean those of the field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ...rounding import Array
from .element import Element

if TYPE_CHECKING:
    from .field import Field


class Numbers(np.ndarray[Any, Any]):
    """An array of elements, and of plain numbers among them: exp, log and the like take either."""

    field: Field

    @classmethod
    def of(cls, field: Field, array: Array) -> Numbers:
        """The same array."""
        found = array.view(cls)
        found.field = field
        return found

    def __array_finalize__(self, parent: Any) -> None:
        if isinstance(parent, Numbers) and hasattr(parent, "field"):
            self.field = parent.field

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, out: Any = None, **options: Any) -> Any:
        plain = [i.view(np.ndarray) if isinstance(i, Numbers) else i for i in inputs]
        if out is not None:
            options["out"] = tuple(o.view(np.ndarray) if isinstance(o, Numbers) else o for o in out)
        if method == "__call__" and len(inputs) == 1 and hasattr(Element, ufunc.__name__):
            result = np.frompyfunc(lambda v: getattr(self.field.element(v), ufunc.__name__)(), 1, 1)(plain[0], **options)
        else:
            result = getattr(ufunc, method)(*plain, **options)
        return self._wrapped(result) if out is None else out[0]

    def __array_function__(self, func: Any, types: Any, args: Any, options: Any) -> Any:
        return self._wrapped(super().__array_function__(func, types, args, options))

    def _wrapped(self, result: Any) -> Any:
        if isinstance(result, tuple):
            return tuple(map(self._wrapped, result))
        return Numbers.of(self.field, result) if isinstance(result, np.ndarray) and result.dtype == object else result
