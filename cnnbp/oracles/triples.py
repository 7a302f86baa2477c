"""T: three arrays o, t, i of one length. Output cell o reads input cell i through the weight t; there are no other connections.

What depends on the pattern alone is worked out once: the mask as a sparse matrix, how many edges meet where, which maps are alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse

from ..rounding import Array


@dataclass(frozen=True, eq=False)
class Connections:
    """The edges of a masked fully-connected network, output by output. What is not listed is no connection."""

    o: Array
    t: Array
    i: Array
    outputs: int
    inputs: int
    weights: int
    maps: int = 1  # of the output, all with as many cells
    alike: int = 1  # maps in a row that read the same cells through the same taps, each with weights of its own

    def __post_init__(self) -> None:
        for edges in (self.o, self.t, self.i):
            edges.flags.writeable = False  # whoever asks about the same shapes is handed the same arrays

    @cached_property
    def pointer(self) -> Array:
        """Where the edges of each output start, and where the last ones end."""
        pointer: Array = np.concatenate([[0], np.cumsum(self.fan_in)]).astype(np.int32)
        return pointer

    @cached_property
    def columns(self) -> Array:
        """i, as a sparse matrix keeps it."""
        return self.i.astype(np.int32)

    @cached_property
    def rows(self) -> Array:
        """t, as a sparse matrix keeps it."""
        return self.t.astype(np.int32)

    @cached_property
    def pattern(self) -> sparse.csr_array:
        """The mask: which inputs each output reads. SciPy checks a pattern for longer than it multiplies a small one."""
        return sparse.csr_array((self._nothing, self.columns, self.pointer), shape=(self.outputs, self.inputs))

    @cached_property
    def transposed(self) -> sparse.csc_array:
        """The mask from the other end: which outputs read each input."""
        return self.pattern.T

    @cached_property
    def shared(self) -> sparse.csc_array:
        """Which outputs use each weight."""
        return sparse.csc_array((self._nothing, self.rows, self.pointer), shape=(self.weights, self.outputs))

    @property
    def _nothing(self) -> Array:
        """In the place of values, of which a pattern has none."""
        return np.zeros(self.i.size, np.int8)

    @cached_property
    def fan_in(self) -> Array:
        """Edges of each output."""
        return np.bincount(self.o, minlength=self.outputs)

    @cached_property
    def fan_out(self) -> Array:
        """Edges of each input."""
        return np.bincount(self.i, minlength=self.inputs)

    @cached_property
    def copies(self) -> Array:
        """Edges that share each weight: the fibres of T."""
        return np.bincount(self.t, minlength=self.weights)

    @cached_property
    def first(self) -> Connections:
        """The first map of those that are alike, of each group: its weights are numbered anew."""
        edges, cells = self._by_map, self.outputs // self.maps
        numbers = np.unique(edges[:, 0], return_inverse=True)[1].ravel() if edges.size else self.t
        groups, pick = np.arange(len(edges)), np.arange(self.t.size).reshape(edges.shape)[:, 0]
        o = self.o[pick] - (groups * (self.alike - 1) * cells)[:, None]
        return Connections(o.ravel(), numbers, self.i[pick].ravel(), len(edges) * cells, self.inputs, len(self.places))

    @cached_property
    def places(self) -> Array:
        """Which weights of all maps each weight of `first` stands for: (weights of `first`, maps alike)."""
        edges = self._by_map
        if not edges.size:
            return np.zeros((0, self.alike), int)
        found: Array = np.unique(edges[:, 0])[:, None] + (edges[0, :, 0] - edges[0, 0, 0])
        return found

    def sums(self, values: Array) -> Array:
        """Of what stands on the edges, the sum over those of each output: (..., edges) to (..., outputs)."""
        padded = np.concatenate([values, np.zeros((*values.shape[:-1], 1))], axis=-1)  # the last outputs may have no edge
        return np.where(self.fan_in > 0, np.add.reduceat(padded, self.pointer[:-1], axis=-1), 0.0)

    def met(self, x: Array) -> Array:
        """Σ of the inputs that each output reads, for each sample: (n, outputs). Maps that are alike read the same."""
        first = self.first
        sums = first.sums(x.reshape(-1, self.inputs).take(first.i, axis=1))
        return np.repeat(sums.reshape(len(sums), self.maps // self.alike, 1, -1), self.alike, axis=2).reshape(len(sums), -1)

    @property
    def _by_map(self) -> Array:
        """t of each group, each map in it, each edge of the map."""
        return self.t.reshape(self.maps // self.alike, self.alike, self.t.size // self.maps)

    def exchanged(self, maps: int, alike: int) -> Connections:
        """The same edges, read from the other end: inputs and outputs change places."""
        order = np.argsort(self.i, kind="stable")
        ends = self.i[order], self.t[order], self.o[order]
        return Connections(*ends, self.inputs, self.outputs, self.weights, maps, alike)
