"""Changes of the layers' source that change none of their answers, each with the reason: what no case can tell apart."""

from __future__ import annotations

from tests.helpers.mutants import Mutant

SIZE_OF_A_BLOCK = "any positive number of samples, groups or maps at a time gives the same answers, and others raise"
CONVOLVED = "gathered are convolutions alone: without padding none of their windows overhangs, and the slower way answers alike"
PAIRED = "a check of options that were checked before"
SEED = "np.array(delta, like.dtype) if isinstance(delta, (int, float)) else checks.same_shape('delta', delta, ())"
FROM_THE_END = "an axis counted from the other end, or another negative number, which `reshape` takes as −1"
EITHER_BRANCH = "at 0 both branches are the same"
LINES: dict[tuple[str, str], str] = {
    ("relation", "last = self.stride * (self.outputs - 1) + self.dilation * (self.kernel - 1)"): CONVOLVED,
    ("relation", "return self.padding == 0 and last < self.size"): CONVOLVED,
    ("relation", "group_bytes = max(1, x.itemsize * x.shape[2] * prod(self.window_shape))"): SIZE_OF_A_BLOCK,
    ("relation", "groups = min(x.shape[1], max(1, BLOCK_BYTES // group_bytes))"): SIZE_OF_A_BLOCK,
    ("relation", "samples = max(1, BLOCK_BYTES // (group_bytes * x.shape[1]))"): SIZE_OF_A_BLOCK,
    ("pooling", "size = max(1, BLOCK_BYTES // max(1, maps[:1].nbytes))"): SIZE_OF_A_BLOCK,
}
"""Where the reason holds for whatever survives of a line."""
CHANGES: dict[tuple[str, str, str], str] = {
    ("relation", "Axis", "ceil_mode: bool = False → ceil_mode: bool = True"):
        "only transposed convolution relies on the default, and its windows leave no remainder",
    ("relation", "first_inputs", "start < 0 → start <= 0"): EITHER_BRANCH,
    ("relation", "first_inputs", "start < 0 → start < 1"): EITHER_BRANCH,
    ("relation", "first_inputs", "start // self.dilation → start"): "another cell of the same window, which has the same maximum",
    ("relation", "window_sizes", "np.minimum(start + self.kernel, high) - np.maximum(start, low)"
     " → np.maximum(start, low) - np.minimum(start + self.kernel, high)"): "minus rows times minus columns is as many cells",
    ("relation", "scatter", "windows.shape[-2] → windows.shape[2]"): FROM_THE_END,
    ("relation", "scatter", ":-2 → :2"): FROM_THE_END,
    ("relation", "relation", "checks.pair('', option, 0) → checks.pair('', option, -1)"): PAIRED,
    ("relation", "transposed", "checks.pair('', option, 0) → checks.pair('', option, -1)"): PAIRED,
    ("conv2d", "backward", "windows.swapaxes(-1, -2) → windows.swapaxes(-1, 2)"): FROM_THE_END,
    ("conv2d", "_arguments", "w.reshape(groups, k // groups, -1) → w.reshape(groups, k // groups, -2)"): FROM_THE_END,
    ("conv_transpose2d", "backward", "windows.swapaxes(-1, -2) → windows.swapaxes(-1, 2)"): FROM_THE_END,
    ("conv_transpose2d", "_arguments", "w.reshape(groups, c // groups, -1) → w.reshape(groups, c // groups, -2)"): FROM_THE_END,
    ("pooling", "backward", "x.reshape(-1, *x.shape[2:]) → x.reshape(-2, *x.shape[2:])"): FROM_THE_END,
    ("pooling", "backward", "delta.reshape(-1, *delta.shape[2:]) → delta.reshape(-2, *delta.shape[2:])"): FROM_THE_END,
    ("pooling", "backward", "(maps[m][i] == y[o]) | (maps[m][i] != maps[m][i]) → maps[m][i] == y[o]"):
        "only a NaN differs from itself, and nobody is asked at one",
    ("activations", "_f", "x.real <= 0 → x.real < 0"): EITHER_BRANCH,
    ("activations", "_decay", "x.real < 0 → x.real <= 0"): EITHER_BRANCH,
    ("activations", "_decay", "x.real < 0 → x.real < 1"): "either branch is right where neither exponential is large",
    ("activations", "_decay", "x.real < 0 → x.real < -1"): "either branch is right where neither exponential is large",
    ("activations", "_bent", "np.where(negative, a, 0) → np.where(negative, a, 1)"): "what is multiplied there is not taken",
    ("activations", "_bent", "np.where(negative, a, 0) → np.where(negative, a, -1)"): "what is multiplied there is not taken",
    ("batch_norm2d", "_statistics", "x - mu → x + mu"): "Σ(x − μ)(x + μ) is Σ(x − μ)², since Σ(x − μ) is 0",
    ("batch_norm2d", "_statistics", "x - mu → x"): "Σ(x − μ)x is Σ(x − μ)², since Σ(x − μ) is 0",
    ("loss", "_seed", f"{SEED} → np.array(delta, like.dtype)"): "a check of the shape",
    ("loss", "_seed", f"{SEED} → checks.same_shape('delta', delta, ())"): "residuals are arrays; a Python number is a convenience",
    ("network", "loss_and_gradients", "decay != 0 and theta → theta"): "0·w is added",
    ("network", "loss_and_gradients", "theta and decay != 0 → theta"): "0·w is added",
    ("network", "loss_and_gradients", "decay != 0 → decay != -1"): "0·w is added; nobody is asked at a negative decay",
}  # fmt: skip
"""By file, function and change."""


def why(name: str, mutant: Mutant) -> str:
    """Why the mutant answers as the layer does; "" where no reason is known."""
    return LINES.get((name, mutant.line)) or CHANGES.get((name, mutant.function, f"{mutant.before} → {mutant.after}"), "")
