"""All that has to be trusted of a proof for all sizes: numbers that are not known, every path of the code, the check.

A number that is not known is a polynomial in named unknowns, each any whole number. The code under proof runs on such
numbers. Where it compares them, both answers are walked, one path each; a path has its facts, polynomials that are ≥ 0
on it. What is claimed at the end of a path follows from its facts if a certificate shows that they and the contrary
cannot all hold: their sum, each weighted by an integer > 0 and multiplied by at most one other, is a constant < 0.
"""

Terms = dict[tuple[str, ...], int]  # the coefficient of each product of unknowns: 2ab − 1 is {("a", "b"): 2, (): -1}


def plus(a: Terms, b: Terms, times: int = 1) -> Terms:
    """a + times·b"""
    total = dict(a)
    for m, c in b.items():
        total[m] = total.get(m, 0) + times * c
        if not total[m]:
            del total[m]
    return total


def product(a: Terms, b: Terms) -> Terms:
    """a·b"""
    total: Terms = {}
    for m, c in a.items():
        total = plus(total, {tuple(sorted(m + n)): d for n, d in b.items()}, c)
    return total


def contrary(a: Terms) -> Terms:
    """What is ≥ 0 exactly where a is not: −a − 1, since a is a whole number."""
    return plus({(): -1}, a, -1)


class Unknown:
    """A whole number that is not known, on one path of the code."""

    def __init__(self, terms: Terms, path: "Path") -> None:
        self.terms, self.path = terms, path

    def of(self, other: "Unknown | int") -> Terms:
        """The polynomial of the other operand."""
        if isinstance(other, Unknown) and other.path is self.path:
            return other.terms
        if type(other) is not int:  # a float, a truth value, a number of another path
            raise TypeError(f"a number that is not known meets whole numbers only, got {other!r}")
        return {(): other} if other else {}

    def __add__(self, other: "Unknown | int") -> "Unknown":
        return Unknown(plus(self.terms, self.of(other)), self.path)

    def __sub__(self, other: "Unknown | int") -> "Unknown":
        return Unknown(plus(self.terms, self.of(other), -1), self.path)

    def __mul__(self, other: "Unknown | int") -> "Unknown":
        return Unknown(product(self.terms, self.of(other)), self.path)

    def __neg__(self) -> "Unknown":
        return self * -1

    def __rsub__(self, other: int) -> "Unknown":
        return -self + other

    __radd__, __rmul__ = __add__, __mul__

    def __divmod__(self, other: "Unknown | int") -> "tuple[Unknown, Unknown]":
        return self.path.divided(self.terms, self.of(other))

    def __floordiv__(self, other: "Unknown | int") -> "Unknown":
        return divmod(self, other)[0]

    def __ge__(self, other: "Unknown | int") -> bool:
        return self.path.ask((self - other).terms)

    def __gt__(self, other: "Unknown | int") -> bool:
        return self >= other + 1

    def __le__(self, other: "Unknown | int") -> bool:
        return -self >= -other

    def __lt__(self, other: "Unknown | int") -> bool:
        return not self >= other

    def __eq__(self, other: "Unknown | int") -> bool:  # type: ignore[override]
        return self >= other and self <= other

    def __bool__(self) -> bool:
        return self != 0

    __hash__ = None  # type: ignore[assignment]  # two names may stand for one number


class Path:
    """One path of the code: what comparisons are answered with, and what is so known."""

    def __init__(self, due: list[bool]) -> None:
        self.due = due  # the first answers; then comes yes
        self.answers: list[bool] = []
        self.facts: list[Terms] = []  # each ≥ 0 on this path
        self.quotients: list[tuple[Terms, Terms, Unknown, Unknown]] = []

    def unknown(self, name: str) -> Unknown:
        """The unknown of this name."""
        return Unknown({(name,): 1}, self)

    def ask(self, a: Terms) -> bool:
        """Whether a ≥ 0. What the facts do not say outright is answered with yes on one path, with no on another."""
        if not set(a) - {()}:
            return a.get((), 0) >= 0
        if a in self.facts or contrary(a) in self.facts:
            return a in self.facts
        yes = self.due[len(self.answers)] if len(self.answers) < len(self.due) else True
        self.answers.append(yes)
        self.facts.append(a if yes else contrary(a))
        return yes

    def divided(self, a: Terms, b: Terms) -> tuple[Unknown, Unknown]:
        """Quotient and remainder: unknowns q and m with a = b·q + m, 0 ≤ m < b, for a divisor b ≥ 1. No other has their names."""
        if not self.ask(plus(b, {(): -1})):
            raise ArithmeticError("a divisor may be 0 or less")
        for over, under, q, m in self.quotients:
            if (over, under) == (a, b):
                return q, m
        q, m = (self.unknown(f"{letter} {len(self.quotients)}") for letter in ("quotient", "remainder"))
        self.quotients.append((a, b, q, m))
        rest = plus(plus(a, product(b, q.terms), -1), m.terms, -1)
        self.facts += [rest, product({(): -1}, rest), m.terms, plus(plus(b, m.terms, -1), {(): -1})]
        return q, m


class Paths:
    """`for path in Paths():` walks one path of the code after the other, until every comparison had every answer."""

    def __init__(self) -> None:
        self.last: Path | None = None

    def __iter__(self) -> "Paths":
        return self

    def __next__(self) -> Path:
        due: list[bool] = []
        if self.last is not None:
            due = self.last.answers
            while due and not due[-1]:
                due = due[:-1]
            if not due:
                raise StopIteration
            due = [*due[:-1], False]
        self.last = Path(due)
        return self.last


def follows(goal: Terms, facts: list[Terms], certificate: list[list[int]]) -> bool:
    """Whether the certificate shows goal ≥ 0. Each of its entries: a weight, and the numbers of one fact or of two.

    The contrary of the goal is the last fact. No rounding occurs, and nothing is searched for.
    """
    known, total = [*facts, contrary(goal)], Terms()
    for weight, *numbers in certificate:
        if not all(type(i) is int for i in (weight, *numbers)) or len(numbers) not in (1, 2):
            return False
        if weight <= 0 or not all(0 <= i < len(known) for i in numbers):
            return False
        first, *second = (known[i] for i in numbers)
        total = plus(total, product(first, second[0]) if second else first, weight)
    return set(total) == {()} and total[()] < 0


def value(a: Terms, numbers: dict[str, int]) -> int:
    """What the polynomial is where the unknowns are these numbers."""
    total = 0
    for names, coefficient in a.items():
        for name in names:
            coefficient *= numbers[name]
        total += coefficient
    return total
