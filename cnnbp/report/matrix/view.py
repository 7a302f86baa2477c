"""The one idea, a convolution as a matrix with zeros and shared weights: in the letters of the code, and drawn."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from markupsafe import Markup

from ..setting import Setting
from . import masked
from .connections import drawable


@dataclass(frozen=True)
class Drawn:
    """The two drawings of a small convolution, and what stands below them; `lack` is the phrase that says why there are none."""

    lack: str = ""
    maps: Markup | None = None
    matrix: Markup | None = None
    caption: str = ""


def matrix(setting: Setting) -> Drawn:
    """The idea itself needs no record; the drawing is that of the run."""
    found = drawable(setting.document)
    if found is None:
        missing = "report.matrix.missing" if "matrix" in setting.document.whole.parts else ""
        return Drawn("report.matrix.undrawable" if setting.document.matrix else missing)
    kernel, x = (" × ".join(map(str, shape)) for shape in (found.kernel, found.x_shape))
    count = {"all": prod(found.y_shape) * prod(found.x_shape), "entries": len(found.entries), "weights": prod(found.kernel)}
    caption = setting.speech.say("report.matrix.caption", kernel=kernel, x=x, **count)
    return Drawn("", masked.kernel_and_maps(found, setting.speech), masked.masked_matrix(found, setting.speech), caption)
