"""A witness may stay silent, and then says why."""

from __future__ import annotations


class Abstention(Exception):
    """The oracle cannot speak about this case. The message is the reason, as a reader will see it."""
