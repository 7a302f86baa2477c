"""evidence.json → one page that a reader can cite and check again; runs no mathematics and cannot soften a verdict."""

from .page import render, status, write

__all__ = ["render", "status", "write"]
