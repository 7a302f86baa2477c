"""The sample with every name, message and formula written by an enemy: markup, scripts, characters that turn a line around."""

from __future__ import annotations

from dataclasses import replace

from cnnbp.evidence import Remark
from cnnbp.evidence import records as r
from tests.evidence.sample import en
from tests.report import sample

MARKUP = '"><script>alert(1)</script><img src="https://evil.example/x.png" onerror="alert(2)"><style>*{display:none}</style>'
TURNED = "\x00\x07\x1b[31m\u202egnp.exe\u2066\u061c\u200b\u206a\ufeff"
EVIL = MARKUP + TURNED + "</textarea></title></svg></math>"
LINK = "javascript:alert(1) https://evil.example/<b> data:text/html,x"
SAID = Remark("run." + EVIL, {"what": EVIL, EVIL: [EVIL]})


def document() -> r.Document:
    """It renders, and shows all of that as the text that it is."""
    found = sample.failing()
    conv, *others = found.layers
    assert conv.failure
    assert found.digits
    assert found.training
    assert found.training.worst
    verdict = replace(conv.failure.verdict, layer=EVIL, wrong=(SAID,), shapes={EVIL: (1,)})
    failure = conv.failure.model_copy(
        update={"traits": (EVIL,), "options": {EVIL: EVIL}, "verdict": verdict, "common": (SAID,), "rerun": EVIL + " --" + EVIL}
    )
    layer = conv.model_copy(
        update={
            "operator": EVIL, "failure": failure, "options": {EVIL: {EVIL: 3}},
            "oracles": {EVIL + ", " + EVIL: conv.oracles["autograd"]},
            "doubts": (r.Doubt(quantity=EVIL, remark=SAID, cases=1, left_out=2),),
        }
    )  # fmt: skip
    control = found.controls.wrong[0].model_copy(update={"claim": EVIL, "source": EVIL + LINK, "by": EVIL, "operator": EVIL})
    right = found.controls.right[0].model_copy(update={"claim": EVIL, "operator": EVIL, "failure": verdict})
    worst = found.training.worst.model_copy(update={"parameter": EVIL})
    return found.model_copy(
        update={
            "trouble": SAID, "not_covered": (SAID,), "derivations": (derivation(found.derivations[0]),), "layers": (layer, *others),
            "controls": r.Controls(wrong=(control,), right=(right,)),
            "digits": found.digits.model_copy(update={"network": EVIL, "source": LINK, "whole": verdict}),
            "training": found.training.model_copy(
                update={"network": EVIL, "source": LINK, "failure": SAID, "vacuous": (EVIL,), "worst": worst}
            ),
            "provenance": found.provenance.model_copy(update={"commit": EVIL, "started": EVIL, "platform": EVIL, "profile": EVIL}),
        }
    )  # fmt: skip


def derivation(found: r.Derivation) -> r.Derivation:
    """Every word of it."""
    given: dict[str, r.Given] = {EVIL: EVIL, "w": ((EVIL, "<i>"), (1, 2)), "rule": "a < b = <i>"}
    wrong = r.Counterexample(given=given, says=(1,), truth=(2,), working=en(EVIL))
    first = found.statements[0]
    read = first.readings[0].model_copy(
        update={"name": en(EVIL), "facets": {"size": en(EVIL)}, "nonsense": en(EVIL), "counterexample": wrong, "holds": False}
    )
    words = dict.fromkeys(("claim", "fault", "why", "quantity"), en(EVIL))
    misprints = (r.Misprint(start=3, end=60, what=en(EVIL)), r.Misprint(start=50, end=10**9, what=en(EVIL)))
    statement = first.model_copy(
        update={
            **words, "label": EVIL, "quoted": EVIL, "printed": rf"\text{{{EVIL}}}", "corrected": EVIL, "misprints": misprints,
            "readings": (read, read.model_copy(update={"facets": {}})), "rerun": EVIL,
        }
    )  # fmt: skip
    told = {"title": en(EVIL), "source": en(EVIL + LINK), "question": en(EVIL), "not_covered": (en(EVIL),)}
    sections, facets = dict.fromkeys(found.sections, en(EVIL)), dict.fromkeys(found.facets, en(EVIL))
    return found.model_copy(
        update={**told, "sections": sections, "facets": facets, "statements": (statement, *found.statements[1:])}
    )
