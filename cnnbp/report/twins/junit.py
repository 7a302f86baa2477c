"""The outcomes as JUnit XML, which every CI shows: what is wrong is a failure, what is left open an error."""

from __future__ import annotations

from xml.etree import ElementTree

from cnnbp.evidence.outcomes import Outcome

from ..unseen import visible
from .told import Told

ELEMENTS = {"fail": "failure", "open": "error", "none": "skipped"}


def junit(told: Told) -> str:
    """A suite for the run and one for each subject. Characters that XML cannot hold are shown by their numbers."""
    run = told.document.provenance
    suites = ElementTree.Element("testsuites", {"name": "cnnbp", **_counts(told.outcomes), "time": f"{run.seconds:g}"})
    for of in dict.fromkeys(each.of for each in told.outcomes if each.what != "subject"):
        those = [each for each in told.outcomes if each.of == of and (each.what != "subject")]
        those += [each for each in told.outcomes if each.what == "subject"] if of == "run" else []
        suite = ElementTree.SubElement(suites, "testsuite", {"name": _safe(of), **_counts(those), "time": "0"})
        suite.set("timestamp", _safe(run.started))
        for each in those:
            _case(suite, each, told)
    ElementTree.indent(suites)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(suites, encoding="unicode") + "\n"


def _counts(found: list[Outcome]) -> dict[str, str]:
    came = [each.came for each in found]
    return {
        "tests": str(len(found)), "failures": str(came.count("fail")), "errors": str(came.count("open")),
        "skipped": str(came.count("none")),
    }  # fmt: skip


def _case(suite: ElementTree.Element, found: Outcome, told: Told) -> None:
    named = {"classname": _safe(f"cnnbp.{found.of}.{found.what}"), "name": _safe(found.id), "time": "0"}
    case = ElementTree.SubElement(suite, "testcase", named)
    if found.came in ELEMENTS:
        wrong = ElementTree.SubElement(case, ELEMENTS[found.came], {"message": _safe(found.word)})
        wrong.text = _safe("\n".join(told.reasons(found))) or None


def _safe(text: str) -> str:
    return visible(text.replace("\r", "\n"))
