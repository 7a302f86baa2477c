"""Layers of somebody's own: a page of their verdicts, with the pieces that the report of a whole run has."""

from .view import render

__all__ = ["render"]
