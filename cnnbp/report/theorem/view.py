"""The masked network as a theorem: each step in words, with the theorems of the run that check it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cnnbp.evidence.records import Theorem

from ..setting import Setting

STEPS: dict[str, tuple[str, ...]] = {
    "relation": ("tap_lists_exactly", "ceil_mode_is_pytorchs"),
    "matrix": ("masked_network_is_the_layer", "convolution_is_a_masked_dense_layer", "masked_matrix_is_the_kernel_on_T"),
    "input": ("contraction_gradient_by_input", "residual_contracts_T", "gradient_by_input"),
    "shared": ("shared_weight_gradient_is_the_sum_over_its_copies", "gradient_by_kernel", "gradient_by_bias"),
    "rotated": ("fold_is_transpose_of_unfold", "residual_is_full_convolution_with_rotated_kernel"),
    "pooling": ("mean_pooling_gradient", "max_pooling_gradient_at_winner", "transposed_convolution_gradient"),
    "depth": ("delta_hidden_any_depth", "backpropagation_is_the_gradient", "descent_follows_the_gradient"),
}


@dataclass(frozen=True)
class Step:
    """One step of the argument, and what checks it."""

    name: str
    theorems: Sequence[Theorem]


def theorem(setting: Setting) -> list[Step] | None:
    """None where the run has no theorem: the words alone prove nothing."""
    found = setting.document.proofs.theorems
    if found is None or not found.theorems:
        return None
    known = {each.name: each for each in found.theorems}
    return [Step(name, [known[each] for each in names if each in known]) for name, names in STEPS.items()]
