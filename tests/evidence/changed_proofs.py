"""Single changes to the proofs and theorems of the sample, each with the code of what it runs into."""

from __future__ import annotations

import json
from typing import Any

from cnnbp.evidence import file

from .sample import document

Json = Any
WHOLE = file.text(document())
PROOF, IN_ORDERS, NETWORK_PROOF = "proofs.layers.0.proof", "proofs.layers.1.proof", "proofs.networks.0.proof"
STATEMENT = "derivations.0.statements.1"
CLAIMS = json.loads(WHOLE)["proofs"]["layers"][0]["proof"]["claims"]
WITNESS = {"arguments": {"x": [1, 2]}, "delta": [1], "quantity": "x", "index": [0], "actual": 1.0, "expected": 2.0}
PROOFS: list[tuple[str, str, Json]] = [
    ("proof-status", f"{PROOF}.claims.0.status", "refuted"),
    ("proof-status", f"{NETWORK_PROOF}.claims.2.compared", 0),
    ("proof-status", f"{NETWORK_PROOF}.claims.2.name", "gradients"),
    ("proof-layer", f"{PROOF}.layer", "Tanh()"),
    ("proof-layer", f"{PROOF}.like", ""),
    ("proof-layer", f"{NETWORK_PROOF}.like", "Conv2d()"),
    ("proof-claims", f"{PROOF}.claims.1.name", "gradient"),
    ("proof-claims", f"{PROOF}.claims.3.name", "loss"),
    ("proof-operator", "whole.proofs.Conv2d", "Tanh"),
    ("proof-kind", f"{PROOF}.kind", None),
    ("proof-kind", f"{PROOF}.kind", "theorem"),
    ("proof-kind", f"{PROOF}.kind", "probabilistic"),
    ("proof-kind", f"{PROOF}.claims.0.kind", "sampled"),
    ("proof-witness", f"{PROOF}.witness", WITNESS),
    ("proof-error", f"{PROOF}.error", 1.5),
    ("proof-error", f"{PROOF}.error", None),
    ("proof-error", f"{PROOF}.claims", [*CLAIMS[:3], {**CLAIMS[3], "kind": "sampled"}]),
    ("proof-silent", f"{PROOF}.remark", {"code": "proof.missing", "values": {"quantity": "w"}}),
    ("proof-silent", f"{PROOF}.status", "abstains"),
    ("proof-certificate", f"{PROOF}.certificate", None),
    ("proof-certificate", f"{PROOF}.products", 0),
    ("proof-floats", f"{PROOF}.hypotheses", []),
    ("proof-floats", f"{PROOF}.hypotheses.0.assumed.code", "proof.assumes.polynomial"),
    ("proof-floats", f"{IN_ORDERS}.claims.3.name", "loss"),
    ("proof-floats", f"{PROOF}.hypotheses.1.checked", None),
    ("proof-floats", f"{PROOF}.hypotheses.0.checked", None),
    ("proof-floats", f"{PROOF}.hypotheses.0.checked.values.bits", 99),
    ("proof-floats", f"{PROOF}.hypotheses.0.checked.values", {"bits": 81}),
    ("proof-floats", f"{PROOF}.claims.3.compared", 25),
    ("proof-float32", f"{PROOF}.claims.4.kind", "theorem"),
    ("proof-float32", f"{PROOF}.claims.4.compared", 0),
    ("proof-float32", f"{PROOF}.claims.4", {**CLAIMS[4], "name": "loss"}),
    ("proof-float32", f"{IN_ORDERS}.claims.3.name", "float32"),
    ("proof-float32", f"{PROOF}.claims", CLAIMS[:4]),
    ("proof-orders", f"{PROOF}.paths", 2),
    ("proof-orders", f"{IN_ORDERS}.scope", []),
    ("proof-orders", f"{IN_ORDERS}.scope.0.values.paths", 4),
    ("proof-orders", f"{NETWORK_PROOF}.scope.2.values.ties", 3),
    ("proof-compared", f"{PROOF}.shapes.x", [1, 1, 2, 3]),
    ("proof-compared", f"{PROOF}.claims.0.compared", 7),
    ("proof-compared", f"{IN_ORDERS}.scope.0.values.ties", 2),
    ("proof-compared", f"{IN_ORDERS}.claims.1.compared", 7),
    ("proof-compared", f"{NETWORK_PROOF}.claims.2.compared", 9),
    ("proof-compared", f"{NETWORK_PROOF}.shapes", {"x": [1, 2], "w1": [1, 2], "alpha": []}),
    ("grid-shapes", "whole.grids.Conv2d", 5),
    ("grid-shapes", "proofs.grids.0.step", 3),
    ("grid-shapes", "proofs.grids.0.step", 0),
    ("grid-shapes", "proofs.grids.0.shapes", 4),
    ("grid-failures", "proofs.grids.0.failures", [json.loads(WHOLE)["proofs"]["layers"][1]["proof"]]),
    ("grid-error", "proofs.grids.0.error", 0.0),
    ("grid-products", "proofs.grids.0.products", 0),
    ("proofs-error", "proofs.grids.0.error", 2.0**-60),
    ("kernel", "proofs.sizes.kernel_text", "pass  # and nothing else\n"),
    ("size-claim", "proofs.sizes.claims.0.instances", []),
    ("size-claim", "proofs.sizes.claims.0.instances", [{"size": 3}, {"size": 3}]),
    ("size-claim", "proofs.sizes.claims.0.instances", [{"size": 3}, {"kernel": 3}]),
    ("size-claim", "proofs.sizes.claims.0.conditions", 1),
    ("twin", "proofs.twins.0.short", 0),
    ("twin", "proofs.twins.0.new", "outputs + 1"),
    ("twin", "proofs.twins.0.claim", "tap.floor"),
    ("twin", "proofs.twins.0.false", 6),
    ("bound", "proofs.rounding.0.interval", [350.0, -350.0]),
    ("bound", "proofs.rounding.0.points", 0),
    ("bound", "proofs.rounding.0.bound", None),
    ("strays", "proofs.theorems.theorems.0.name", "another"),
    ("theorems-named", f"{STATEMENT}.theorems", ["gradient_by_input"]),
    ("theorems-named", "derivations.0.statements.0.theorems", []),
    ("theorems-named", "derivations.0.statements.0.theorems", ["chain_rule", "chain_rule"]),
    ("theorems-named", "whole.theorems.chain_rule", []),
    ("strays", "whole.theorems.over_the_reals", ["post/chain-ruler"]),
    ("theorems-stand", "proofs.theorems.theorems.1.name", "another"),
    ("theorems-stand", "proofs.theorems.theorems.1.axioms", ["Classical_Prop.classic"]),
    ("theorems-stand", "proofs.theorems.status", "not for this source"),
    ("theorems", "proofs.theorems.status", "not for this source"),
    ("theorems", "proofs.theorems.reasons", ["Not as they were checked: Axis.v."]),
]  # fmt: skip
