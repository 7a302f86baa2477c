"""Layers of somebody's own, in a file beside which the command is called."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

SOURCE = '''
import functools
import signal
import cnnbp
import numpy as np
class Relu:
    """right"""
    def forward(self, x): return np.maximum(x, 0)
    def backward(self, delta, x): return delta * (x > 0)
class Pool:
    """forgets the factor 1/4, at a kernel of two"""
    def __init__(self, stride=2): self.stride = stride
    def forward(self, x):
        windows = np.lib.stride_tricks.sliding_window_view(x, (2, 2), (2, 3))
        return windows[..., ::self.stride, ::self.stride, :, :].mean((-1, -2))
    def backward(self, delta, x):
        dx = np.zeros_like(x)
        for p, q in np.ndindex(delta.shape[2:]):
            dx[..., p * self.stride:p * self.stride + 2, q * self.stride:q * self.stride + 2] += delta[..., p:p + 1, q:q + 1]
        return dx
class Zero:
    """says nothing at all"""
    def forward(self, x): return 0 * x
    def backward(self, delta, x): return 0 * x
class Conv:
    """takes ints, as courses have it"""
    def __init__(self, stride=1): self.stride = stride
    def pairs(self):
        int(self.stride)
        return self.stride, self.stride
    def forward(self, x, w): return cnnbp.Conv2d(self.pairs()).forward(x, w)
    def backward(self, delta, x, w): return cnnbp.Conv2d(self.pairs()).backward(delta, x, w)
class Turned(Conv):
    """takes pairs, the wrong way round where they differ"""
    def pairs(self): return self.stride[::-1] if isinstance(self.stride, tuple) else (self.stride, self.stride)
    def forward(self, x, w): return cnnbp.Conv2d(self.stride).forward(x, w)
class Says(Conv):
    """says that it takes pairs, and does not"""
    def __init__(self, stride: "int | tuple[int, int]" = 1): self.stride = stride
class Chosen:
    """the sum of the chosen, of which each counts twice"""
    def forward(self, x, y):
        assert y.dtype.kind == "i" and y.max() < x.shape[1]
        return np.array(x[np.arange(len(x)), y].sum())
    def backward(self, delta, x, y):
        dx = np.zeros_like(x)
        dx[np.arange(len(x)), y] = 2 * delta
        return (dx,)
class Stopped(Relu):
    """ends at a call of forward, as by Ctrl-C"""
    calls = 0
    def forward(self, x):
        Stopped.calls += 1
        if Stopped.calls == 300: signal.raise_signal(signal.SIGINT)
        return super().forward(x)
class Sloped(Relu):
    """has an option of another name"""
    def __init__(self, slope=0.01): self.slope = slope
    def forward(self, x): return np.where(x > 0, x, self.slope * x)
    def backward(self, delta, x): return np.where(x > 0, delta, self.slope * delta)
class Held:
    """keeps weight and bias"""
    def __init__(self): self.w, self.b = np.ones((2, 3)), np.ones(2)
    def forward(self, x):
        self.x = x
        return x @ self.w.T + self.b
    def backward(self, delta):
        self.dw, self.db = delta.T @ self.x, delta.sum(0)
        return delta @ self.w
class Linear(Held):
    """as others write it, with a reference"""
    def __init__(self): pass
    def forward(self, x, w, b): return x @ w.T + b
    def backward(self, delta, x, w, b): return delta @ w, delta.T @ x, delta.sum(0)
class Dodgy(Linear):
    """whatever is not there raises a KeyError"""
    def __init__(self): self.of = {}
    def __getattr__(self, name): return self.__dict__["of"][name]
part = functools.partial(functools.partial(Linear))
part_of_held = functools.partial(Held)
held = cnnbp.from_layer(Held(), params=("w", "b"), grads=("dw", "db"))
cached = cnnbp.from_cached(
    lambda x, w, b: (x @ w.T + b, (x, w)), lambda delta, cache: (delta @ cache[1], delta.T @ cache[0], delta.sum(0))
)
relu = Relu()
'''


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of `mine.py`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    (tmp_path / "mine.py").write_text(SOURCE, encoding="utf-8")
