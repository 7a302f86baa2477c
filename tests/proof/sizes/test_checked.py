"""What is proved of the installed source, and that changed certificates prove nothing."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from cnnbp.proof.sizes import Checked, StaleCertificates, check, checked
from cnnbp.proof.sizes.certificates import Certificates, kernel_digest, load
from cnnbp.proof.sizes.checked import CLAIMS, CheckedClaim, check_claim
from cnnbp.proof.sizes.claims import Goals, Numbers
from cnnbp.proof.sizes.source import Source, digest, text

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def found() -> Checked:
    """What the shipped certificates show."""
    return check()


def test_all_claims_hold(found: Checked) -> None:
    """Each on several paths or for several conditions, about the installed texts."""
    assert found.holds
    assert [claim.id for claim in found.claims] == [*CLAIMS]
    assert (found.source, found.kernel) == (digest(text()), kernel_digest())
    assert found.conditions == sum(claim.conditions for claim in found.claims) > 2000
    assert found.paths == sum(claim.paths for claim in found.claims) > 100


def test_what_is_assumed_is_said_and_has_an_instance(found: Checked) -> None:
    """In letters, beside numbers at which it is the case."""
    ceil = next(claim for claim in found.claims if claim.id == "outputs.ceil")
    sizes = ("size ≥ 1", "kernel ≥ 1", "stride ≥ 1", "padding ≥ 0", "dilation ≥ 1")
    assert ceil.hypotheses == (*sizes, "kernel ≥ 2·padding")
    assert all(claim.instances for claim in found.claims)


@pytest.fixture(scope="module")
def shipped() -> Certificates:
    """The certificates."""
    return load()


def checked_with(shipped: Certificates, name: str, **changed: object) -> CheckedClaim:
    """A claim, by certificates that are not the shipped ones."""
    mine = {kind: {**getattr(shipped, kind), **({name: changed[kind]} if kind in changed else {})} for kind in vars(shipped)}
    return check_claim(CLAIMS[name], Source(text()), Certificates(**mine))


@pytest.mark.parametrize("name", ["outputs.floor", "inside.ceil", "scatter.any"])
def test_every_change_of_a_certificate_is_refused(shipped: Certificates, name: str) -> None:
    """Another weight, another fact, an entry less: the claim no longer holds, and the goal is named."""
    labels = [[goal.label for goal in goals] for _, goals in CLAIMS[name].paths(Source(text()))]
    path, at = next((p, len(one) - 1) for p, one in enumerate(shipped.paths[name]) if one)
    mine = shipped.paths[name][path][at]
    for changed in (mine[1:], [[mine[0][0] + 1, *mine[0][1:]], *mine[1:]], [[mine[0][0], 99], *mine[1:]], []):
        paths = [[*one] for one in shipped.paths[name]]
        paths[path][at] = changed
        result = checked_with(shipped, name, paths=paths)
        assert not result.holds
        assert result.refused == (labels[path][at],)


def test_what_is_missing_is_refused(shipped: Certificates) -> None:
    """A path, all paths."""
    assert len(checked_with(shipped, "tap.floor", paths=shipped.paths["tap.floor"][:-1]).refused) > 0
    result = checked_with(shipped, "tap.floor", paths=[])
    assert len(result.refused) == result.conditions


def test_without_instances_a_claim_is_vacuous(shipped: Certificates) -> None:
    """Whatever its certificates show; numbers at which what is assumed is not the case are none."""
    for instances in ([], [{**shipped.instances["outputs.floor"][0], "size": 0}]):
        result = checked_with(shipped, "outputs.floor", instances=instances)
        assert (result.refused, result.holds) == ((), False)
        assert "the-last-window-fits" in result.vacuous


def test_a_claim_without_conditions_does_not_hold() -> None:
    """Nothing is shown by nothing."""

    def run(source: Source, u: Numbers, g: Goals) -> None:
        pass

    result = check_claim(replace(CLAIMS["outputs.floor"], run=run), Source(text()), Certificates({}, {}))
    assert (result.conditions, result.refused, result.vacuous, result.holds) == (0, (), (), False)


def test_a_source_that_was_changed_is_not_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The shipped certificates say nothing about it."""
    monkeypatch.setattr("cnnbp.proof.sizes.source.text", lambda: text() + "\n")
    with pytest.raises(StaleCertificates, match=r"the text of cnnbp\.layers\.relation that is installed"):
        checked.check()


def test_checking_is_light() -> None:
    """Neither a solver nor PyTorch is loaded: what checks is the kernel."""
    report = "import sys; from cnnbp.proof.sizes import check, twins; check(); print({'scipy', 'torch'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", report], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
