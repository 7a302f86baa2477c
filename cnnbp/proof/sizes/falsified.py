"""The source with one place falsified at a time: texts that nobody may be able to prove."""

from __future__ import annotations

from typing import NamedTuple


class Twin(NamedTuple):
    """The source with `old`, which it holds once, replaced by `new`. Then the claim is wrong."""

    id: str
    claim: str
    old: str
    new: str

    def text(self, of: str) -> str:
        """The falsified text. Raises LookupError where it is not clear what to falsify."""
        if of.count(self.old) != 1:
            found = of.count(self.old)
            raise LookupError(f"the twin {self.id} falsifies a text that holds {self.old!r} once, got one with it {found} times")
        return of.replace(self.old, self.new)


# By the text that is replaced: the twin, the claim that is wrong of it, the text in its place.
_CHANGES: dict[str, list[tuple[str, str, str]]] = {
    "return outputs + 1": [
        ("outputs.last-lost", "outputs.floor", "return outputs"),
    ],
    "self.size - self.surplus + 2 * self.padding": [
        ("outputs.one-sided-padding", "outputs.floor", "self.size - self.surplus + self.padding"),
        ("outputs.surplus-ignored", "transposed", "self.size + 2 * self.padding"),
    ],
    "reach = self.dilation * (self.kernel - 1) + 1": [
        ("outputs.reach-too-long", "outputs.floor", "reach = self.dilation * self.kernel"),
        ("outputs.dilation-left-out", "outputs.floor", "reach = self.kernel"),
    ],
    "overhangs = self.ceil_mode and remainder > 0": [
        ("outputs.ceil-as-floor", "outputs.ceil", "overhangs = False"),
        ("outputs.remainder-ignored", "outputs.ceil", "overhangs = self.ceil_mode"),
    ],
    "if overhangs and self.stride * (outputs + 1) - self.padding < self.size:": [
        ("outputs.starts-in-padding", "outputs.ceil", "if overhangs:"),
    ],
    "spread * (kernel - 1) + 1 - 2 * pad": [
        ("transposed.reach-too-long", "transposed", "spread * kernel + 1 - 2 * pad"),
    ],
    "    return Relation(*axes)": [
        ("transposed.axes-exchanged", "transposed", "    return Relation(*axes[::-1])"),
    ],
    "(ceil_mode, ceil_mode)": [
        ("options.ceil-of-rows", "options", "(ceil_mode, False)"),
    ],
    "(kernel_size, stride, padding, dilation))": [
        ("options.stride-for-dilation", "options", "(kernel_size, dilation, padding, stride))"),
    ],
    "for r in range(self.kernel)]": [
        ("taps.last-lost", "triples.2x2", "for r in range(self.kernel - 1)]"),
    ],
    "self.dilation * r - self.padding": [
        ("tap.padding-off-by-one", "tap.floor", "self.dilation * r - self.padding + 1"),
        ("tap.dilation-left-out", "tap.floor", "r - self.padding"),
        ("tap.stride-for-dilation", "tap.floor", "self.stride * r - self.padding"),
        ("tap.kernel-reversed", "tap.floor", "self.dilation * (self.kernel - 1 - r) - self.padding"),
    ],
    "max(0, -(offset // self.stride))": [
        ("tap.floor-for-ceiling", "tap.floor", "max(0, -offset // self.stride)"),
        ("tap.first-one-late", "tap.floor", "max(0, 1 - offset // self.stride)"),
        ("tap.zero-is-false", "tap.floor", "max(0, -(offset // self.stride)) if offset else 1"),
        ("tap.counts-from-the-end", "tap.floor", "-(offset // self.stride)"),
    ],
    "(self.size - 1 - offset) // self.stride + 1": [
        ("tap.last-lost", "tap.floor", "(self.size - 1 - offset) // self.stride"),
    ],
    "min(self.outputs, (self.size": [
        ("tap.outputs-not-clipped", "tap.ceil", "min(self.size, (self.size"),
    ],
    "max(first, min(self.outputs": [
        ("tap.empty-slice-reversed", "tap.floor", "max(0, min(self.outputs"),
    ],
    "start + self.stride * (end - first), self.stride)": [
        ("tap.inputs-side-by-side", "tap.floor", "start + self.stride * (end - first), 1)"),
    ],
    "self.padding == 0 and last < self.size": [
        ("inside.padding-forgotten", "inside.floor", "last < self.size"),
        ("inside.one-too-far", "inside.ceil", "self.padding == 0 and last <= self.size"),
    ],
    "-(start // self.dilation), 0)": [
        ("first_inputs.floor-for-ceiling", "first_inputs.floor", "-start // self.dilation, 0)"),
        ("first_inputs.stride-for-dilation", "first_inputs.floor", "-(start // self.stride), 0)"),
    ],
    "else (0, self.size)": [
        ("window_sizes.clipped-too-late", "window_sizes.floor.input", "else (0, self.size + self.padding)"),
    ],
    "high) - np.maximum(start, low)": [
        ("window_sizes.not-clipped-before", "window_sizes.floor.input", "high) - start"),
    ],
    "for r, (p, h) in down for s, (q, w) in across": [
        ("triples.column-by-column", "triples.2x2", "for s, (q, w) in across for r, (p, h) in enumerate(self.rows.taps)"),
    ],
    "windows[..., t, :, o] = rows[..., i]": [
        ("gather.axes-exchanged", "gather.1x2", "windows[..., t, :, o] = rows[..., i, :]"),
    ],
    "h.dilation * down": [
        ("gather.view-stride-for-dilation", "gather.view", "h.stride * down"),
    ],
    "windows[..., t, :, o, :]": [
        ("scatter.kernel-not-rotated", "scatter.2x1", "windows[..., r - 1 - t, :, o, :]"),
        ("scatter.one-row-early", "scatter.1x1", "windows[..., t, :, slice(o.start - 1, o.stop - 1), :]"),
    ],
    "into += columns[..., t, :, o]": [
        ("scatter.taps-added-twice", "scatter.1x1", "into += columns[..., t, :, o]; into += columns[..., t, :, o]"),
    ],
}

TWINS = tuple(Twin(name, claim, old, new) for old, changes in _CHANGES.items() for name, claim, new in changes)
