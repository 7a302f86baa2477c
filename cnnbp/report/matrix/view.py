"""The one idea, a convolution as a matrix with zeros and shared weights: in the letters of the code, and drawn."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import prod

from markupsafe import Markup

from ..setting import Setting
from .connections import drawable
from .masked import masked_matrix


@dataclass(frozen=True)
class Drawn:
    """Drawing of a small convolution, and the numbers that its caption names; `lack`: the phrase that says why there is none."""

    lack: str = ""
    drawing: Markup | None = None
    count: dict[str, int | str] = field(default_factory=dict)


def matrix(setting: Setting) -> Drawn:
    """The idea itself needs no record; the drawing is that of the run."""
    found = drawable(setting.document)
    if found is None:
        missing = "report.matrix.missing" if "matrix" in setting.document.whole.parts else ""
        return Drawn("report.matrix.undrawable" if setting.document.matrix else missing)
    rows, columns, entries = prod(found.y_shape), prod(found.x_shape), len(found.entries)
    count: dict[str, int | str] = {
        "kernel": " × ".join(map(str, found.kernel)), "x": " × ".join(map(str, found.x_shape)), "rows": rows,
        "columns": columns, "all": rows * columns, "entries": entries, "blank": rows * columns - entries,
        "weights": prod(found.kernel),
    }  # fmt: skip
    return Drawn("", masked_matrix(found), count)
