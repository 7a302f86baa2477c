"""An oracle may be unable to speak about a case, and then says why, as a code with values: oracles know no sentences."""

from __future__ import annotations


class Abstention(Exception):
    """The oracle cannot speak about this case. `code` and `values` are the reason."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code, values)
        self.code, self.values = code, values

    def __str__(self) -> str:
        return f"{self.code} {self.values}" if self.values else self.code
