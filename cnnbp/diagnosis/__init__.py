"""Why a layer is wrong: where its wrong entries sit, by what factor, and which faults, tried on the case, answer as it does."""

from .diagnose import diagnosed
from .point import Point
from .reproduce import reproduce

__all__ = ["Point", "diagnosed", "reproduce"]
