"""The sample with every name, message and formula written by an enemy: markup, scripts, characters that turn a line around."""

from __future__ import annotations

from tests.report import sample
from tests.report.statements import Document, counterexample, reading

MARKUP = '"><script>alert(1)</script><img src="https://evil.example/x.png" onerror="alert(2)"><style>*{display:none}</style>'
TURNED = "\x00\x07\x1b[31m\u202egnp.exe\u2066\ufffe"
EVIL = MARKUP + TURNED + "</textarea></title></svg></math><base href='https://evil.example'>"
LINK = "javascript:alert(1) https://evil.example/<b> data:text/html,x"


def document() -> Document:
    """A fresh one; it renders, and shows all of that as the text that it is."""
    found = sample.document()
    layer, statement, training = found["layers"][0], found["statements"][2], found["training"]
    layer |= {
        "operator": EVIL,
        "options": {EVIL: {EVIL: 3}},
        "failures": [sample.failing_verdict() | {"layer": EVIL, "reasons": [EVIL]}],
    }
    layer["oracles"][EVIL] = {"pass": 1, "worst_ratio": EVIL}
    statement |= dict.fromkeys(
        ("label", "section", "claim", "quoted", "corrected", "verdict", "why", "kind", "quantity", "rerun"), EVIL
    )
    statement |= {"printed": rf"\text{{{EVIL}}}", "misprints": [{"start": 3, "end": 60, "what": EVIL}]}
    evil = counterexample(EVIL) | {
        "given": {EVIL: EVIL, "w": [[EVIL, "<i>"], [1, 2]]},
        "says": EVIL,
        "truth": [EVIL],
        "working": EVIL,
    }
    statement |= {"counterexample": evil, "readings": [reading(EVIL, False, "printed", evil, **{EVIL: EVIL}) | {"nonsense": EVIL}]}
    found["controls"]["wrong"][0] |= {"id": EVIL, "claim": EVIL, "source": EVIL + LINK, "by": EVIL}
    training |= {"network": EVIL, "source": LINK, "reason": EVIL, "batch": EVIL, "accuracy_torch": EVIL}
    training["worst"] |= {"parameter": EVIL, "actual": EVIL, "error": EVIL}
    found["derivation"] |= {"title": EVIL, "source": EVIL + LINK}
    found["digits"] |= {"network": EVIL, "source": LINK}
    found["provenance"] |= {"seed": EVIL, "seconds": EVIL, "started": EVIL, EVIL: EVIL}
    return found | {"summary": EVIL, "not_covered": [EVIL]}
