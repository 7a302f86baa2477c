"""Other sources, by what they change, of which the arithmetic reads the same as far as it goes: they are not that source."""

from __future__ import annotations

TAP = "    def tap(self, r: int) -> tuple[slice, slice]:\n"
OUTPUTS = "    @cached_property\n    def outputs(self)"
CONSTANT = "BLOCK_BYTES ="
DOCSTRING = '    """T for `cells` = (h, w) input cells, by the options of a layer, each an integer or a pair."""\n'
APPENDED = "        axes.append(Axis(name, size, kernel, step, pad, spread, surplus=surplus))\n"
OPTIONS = "for option in (kernel_size, stride, padding, dilation))"
CEIL = 'zip(("h", "w"), cells, *options, (ceil_mode, ceil_mode), strict=True)'
LOOP = 'zip(("h", "w"), cells, *options, strict=True):'
NAMES = "for name, outputs, kernel, step, pad, spread, surplus in "
RELATION = "@lru_cache(maxsize=256)\ndef relation(\n"
ROWS = "    rows: Axis\n    columns: Axis\n"
ERROR = 'ValueError(\n                f"kernel_size'
REFUSED = '            raise ValueError(\n                f"kernel_size must'
ANY = "if np.any((first >= self.size) | (tap >= self.kernel)):"
START = "        start = self.stride * np.arange(self.outputs) - self.padding\n        tap"
SIZES = "sizes: Array = np.minimum(start + self.kernel, high) - np.maximum(start, low)"
MAXIMUM = "max(0, -(offset // self.stride))"

WRONG: dict[str, tuple[str, str]] = {
    # names with another meaning
    "method-twice": (OUTPUTS, f"    def tap(self, r):\n        return slice(0, 1), slice(0, 1)\n\n{OUTPUTS}"),
    "method-later": ("    def first_inputs", f"{TAP}        return slice(0, 1), slice(0, 1)\n\n    def first_inputs"),
    "class-twice": ("class Triple(", "class Axis:\n    x: int\n\n\nclass Triple("),
    "function-twice": ("class Triple(", "def relation(x):\n    return x\n\n\nclass Triple("),
    "method-set": ("class Triple(", "Axis.tap = relation\n\n\nclass Triple("),
    "method-set-inside": ("        return x\n\n    def blocks", "        Axis.tap = x\n        return x\n\n    def blocks"),
    "max-is-min": (CONSTANT, f"max = min\n{CONSTANT}"),
    "divmod-is-ours": (CONSTANT, f"def divmod(a, b): return -(-a // b), 0\n{CONSTANT}"),
    "max-in-a-method": ("first = max(0,", "max = self.size\n        first = max(0,"),
    "max-as-an-argument": (TAP, TAP.replace("r: int", "r: int, max: int")),
    "numpy-is-another": ("import numpy as np\n", "import numpy.ma as np\n"),
    "numpy-twice": ("import numpy as np\n", "import numpy as np\nimport numpy.ma as np\n"),
    "checks-is-another": ("from . import checks\n", "from . import network as checks\n"),
    "checks-bound": (CONSTANT, f"checks = prod\n{CONSTANT}"),
    "axis-bound-in-relation": (DOCSTRING, f"{DOCSTRING}    Axis = prod\n"),
    # what stands around a method
    "decorated-method": (TAP, f"    @wrong\n{TAP}"),
    "cached-method": (TAP, f"    @cached_property\n{TAP}"),
    "property-is-a-method": ("    @cached_property\n    def inside", "    def inside"),
    "decorated-class": ("@dataclass(frozen=True)\nclass Axis:", "@wrong\n@dataclass(frozen=True)\nclass Axis:"),
    "undecorated-class": ("@dataclass(frozen=True)\nclass Axis:", "class Axis:"),
    "decorated-function": (RELATION, f"@wrong\n{RELATION}"),
    "other-decorator": (RELATION, "@cached_property\ndef relation(\n"),
    "undecorated-function": (RELATION, "def relation(\n"),
    "base-class": ("class Axis:", "class Axis(Wrong):"),
    "tuple-class": ("@dataclass(frozen=True)\nclass Axis:", "@dataclass(frozen=True)\nclass Axis(NamedTuple):"),
    "post-init": (OUTPUTS, f"    def __post_init__(self) -> None:\n        self.seen()\n\n{OUTPUTS}"),
    "getattribute": (OUTPUTS, f"    def __getattribute__(self, name: str) -> int:\n        return 1\n\n{OUTPUTS}"),
    "getattr": (OUTPUTS, f"    def __getattr__(self, name: str) -> int:\n        return 1\n\n{OUTPUTS}"),
    "iter": (OUTPUTS, f"    def __iter__(self) -> Iterator[int]:\n        return iter((1, 2))\n\n{OUTPUTS}"),
    "another-method": (OUTPUTS, f"    def more(self) -> int:\n        return 1\n\n{OUTPUTS}"),
    "default-again": ("    surplus: int = 0\n", "    surplus: int = 0\n    surplus = 5\n"),
    "field-twice": ("    surplus: int = 0\n", "    surplus: int = 0\n    surplus: int = 5\n"),
    "statement-in-class": ("    surplus: int = 0\n", "    surplus: int = 0\n    print(1)\n"),
    "field-by-call": ("    surplus: int = 0\n", "    surplus: int = int()\n"),
    "keyword-only": (TAP, TAP.replace("r: int", "r: int, *, shift: int = 0")),
    "argument-with-default": (TAP, TAP.replace("r: int", "r: int = 0")),
    "more-arguments": (TAP, TAP.replace("r: int", "r: int, *more: int")),
    "named-arguments": (TAP, TAP.replace("r: int", "r: int, **more: int")),
    "positional-only": (TAP, TAP.replace("self, r: int", "other, /, self, r: int")),
    "self-is-another": (TAP, TAP.replace("self, r: int", "this, r: int")),
    # statements and calls within
    "other-error": (REFUSED, REFUSED.replace("ValueError", "KeyboardInterrupt")),
    "error-of-no-text": (ERROR, ERROR.replace("f", 'f"{self.tap(1)}" or f')),
    "any-dropped": (ANY, "if (first >= self.size) | (tap >= self.kernel):"),
    "and-of-arrays": (ANY, "if np.any(first >= self.size or tap >= self.kernel):"),
    "max-of-arrays": (SIZES, SIZES.replace("np.maximum(start, low)", "max(start, low)")),
    "if-of-arrays": (SIZES, "sizes: Array = (start if start > low else low) + self.kernel"),
    "added-if-of-arrays": (f"        {SIZES}\n", f"        {SIZES}\n        if start > low:\n            sizes += 0\n"),
    "no-array": ("        return sizes\n", "        return self.kernel\n"),
    "array-of-other-places": (START, START.replace("self.outputs", "self.outputs, self.size")),
    "array-of-bytes": (START, START.replace("self.outputs)", "self.outputs, dtype=bool)")),
    "pair-in-if": ("        outputs, remainder = divmod(", "        (outputs, remainder), other = divmod("),
    # taps
    "taps-few": ("for r in range(self.kernel)]", "for r in range(min(self.kernel, 7))]"),
    "taps-some": ("for r in range(self.kernel)]", "for r in range(self.kernel) if r]"),
    "taps-part": ("for r in range(self.kernel)]", "for r in range(self.kernel)][:9]"),
    "taps-others": ("[self.tap(r) for r", "[self.tap(0) for r"),
    "taps-property": ("    @cached_property\n    def taps", "    @lru_cache(maxsize=256)\n    def taps"),
    # relation
    "statement-for-docstring": (DOCSTRING, "    stride, dilation = dilation, stride\n"),
    "statement-more": (DOCSTRING, f"{DOCSTRING}    stride, dilation = dilation, stride\n"),
    "other-relation": ("return Relation(*(Axis(*axis)", "return Triple(*(Axis(*axis)"),
    "other-class": ("class Relation:\n", "class Relations:\n"),
    "relation-turned": (ROWS, "    columns: Axis\n    rows: Axis\n"),
    "relation-with-more": (ROWS, f"{ROWS}    more: int = 0\n"),
    "relation-undecorated": ("@dataclass(frozen=True)\nclass Relation:", "class Relation:"),
    "some-axes": (CEIL, f"{CEIL} if axis"),
    "axes-of-axes": (CEIL, f"{CEIL} for more in (1, 2)"),
    "some-options": (OPTIONS, OPTIONS.replace("))", ") if option)")),
    "options-of-options": (OPTIONS, OPTIONS.replace("))", ") for more in (1, 2))")),
    "options-twice": (DOCSTRING, f"{DOCSTRING}    options: Any = 1\n"),
    "names-exchanged": (CEIL, CEIL.replace('("h", "w")', '("w", "h")')),
    "names-more": (CEIL, CEIL.replace('("h", "w")', '("h", "w", "d")')),
    "not-strict": (CEIL, CEIL.replace("strict=True", "strict=False")),
    "strict-left-out": (CEIL, CEIL.replace(", strict=True", "")),
    "cells-turned": (CEIL, CEIL.replace("cells,", "cells[::-1],")),
    "ceil-by-default": ("dilation: Size, ceil_mode: bool = False", "dilation: Size, ceil_mode: bool = True"),
    "dilation-by-default": ("dilation: Size, ceil_mode: bool", "dilation: Size = 1, ceil_mode: bool"),
    "relation-keyword-only": ("dilation: Size, ceil_mode: bool", "dilation: Size, *, ceil_mode: bool"),
    # transposed
    "cells-too": ("    axes = []\n", "    axes, cells = [], cells[::-1]\n"),
    "axes-with-one": ("    axes = []\n", "    axes = [1]\n"),
    "axes-twice": ("    axes = []\n", "    axes = other = []\n"),
    "answer-turned": ("    return Relation(*axes)\n", "    return Relation(*axes[::-1])\n"),
    "answer-once": ("    return Relation(*axes)\n", "    return Relation(axes[0], axes[0])\n"),
    "answer-other": ("    return Relation(*axes)\n", "    return Triple(*axes)\n"),
    "for-else": (APPENDED, f"{APPENDED}    else:\n        axes = [axes[0], axes[0]]\n"),
    "append-to-another": ("        axes.append(Axis(", "        others.append(Axis("),
    "append-what": ("        axes.append(Axis(name,", "        axes.append(Axis(size,"),
    "append-no-axis": (APPENDED, "        axes.append(size)\n"),
    "append-named": ("surplus=surplus))\n", "surplus=surplus), key=1)\n"),
    "loop-name": (NAMES, NAMES.replace("name, ", "other, ")),
    "loop-names-exchanged": (LOOP, LOOP.replace('("h", "w")', '("w", "h")')),
    "loop-not-strict": (LOOP, LOOP.replace("strict=True", "strict=False")),
    "loop-over-turned": (LOOP, LOOP.replace("cells,", "cells[::-1],")),
    "axis-returned": (APPENDED, f"{APPENDED}        return Relation(axes[0], axes[0])\n"),
    "returned-for-appended": (APPENDED, APPENDED.replace("axes.append(Axis(", "return Axis(").replace("surplus))", "surplus)")),
    "statement-before": ("    axes = []\n", "    cells = cells[::-1]\n    axes = []\n"),
}  # fmt: skip


def changed(of: str, name: str) -> str:
    """The source with this change, at the first place where it can be made."""
    old, new = WRONG[name]
    assert old in of, name
    return of.replace(old, new, 1)
