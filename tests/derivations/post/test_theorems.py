"""The theorems that statements name: they stand, rest on no axiom, and say what is said of them here."""

from __future__ import annotations

import pytest

from cnnbp.derivations import DERIVATIONS
from cnnbp.proof.rocq import theorem_status

FOUND = theorem_status()
KNOWN = {theorem.name: theorem for theorem in FOUND.theorems}
STATEMENTS = {statement.id: statement for statement in DERIVATIONS[0].statements}
SLOPES = ("passes D", "delta (S l) o * mlp width f w b x l i * u l (o, i)", "delta (S l) o * e l o")  # by each weight, each bias
OUTPUT = "(mlp width f w b x depth i - y i)"
CONNECTED = "contract_input (units (S l)) (weights l) (T l) (w l) (delta (S l)) i *"
FORMULA = ("contract_input outs taps T w delta i =", "masked_matrix taps T w o0 i * delta o0")
HIDDEN = "sum (range (width (S l))) (fun k : Z => delta (S l) k * w l (k, i))"
SAYS: dict[str, dict[str, tuple[str, ...]]] = {
    "conv-output-count": {"outputs_of_a_kernel": ("(n + 2 * p - k) / s + 1", "n - k + 1")},
    "conv-depends-on-nine": {"an_output_depends_on_k_by_k": ("length (square o q k)) = k * k",)},
    "conv-nine-positions": {"a_node_influences_k_by_k": ("k - 1 <= i <= n - k", "k)) = k * k")},
    "conv-input-length": {"an_unrolled_image_has_n_by_n": ("0 <= n * i + j < n * n", "u = n * i + j")},
    "weight-sharing": {
        "convolution_is_a_masked_dense_layer": ("forward h v K C x w b o =", "masked_matrix"),
        "masked_matrix_is_the_kernel_on_T": ("w o i = w t", "w o i = 0%ring"),
    },
    "cnn-is-sparse-dense": {
        "convolution_is_a_masked_dense_layer": ("forward h v K C x w b o =", "masked_matrix"),
        "residual_contracts_T": ("Convolution.dx h v K C delta w i =", "contract_input"),
        "masked_network_is_the_layer": FORMULA,
        "gradient_by_input": ("gradient_of", "(Convolution.dx h v K C delta w)"),
        "kernel_gradient_contracts_T": ("Convolution.dw h v samples K C delta x t =", "contract_weight"),
        "shared_weight_gradient_is_the_sum_over_its_copies": ("contract_weight outs ins T delta x t =", "T o t i"),
        "gradient_by_kernel": ("gradient_of", "(Convolution.dw h v samples K C delta x)"),
    },
    "weight-decay-purpose": {"larger_decay_no_larger_weights": ("minimises", "le (square v) (square w)")},
    "residual-suffices": {"delta_hidden_any_depth": SLOPES},
    "delta-output": {"delta_hidden_any_depth": (*SLOPES, OUTPUT)},
    "delta-hidden-product": {"delta_hidden_any_depth": (*SLOPES, OUTPUT, HIDDEN)},
    "delta-hidden": {"delta_hidden_any_depth": (*SLOPES, HIDDEN)},
    "delta-hidden-restated": {"delta_hidden_any_depth": (*SLOPES, HIDDEN)},
    "residual-sentence": {"backpropagation_is_the_gradient": (CONNECTED,)},
    "sentence-is-formula": {"masked_network_is_the_layer": FORMULA},
    "sgd-weight": {"descent_follows_the_gradient": ("weight_gradient width f w b samples x mean decay delta l", "objective")},
    "sgd-bias": {"descent_follows_the_gradient": ("bias_gradient samples mean delta l", "objective")},
}
"""By statement, the theorems that it names, each with pieces of what Rocq prints of it."""


def test_these_are_all() -> None:
    """Whoever names another says here what it says."""
    named = {statement.id: statement.theorems for statement in STATEMENTS.values() if statement.theorems}
    assert named == {id: tuple(says) for id, says in SAYS.items()}


@pytest.mark.parametrize("id", SAYS)
def test_what_they_say(id: str) -> None:
    """They are about the source as it stands, and closed."""
    assert FOUND.status == "checked for this source"
    for name, pieces in SAYS[id].items():
        assert KNOWN[name].axioms == ()
        printed = " ".join(KNOWN[name].statement.split())
        assert [piece for piece in pieces if piece not in printed] == []
