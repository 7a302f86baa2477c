"""The one idea, a convolution as a matrix with zeros and shared weights: in the letters of the code, and drawn."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from ..setting import Setting
from . import masked
from .connections import Connections, connections


@dataclass(frozen=True)
class Drawn:
    """A small convolution, and its two drawings."""

    connections: Connections
    maps: Markup
    matrix: Markup


@dataclass(frozen=True)
class Idea:
    """`lack` is the phrase that says why there is no drawing."""

    drawn: Drawn | None
    lack: str


def matrix(setting: Setting) -> Idea:
    """The idea itself needs no record; the drawing is that of the run."""
    found = connections(setting.document)
    if found is not None:
        drawn = Drawn(found, masked.kernel_and_maps(found, setting.speech), masked.masked_matrix(found, setting.speech))
        return Idea(drawn, "")
    if setting.document.matrix is not None:
        return Idea(None, "report.matrix.undrawable")
    return Idea(None, "report.matrix.missing" if "matrix" in setting.document.whole.parts else "")
